"""OpenStreetMap extracts: the role picks layer and tags, tags of the other column count too."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.rules import Choices, Rules
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import osm_pbf
from tests.sources.osm_files import Osm
from tests.sources.planner_files import CRS, TARGET

XML = """<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6"><node id="1" lat="30.69" lon="120.75"/><node id="2" lat="30.70" lon="120.76"/>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="secondary"/></way></osm>"""


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    osm = Osm()
    tall = {
        "building": "apartments",
        "building:levels": "6",
        "height": "18.5",
        "start_date": "1998",
        "name": '"甲"\\楼',
    }
    osm.square(120.75, 30.69, 0.001, {**tall, "addr:street": '"甲"\\楼'})
    osm.square(120.752, 30.69, 0.001, {"building": "school"})
    osm.square(120.754, 30.69, 0.001, {"building": "no", "leisure": "park"})
    osm.square(120.756, 30.69, 0.001, {"natural": "water", "water": "lake"})
    outer, inner = osm.square(120.76, 30.69, 0.002, {}), osm.square(120.7605, 30.6905, 0.0005, {})
    osm.relation([(outer, "outer"), (inner, "inner")], {"type": "multipolygon", "landuse": "grass"})
    osm.way([(120.75, 30.695), (120.76, 30.695)], {"highway": "primary", "width": "24"})
    osm.way([(120.75, 30.696), (120.76, 30.696)], {"waterway": "river"})
    for level, side in ((6, 0.02), (8, 0.01)):
        ring = osm.square(120.75, 30.69, side, {})
        border = {"type": "boundary", "boundary": "administrative", "admin_level": str(level), "name": "区"}
        osm.relation([(ring, "outer")], border)
    osm.square(120.766, 30.698, 0.001, {"building": "yes"})
    return osm.write(tmp_path_factory.mktemp("osm") / "嘉兴.osm.pbf")


def read(path: Path, role: str, limits: Limits | None = None) -> Reading:
    return osm_pbf.read(path, role, osm_pbf.Options(), TARGET, limits=limits or Limits())


def column(reading: Reading, name: str) -> SourceLayer:
    return next(found for found in reading.layers if found.var.name == name)


def test_buildings_carry_levels_height_and_age(extract: Path) -> None:
    reading = read(extract, "buildings")
    assert list(column(reading, "buildings").value.index) == ["w1", "w2", "w11"]
    assert column(reading, "floors").value["w1"] == 6
    assert column(reading, "height").value["w1"] == 18.5
    assert column(reading, "year_built").value["w1"] == 1998
    assert list(column(reading, "building_use").value) == ["residential", "school", ""]
    assert "intake.osm_read" in {finding.text for finding in reading.findings}


def test_streets_are_the_lines_with_a_class(extract: Path) -> None:
    reading = read(extract, "streets")
    assert list(column(reading, "road_class").value) == ["primary"]
    assert column(reading, "street_width").value.iloc[0] == 24


def test_ground_is_land_use_water_and_leisure_with_its_holes(extract: Path) -> None:
    reading = read(extract, "ground")
    uses = column(reading, "land_use").value
    assert sorted(uses) == ["14", "1401", "1702"]
    grass = column(reading, "ground").value[uses == "14"].iloc[0]
    assert len(next(iter(grass.geoms)).interiors) == 1


def test_units_are_the_borders_of_the_finest_level(extract: Path) -> None:
    reading = read(extract, "units")
    assert len(column(reading, "units").value) == 1
    assert {finding.text: finding for finding in reading.findings}["intake.osm_level"].values["level"] == 8


def test_a_study_reads_one_extract_in_three_roles(extract: Path) -> None:
    assert reader_for(extract).module is osm_pbf
    files = {role: FileSpec(path=extract.name) for role in ("buildings", "streets", "ground")}
    target = Target(CRS, 10.0)
    few = Rules(target, choices=Choices(cover_known=0.01))
    intake = take_in(files, target, root=extract.parent, rules=few)
    cover = next(each for each in intake.layers if each.var.name == "land_cover")
    assert {30, 51, 52, 80} <= set(cover.value.to_numpy().ravel().tolist())


def test_an_extract_wider_than_the_study_is_cut_to_its_grid_and_told(extract: Path) -> None:
    target = TARGET.placed(column(read(extract, "buildings"), "buildings").value.iloc[[0]].total_bounds)
    reading = osm_pbf.read(extract, "buildings", osm_pbf.Options(), target, limits=Limits())
    assert list(column(reading, "buildings").value.index) == ["w1"]
    assert "intake.osm_cut" in {finding.text for finding in reading.findings}


def test_what_it_can_serve_is_seen(extract: Path) -> None:
    assert {each.layer: each.kind for each in osm_pbf.peek(extract)} == {
        "buildings": "polygon", "streets": "line", "ground": "polygon",
    }  # fmt: skip


def test_xml_extracts_are_read_and_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.osm"
    path.write_text(XML, encoding="utf-8")
    assert list(column(read(path, "streets"), "road_class").value) == ["secondary"]
    path.write_text(XML.replace('"1"', '"-1"').replace('"2"', '"-2"'), encoding="utf-8")
    assert list(column(read(path, "streets"), "road_class").value) == ["secondary"]
    path.write_text(XML.replace("<osm", '<!DOCTYPE osm [<!ENTITY a "b">]><osm'), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(path, "streets")
    assert caught.value.text == "intake.xml_entities"


def test_other_roles_empty_cut_and_large_extracts_are_told(extract: Path, tmp_path: Path) -> None:
    def fault(path: Path, role: str, limits: Limits | None = None) -> str:
        with pytest.raises(InputError) as caught:
            read(path, role, limits)
        assert caught.value.say("en") != caught.value.say("zh")
        return caught.value.text

    assert fault(extract, "study_area") == "intake.osm_role"
    assert fault(extract, "buildings", Limits(features=1)) == "intake.too_many_features"
    osm = Osm()
    osm.square(120.75, 30.69, 0.001, {"building": "yes"})
    assert fault(osm.write(tmp_path / "b.osm.pbf"), "streets") == "intake.osm_nothing"
    whole = extract.read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: len(whole) - 40])
    assert fault(cut, "buildings") == "intake.unreadable"
    cut.write_bytes(b"\x1f\x8b\x08")
    assert fault(cut, "buildings") == "intake.disguised"
