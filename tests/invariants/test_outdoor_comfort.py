"""Comfort outdoors: shade never warms by day, more wind never warms above the air, the same wherever north is."""

from itertools import product

import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import BUILDING_HEIGHT, CANOPY_COVER, CANOPY_HEIGHT, COVER, TERRAIN
from tests.examples import at_most
from tests.outdoor_case import comfort, hot_year, raster
from tests.ranges import ends

SIZE = 16
CODES = np.array([code for code, _ in COVER])
seeds = st.integers(0, 2**32 - 1)


def town(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    built = np.where(draw.random((SIZE, SIZE)) > 0.8, draw.uniform(3.0, 60.0, (SIZE, SIZE)), 0.0)
    return CODES[draw.integers(0, len(CODES), (SIZE, SIZE))], built, draw.random((SIZE, SIZE)) * (built == 0.0)


@at_most(12)
@given(seeds)
@example(0)
def test_values_are_finite_where_people_stand(seed: int) -> None:
    cover, built, canopy = town(seed)
    found = comfort(cover, built=built, canopy=canopy)
    outdoors = built == 0.0
    for layer in found[:5]:
        assert isinstance(layer, xr.DataArray)
        assert np.isfinite(layer.to_numpy()[outdoors]).all()
        assert layer.isnull().to_numpy()[~outdoors].all()
    assert float(found.sky_view.min()) >= 0.0
    assert float(found.sky_view.max()) <= 1.0
    assert float(found.radiant_temperature.max()) < 100.0


@at_most(12)
@given(seeds, st.floats(0.1, 1.0))
@example(1, 1.0)
def test_a_tree_never_opens_the_sky_nor_adds_sun(seed: int, share: float) -> None:
    cover, built, canopy = town(seed)
    grown = canopy + share * (1.0 - canopy) * (built == 0.0)
    bare, green = (comfort(cover, built=built, canopy=each) for each in (0.0 * canopy, grown))
    assert float((green.sky_view - bare.sky_view).max()) <= 1e-6
    assert float(green.radiant_temperature.mean()) <= float(bare.radiant_temperature.mean()) + 1e-6


@at_most(12)
@given(st.floats(0.5, 6.0), st.floats(0.5, 6.0))
@example(0.5, 6.0)
def test_more_wind_cools_the_ground_that_the_sun_warms(one: float, other: float) -> None:
    calm, windy = sorted((one, other))
    cover = np.full((6, 6), 51)
    warm, cool = (comfort(cover, cell=5.0, **hot_year(wind=w)).radiant_temperature for w in (calm, windy))
    assert float(cool.max()) <= float(warm.max()) + 1e-4


def corners() -> list[tuple[float, ...]]:
    return list(product(ends(CANOPY_COVER), ends(CANOPY_HEIGHT), ends(BUILDING_HEIGHT), ends(TERRAIN), (0, 80)))


@pytest.mark.parametrize(("canopy", "tops", "tall", "ground", "code"), corners())
def test_corners(canopy: float, tops: float, tall: float, ground: float, code: int) -> None:
    shape = (5, 6)
    built = np.zeros(shape)
    built[2, 3] = tall
    found = comfort(
        np.full(shape, code), built=built, canopy=np.full(shape, canopy), canopy_height=raster(np.full(shape, tops)),
        terrain=raster(np.full(shape, ground)),
    )  # fmt: skip
    layer = found.utci.to_numpy()
    assert np.isnan(layer[2, 3]) == (code == 0 or tall > 0.0)
    assert bool(np.isnan(layer[0, 0])) == (code == 0)
