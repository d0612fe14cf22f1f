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
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.repairs.ground.paved_roofs import repair
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST

PLACED = TARGET.placed((WEST, SOUTH, WEST + 500.0, SOUTH + 500.0))
CODE = {name: code for code, name in COVER}


def findings(*covers: str, buildings: bool = False) -> tuple[Finding, ...]:
    """Findings on ground of equal strips of covers."""
    grid = PLACED.base
    assert grid is not None
    codes = np.repeat([CODE[name] for name in covers], 100 // len(covers))[:, None] * np.ones((1, 100), np.int64)
    cover = SourceLayer(vocabulary()["land_cover"], on_grid(codes, grid, vocabulary()["land_cover"], 5.0), grid)
    given = [cover]
    if buildings:
        shapes = gpd.GeoSeries([box(WEST, SOUTH, WEST + 20, SOUTH + 20)], index=pd.Index(["J1"], name="id"), crs=CRS)
        given.append(SourceLayer(vocabulary()["buildings"], shapes))
    return tuple(repair(Layers({layer_key(each): each for each in given}), Rules(PLACED)).findings)


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


def test_paved_ground_under_buildings_is_told_with_its_cells() -> None:
    """A home of 20 m by 20 m on paved cells of 5 m: 16 of 5 000."""
    (found,) = findings("grass", "paved", buildings=True)
    assert (found.kind, found.text, found.count) == ("warning", "intake.roofs_paved", 16)
    assert "0.3 %" in found.say("zh")
    assert not findings("grass", "roof", "paved", "paved", buildings=True)


def test_nothing_is_told_with_buildings_on_other_ground() -> None:
    assert not findings("paved", "grass", buildings=True)
