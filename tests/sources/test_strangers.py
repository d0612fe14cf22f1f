"""Files of strangers: mixed GeoJSON, maps of OpenStreetMap, weather and curves that are no storm, foreign codes."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import LineString, box, mapping

from citybraid.core.errors import InputErrors
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.land_use.column import to_guide
from citybraid.sources.land_use.land_use import map_code
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.protocol.target import Target
from citybraid.study.open.drafting import draft
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, buildings, parcels, workbook


def guessed(folder: Path) -> dict[tuple[str, str], str]:
    return {(guess.path.name, guess.layer): guess.role for guess in guess_roles(folder)}


def taken(root: Path, **files: FileSpec) -> Intake:
    return take_in(files, TARGET, root=root, rules=Rules(TARGET, region="CN"))


def overpass(path: Path) -> Path:
    """Write an export of OpenStreetMap in one file: buildings, grass and a street with their tags."""
    degrees = gpd.GeoSeries(
        [
            *(box(WEST + 30 * number, SOUTH, WEST + 30 * number + 20, SOUTH + 20) for number in range(5)),
            box(WEST, SOUTH + 40, WEST + 100, SOUTH + 90), LineString([(WEST, SOUTH + 10), (WEST + 150, SOUTH + 10)]),
        ],
        crs=CRS,
    ).to_crs(4326)  # fmt: skip
    tags = [*({"building": "house", "building:levels": "2"},) * 5, {"landuse": "grass"}, {"highway": "residential"}]
    features = [
        {"type": "Feature", "properties": {"@id": f"way/{number}", **said}, "geometry": mapping(shape)}
        for number, (said, shape) in enumerate(zip(tags, degrees, strict=True))
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_a_mixed_geojson_is_split_by_kind_and_tags(tmp_path: Path) -> None:
    overpass(tmp_path / "export.geojson")
    assert guessed(tmp_path) == {
        ("export.geojson", "buildings"): "buildings", ("export.geojson", "streets"): "streets",
        ("export.geojson", "ground"): "ground",
    }  # fmt: skip
    intake = taken(tmp_path, **{role: FileSpec(path="export.geojson") for role in ("buildings", "streets")})
    rows = {layer.var.name: len(layer.value) for layer in intake.layers if layer.var.kind == "geometry"}
    assert (rows["buildings"], rows["streets"]) == (5, 1)
    parts = {
        each.layer: (each.count, each.values["others"]) for each in intake.findings if each.text.endswith("mixed_part")
    }
    assert parts == {"buildings": (5, 2), "streets": (1, 6)}


def test_land_use_of_a_map_is_no_plan(tmp_path: Path) -> None:
    farms = gpd.GeoDataFrame(
        {"osm_id": ["1"], "landuse": ["farmyard"]}, geometry=[box(WEST, SOUTH, WEST + 50, SOUTH + 50)], crs=CRS
    )
    farms.to_file(tmp_path / "landuse.gpkg")
    parcels().to_file(tmp_path / "用地规划.gpkg")
    assert guessed(tmp_path) == {("landuse.gpkg", ""): "ground", ("用地规划.gpkg", ""): "parcels"}


@pytest.mark.parametrize(
    ("name", "header", "role"),
    [
        ("ERA5.txt", "time,Tair,RH,wind,rain", ""),
        ("curves.csv", "category,intensity,damage", ""),
        ("event.csv", "minutes,rainfall (mm)", "storm"),
        ("surveyed.csv", "name,colour,remarks", ""),
    ],
)
def test_a_table_with_rain_is_a_storm_only_where_it_is_one(tmp_path: Path, name: str, header: str, role: str) -> None:
    row = ",".join("1" for _ in header.split(","))
    (tmp_path / name).write_text(f"{header}\n{row}\n{row}\n", encoding="utf-8")
    assert guessed(tmp_path) == {(name, ""): role}


def test_a_cover_sheet_adds_no_columns(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "用地.gpkg")
    rows: list[list[object]] = [["地块编号", "容积率"], ["A-01", 2.0]]
    workbook(tmp_path / "地块控制指标.xlsx", {"封面": [["某市控制性详细规划"], ["2025年"]], "指标": rows})
    roles = guessed(tmp_path)
    assert roles["地块控制指标.xlsx", "封面"] == ""
    assert roles["地块控制指标.xlsx", "指标"] == "parcels"


def test_codes_of_another_country_are_no_chinese_land_use() -> None:
    assert map_code("BB01", "urban_2011") is None
    foreign = to_guide(pd.Series(["BB01", "BB02", "TS14", "8", "R9"]), layer="parcels")
    assert list(foreign.codes) == [""] * 5
    assert [finding.kind for finding in foreign.findings if finding.text == "intake.code_unknown"] == ["rejected"]
    assert list(to_guide(pd.Series(["R2", "B1", "R2B1"]), layer="parcels").codes) == ["070102", "0901", "070102"]


def test_a_mapping_moves_building_uses_and_says_how_many_rows(tmp_path: Path) -> None:
    frame = buildings()
    frame["用途"] = ["Typ A", "Typ A", "Typ B", "Typ B", "Typ A"]
    frame.to_file(tmp_path / "b.gpkg")
    own = {"Typ A": "residential", "typ b": "office"}
    intake = taken(tmp_path, buildings=FileSpec(path="b.gpkg", mapping=own))
    uses = next(layer.value for layer in intake.layers if layer.var.name == "building_use")
    assert sorted(uses) == ["office", "office", "residential", "residential", "residential"]
    assert {each.text: each.count for each in intake.findings}["intake.code_own"] == 5
    with pytest.raises(InputErrors) as caught:
        taken(tmp_path, buildings=FileSpec(path="b.gpkg", mapping={"Typ A": "castle"}))
    assert "residential" in caught.value.problems[0].say("en")


def test_a_mapping_moves_land_cover_road_classes_and_takes_words(tmp_path: Path) -> None:
    profile = {"driver": "GTiff", "height": 20, "width": 20, "count": 1, "dtype": "uint8", "crs": CRS,
               "transform": from_origin(WEST, SOUTH + 100, 5, 5)}  # fmt: skip
    with rasterio.open(tmp_path / "cover.tif", "w", **profile) as target:
        target.write(pd.DataFrame([[1] * 20] * 10 + [[2] * 20] * 10).to_numpy("uint8"), 1)
    streets = gpd.GeoDataFrame(
        {"highway": ["Allee"]}, geometry=[LineString([(WEST, SOUTH + 5), (WEST + 90, SOUTH + 5)])], crs=CRS
    )
    streets.to_file(tmp_path / "s.gpkg")
    parcels().to_file(tmp_path / "p.gpkg")
    intake = taken(
        tmp_path, parcels=FileSpec(path="p.gpkg"),
        land_cover=FileSpec(path="cover.tif", mapping={"1": "paved", "2": "水体" if _has("水体") else "water"}),
        streets=FileSpec(path="s.gpkg", mapping={"Allee": "primary"}),
    )  # fmt: skip
    layers = {layer.var.name: layer.value for layer in intake.layers}
    assert set(layers["land_cover"].to_numpy().ravel()) - {0} == {50, 80}
    assert list(layers["road_class"]) == ["primary"]
    counts = {(each.text, each.layer): each.count for each in intake.findings}
    assert counts["intake.cover_mapped", "land_cover"] == 400
    assert counts["intake.code_own", "streets"] == 1


def _has(word: str) -> bool:
    from citybraid.sources.land_use.mapped_values import mapped_value

    return bool(mapped_value("land_cover", word))


OSM = """<?xml version="1.0"?>
<osm version="0.6">
<node id="1" lat="50.100" lon="14.400"/><node id="2" lat="50.100" lon="14.401"/>
<node id="3" lat="50.101" lon="14.401"/><node id="4" lat="50.101" lon="14.400"/>
<node id="5" lat="50.102" lon="14.402"/><node id="6" lat="50.102" lon="14.403"/>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="building" v="yes"/></way>
<way id="11"><nd ref="5"/><nd ref="6"/><nd ref="5"/><tag k="building" v="yes"/></way>
<way id="12"><nd ref="5"/><nd ref="5"/><nd ref="5"/><nd ref="5"/><tag k="building" v="yes"/></way>
<way id="13"><nd ref="1"/><nd ref="6"/><tag k="highway" v="residential"/></way>
</osm>"""


def test_an_extract_with_degenerate_rings_is_drafted_in_metres_and_read(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "map.osm").write_text(OSM, encoding="utf-8")
    text = draft(tmp_path / "study", files, crs="").text
    assert 'crs = "EPSG:32633"' in text
    assert 'region = "CZ"' in text
    entries = {role: FileSpec(path="map.osm") for role in ("buildings", "streets")}
    intake = take_in(entries, Target("EPSG:32633", 5.0), root=files)
    assert len(next(layer.value for layer in intake.layers if layer.var.name == "buildings")) == 1
