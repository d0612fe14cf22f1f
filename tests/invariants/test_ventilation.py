"""Ventilation: taller houses never lower the frontal area index, turning town and wind together changes nothing."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.core.vocabulary.surface import BUILDING_FRACTION, BUILDING_HEIGHT, TERRAIN
from citybraid.core.vocabulary.weather import LATITUDE, WIND_DIRECTION, WIND_SPEED
from tests.examples import at_most
from tests.outdoor_case import raster
from tests.ranges import ends
from tests.ventilation_case import ventilated, wind

SIZE = 40
seeds = st.integers(0, 2**32 - 1)


def town(seed: int) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return np.where(draw.random((SIZE, SIZE)) > draw.random(), draw.uniform(3.0, 200.0, (SIZE, SIZE)), 0.0)


@at_most(10)
@given(seeds, st.floats(0.0, 360.0), st.floats(0.6, 20.0))
@example(0, 360.0, 0.6)
def test_values_are_finite_and_shares_are_shares(seed: int, comes_from: float, speed: float) -> None:
    found = ventilated(town(seed), **wind(speed=speed, comes_from=comes_from))
    for layer in found[:4]:
        assert np.isfinite(layer.to_numpy()).all()
        assert float(layer.min()) >= 0.0
    assert 0.0 <= found.corridor_served <= 1.0
    assert float(found.corridor_use.max()) <= 1.0


@at_most(10)
@given(seeds, st.floats(1.0, 3.0))
@example(1, 1.0)
def test_taller_houses_meet_more_wind_in_proportion(seed: int, times: float) -> None:
    low, high = (ventilated(built).frontal_area_index for built in (town(seed), times * town(seed)))
    np.testing.assert_allclose(high, times * low, rtol=1e-9)


@at_most(8)
@given(seeds)
@example(2)
def test_town_and_wind_may_be_turned_together(seed: int) -> None:
    built = town(seed)
    west, north = ventilated(built, **wind(comes_from=270.0)), ventilated(np.rot90(built, -1), **wind(comes_from=0.0))
    np.testing.assert_allclose(np.rot90(west.frontal_area_index.to_numpy(), -1), north.frontal_area_index, atol=1e-12)
    assert west.corridor_served == pytest.approx(north.corridor_served)


def corners() -> list[tuple[float, ...]]:
    return list(product(
        ends(TERRAIN), ends(BUILDING_FRACTION), ends(BUILDING_HEIGHT), ends(WIND_DIRECTION), ends(WIND_SPEED),
        ends(LATITUDE),
    ))  # fmt: skip


@pytest.mark.parametrize(("ground", "share", "tall", "comes_from", "speed", "latitude"), corners())
def test_corners(ground: float, share: float, tall: float, comes_from: float, speed: float, latitude: float) -> None:
    shape = (8, 9)
    built = np.zeros(shape)
    built[3, 4] = tall
    words = wind(speed=speed, comes_from=comes_from) | {
        "latitude": latitude, "terrain": raster(np.full(shape, ground)),
        "building_fraction": raster(np.where(built > 0.0, share, 0.0)),
    }  # fmt: skip
    if speed == 0.0:
        with pytest.raises(InputError):
            ventilated(built, **words)
        return
    found = ventilated(built, **words)
    assert all(np.isfinite(layer.to_numpy()).all() for layer in found[:4])
    assert float(found.frontal_area_index.max()) == pytest.approx(5.0 * share * tall / (25.0 * 72.0), rel=0.05)
