"""Real vector sets with their real faults, through intake and in other formats; absent where they are not at hand."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pytest

from citybraid.core.errors import InputErrors
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.filespec import FileSpec, options_of
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target

UTM_48S = "EPSG:32748"


def told(intake: Intake) -> dict[str, int]:
    return {finding.text: finding.count for finding in intake.findings}


def rows(intake: Intake) -> Mapping[str, int]:
    return {each.var.on: len(each.value) for each in intake.layers if each.var.kind == "geometry"}


def directly(path: Path, role: str, spec: FileSpec, crs: str = "EPSG:4549") -> Reading:
    """Read one file in this process."""
    reader = reader_for(path)
    options = options_of(spec, reader.options, name=role)
    reading: Reading = reader.module.read(path, role, options, Target(crs, 10.0), limits=Limits())
    return reading


@pytest.mark.case("data/jakarta")
def test_jakarta_tells_that_its_second_building_layer_lacks_its_table(cases: Path) -> None:
    files = {"buildings": FileSpec(path="exposure/OSM_structures_jakarta_20121018.shp")}
    intake = take_in(files, Target(UTM_48S, 100.0), root=cases / "data" / "jakarta")
    assert {"intake.dbf_missing", "intake.no_columns", "intake.form_missing"} <= set(told(intake))
    assert told(intake)["intake.table_read"] == 15_545


@pytest.mark.case("data/jakarta")
def test_jakarta_without_its_index_and_in_an_archive_is_the_same(cases: Path, tmp_path: Path) -> None:
    folder = cases / "data" / "jakarta" / "boundaries"
    with zipfile.ZipFile(tmp_path / "kelurahan.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in (".shp", ".dbf", ".prj"):
            archive.write(folder / f"kelurahan_jakarta{suffix}", f"data/kelurahan_jakarta{suffix}")
    spec = FileSpec(path="kelurahan", columns={"unit_name": "KEL_NAME_1"})
    whole = directly(folder / "kelurahan_jakarta.shp", "units", spec, UTM_48S)
    packed = directly(tmp_path / "kelurahan.zip", "units", spec, UTM_48S)
    counts = {finding.text: finding.count for finding in packed.findings}
    assert counts["intake.shx_rebuilt"] == counts["intake.table_read"] == 261
    for one, other in zip(whole.layers, packed.layers, strict=True):
        assert one.value.equals(other.value)


@pytest.mark.case("data/zug")
def test_zug_is_read_as_its_files_say(cases: Path) -> None:
    files = {
        "study_area": FileSpec(path="building-geometry/site.shp"),
        "buildings": FileSpec(path=("building-geometry/zone.shp", "building-geometry/surroundings.shp")),
        "streets": FileSpec(path="networks/streets.shp"),
    }
    intake = take_in(files, Target("EPSG:32732", 5.0), root=cases / "data" / "zug")
    read = [finding.count for finding in intake.findings if finding.text == "intake.table_read"]
    assert sorted(read) == [1, 15, 184, 1001]
    assert "intake.encoding_stated" in told(intake)
    assert told(intake)["intake.shapes_outside"] > 0


@pytest.mark.case("data/shanghai")
def test_shanghai_in_other_formats_is_the_same(cases: Path, tmp_path: Path) -> None:
    source = cases / "data" / "shanghai" / "buildings_footprints_sample.geojson"
    frame = gpd.read_file(source, engine="pyogrio")[["bldg_id", "coarse_function", "height_m", "geometry"]]
    frame = frame[frame.is_valid]
    frame.to_file(tmp_path / "a.geojson", driver="GeoJSON", engine="pyogrio")
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_file(tmp_path / "a.fgb", driver="FlatGeobuf", engine="pyogrio")
    frame.to_file(tmp_path / "a.kml", driver="LIBKML", engine="pyogrio")
    frame.to_file(tmp_path / "a.gdb", driver="OpenFileGDB", engine="pyogrio")
    heights, areas = [], []
    for name in ("a.geojson", "a.parquet", "a.fgb", "a.kml", "a.gdb"):
        spec = FileSpec(path=name, columns={"id": "bldg_id", "height": "height_m", "building_use": "coarse_function"})
        found = {each.var.name: each.value for each in directly(tmp_path / name, "buildings", spec).layers}
        heights.append(found["height"].sort_index())
        areas.append(float(found["buildings"].area.sum()))
    assert all(each.equals(heights[0]) for each in heights)
    assert areas == pytest.approx([areas[0]] * 5, rel=1e-4)


@pytest.mark.case("data/shanghai")
def test_json_of_shanghai_that_holds_no_features_is_told(cases: Path) -> None:
    files = {"streets": FileSpec(path="transport-network.wgs84.json")}
    with pytest.raises(InputErrors) as caught:
        take_in(files, Target("EPSG:4549", 10.0), root=cases / "data" / "shanghai" / "transport")
    assert [problem.text for problem in caught.value.problems] == ["intake.json_no_shapes"]


@pytest.mark.case("data/xiongan")
def test_openstreetmap_of_xiongan_with_negative_node_numbers(cases: Path) -> None:
    files = {
        "buildings": FileSpec(path="rongdong_roads_buildings.osm"),
        "streets": FileSpec(path="rongdong_roads_buildings.osm"),
        "ground": FileSpec(path="rongdong_landuse_water.osm"),
    }
    intake = take_in(files, Target("EPSG:32650", 10.0), root=cases / "data" / "xiongan")
    counts = {finding.layer: finding.count for finding in intake.findings if finding.text == "intake.osm_read"}
    assert counts == {"buildings": 26, "streets": 72, "ground": 7}
    streets = next(each.value for each in intake.layers if each.var.name == "streets")
    assert streets.length.sum() / 1000 == pytest.approx(28.6, rel=0.02)
