"""The terrain beside spot heights, water levels and the plan area: units, datums and missing ground tell themselves."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import SPOT_ELEVATION, SPOT_HEIGHTS, vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.repairs.ground import terrain_references, terrain_short
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST

PLACED = TARGET.placed((WEST, SOUTH, WEST + 200.0, SOUTH + 200.0))
GROUND = np.add.outer(np.linspace(9.0, 6.0, 40), np.zeros(40))


def terrain(values: np.ndarray) -> SourceLayer:
    var, grid = vocabulary()["terrain"], PLACED.base
    assert grid is not None
    return SourceLayer(var, on_grid(values, grid, var, 5.0), grid)


def spots(off: float = 0.0) -> tuple[SourceLayer, SourceLayer]:
    """Eight spots on the ground, all of them off by so much."""
    places = [(WEST + 20.0 * at + 2.5, SOUTH + 20.0 * at + 2.5) for at in range(8)]
    rows = [str(at) for at in range(8)]
    heights = [float(GROUND[39 - 4 * at, 4 * at]) + off for at in range(8)]
    shapes = gpd.GeoSeries([Point(each) for each in places], index=rows, crs=CRS)
    return SourceLayer(SPOT_HEIGHTS, shapes), SourceLayer(SPOT_ELEVATION, pd.Series(heights, index=rows))


def level(*values: float) -> SourceLayer:
    return SourceLayer(vocabulary()["edge_level"], pd.Series(values), origin=frozenset({"水位"}))


def told(*layers: SourceLayer) -> tuple[Finding, ...]:
    return terrain_references.repair(Layers({layer_key(each): each for each in layers}), Rules(PLACED)).findings


@pytest.mark.parametrize(("unit", "metres"), [("ft", 0.3048), ("dm", 0.1), ("cm", 0.01), ("mm", 0.001)])
def test_spots_tell_the_unit_of_a_terrain(unit: str, metres: float) -> None:
    (found,) = told(terrain(GROUND / metres), *spots())
    assert (found.kind, found.text, found.values["unit"]) == ("warning", "intake.terrain_unit_spots", unit)


def test_spots_tell_the_error_of_a_terrain_in_metres_and_another_datum() -> None:
    (found,) = told(terrain(GROUND), *spots(off=0.3))
    assert (found.kind, found.text, found.values["error"]) == ("found", "intake.terrain_spots", pytest.approx(0.3))
    (found,) = told(terrain(GROUND), *spots(off=-4.0))
    assert (found.kind, found.text, found.values["off"]) == ("warning", "intake.terrain_spots_off", pytest.approx(4.0))
    assert not told(terrain(GROUND))


def test_water_levels_tell_the_unit_of_a_terrain_and_a_datum_far_off() -> None:
    (found,) = told(terrain((GROUND + 24.0) / 0.3048), level(29.0, 31.0))
    assert (found.text, found.values["unit"]) == ("intake.terrain_unit_level", "ft")
    (found,) = told(terrain(GROUND), level(480.0, 490.0))
    assert (found.text, found.values["apart"]) == ("intake.terrain_level_apart", pytest.approx(471.0, abs=1.0))


@pytest.mark.parametrize("levels", [(-2.0, 3.0), (1.0, 2.0), (7.0, 8.0), (10.0, 14.0)])
def test_a_tide_a_river_below_its_banks_and_one_above_a_polder_are_not_doubted(levels: tuple[float, ...]) -> None:
    assert not told(terrain(GROUND), level(*levels))
    assert not told(terrain(GROUND - 9.0), level(*levels))


def test_ground_of_the_plan_area_without_an_elevation_is_told_with_its_share() -> None:
    area = SourceLayer(
        vocabulary()["study_area"], gpd.GeoSeries([box(WEST, SOUTH, WEST + 100.0, SOUTH + 200.0)], crs=CRS)
    )
    for columns, share in ((slice(0, 10), 50.0), (slice(20, 40), None)):
        short = GROUND.copy()
        short[:, columns] = np.nan
        layers = Layers({layer_key(each): each for each in (terrain(short), area)})
        findings = terrain_short.repair(layers, Rules(PLACED)).findings
        assert [each.values["share"] for each in findings] == ([] if share is None else [share])
