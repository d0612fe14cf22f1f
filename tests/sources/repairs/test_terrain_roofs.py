"""A surface model under buildings is told; a terrain is not."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.repairs.ground.terrain_roofs import ground_rise, repair
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST

PLACED = TARGET.placed((WEST, SOUTH, WEST + 500.0, SOUTH + 500.0))
HOUSES = [
    box(WEST + 20 + 100 * x, SOUTH + 20 + 100 * y, WEST + 60 + 100 * x, SOUTH + 50 + 100 * y)
    for x in range(5)
    for y in range(5)
]


def told(roofs: float) -> list[str]:
    grid = PLACED.base
    assert grid is not None
    slope = np.add.outer(np.linspace(0, 10, 100), np.zeros(100))
    heights = slope + roofs * (risen_mask() > 0)
    terrain = SourceLayer(
        vocabulary()["terrain"], on_grid(heights, grid, vocabulary()["terrain"], 5.0), grid, native_resolution=5.0
    )
    index = pd.Index([f"J{at}" for at in range(len(HOUSES))], dtype=object, name="id")
    buildings = SourceLayer(vocabulary()["buildings"], gpd.GeoSeries(HOUSES, index=index, crs=CRS))
    layers = Layers({layer_key(each): each for each in (terrain, buildings)})
    return [finding.text for finding in repair(layers, Rules(PLACED)).findings]


def risen_mask() -> np.ndarray:
    mask = np.zeros((100, 100))
    for house in HOUSES:
        west, south, east, north = house.bounds
        rows = slice(int((SOUTH + 500 - north) / 5), int((SOUTH + 500 - south) / 5))
        mask[rows, int((west - WEST) / 5) : int((east - WEST) / 5)] = 1
    return mask


def test_roofs_in_the_terrain_are_told() -> None:
    assert told(9.0) == ["intake.terrain_roofs"]
    assert told(0.0) == []
    assert told(1.0) == []


def test_the_rise_is_the_height_of_the_roofs() -> None:
    assert PLACED.base is not None
    assert ground_rise(9.0 * risen_mask(), list(HOUSES), PLACED.base) == pytest.approx(np.full(25, 9.0))
    assert len(ground_rise(risen_mask(), [], PLACED.base)) == 0
