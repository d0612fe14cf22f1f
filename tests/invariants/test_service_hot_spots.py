"""Hot spots: scale and level of the index do not matter, its mirror turns hot to cold, a shifted grid is the same."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.vocabulary.integrate.synergy import SERVICE_INDEX
from citybraid.integrate.synergy.service_hot_spots import ServiceHotSpots, ServiceHotSpotsParams, service_hot_spots
from tests.ranges import ends

Values = NDArray[np.float64]


def field(seed: int) -> Values:
    values = 0.3 + 0.1 * np.random.default_rng(seed).random((16, 18))
    values[2:7, 2:7] += 0.5
    values[10:14, 10:14] -= 0.25
    return values


drawn = st.integers(0, 2**32 - 1).map(field)


def found(values: Values, *, west: float = 0.0) -> ServiceHotSpots:
    rows, columns = values.shape
    box = (west, west, west + 20.0 * columns, west + 20.0 * rows)
    grid = GeoBox.from_bbox(box, crs="EPSG:32651", resolution=20)
    return service_hot_spots(xr.DataArray(values, dims=("y", "x")), grid, ServiceHotSpotsParams())


@given(drawn)
def test_less_for_more_turns_hot_to_cold(values: Values) -> None:
    plain, mirror = found(values), found(1.0 - values)
    np.testing.assert_allclose(mirror.service_clustering, -plain.service_clustering, atol=1e-9)
    np.testing.assert_array_equal(mirror.service_hot_spot, 4 - plain.service_hot_spot)
    assert (mirror.hot_spot_area, mirror.cold_spot_area) == (plain.cold_spot_area, plain.hot_spot_area)


@given(drawn, st.floats(0.1, 1.0))
def test_scale_does_not_matter(values: Values, times: float) -> None:
    np.testing.assert_allclose(
        found(times * values).service_clustering, found(values).service_clustering, rtol=1e-9, atol=1e-9
    )


@given(drawn, st.integers(-100000, 100000))
def test_a_shifted_grid_is_the_same(values: Values, west: int) -> None:
    np.testing.assert_array_equal(found(values, west=west).service_hot_spot, found(values).service_hot_spot)


def corners() -> list[float]:
    return [*ends(SERVICE_INDEX)]


@pytest.mark.parametrize("level", corners())
def test_corners(level: float) -> None:
    same = found(np.full((3, 3), level))
    assert (same.service_hot_spot == 2).all()
    alone = found(np.full((1, 1), level))
    assert (alone.service_clustering == 0.0).all()
    spike = np.full((9, 9), 1.0 - level)
    spike[4, 4] = level
    assert np.isfinite(found(spike).service_clustering).all()
