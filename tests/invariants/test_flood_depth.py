"""Depth at buildings: within the depths around, rising with them, the same wherever the grid begins."""

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from shapely.affinity import translate
from shapely.geometry import box

from citybraid.core.vocabulary.water import MAX_DEPTH
from citybraid.resilience.damage.flood_depth import FloodDepthParams, flood_depth
from tests.ranges import ends

SIZE = 12
GRID = GeoBox.from_bbox((0, 0, 5 * SIZE, 5 * SIZE), crs="EPSG:32651", resolution=5)

houses = st.lists(
    st.tuples(st.floats(0, 50), st.floats(0, 50), st.floats(1, 25), st.floats(1, 25)), min_size=1, max_size=6
)
water = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).gamma(0.5, 0.6, (SIZE, SIZE)))


def table(shapes: list[tuple[float, float, float, float]]) -> gpd.GeoDataFrame:
    boxes = [box(x, y, x + width, y + depth) for x, y, width, depth in shapes]
    return gpd.GeoDataFrame(geometry=boxes, index=[f"b{i}" for i in range(len(boxes))], crs="EPSG:32651")


def depths(values: np.ndarray, buildings: gpd.GeoDataFrame, grid: GeoBox = GRID, **words: object) -> np.ndarray:
    p = FloodDepthParams.model_validate(words)
    raster = xr.DataArray(values, dims=("y", "x"))
    return flood_depth(max_depth=raster, buildings=buildings, grid=grid, p=p).building_depth.to_numpy()


@given(houses, water)
def test_within_the_depths_of_the_grid(shapes: list[tuple[float, float, float, float]], values: np.ndarray) -> None:
    mean, deepest = depths(values, table(shapes)), depths(values, table(shapes), statistic="max")
    known = np.isfinite(mean)
    assert (np.isfinite(deepest) == known).all()
    assert (mean[known] >= values.min() - 1e-12).all()
    assert (mean[known] <= deepest[known] + 1e-12).all()
    assert (deepest[known] <= values.max()).all()


@given(houses, water, st.floats(0, 3))
def test_rises_with_the_water(shapes: list[tuple[float, float, float, float]], values: np.ndarray, more: float) -> None:
    before, after = depths(values, table(shapes)), depths(values + more, table(shapes))
    np.testing.assert_allclose(after, before + more, atol=1e-9)


@given(houses, water, st.integers(-50, 50), st.integers(-50, 50))
def test_the_same_wherever_the_grid_begins(
    shapes: list[tuple[float, float, float, float]], values: np.ndarray, right: int, up: int
) -> None:
    buildings = table([tuple(round(part * 4) / 4 + 0.1 for part in shape) for shape in shapes])  # type: ignore[misc]
    x, y = 320.0 * right, 320.0 * up
    there = GeoBox.from_bbox((x, y, x + 5 * SIZE, y + 5 * SIZE), crs="EPSG:32651", resolution=5)
    moved = buildings.set_geometry([translate(shape, x, y) for shape in buildings.geometry])
    np.testing.assert_allclose(depths(values, moved, there), depths(values, buildings), equal_nan=True)


def corners() -> list[tuple[float, str]]:
    return list(product((*ends(MAX_DEPTH), float("nan")), ("mean", "max")))


@pytest.mark.parametrize(("depth", "statistic"), corners())
def test_corners(depth: float, statistic: str) -> None:
    buildings = table([(0, 0, 60, 60), (10, 10, 10, 10), (0.5, 0.5, 1, 1), (500, 500, 5, 5)])
    found = depths(np.full((SIZE, SIZE), depth), buildings.iloc[1:], statistic=statistic)
    np.testing.assert_allclose(found, [depth, depth, np.nan])
    assert np.isnan(depths(np.full((SIZE, SIZE), depth), buildings.iloc[:1], statistic=statistic)).all()
