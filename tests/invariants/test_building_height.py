"""Building heights on the grid: volume is kept, a mean lies between its ends, corners."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from citybraid.core.vocabulary.place import HEIGHT
from citybraid.integrate.bridges.building_fraction import building_fraction
from citybraid.integrate.bridges.building_height import building_height
from tests.integrate.plan import CELL, CRS, GRID, box
from tests.ranges import ends

place, size, tall = st.floats(0, 60), st.floats(1, 40), st.floats(1, 300)


def heights(*parts: tuple[float, float, float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return mean heights and covered shares of turned boxes (x, y, side, angle, height)."""
    shapes = [affinity.rotate(box(x, y, x + side, y + side), angle) for x, y, side, angle, _ in parts]
    table = gpd.GeoDataFrame({"height": [each[4] for each in parts]}, geometry=shapes, crs=CRS)
    table.index = table.index.astype(str)
    mean = building_height(buildings=table, grid=GRID).building_height.to_numpy()
    return mean, building_fraction(buildings=table[["geometry"]], grid=GRID).building_fraction.to_numpy()


@given(place, place, size, st.floats(0, 360), tall)
def test_volume_on_the_grid_is_kept(x: float, y: float, side: float, angle: float, height: float) -> None:
    mean, share = heights((x, y, side, angle, height))
    shape = affinity.rotate(box(x, y, x + side, y + side), angle)
    inside = shape.intersection(box(0, 0, 100, 100)).area
    assert (mean * share).sum() * CELL == pytest.approx(inside * height, rel=1e-7, abs=1e-6)


@given(place, place, size, tall, tall)
def test_a_mean_lies_between_its_ends(x: float, y: float, side: float, one: float, other: float) -> None:
    mean, _ = heights((x, y, side, 30.0, one), (x + 7.0, y, side, 10.0, other))
    built = mean[mean > 0.0]
    assert built.size
    assert built.min() >= min(one, other) - 1e-9
    assert built.max() <= max(one, other) + 1e-9


@pytest.mark.parametrize("height", [*ends(HEIGHT), np.nan])
def test_corners(height: float) -> None:
    mean, _ = heights((20.0, 20.0, 30.0, 0.0, height))
    assert mean[10, 6] == (0.0 if np.isnan(height) else pytest.approx(height))
    assert mean[0, 0] == 0.0
