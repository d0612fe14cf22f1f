"""A moving storm: never more than its centre, the same wherever the grid lies, no water from nothing."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox

from citybraid.core.vocabulary.water import RAIN_INTENSITY
from citybraid.resilience.rain.moving_storm import MovingStormParams, moving_storm
from tests.ranges import ends

directions, speeds = st.floats(0.0, 359.0), st.floats(0.0, 20.0)


def moved(rates: list[float], direction: float, speed: float, reach: float = 500.0, west: float = 0.0) -> xr.DataArray:
    grid = GeoBox.from_bbox((west, 0, west + 2000, 1000), crs="EPSG:32651", resolution=20)
    falling = pd.Series(rates, index=np.arange(len(rates)) / 12.0)
    p = MovingStormParams(direction=direction, speed=speed, reach=reach, peak_at="middle")
    return moving_storm(rain_intensity=falling, grid=grid, p=p).rain_field


@given(st.lists(st.floats(0.0, 300.0), min_size=2, max_size=6), directions, speeds)
def test_never_more_than_at_the_centre(rates: list[float], direction: float, speed: float) -> None:
    found = moved(rates, direction, speed)
    assert float(found.min()) >= 0.0
    assert float(found.max()) <= max(rates) * (1.0 + 1e-6)
    doubled = moved([2.0 * rate for rate in rates], direction, speed)
    np.testing.assert_allclose(doubled, 2.0 * found, rtol=1e-5, atol=1e-30)


@given(directions, speeds, st.integers(-50, 50))
def test_knows_no_place(direction: float, speed: float, shift: int) -> None:
    here, there = (moved([10.0, 50.0, 20.0], direction, speed, west=west) for west in (0.0, 20.0 * shift))
    np.testing.assert_allclose(here.to_numpy(), there.to_numpy(), rtol=1e-4, atol=1e-6)


@given(speeds)
def test_east_is_west_mirrored(speed: float) -> None:
    east, west = (moved([10.0, 50.0, 20.0], direction, speed).to_numpy() for direction in (90.0, 270.0))
    np.testing.assert_allclose(east, west[:, :, ::-1], rtol=1e-4, atol=1e-4)


def corners() -> list[tuple[float, float, float]]:
    return list(product(ends(RAIN_INTENSITY), (0.0, 50.0), (1.0, 200_000.0)))


@pytest.mark.parametrize(("rate", "speed", "reach"), corners())
def test_corners(rate: float, speed: float, reach: float) -> None:
    found = moved([rate, rate], 359.9, speed, reach)
    assert np.isfinite(found).all()
    assert 0.0 <= float(found.max()) <= rate * (1.0 + 1e-6)
