"""Old people counted by unit are spread over its homes; protected sites mark the buildings in them."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target

CRS = "EPSG:4549"
EAST, NORTH = 500_000.0, 3_450_000.0
LIST = """编号,组,占地,用途,层数,建成年份
a,11.0,100,住宅,6,1985
b,11.0,300,住宅,2,1985
c,11.0,400,办公,3,1999
d,12.0,225,住宅,2,1990
"""
PEOPLE = {"11": 90.0, "12": 20.0, "13": 7.0}


def written(frame: gpd.GeoDataFrame, path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    path.write_text(json.dumps(json.loads(frame.to_json()) | {"crs": crs}), encoding="utf-8")


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    boxes = [shapely.box(EAST + 300 * at, NORTH, EAST + 300 * at + 200, NORTH + 200) for at in range(len(PEOPLE))]
    columns = {"编号": list(PEOPLE), "老人": list(PEOPLE.values())}
    written(gpd.GeoDataFrame(columns, geometry=boxes, crs=CRS), tmp_path / "社区.geojson")
    written(gpd.GeoDataFrame({"名称": ["旧厂"]}, geometry=[boxes[1]], crs=CRS), tmp_path / "保护范围.geojson")
    (tmp_path / "名册.csv").write_text(LIST, encoding="utf-8")
    files = {
        "units": FileSpec(path="社区.geojson", columns={"id": "编号", "unit_elderly": "老人"}),
        "heritage_sites": FileSpec(path="保护范围.geojson"),
        "buildings": FileSpec(path="名册.csv", columns={"footprint_area": "占地", "building_unit": "组"}),
    }
    return take_in(files, Target(CRS, 20.0), root=tmp_path)


def column(intake: Intake, name: str) -> "dict[str, float]":
    return dict(next(each.value for each in intake.layers if each.var.name == name))


def test_old_people_follow_the_floor_area_of_homes(intake: Intake) -> None:
    """Numbers that a list holds as floats (11.0) name the unit 11; offices hold nobody."""
    elderly = column(intake, "elderly")
    assert elderly == pytest.approx({"a": 45.0, "b": 45.0, "c": 0.0, "d": 20.0})
    told = next(each for each in intake.findings if each.text == "intake.elderly_spread")
    assert told.values == {"people": 117.0, "lost": 7.0}, "unit 13 has no home"


@pytest.mark.parametrize("header", ["65岁及以上人口", "elderly"])
def test_a_column_named_as_they_are_counted_is_found_without_the_study(tmp_path: Path, header: str) -> None:
    boxes = [shapely.box(EAST + 300 * at, NORTH, EAST + 300 * at + 200, NORTH + 200) for at in range(2)]
    units = gpd.GeoDataFrame({"编号": ["11", "12"], header: [90.0, 20.0]}, geometry=boxes, crs=CRS)
    written(units, tmp_path / "社区.geojson")
    homes = [shapely.box(EAST + 300 * at, NORTH, EAST + 300 * at + 20, NORTH + 20) for at in range(2)]
    uses = {"id": ["a", "b"], "building_use": ["住宅", "住宅"], "floors": [3, 2]}
    written(gpd.GeoDataFrame(uses, geometry=homes, crs=CRS), tmp_path / "房屋.geojson")
    files = {"units": FileSpec(path="社区.geojson"), "buildings": FileSpec(path="房屋.geojson")}
    found = take_in(files, Target(CRS, 20.0), root=tmp_path)
    assert column(found, "elderly") == pytest.approx({"a": 90.0, "b": 20.0})


def test_buildings_in_protected_sites_are_marked_and_sites_are_not_kept(intake: Intake) -> None:
    assert column(intake, "heritage") == {"a": 0.0, "b": 0.0, "c": 0.0, "d": 1.0}
    names = {each.var.name for each in intake.layers}
    assert not {"heritage_sites", "unit_elderly"} & names
    told = next(each for each in intake.findings if each.text == "intake.protected")
    assert (told.count, told.values["sites"]) == (1, 1)
