"""Terrain whose unit is wrong is too steep to be built on; real hillsides are not told."""

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.repairs.ground.terrain_steep import repair
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST

PLACED = TARGET.placed((WEST, SOUTH, WEST + 200.0, SOUTH + 200.0))


def told(slope: float, *, times: float = 1.0, roofs: float = 0.0, count: int = 12) -> dict[str, float]:
    """Return the slopes that are told of a plane with some slope, in a unit, with roofs in it or not."""
    grid, var = PLACED.base, vocabulary()["terrain"]
    assert grid is not None
    rows, columns = np.indices(grid.shape)
    places = [(20.0 + 45.0 * (at % 4), 20.0 + 45.0 * (at // 4)) for at in range(count)]
    heights = 5.0 + slope * 5.0 * (0.6 * columns + 0.8 * rows)
    for x, y in places:
        heights[int(37 - y / 5) : int(40 - y / 5), int(x / 5) : int(x / 5) + 3] += roofs
    shapes = gpd.GeoSeries(
        [box(WEST + x, SOUTH + y, WEST + x + 15, SOUTH + y + 15) for x, y in places],
        index=[f"B{at}" for at in range(count)], crs=CRS,
    )  # fmt: skip
    layers = (
        SourceLayer(var, on_grid(heights * times, grid, var, 5.0), grid),
        SourceLayer(vocabulary()["buildings"], shapes),
    )
    done = repair(Layers({layer_key(each): each for each in layers}), Rules(PLACED))
    assert not [each for each in done.findings if "{" in each.say("zh") + each.say("en")]
    return {each.text: float(str(each.values["slope"])) for each in done.findings}


def test_a_plain_in_centimetres_is_told_and_one_in_metres_not() -> None:
    assert told(0.004, times=100.0) == {"intake.terrain_steep_built": pytest.approx(40.0)}
    assert not told(0.004)


@pytest.mark.parametrize("slope", [0.0, 0.15, 0.3])
def test_hillsides_with_roofs_in_the_terrain_are_built_on(slope: float) -> None:
    assert not told(slope, roofs=20.0)


def test_a_few_houses_prove_nothing() -> None:
    assert not told(0.004, times=100.0, count=8)
