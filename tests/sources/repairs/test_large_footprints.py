"""Outlines that are no buildings are told with their share, as the districts among OpenStreetMap's of Jakarta."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules
from citybraid.sources.repairs.reconciling.large_footprints import repair
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST


def repaired(*sides: float) -> RepairResult:
    shapes = [box(WEST, SOUTH, WEST + side, SOUTH + side) for side in sides]
    index = pd.Index([f"J{at}" for at in range(len(sides))], name="id")
    layer = SourceLayer(vocabulary()["buildings"], gpd.GeoSeries(shapes, index=index, crs=CRS))
    return repair(Layers({layer_key(layer): layer}), Rules(TARGET))


def test_a_district_among_buildings_is_told_in_both_languages() -> None:
    """2 km by 2 km beside a hall of 1 km by 1 km, which just passes: 80 % of all ground."""
    (found,) = repaired(1000.0, 2000.0).findings
    assert (found.kind, found.count) == ("warning", 1)
    for language in ("zh", "en"):
        said = found.say(language)
        for word in ("J1", "400", "80", "100"):
            assert word in said


@pytest.mark.parametrize("sides", [(), (20.0, 700.0)])
def test_buildings_are_left_in_peace(sides: tuple[float, ...]) -> None:
    assert not repaired(*sides).findings
