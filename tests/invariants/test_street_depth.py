"""Water on streets: within that of the grid, more of it never less, lengths within the street's, corners."""

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.water import MAX_DEPTH
from citybraid.resilience.rescue.street_depth import StreetDepth, street_depth
from tests.ranges import ends
from tests.resilience.street_town import grid, raster, streets

HERE = grid(120, 120)
points = st.tuples(st.floats(0, 119), st.floats(1, 120))
lines = st.lists(st.lists(points, min_size=2, max_size=4, unique=True).map(LineString), min_size=1, max_size=5).filter(
    lambda found: all(line.length > 1 for line in found)
)
water = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).gamma(0.5, 0.3, (12, 12)))


def found(values: np.ndarray, table: gpd.GeoDataFrame, final: np.ndarray | None = None) -> StreetDepth:
    return street_depth(
        max_depth=raster(values), final_depth=raster(values if final is None else final), streets=table, grid=HERE,
        street_water_limit=resolve("street_water_limit"), flooded_road_speed=resolve("flooded_road_speed"),
        street_crossing=resolve("street_crossing"),
        flood_duration=raster(values),
    )  # fmt: skip


@given(lines, water)
def test_bounds(shapes: list[LineString], values: np.ndarray) -> None:
    table = streets(*shapes)
    depth = found(values, table)
    length = table.length.to_numpy()
    assert (depth.peak_street_depth <= values.max()).all()
    assert (depth.closed_length <= depth.waterlogged_length + 1e-9).all()
    assert (depth.waterlogged_length <= length + 1e-6).all()
    assert (depth.final_street_depth == depth.peak_street_depth).all()
    assert (depth.closure_time <= values.max()).all()


@given(lines, water, water)
def test_more_water_is_never_less(shapes: list[LineString], values: np.ndarray, more: np.ndarray) -> None:
    before, after = found(values, streets(*shapes)), found(values + more, streets(*shapes))
    for one, other in zip(before, after, strict=True):
        assert (other.to_numpy() >= one.to_numpy() - 1e-9).all()


@given(lines, water)
def test_bridges_are_dry_and_direction_does_not_matter(shapes: list[LineString], values: np.ndarray) -> None:
    over = found(values, streets(*shapes, bridge=["yes"] * len(shapes)))
    assert (over.peak_street_depth == 0).all()
    assert (over.closed_length == 0).all()
    one, other = found(values, streets(*shapes)), found(values, streets(*(line.reverse() for line in shapes)))
    known = np.abs(one.waterlogged_length - other.waterlogged_length)
    assert (known <= 10.0).all(), "pieces on a cell's edge fall to one side or the other"


def corners() -> list[tuple[float, float]]:
    return list(product((*ends(MAX_DEPTH), float("nan")), (*ends(MAX_DEPTH), float("nan"))))


@pytest.mark.parametrize(("peak", "final"), corners())
def test_corners(peak: float, final: float) -> None:
    table = streets(LineString([(0, 50), (120, 50)]), LineString([(0, 999), (50, 999)]))
    depth = found(np.full(HERE.shape, peak), table, np.full(HERE.shape, final))
    np.testing.assert_array_equal(depth.peak_street_depth, [peak, np.nan])
    assert np.isnan(depth.closed_length.iloc[1])
    if np.isfinite(peak):
        assert depth.closed_length.iloc[0] == pytest.approx(120.0 if peak >= 0.3 else 0.0)
