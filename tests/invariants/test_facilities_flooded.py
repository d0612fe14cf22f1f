"""Facilities flooded: depth within the grid's, flooded exactly from the threshold on, never without a depth."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from shapely.geometry import Point

from citybraid.core.vocabulary.water import MAX_DEPTH
from citybraid.resilience.damage.facilities_flooded import FacilitiesFloodedParams, facilities_flooded
from tests.district import raster
from tests.ranges import ends

GRID = GeoBox.from_bbox((0, 0, 30, 30), crs="EPSG:32651", resolution=5)


def flooded(values: np.ndarray, points: list[tuple[float, float]], threshold: float = 0.15) -> np.ndarray:
    table = gpd.GeoDataFrame(
        {"facility_kind": ["school"] * len(points)},
        geometry=[Point(x, y) for x, y in points],
        index=[f"f{i}" for i in range(len(points))],
        crs="EPSG:32651",
    )
    p = FacilitiesFloodedParams(threshold=threshold)
    return np.array(facilities_flooded(max_depth=raster(values), facilities=table, grid=GRID, p=p))


inside = st.tuples(st.floats(0.1, 29.9), st.floats(0.1, 29.9))


@given(st.integers(0, 10**6), st.lists(inside, min_size=1, max_size=6), st.floats(0, 3))
def test_depth_is_the_grids_and_the_threshold_decides(
    seed: int, points: list[tuple[float, float]], threshold: float
) -> None:
    values = np.random.default_rng(seed).gamma(0.5, 1.0, GRID.shape)
    depth, wet = flooded(values, points, threshold)
    assert (depth >= values.min()).all()
    assert (depth <= values.max()).all()
    np.testing.assert_array_equal(wet, (depth >= threshold) & (depth > 0.0))


def corners() -> list[float]:
    return [*ends(MAX_DEPTH), 0.15, float("nan")]


@pytest.mark.parametrize("depth", corners())
def test_corners(depth: float) -> None:
    found, wet = flooded(np.full(GRID.shape, depth), [(12.0, 12.0)])[:, 0]
    assert np.isnan(wet) == np.isnan(depth)
    assert np.isnan(depth) or (found == depth and wet == float(depth >= 0.15))
