"""Real sets of planners' data with their real faults; absent where they are not at hand."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target


def texts(intake: Intake) -> dict[str, int]:
    return {finding.text: finding.count for finding in intake.findings}


@pytest.mark.case("data/xian")
def test_terrain_and_green_of_xian(cases: Path) -> None:
    files = {
        "terrain": FileSpec(path="xian_dem.tif"),
        "green": FileSpec(path="xian_green_binary.tif"),
        "ground": FileSpec(path=("context/xian_water.gpkg", "context/xian_parks.gpkg"), scheme="osm"),
        "streets": FileSpec(path="context/xian_primary_roads.gpkg"),
    }
    intake = take_in(files, Target("EPSG:32649", 30.0), root=cases / "data" / "xian")
    found = {each.var.name: each for each in intake.layers}
    assert found["terrain"].native_resolution == pytest.approx(28.29, abs=0.01)
    assert float(found["terrain"].value.min()) > 300.0
    share = float((found["land_cover"].value == 30).mean())
    assert 0.2 < share < 0.35
    assert set(np.unique(found["land_cover"].value)) == {30, 50, 51, 80}
    assert {"intake.green_kind_unknown", "intake.cover_composed", "intake.area_of_grid"} <= set(texts(intake))


@pytest.mark.case("data/jakarta")
def test_buildings_of_jakarta_without_attributes(cases: Path) -> None:
    files = {
        "buildings": FileSpec(path="exposure/jakarta_OSM_building.shp"),
        "units": FileSpec(path="boundaries/kelurahan_jakarta.shp", columns={"unit_name": "KEL_NAME_1"}),
    }
    intake = take_in(files, Target("EPSG:32748", 100.0), root=cases / "data" / "jakarta")
    found = {each.var.name: each for each in intake.layers}
    assert len(found["units"].value) == 261
    assert found["buildings"].value.is_valid.all()
    assert "floors" not in found
    told = texts(intake)
    assert {"intake.dbf_missing", "intake.shape_untied", "intake.shape_double", "intake.form_missing"} <= set(told)


@pytest.mark.case("data/zug")
def test_the_flat_terrain_of_zug_is_told(cases: Path) -> None:
    files = {
        "buildings": FileSpec(path=("building-geometry/zone.shp", "building-geometry/surroundings.shp")),
        "terrain": FileSpec(path="topography/terrain.tif"),
        "weather": FileSpec(path="weather/weather.epw"),
    }
    intake = take_in(files, Target("EPSG:32732", 5.0), root=cases / "data" / "zug")
    assert "intake.raster_constant" in texts(intake)
    assert {each.var.name: each.completeness for each in intake.layers}["floors"] == 1.0


@pytest.mark.case("data/shanghai")
def test_words_for_uses_in_shanghai(cases: Path) -> None:
    files = {
        "buildings": FileSpec(path="buildings_footprints_sample.geojson", columns={"building_use": "fine_function"})
    }
    intake = take_in(files, Target("EPSG:4549", 10.0), root=cases / "data" / "shanghai")
    use = next(each for each in intake.layers if each.var.name == "building_use")
    assert use.completeness > 0.95
