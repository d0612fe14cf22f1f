"""What files hold and no result uses is told; what would be wrong in silence is refused."""

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin
from shapely.geometry import LineString, Point, box

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.finding import Finding
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.readers import geotiff, sheet
from citybraid.sources.series.rain import storm_reading
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, buildings, parcels, raster, workbook


def taken(root: Path, **files: FileSpec) -> Intake:
    return take_in(files, TARGET, root=root, rules=Rules(TARGET, region="CN"))


def texts(findings: tuple[Finding, ...]) -> dict[str, int]:
    return {finding.text: finding.count for finding in findings}


def test_points_at_one_place_all_count(tmp_path: Path) -> None:
    at = [Point(WEST + 10, SOUTH + 10)] * 3 + [Point(WEST + 50, SOUTH + 50)]
    frame = gpd.GeoDataFrame({"asset_value": [100.0, 200.0, 200.0, 50.0]}, geometry=at, crs=CRS)
    frame.to_file(tmp_path / "assets.gpkg")
    parcels().to_file(tmp_path / "parcels.gpkg")
    intake = taken(tmp_path, assets=FileSpec(path="assets.gpkg"), parcels=FileSpec(path="parcels.gpkg"))
    value = next(layer.value for layer in intake.layers if layer.var.name == "asset_value")
    assert (len(value), float(value.sum())) == (4, 550.0)
    told = {finding.text: (finding.kind, finding.count) for finding in intake.findings if "points_" in finding.text}
    assert told == {"intake.points_together": ("found", 1), "intake.points_same": ("warning", 1)}


def test_layers_that_no_entry_reads_are_told_with_their_rows(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "plan.gpkg", layer="parcels")
    buildings().to_file(tmp_path / "plan.gpkg", layer="buildings")
    signals = gpd.GeoDataFrame({"a": range(7)}, geometry=[Point(WEST + each, SOUTH) for each in range(7)], crs=CRS)
    signals.to_file(tmp_path / "plan.gpkg", layer="signals")
    intake = taken(
        tmp_path,
        parcels=FileSpec(path="plan.gpkg", sheet="parcels"), buildings=FileSpec(path="plan.gpkg", sheet="buildings"),
    )  # fmt: skip
    (finding,) = [each for each in intake.findings if each.text == "intake.layers_unread"]
    assert finding.kind == "warning"
    assert finding.values["layers"] == ["signals (7)"]


def test_files_without_a_role_say_why(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "plan.gpkg", layer="parcels")
    gpd.GeoDataFrame({"a": [1]}, geometry=[Point(WEST, SOUTH)], crs=CRS).to_file(tmp_path / "plan.gpkg", layer="sig")
    (tmp_path / "typology.dbf").write_bytes(bytes(100))
    parcels().to_file(tmp_path / "地块 备份.gpkg")
    guesses = {(guess.path.name, guess.layer): guess for guess in guess_roles(tmp_path)}
    assert guesses["plan.gpkg", "parcels"].role == "parcels"
    reasons = {name: guess.reason for name, guess in guesses.items() if not guess.role}
    assert reasons == {
        ("plan.gpkg", "sig"): "intake.guess_layer_none", ("typology.dbf", ""): "intake.guess_dbf",
        ("地块 备份.gpkg", ""): "intake.guess_copy",
    }  # fmt: skip


def test_formulas_without_a_stored_value_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "地块.xlsx", {"地块": [["编号", "容积率"], ["A", 2.0], ["B", 3.0]]})
    _without_values(path)
    reading = sheet.read(path, "parcels", sheet.Options(), TARGET, limits=Limits())
    (finding,) = [each for each in reading.findings if each.text == "intake.cells_failed"]
    assert finding.values["cells"] == ["B2"]
    assert finding.kind == "rejected"


