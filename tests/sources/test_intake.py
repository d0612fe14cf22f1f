"""A planner's whole folder, taken in at once."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError, InputErrors
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.target import Target
from tests.sources.planner_files import (
    CRS,
    SOUTH,
    WEST,
    buildings,
    drawing,
    parcels,
    raster,
    shapefile,
    streets,
    weather,
    workbook,
)


def folder(path: Path) -> Path:
    """A study's folder with a fault of every kind that intake can mend."""
    shapefile(path / "现状建筑.shp", buildings())
    shapefile(path / "地块.shp", parcels(), encoding="utf-8", bare=False)
    streets().to_file(path / "道路.gpkg", layer="中心线")
    raster(path / "dem.tif", np.full((80, 80), 3.0, dtype=np.float32) + np.arange(80, dtype=np.float32))
    raster(path / "绿地.tif", (np.arange(6400).reshape(80, 80) % 80 > 60).astype(np.float32))
    workbook(path / "人口.xlsx", {"表": [["单元名称", "常住人口"], ["R1C1", 320], ["合计", 320]]})
    (path / "雨.csv").write_bytes("时间(min),降雨量(mm)\n0,1\n5,2\n".encode("gb18030"))
    weather(path / "a.epw")
    return path


FILES = {
    "buildings": FileSpec(path="现状建筑.shp", crs=CRS),
    "parcels": FileSpec(path="地块.shp"),
    "streets": FileSpec(path="道路.gpkg"),
    "terrain": FileSpec(path="dem.tif"),
    "green": FileSpec(path="绿地.tif"),
    "storm": FileSpec(path="雨.csv", event="小雨"),
    "weather": FileSpec(path="a.epw"),
}


