"""Roofs that count as paved ground are told: of a study without buildings, and under those of one that has them."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.core.finding import Finding
from citybraid.core.vocabulary.surface import COVER
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.repairs.ground.paved_roofs import repair
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST

PLACED = TARGET.placed((WEST, SOUTH, WEST + 500.0, SOUTH + 500.0))
CODE = {name: code for code, name in COVER}


def findings(*covers: str, buildings: bool = False) -> tuple[Finding, ...]:
    """Findings on ground of equal strips of covers."""
    return tuple(mended(*covers, buildings=buildings).findings)


def mended(*covers: str, buildings: bool = False) -> RepairResult:
    """The repair of ground of equal strips of covers."""
    grid = PLACED.base
    assert grid is not None
    codes = np.repeat([CODE[name] for name in covers], 100 // len(covers))[:, None] * np.ones((1, 100), np.int64)
    cover = SourceLayer(vocabulary()["land_cover"], on_grid(codes, grid, vocabulary()["land_cover"], 5.0), grid)
    given = [cover]
    if buildings:
        shapes = gpd.GeoSeries([box(WEST, SOUTH, WEST + 20, SOUTH + 20)], index=pd.Index(["J1"], name="id"), crs=CRS)
        given.append(SourceLayer(vocabulary()["buildings"], shapes))
    return repair(Layers({layer_key(each): each for each in given}), Rules(PLACED))


def test_paved_ground_without_buildings_is_told_with_its_share() -> None:
    (found,) = findings("paved", "grass", "grass", "road")
    assert (found.kind, found.count) == ("warning", 2500)
    for language, word in (("en", "upper bounds"), ("zh", "上限")):
        said = found.say(language)
        assert word in said
        assert "25" in said


@pytest.mark.parametrize("covers", [("paved", "roof"), ("grass", "water")])
def test_nothing_is_told_where_roofs_are_known_or_nothing_is_paved(covers: tuple[str, ...]) -> None:
    assert not findings(*covers)


def codes(*covers: str) -> np.ndarray:
    layer = mended(*covers, buildings=True).layers.get("land_cover")
    assert layer is not None
    return np.asarray(layer.value)


def test_ground_under_buildings_becomes_roof_and_is_told() -> None:
    """A home of 20 m by 20 m on paved cells of 5 m: 16 of 5 000."""
    (found,) = findings("grass", "paved", buildings=True)
    assert (found.kind, found.text, found.count) == ("repaired", "intake.roofs_burnt", 16)
    assert "0.3%" in found.say("zh")
    found_codes = codes("grass", "paved")
    assert (found_codes == CODE["roof"]).sum() == 16
    assert (found_codes[-4:, :4] == CODE["roof"]).all()
    assert (found_codes == CODE["paved"]).sum() == 5000 - 16


def test_a_cover_with_roofs_stays_as_it_is() -> None:
    assert not findings("grass", "roof", "paved", "paved", buildings=True)
    assert (codes("grass", "roof", "paved", "paved") == CODE["roof"]).sum() == 2500


def test_buildings_on_other_ground_are_roofs_and_on_water_an_error_of_position() -> None:
    (found,) = findings("paved", "grass", buildings=True)
    assert found.values["others"] == 16
    assert not findings("paved", "water", buildings=True)