def _without_values(path: Path) -> None:
    """Make one cell a formula of which no program has stored the value."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b'<c r="B2"><v>2</v></c>', b'<c r="B2"><f>1+1</f></c>')
    assert b"<f>" in parts[name]
    with zipfile.ZipFile(path, "w") as packed:
        for each, content in parts.items():
            packed.writestr(each, content)


def test_rain_that_is_all_zero_is_told() -> None:
    table = pd.DataFrame({"分钟": ["0", "5", "10"], "雨量(mm)": ["0", "0", "0"]})
    reading = storm_reading(table, columns={}, unit="", event="e", name="雨.csv")
    assert texts(reading.findings)["intake.rain_none"] == 1
    wet = storm_reading(table.assign(**{"雨量(mm)": ["0", "1", "0"]}), columns={}, unit="", event="e", name="雨.csv")
    assert "intake.rain_none" not in texts(wet.findings)


def test_a_raster_of_complex_numbers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "insar.tif"
    profile = {"driver": "GTiff", "height": 4, "width": 4, "count": 1, "dtype": "complex64", "crs": CRS,
               "transform": from_origin(WEST, SOUTH + 20, 5, 5)}  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(np.full((4, 4), 3 + 4j, dtype=np.complex64), 1)
    with pytest.raises(InputError) as caught:
        geotiff.read(path, "terrain", geotiff.Options(), TARGET, limits=Limits())
    assert caught.value.text == "intake.raster_complex"


def test_a_control_table_that_matches_no_parcel_is_an_error(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "parcels.gpkg")
    table: list[list[object]] = [["地块编号", "容积率"], ["X-1", 2.0], ["X-2", 3.0]]
    workbook(tmp_path / "控制.xlsx", {"控制": table})
    files = {"parcels": FileSpec(path="parcels.gpkg"), "controls": FileSpec(path="控制.xlsx", role="parcels")}
    with pytest.raises(InputError) as caught:
        taken(tmp_path, **files)
    problem = caught.value
    assert problem.text == "intake.names_none"
    assert "X-1" in problem.say("en")
    assert "A-01" in problem.say("zh")
    workbook(tmp_path / "控制.xlsx", {"控制": [*table, ["A-01", 1.0]]})
    assert texts(taken(tmp_path, **files).findings)["intake.names_lost"] == 2


def test_a_layer_just_beside_the_plan_is_left_out_and_told(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "parcels.gpkg")
    line = LineString([(WEST, SOUTH + 900), (WEST + 200, SOUTH + 900)])
    gpd.GeoDataFrame({"highway": ["primary"]}, geometry=[line], crs=CRS).to_file(tmp_path / "streets.gpkg")
    files = {"parcels": FileSpec(path="parcels.gpkg"), "streets": FileSpec(path="streets.gpkg")}
    intake = taken(tmp_path, **files)
    assert not [layer for layer in intake.layers if layer.var.on == "streets"]
    assert texts(intake.findings)["intake.layer_beside"] == 1
    far = LineString([(WEST, SOUTH + 90_000), (WEST + 200, SOUTH + 90_000)])
    gpd.GeoDataFrame({"highway": ["primary"]}, geometry=[far], crs=CRS).to_file(tmp_path / "streets.gpkg")
    with pytest.raises(InputErrors):
        taken(tmp_path, **files)


def test_cover_of_ground_that_no_file_brings_is_unknown(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "parcels.gpkg")
    area = gpd.GeoDataFrame(geometry=[shapely.box(WEST, SOUTH, WEST + 600, SOUTH + 600)], crs=CRS)
    area.to_file(tmp_path / "area.gpkg")
    files = {"parcels": FileSpec(path="parcels.gpkg"), "study_area": FileSpec(path="area.gpkg")}
    intake = taken(tmp_path, **files)
    assert not [layer for layer in intake.layers if layer.var.name == "land_cover"]
    (finding,) = [each for each in intake.findings if each.text == "intake.cover_unknown_mostly"]
    assert finding.values["share"] == pytest.approx(100 * 4 / 36, abs=0.2)
    del files["study_area"]
    composed = taken(tmp_path, **files)
    assert [layer for layer in composed.layers if layer.var.name == "land_cover"]
    (told,) = [each for each in composed.findings if each.text == "intake.cover_composed"]
    assert told.values["share"] == pytest.approx(100.0)


@pytest.mark.parametrize(("far", "hectares"), [((30_000.0,), 4.42), ((30_000.0, -25_000.0), 5.23)])
def test_a_parcel_far_off_adds_no_emptiness_to_the_plan(
    far: tuple[float, ...], hectares: float, tmp_path: Path
) -> None:
    """Cover known on all of 4 parcels was known on 1% with one more: its rim stayed open, and floods stopped."""
    near = parcels()
    away = [box(WEST + at, SOUTH, WEST + at + 90, SOUTH + 90) for at in far]
    added = gpd.GeoDataFrame({"地块编号": [f"X-{at}" for at in range(len(far))]}, geometry=away, crs=CRS)
    near["geometry"] = near.geometry.scale(0.9, 0.9, origin="center")
    pd.concat([near, added], ignore_index=True).to_file(tmp_path / "parcels.gpkg")
    heights = np.add.outer(np.arange(40.0), np.arange(40.0)).astype(np.float32) / 10
    raster(tmp_path / "dem.tif", heights, cell=5.0)
    raster(tmp_path / "cover.tif", np.full((39, 40), 50, np.uint8), cell=5.0)
    named = {"parcels": "parcels.gpkg", "terrain": "dem.tif", "land_cover": "cover.tif"}
    intake = taken(tmp_path, **{role: FileSpec(path=path) for role, path in named.items()})
    found = {layer.var.name: layer.value for layer in intake.layers}
    assert float(found["study_area"].area.sum()) / 1e4 == pytest.approx(hectares, abs=0.01)
    known = np.isfinite(found["terrain"].to_numpy())
    assert 1400 <= known.sum() <= 1600
    assert (found["land_cover"].to_numpy()[known] != 0).all()
    assert texts(intake.findings)["intake.far_shapes"] == len(far)


def test_a_cover_of_a_small_part_is_told(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "parcels.gpkg")
    raster(tmp_path / "dem.tif", np.arange(1600, dtype=np.float32).reshape(40, 40), cell=5.0)
    raster(tmp_path / "cover.tif", np.full((10, 40), 50, np.uint8), cell=5.0)
    named = {"parcels": "parcels.gpkg", "terrain": "dem.tif", "land_cover": "cover.tif"}
    intake = taken(tmp_path, **{role: FileSpec(path=path) for role, path in named.items()})
    assert texts(intake.findings)["intake.cover_raster_small"] == 1


def test_the_sandbox_reads_as_the_tests_do(tmp_path: Path) -> None:
    parcels().to_file(tmp_path / "parcels.gpkg")
    with Sandbox(tmp_path) as sandbox:
        assert [guess.role for guess in guess_roles(tmp_path, sandbox=sandbox)] == ["parcels"]
