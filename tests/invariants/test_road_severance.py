"""Current that meets streets: additive, bounded by all current, none without lines."""

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.road_severance import RoadSeverance, road_severance
from tests.movement_case import CELL, SIZE, box, raster


def met(current: np.ndarray, lines: list[shapely.Geometry | None]) -> RoadSeverance:
    streets = gpd.GeoDataFrame(index=[str(each) for each in range(len(lines))], geometry=lines, crs="EPSG:32651")
    return road_severance(current_flow=raster(current), streets=streets, grid=box(*current.shape))


places = st.tuples(*(st.floats(-50.0, 250.0) for _ in range(4)))


@given(st.integers(0, 2**32 - 1), st.lists(places, min_size=1, max_size=4))
def test_streets_meet_no_more_than_there_is(seed: int, ends: list[tuple[float, ...]]) -> None:
    current = np.random.default_rng(seed).random((SIZE, SIZE))
    lines: list[shapely.Geometry | None] = [shapely.LineString([each[:2], each[2:]]) for each in ends]
    found = met(current, lines)
    assert found.severed_current.max() <= found.streets_current * (1 + 1e-12) <= current.sum() * (1 + 1e-9)
    assert found.streets_current <= found.severed_current.sum() * (1 + 1e-12)
    twice = met(2.0 * current, [*lines, *lines])
    assert twice.streets_current == pytest.approx(2.0 * found.streets_current)


@pytest.mark.parametrize(("value", "line"), list(product((0.0, 1e9, float("nan")), ("row", "none", "outside"))))
def test_corners(value: float, line: str) -> None:
    lines: dict[str, shapely.Geometry | None] = {
        "row": shapely.LineString([(1.0, 5.0), (CELL * SIZE - 1.0, 5.0)]), "none": shapely.LineString(),
        "outside": shapely.LineString([(-9.0, -9.0), (-5.0, -9.0)]),
    }  # fmt: skip
    found = met(np.full((SIZE, SIZE), value), [lines[line]])
    expected = SIZE * np.nan_to_num(value) if line == "row" else 0.0
    assert found.streets_current == pytest.approx(expected)
    assert met(np.full((2, 2), value), []).streets_current == 0.0