@pytest.fixture(scope="module")
def intake(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    return take_in(FILES, Target(CRS, 5.0), root=folder(tmp_path_factory.mktemp("规划 项目")))


def named(intake: Intake, name: str, on: str | None = None) -> SourceLayer:
    return next(found for found in intake.layers if found.var.name == name and on in (None, found.var.on))


def test_everything_ends_in_one_crs_on_one_grid(intake: Intake) -> None:
    assert {found.value.crs.to_epsg() for found in intake.layers if found.var.kind == "geometry"} == {4549}
    assert {found.grid for found in intake.layers if found.grid is not None} == {intake.target.base}
    assert intake.target.base is not None
    assert intake.target.base.boundingbox.bbox == (WEST, SOUTH, WEST + 200, SOUTH + 200)


def test_only_homes_come_out(intake: Intake) -> None:
    names = {found.var.name for found in intake.layers}
    assert not names & {"green", "ground", "street_width"}
    assert {"study_area", "units", "land_cover", "rain_intensity", "dry_bulb", "verge_length"} <= names


def test_gaps_of_buildings_are_filled_and_flagged(intake: Intake) -> None:
    use, floors, height, year = (named(intake, name) for name in ("building_use", "floors", "height", "year_built"))
    assert use.value["J2"] == "residential"
    assert isinstance(use.stated, pd.Series)
    assert not use.stated["J2"]
    assert use.completeness == pytest.approx(0.8)
    assert floors.value["J3"] == 10
    assert floors.value["J2"] == 6
    assert height.value["J1"] == pytest.approx(18.0)
    assert height.value["J2"] == 18.2
    assert year.value["J2"] == year.value["J5"] == round((1998 + 1995) / 2)
    assert intake.completeness["year_built"] == pytest.approx(0.6)


def test_study_area_and_units_are_made_and_told(intake: Intake) -> None:
    assert named(intake, "study_area").value.area.iloc[0] == pytest.approx(4e4)
    assert list(named(intake, "units").value.index) == ["R1C1"]
    assert {"intake.area_guessed", "intake.units_made"} <= {finding.text for finding in intake.findings}
    assert intake.completeness["units"] == 0.0


def test_land_cover_is_composed_and_says_what_it_cannot_know(intake: Intake) -> None:
    cover = named(intake, "land_cover").value.to_numpy()
    assert set(np.unique(cover)) == {30, 50, 51, 52, 80}
    assert cover[39, 0] == 52
    assert cover[2, 38] == 80
    assert cover[35, 35] == 30
    assert cover[30, 10] == 51
    assert "intake.green_kind_unknown" in {finding.text for finding in intake.findings}
    assert "canopy_cover" not in {found.var.name for found in intake.layers}


def test_parcels_without_buildings_are_planned(intake: Intake) -> None:
    assert dict(named(intake, "parcel_status").value) == {
        "A-01": "built",
        "A-02": "built",
        "B-01": "built",
        "B-02": "built",
    }


def test_origins_name_every_file_a_value_rests_on(intake: Intake) -> None:
    assert named(intake, "building_use").origin == {"buildings", "parcels"}
    assert named(intake, "rain_intensity").origin == {"storm"}
    assert dict(named(intake, "rain_intensity").at) == {"event": "小雨"}
    assert named(intake, "terrain").origin == {"terrain"}


def test_every_finding_is_said_in_both_languages(intake: Intake) -> None:
    for finding in intake.findings:
        assert finding.say("en") != finding.say("zh")


def test_shapes_outside_the_study_area_stay_and_are_told(tmp_path: Path) -> None:
    root = folder(tmp_path)
    parcels().iloc[:1].to_file(root / "范围.gpkg")
    files = {"study_area": FileSpec(path="范围.gpkg"), "buildings": FILES["buildings"]}
    intake = take_in(files, Target(CRS, 5.0), root=root)
    assert len(named(intake, "buildings").value) == 5
    told = [finding for finding in intake.findings if finding.text == "intake.shapes_outside"]
    assert [(finding.layer, finding.count) for finding in told] == [("buildings", 1)]


def test_a_table_that_lies_wholly_outside_is_doubted(tmp_path: Path) -> None:
    """Parcels displaced by 450 m in their own system left no building in the plan with an advice alone."""
    root = folder(tmp_path)
    parcels().assign(geometry=parcels().translate(430.0, -180.0)).to_file(root / "范围.gpkg")
    files = {"study_area": FileSpec(path="范围.gpkg"), "buildings": FILES["buildings"]}
    intake = take_in(files, Target(CRS, 5.0), root=root)
    told = [each for each in intake.findings if each.text in {"intake.shapes_all_outside", "intake.layer_beside"}]
    assert [(finding.layer, finding.kind) for finding in told] == [("buildings", "warning")]
    assert not [each for each in intake.findings if each.text == "intake.shapes_outside"]


def test_population_waits_for_its_units(tmp_path: Path) -> None:
    root = folder(tmp_path)
    units = parcels()[["地块编号", "geometry"]].rename(columns={"地块编号": "单元名称"})
    units["单元名称"] = ["R1C1", "乙", "丙", "丁"]
    units.to_file(root / "单元.gpkg")
    files = {
        "units": FileSpec(path="单元.gpkg"),
        "population": FileSpec(path="人口.xlsx"),
        "buildings": FILES["buildings"],
        "parcels": FILES["parcels"],
    }
    intake = take_in(files, Target(CRS, 5.0), root=root)
    population = named(intake, "population").value
    assert population["R1C1"] == 320
    assert population.isna().sum() == 3


def test_a_drawing_and_a_shapefile_of_one_role_are_stacked(tmp_path: Path) -> None:
    root = folder(tmp_path)
    drawing(root / "控规.dxf")
    files = {
        "parcels": FileSpec(path="地块.shp"),
        "more": FileSpec(path="控规.dxf", role="parcels", crs=CRS),
    }
    intake = take_in(files, Target(CRS, 10.0), root=root)
    assert len(named(intake, "parcels").value) == 6
    assert {finding.text: finding.count for finding in intake.findings}["intake.shape_double"] == 1
    assert named(intake, "floor_area_ratio").origin == {"parcels", "more"}


def test_all_problems_are_told_at_once_in_both_languages(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "空.tif").touch()
    (root / "图.dwg").write_bytes(b"AC1032")
    (root / "假.tif").write_text("<VRTDataset/>", encoding="utf-8")
    far = buildings().set_crs(CRS)
    far.geometry = far.geometry.translate(xoff=50_000)
    far.to_file(root / "远.gpkg")
    files = {
        "parcels": FileSpec(path="地块.shp"),
        "missing": FileSpec(path="没有.shp", role="buildings"),
        "empty": FileSpec(path="空.tif", role="terrain"),
        "dwg": FileSpec(path="图.dwg", role="streets"),
        "fake": FileSpec(path="假.tif", role="land_cover"),
        "no_crs": FileSpec(path="现状建筑.shp", role="buildings"),
        "far": FileSpec(path="远.gpkg", role="buildings"),
        "url": FileSpec(path="现状建筑.shp", role="buildings", crs="http://example.org/crs"),
        "odd": FileSpec(path="雨.csv", role="tide"),
        "idle": FileSpec(path="a.epw", role="weather", encoding="gbk"),
    }
    with pytest.raises(InputErrors) as caught:
        take_in(files, Target(CRS, 5.0), root=root)
    problems = {problem.text for problem in caught.value.problems}
    assert problems == {
        "intake.file_missing", "intake.file_empty", "intake.dwg", "intake.not_this_format", "intake.crs_missing",
        "intake.layer_elsewhere", "intake.crs_form", "intake.role_unknown", "intake.option_unused",
    }  # fmt: skip
    assert caught.value.exit_code == 2
    for language in ("en", "zh"):
        told = caught.value.say(language)
        assert len(told.splitlines()) == 10
        assert str(root) not in told


def test_the_studys_own_crs_must_be_in_metres(tmp_path: Path) -> None:
    for crs in ("EPSG:4490", "EPSG:2263"):
        with pytest.raises(InputError) as caught:
            take_in({}, Target(crs, 5.0), root=tmp_path)
        assert caught.value.text == "intake.crs_not_metric"


def test_two_files_for_one_raster_are_refused(tmp_path: Path) -> None:
    root = folder(tmp_path)
    files = {"terrain": FileSpec(path=("dem.tif", "dem.tif"))}
    with pytest.raises(InputErrors) as caught:
        take_in(files, Target(CRS, 5.0), root=root)
    assert {problem.text for problem in caught.value.problems} == {"intake.twice"}
