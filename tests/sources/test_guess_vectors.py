"""What a folder's vector files of every format probably are."""

import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import box

from citybraid.sources.intake.guess import Guess, guess_roles, study_crs
from citybraid.study.open.drafting import draft
from citybraid.study.open.schema import read
from tests.sources.osm_files import Osm
from tests.sources.planner_files import CRS, buildings, parcels, shapefile, streets
from tests.sources.readers.test_cityjson import written as city_model


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("资料")
    plots = parcels().rename(columns={"绿地率(%)": "绿地率"})
    pyogrio.write_dataframe(plots, folder / "库.gdb", layer="地块", driver="OpenFileGDB")
    pyogrio.write_dataframe(streets(), folder / "库.gdb", layer="道路", driver="OpenFileGDB", append=True)
    buildings().to_parquet(folder / "现状建筑.parquet")
    streets().to_crs(4326).to_file(folder / "路网.kml", driver="LIBKML", engine="pyogrio")
    parcels().to_file(folder / "控规.fgb", driver="FlatGeobuf", engine="pyogrio")
    osm = Osm()
    osm.square(120.75, 30.69, 0.001, {"building": "yes"})
    osm.way([(120.75, 30.69), (120.76, 30.69)], {"highway": "primary"})
    osm.write(folder / "jiaxing.osm.pbf")
    city_model(folder / "模型.city.json")
    pieces = folder.parent / "pieces"
    pieces.mkdir()
    shapefile(pieces / "房屋.shp", buildings(), bare=False)
    shapefile(pieces / "道路中心线.shp", streets(), bare=False)
    with zipfile.ZipFile(folder / "交付.zip", "w") as archive:
        for piece in sorted(pieces.iterdir()):
            archive.write(piece, f"成果/{piece.name}")
    buildings().drop(columns="层数").to_file(folder / "d.gpkg", layer="建筑")
    floors = pd.DataFrame({"编号": ["J1"], "层数": [1], "建成年代": ["1998"]})
    pyogrio.write_dataframe(floors, folder / "d.gpkg", layer="建筑属性", driver="GPKG", append=True)
    (folder / "坏.fgb").write_bytes(b"<html></html>")
    return folder


@pytest.fixture(scope="module")
def guesses(root: Path) -> list[Guess]:
    return guess_roles(root)


def of(guesses: list[Guess], name: str) -> dict[str, object]:
    return {guess.role: guess.options.get("sheet") for guess in guesses if guess.path.name == name}


def test_every_format_is_recognised_with_its_layers(guesses: list[Guess]) -> None:
    assert of(guesses, "库.gdb") == {"parcels": "地块", "streets": "道路"}
    assert of(guesses, "现状建筑.parquet") == {"buildings": None}
    assert of(guesses, "路网.kml") == {"streets": None}
    assert of(guesses, "控规.fgb") == {"parcels": None}
    assert of(guesses, "jiaxing.osm.pbf") == {"buildings": None, "streets": None, "ground": None}
    assert of(guesses, "模型.city.json") == {"buildings": None, "ground": None}
    assert of(guesses, "交付.zip") == {"buildings": "成果/房屋.shp", "streets": "成果/道路中心线.shp"}
    assert {guess.options["sheet"] for guess in guesses if guess.path.name == "d.gpkg"} == {"建筑", "建筑属性"}


def test_a_file_in_disguise_says_what_it_is(guesses: list[Guess]) -> None:
    assert {guess.reason for guess in guesses if guess.path.name == "坏.fgb"} == {"intake.disguised_page"}


def test_coordinate_systems_are_seen(guesses: list[Guess]) -> None:
    assert study_crs(guesses) == CRS
    assert not any("crs" in guess.asks for guess in guesses if guess.role)


def test_the_draft_of_a_study_can_be_read(root: Path, tmp_path: Path) -> None:
    made = draft(tmp_path, root, crs="")
    (tmp_path / "study.toml").write_text(made.text, encoding="utf-8")
    assert len(read(tmp_path / "study.toml").files) == len([guess for guess in made.guesses if guess.role])


def test_a_layer_without_shapes_is_said_to_be_empty(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4549").to_file(tmp_path / "绿地.gpkg", layer="绿地")
    (guess,) = guess_roles(tmp_path)
    assert (guess.role, guess.reason) == ("", "intake.guess_empty")


def test_an_osm_extract_by_another_key_is_no_layer_of_buildings(tmp_path: Path) -> None:
    """Xi'an's tourist attractions became buildings of 334 ha: the city wall was one."""
    table = gpd.GeoDataFrame(
        {
            "full_id": ["w1", "w2"], "osm_id": ["1", "2"], "osm_type": ["way", "way"], "building": ["yes", None],
            "tourism": ["attraction", "attraction"], "height": ["12", None], "start_date": ["652", None],
        },
        geometry=[box(108.95, 34.22, 108.951, 34.221), box(108.95, 34.22, 108.97, 34.24)], crs="EPSG:4326",
    )  # fmt: skip
    table.to_file(tmp_path / "xian_tourism_attraction.gpkg")
    table.drop(columns="tourism").to_file(tmp_path / "buildings.gpkg")
    roles = {guess.path.name: guess.role for guess in guess_roles(tmp_path)}
    assert roles == {"xian_tourism_attraction.gpkg": "", "buildings.gpkg": "buildings"}
