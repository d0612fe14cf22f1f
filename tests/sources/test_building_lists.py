"""A list of buildings without outlines: rows of one area, squares of the stated footprint in their unit."""

import json
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from citybraid.core.errors import InputErrors
from citybraid.core.finding import Finding
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target
from citybraid.sources.repairs.shapes.building_places import parts_of, squares

CRS = "EPSG:4549"
ORIGIN = (500_000.0, 3_450_000.0)
LIST = """编号,街道,占地,用途,层数,建成年份
a,东街道,100,住宅,6,1985
b,东街道,400,办公,3,1999
c,西街道,225,住宅,2,1990
d,北街道,100,住宅,2,1990
e,东街道,,住宅,2,1990
"""


def folder_of(tmp_path: Path) -> Path:
    east, north = ORIGIN
    names = ("东街道", "西街道", "外街道")
    boxes = [shapely.box(east + 300 * at, north, east + 300 * at + 200, north + 200) for at in range(len(names))]
    frame = gpd.GeoDataFrame({"街道": names}, geometry=boxes, crs=CRS)
    (tmp_path / "街道.geojson").write_text(json.dumps(json.loads(frame.to_json()) | {"crs": {
        "type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}}), encoding="utf-8")  # fmt: skip
    (tmp_path / "名册.csv").write_text(LIST, encoding="utf-8")
    return tmp_path


def read(folder: Path, only: Mapping[str, tuple[str, ...]] | None = None) -> Intake:
    buildings = {"footprint_area": "占地", "building_unit": "街道"}
    files = {
        "units": FileSpec(path="街道.geojson", columns={"unit_name": "街道"}, only={"街道": ("东街道", "西街道")}),
        "buildings": FileSpec(path="名册.csv", columns=buildings, only=only or {}),
    }
    return take_in(files, Target(CRS, 20.0), root=folder)


def layer(intake: Intake, name: str) -> gpd.GeoSeries:
    return next(each.value for each in intake.layers if each.var.name == name)


def told(intake: Intake, text: str) -> Finding:
    return next(each for each in intake.findings if each.text == text)


def test_a_list_becomes_squares_of_its_footprints_within_the_units(tmp_path: Path) -> None:
    intake = read(folder_of(tmp_path))
    shapes, units = layer(intake, "buildings"), layer(intake, "units")
    assert list(shapes.index) == ["a", "b", "c"]
    assert shapes.area.to_numpy() == pytest.approx([100.0, 400.0, 225.0])
    assert [units.iloc[at].contains(shapes.iloc[row]) for row, at in ((0, 0), (1, 0), (2, 1))] == [True] * 3
    assert not shapes["a"].intersects(shapes["b"])
    assert list(layer(intake, "building_use")) == ["residential", "office", "residential"]
    assert list(layer(intake, "floors")) == [6.0, 3.0, 2.0]
    assert told(intake, "intake.buildings_spread").count == 3
    assert told(intake, "intake.buildings_unplaced").count == 2, "an unknown street, and one without footprint"
    assert "footprint_area" not in {each.var.name for each in intake.layers}, "used by intake alone"
    assert intake.completeness["buildings"] == 0.0, "places are a guess"


def test_rows_of_one_area_are_taken_and_counted(tmp_path: Path) -> None:
    intake = read(folder_of(tmp_path), only={"街道": ("西街道",)})
    assert list(layer(intake, "buildings").index) == ["c"]
    assert len(layer(intake, "units")) == 2
    found = next(each for each in intake.findings if each.text == "intake.rows_chosen" and each.layer == "buildings")
    assert (found.count, found.values["of"]) == (1, 5)
    assert "1 of 5 rows" in found.say("en")
    assert "5 行中读取 1 行" in found.say("zh")


@pytest.mark.parametrize(
    ("only", "text"),
    [({"街道": ("南街道",)}, "intake.rows_absent"), ({"社区": ("东街道",)}, "intake.column_absent")],
)
def test_an_area_that_the_file_does_not_hold_is_refused(
    tmp_path: Path, only: Mapping[str, tuple[str, ...]], text: str
) -> None:
    with pytest.raises(InputErrors) as caught:
        read(folder_of(tmp_path), only=only)
    assert text in [problem.text for problem in caught.value.problems]


def test_parts_share_a_unit_by_footprint_without_overlap() -> None:
    areas = np.random.default_rng(3).uniform(20.0, 400.0, 200)
    unit = shapely.box(0.0, 0.0, np.sqrt(areas.sum() / 0.25), np.sqrt(areas.sum() / 0.25))
    shapes = squares(unit, areas)
    assert shapely.area(shapes) == pytest.approx(areas)
    overlap = shapely.area(shapes).sum() - shapely.area(shapely.union_all(shapes))
    assert overlap < 0.01 * areas.sum()
    assert shapely.area(shapely.intersection(unit, shapes)).sum() == pytest.approx(areas.sum(), rel=0.01)


def test_parts_are_the_same_each_time_and_hold_one_building_alone() -> None:
    sites = np.column_stack([np.arange(40.0), np.zeros(40)])
    assert parts_of(sites, np.array([5.0]))[0] == pytest.approx([19.5, 0.0])
    assert parts_of(sites, np.array([1.0, 3.0]))[:, 0] == pytest.approx([4.5, 24.5])
