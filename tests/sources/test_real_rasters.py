"""Real rasters, tables and weather with their real faults; absent where they are not at hand."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.features import shapes

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import delimited, epw, sheet

PLACED = Target("EPSG:4549", 10.0)


def told(found: Intake | Reading) -> dict[str, int]:
    return {finding.text: finding.count for finding in found.findings}


def one(intake: Intake, name: str) -> np.ndarray:
    return np.asarray(next(found.value for found in intake.layers if found.var.name == name))


def refused(files: dict[str, FileSpec], target: Target, root: Path) -> list[PlanError]:
    with pytest.raises((InputError, InputErrors)) as caught:
        take_in(files, target, root=root)
    fault = caught.value
    return list(fault.problems) if isinstance(fault, InputErrors) else [fault]


@pytest.mark.case("data/jakarta")
def test_flood_depths_of_jakarta_in_ascii(cases: Path) -> None:
    files = {"initial_depth": FileSpec(path="hazard/Flood_Current_Depth_Jakarta_geographic.asc")}
    intake = take_in(files, Target("EPSG:32748", 100.0), root=cases / "data" / "jakarta")
    depth = one(intake, "initial_depth")
    assert next(each for each in intake.layers if each.var.name == "initial_depth").native_resolution == pytest.approx(
        50.04, abs=0.01
    )
    assert 0.0 <= float(np.nanmin(depth)) < float(np.nanmax(depth)) < 12.0


@pytest.mark.case("data/xian")
def test_terrain_of_xian_stands_for_points(cases: Path) -> None:
    intake = take_in(
        {"terrain": FileSpec(path="xian_dem.tif")}, Target("EPSG:32649", 30.0), root=cases / "data" / "xian"
    )
    assert "intake.raster_points" in told(intake)
    assert not {"intake.terrain_steep", "intake.terrain_zeros"} & set(told(intake))


@pytest.mark.case("data/gothenburg")
def test_a_surface_model_of_gothenburg_is_told_from_its_terrain(cases: Path, tmp_path: Path) -> None:
    folder = cases / "data" / "gothenburg"
    with rasterio.open(folder / "torgg_lc.tif") as source:
        roofs = (source.read(1) == 2).astype(np.uint8)
        outlines = [
            shapely.geometry.shape(each) for each, _ in shapes(roofs, mask=roofs > 0, transform=source.transform)
        ]
        houses = gpd.GeoDataFrame(geometry=[each for each in outlines if each.area > 100], crs=source.crs)
    houses.to_file(tmp_path / "houses.gpkg")
    for name, roofy in (("dem", False), ("dsm", True)):
        (tmp_path / f"{name}.tif").write_bytes((folder / f"torgg_{name}.tif").read_bytes())
        files = {"terrain": FileSpec(path=f"{name}.tif"), "buildings": FileSpec(path="houses.gpkg")}
        assert ("intake.terrain_roofs" in told(take_in(files, Target("EPSG:3006", 4.0), root=tmp_path))) == roofy


@pytest.mark.case("data/gothenburg")
def test_land_cover_in_other_classes_asks_for_a_mapping(cases: Path) -> None:
    root, target = cases / "data" / "gothenburg", Target("EPSG:3006", 4.0)
    (fault,) = refused({"land_cover": FileSpec(path="torgg_lc.tif")}, target, root)
    assert fault.text == "intake.cover_scheme"
    assert "UMEP" in fault.say("zh")
    own = {"1": "50", "2": "52", "3": "10", "4": "10", "5": "30", "6": "60", "7": "80"}
    intake = take_in({"land_cover": FileSpec(path="torgg_lc.tif", classes=own)}, target, root=root)
    assert set(np.unique(one(intake, "land_cover"))) <= {0, 10, 30, 50, 52, 60, 80}
    assert "intake.cover_mapped" in told(intake)


@pytest.mark.case("data/london")
def test_terrain_of_london(cases: Path) -> None:
    files = {"terrain": FileSpec(path="dem_barb_1m_tif.tif")}
    intake = take_in(files, Target("EPSG:27700", 2.0), root=cases / "data" / "london" / "London_BNG")
    assert float(np.nanmax(one(intake, "terrain"))) < 60.0


@pytest.mark.case("data/zug")
def test_the_flat_terrain_of_zug(cases: Path) -> None:
    intake = take_in(
        {"terrain": FileSpec(path="topography/terrain.tif")}, Target("EPSG:32732", 30.0), root=cases / "data" / "zug"
    )
    assert "intake.raster_constant" in told(intake)


@pytest.mark.case("data/shanghai")
def test_packed_buildings_of_shanghai(cases: Path) -> None:
    path = cases / "data" / "shanghai" / "buildings_xinhua_road.csv.gz"
    reading = delimited.read(path, "buildings", delimited.Options(), PLACED, limits=Limits())
    found = {each.var.name: each for each in reading.layers}
    assert len(found["height"].value) == 1960
    assert found["year_built"].value.min() >= 1900
    assert {"floors", "floor_area", "building_use"} <= set(found)
    assert found["floor_area"].completeness > 0.98


@pytest.mark.case("data/shanghai")
def test_people_of_yangpu_are_found_by_likeness(cases: Path) -> None:
    path = cases / "data" / "shanghai" / "yangpu" / "yangpu_subdistricts.csv"
    reading = delimited.read(path, "population", delimited.Options(), PLACED, limits=Limits())
    assert 1.1e6 < float(reading.layers[0].value.sum()) < 1.4e6
    assert [each.values["header"] for each in reading.findings if each.text == "intake.column_guessed"] == [
        "resident_pop_census2020"
    ]


@pytest.mark.case("data/xiamen_accounts")
def test_accounts_of_xiamen_are_no_population(cases: Path) -> None:
    path = cases / "data" / "xiamen_accounts" / "Yuxianmodel.xlsx"
    with pytest.raises(InputError) as caught:
        sheet.read(path, "population", sheet.Options(), PLACED, limits=Limits())
    assert caught.value.text == "intake.no_population"
    assert "人口 (万人)" in list(caught.value.values["got"])  # type: ignore[call-overload]
    assert {each.layer for each in sheet.peek(path)} >= {"Sheet1", "S2"}


WEATHER = "data/shanghai_hourly_weather"


@pytest.mark.case(WEATHER)
def test_the_storm_of_a_day_in_shanghai(cases: Path) -> None:
    path = cases / WEATHER / "ShanghaiPM20100101_20151231.csv"
    said = delimited.Options(unit="mm", time="2013-10-08", event="Fitow")
    reading = delimited.read(path, "storm", said, PLACED, limits=Limits())
    assert float(reading.layers[0].value.sum()) == pytest.approx(120.3, abs=0.05)
    with pytest.raises(InputError) as caught:
        delimited.read(path, "storm", delimited.Options(unit="mm"), PLACED, limits=Limits())
    assert caught.value.text == "intake.storm_long"


@pytest.mark.case(WEATHER)
def test_hourly_weather_without_radiation_says_what_is_missing(cases: Path) -> None:
    path = cases / WEATHER / "ShanghaiPM20100101_20151231.csv"
    with pytest.raises(InputError) as caught:
        delimited.read(path, "weather", delimited.Options(time="2014"), PLACED, limits=Limits())
    assert caught.value.text == "intake.weather_columns"
    assert {"global_horizontal", "wind_speed"} <= set(caught.value.values["needs"])  # type: ignore[call-overload]
    assert "dry_bulb" in list(caught.value.values["held"])  # type: ignore[call-overload]


@pytest.mark.case("data/epw")
def test_radiation_of_two_chinese_files_is_an_hour_late(cases: Path) -> None:
    late: dict[str, int] = {}
    for path in sorted((cases / "data" / "epw").glob("*.epw")):
        reading = epw.read(path, "weather", epw.Options(), PLACED, limits=Limits())
        assert not {"intake.weather_zone", "intake.weather_constant", "intake.weather_filled"} & set(told(reading))
        assert len(reading.layers) == 12
        assert "cloud_cover" in {layer.var.name for layer in reading.layers}, (
            "their radiation is a formula of the clouds"
        )
        late |= {
            path.name.split(".")[1]: int(str(each.values["hours"]))
            for each in reading.findings
            if "hours" in each.values
        }
    assert late == {"Xian": -1, "Hangzhou": -1}


@pytest.mark.case("data/san_salvador")
def test_houses_as_points_are_refused_with_the_way_out(cases: Path) -> None:
    path = cases / "data" / "san_salvador" / "FL_entity_Acelhuate_houses.xlsx"
    with pytest.raises(InputError) as caught:
        sheet.read(path, "buildings", sheet.Options(), PLACED, limits=Limits())
    assert caught.value.text in ("intake.points_for_areas", "intake.no_key")
