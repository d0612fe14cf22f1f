"""Buildings without a floor area in a file that states others', and those that state 0: footprint times floors."""

import math

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.sources.protocol.imputation import Draw
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules
from citybraid.sources.protocol.target import Target
from citybraid.sources.repairs.filling.floor_area import repair

CRS = "EPSG:4549"
NAMES = pd.Index(list("abcdef"), dtype=object, name="id")
STATED = [2160.0, math.nan, 0.0, 2400.0, 2640.0, 2400.0]
"""Footprints are 400 m2: with 6 floors 2 400 m2, stated at 0.9 to 1.1 of it."""


def read(areas: list[float] | None, floors: float = 6.0, draw: int = 0) -> RepairResult:
    shapes = gpd.GeoSeries([box(30 * at, 0, 30 * at + 20, 20) for at in range(6)], index=NAMES, crs=CRS)
    layers = Layers({}).put(SourceLayer(vocabulary()["buildings"], shapes))
    layers = layers.put(SourceLayer(vocabulary()["floors"], pd.Series(floors, index=NAMES)))
    if areas is not None:
        layers = layers.put(SourceLayer(vocabulary()["floor_area"], pd.Series(areas, index=NAMES, dtype=float)))
    return repair(layers, Rules(Target(crs=CRS, cell=5.0), draw=Draw(draw)))


def filled(done: RepairResult) -> list[float]:
    layer = done.layers.get("floor_area", on="buildings")
    assert layer is not None
    return [float(each) for each in layer.value]


def test_what_no_building_can_have_is_filled_and_told() -> None:
    done = read(STATED)
    assert filled(done) == pytest.approx([2160.0, 2400.0, 2400.0, 2400.0, 2640.0, 2400.0])
    told = {each.text: each for each in done.findings}
    assert {name: told[name].count for name in told} == {
        "intake.form_zero": 1, "intake.floor_area_filled": 2, "intake.floor_area_error": 4,
    }  # fmt: skip
    error = told["intake.floor_area_error"].values
    assert (error["mean"], error["within"]) == (pytest.approx(5.0), 100.0)
    assert all(each.say(language) for each in done.findings for language in ("en", "zh"))


def test_draws_take_what_like_buildings_state_of_theirs() -> None:
    drawn = {value for number in range(1, 30) for value in filled(read(STATED, draw=number))[1:3]}
    assert {round(value) for value in drawn} == {2160, 2400, 2640}


def test_without_floors_or_without_any_stated_area_nothing_is_made_up() -> None:
    unknown = filled(read(STATED, floors=math.nan))
    assert [math.isnan(each) for each in unknown] == [False, True, True, False, False, False]
    assert read(None).layers.get("floor_area", on="buildings") is None
    assert not read([2400.0] * 6).findings


def test_a_file_of_zeros_states_none() -> None:
    done = read([0.0] * 6)
    assert filled(done) == pytest.approx([2400.0] * 6)
    assert [each.text for each in done.findings] == [
        "intake.form_zero", "intake.floor_area_filled", "intake.rule_untested",
    ]  # fmt: skip
