"""Systems, reclaimed water and charged cars of a file through both doors, with answers by pencil."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import CRS, SOUTH, WEST, Made

pytestmark = pytest.mark.slow
PARAMETERS = {
    "lowcarbon.building_energy": {"climate_zone": "2B"},
    "lowcarbon.reclaimed_water": {"reclaimed_share": "0.3"},
}
SURVEY: dict[str, list[Any]] = {
    "供暖方式": ["", "热泵", "", "", "", "", ""],
    "生活热水方式": ["", "", "空气源热泵", "", "", "", ""],
    "炊事方式": ["", "", "", "电磁炉", "", "", ""],
    "照明标准": ["", "", "", "", "gbt50034_target", "", ""],
    "设备能效标准": ["", "", "", "", "", "best_available", ""],
}
PLAIN, PUMPED, BOILED, COOKED, LIT, FITTED, BLANK = (f"B{at}" for at in range(7))
WEATHER = ("dry-bulb", "relative-humidity", "global-horizontal", "direct-normal", "diffuse-horizontal")
PLACE = ("--latitude", "30.69", "--longitude", "120.76", "--time-zone", "8", "--elevation", "4")
PEOPLE = 80.0
NAMES = ("electricity", "gas", "district_heat", "heating_electricity", "hot_water_gas", "cooking_gas")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven equal homes, too far apart to shade one another, each with one system of its own."""
    place = tmp_path_factory.mktemp("设备")
    Made(place, ("buildings", "weather"), parameters=PARAMETERS, resolution=500.0).written()
    corners = [(WEST + 2000.0 * (at % 3), SOUTH + 2000.0 * (at // 3)) for at in range(7)]
    table = {
        "id": [f"B{at}" for at in range(7)], "use": "residential", "floors": 6, "height": 19.2, "year": 2008,
        "floor_area": 3360.0, "residents": PEOPLE, **SURVEY,
    }  # fmt: skip
    shapes = [box(x + 20, y + 20, x + 60, y + 34) for x, y in corners]
    gpd.GeoDataFrame(table, geometry=shapes, crs=CRS).to_file(place / "buildings.gpkg", engine="pyogrio")
    area = box(WEST, SOUTH, WEST + 6000, SOUTH + 6000)
    gpd.GeoDataFrame({"id": ["all"]}, geometry=[area], crs=CRS).to_file(place / "area.gpkg", engine="pyogrio")
    return place


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    done = citybraid("run", str(folder / "study.toml"), "--out", str(folder / "run"), "--no-report")
    assert done.returncode == 0, done.stderr
    return Run.open(folder / "run")


def value(run: Run, name: str) -> Any:
    return run.value(run.layers("as_is")[name][""])


def model(folder: Path, name: str, *words: str, out: str) -> None:
    done = citybraid("model", name, *words, "--region", "CN", "--out", out, folder=folder)
    assert done.returncode == 0, done.stderr


def written(path: Path, name: str) -> pd.Series:
    if path.suffix == ".csv":
        numbers: pd.Series = pd.read_csv(path)["value"]
        return numbers
    values: pd.Series = gpd.read_file(path).set_index("id")[name]
    return values


@pytest.fixture(scope="module")
def single(folder: Path) -> dict[str, pd.Series]:
    year = (word for name in WEATHER for word in (f"--{name}", "year.epw"))
    words = ("--buildings", "buildings.gpkg", *year, *PLACE, "--climate-zone", "2B")
    model(folder, "lowcarbon.building_energy", *words, out="single")
    return {name: written(folder / "single" / f"{name}.gpkg", name) for name in NAMES}


def test_both_doors_read_the_systems_alike(run: Run, single: dict[str, pd.Series]) -> None:
    for name in NAMES:
        assert value(run, name).to_dict() == single[name].to_dict(), name
        assert single[name][BLANK] == pytest.approx(single[name][PLAIN], rel=1e-12)


def test_each_system_changes_what_it_is_for(single: dict[str, pd.Series]) -> None:
    """At equal useful heat: gas times its efficiency over that of the new system."""
    efficiency = resolve("service_efficiency", region="CN")
    gas, power = single["gas"], single["electricity"]
    for name, end, system in ((BOILED, "hot_water", "heat_pump"), (COOKED, "cooking", "electric")):
        burnt = single[f"{end}_gas"][PLAIN]
        gained = burnt * efficiency[f"{end}/gas"] / efficiency[f"{end}/{system}"]
        assert burnt > 0.0
        assert gas[name] == pytest.approx(gas[PLAIN] - burnt)
        assert power[name] == pytest.approx(power[PLAIN] + gained)
    assert single["district_heat"][PLAIN] > 0.0
    assert single["district_heat"][PUMPED] == 0.0
    assert single["heating_electricity"][PUMPED] > 0.0
    for name in (LIT, FITTED):
        assert power[name] < power[PLAIN]
        assert single["district_heat"][name] >= single["district_heat"][PLAIN], "less heat of lamps and machines"


def test_reclaimed_water_by_pencil_and_from_the_file_of_wastewater(run: Run, folder: Path) -> None:
    load, energy = resolve("wastewater_load", region="CN"), resolve("water_energy", region="CN")
    volume = 7 * PEOPLE * load["flow"] * 365 * 0.3
    expected = {
        "reclaimed_energy": volume * energy["reclaimed"], "replaced_supply_energy": volume * energy["supply"],
        "reclaimed_avoided": volume * (energy["supply"] - energy["reclaimed"])
        * resolve("grid_emission_factor", region="CN", year=2025)[""],
    }  # fmt: skip
    model(folder, "lowcarbon.wastewater", "--buildings", "buildings.gpkg", out="sewage")
    words = ("--buildings", "sewage/wastewater_flow.gpkg", "--study-area", "area.gpkg", "--reclaimed-share", "0.3")
    model(folder, "lowcarbon.reclaimed_water", *words, out="reclaimed")
    assert value(run, "reclaimed_water").sum() == pytest.approx(volume)
    assert written(folder / "reclaimed/reclaimed_water.gpkg", "reclaimed_water").sum() == pytest.approx(volume)
    for name, wanted in expected.items():
        assert float(value(run, name)) == pytest.approx(wanted), name
        assert written(folder / f"reclaimed/{name}.csv", name).iloc[0] == pytest.approx(wanted), name


def test_charged_cars_of_a_file_move_their_share_of_fuel_to_electricity(tmp_path: Path) -> None:
    """Three equal homes at one corner: at a half of the cars a half of the change, at all of them all."""
    Made(tmp_path, ("streets",)).written()
    spots = [(WEST + 8 + 12 * at, SOUTH + 8) for at in range(3)]
    table = {"id": ["as_was", "half", "whole"], "use": "residential", "residents": 100.0, "floor_area": 3000.0,
             "充电电动化比例": [None, 0.5, 1.0]}  # fmt: skip
    shops = {"id": ["shop"], "use": "retail", "residents": 0.0, "floor_area": 4000.0}
    homes = gpd.GeoDataFrame(table, geometry=[box(x, y, x + 10, y + 10) for x, y in spots], crs=CRS)
    there = gpd.GeoDataFrame(shops, geometry=[box(WEST + 210, SOUTH + 210, WEST + 240, SOUTH + 240)], crs=CRS)
    pd.concat([homes, there]).to_file(tmp_path / "homes.gpkg", engine="pyogrio")
    model(tmp_path, "lowcarbon.travel", "--buildings", "homes.gpkg", "--streets", "streets.gpkg", out="travel")
    for name, sign in (("transport_emissions", -1.0), ("travel_electricity_emissions", 1.0)):
        found = written(tmp_path / f"travel/{name}.gpkg", name)
        whole = found["whole"] - found["as_was"]
        assert whole * sign > 0.0
        assert found["half"] - found["as_was"] == pytest.approx(0.5 * whole), name
    driven = written(tmp_path / "travel/car_distance.gpkg", "car_distance")
    assert driven["whole"] == pytest.approx(driven["as_was"])


def test_cycle_lanes_of_a_file_draw_trips_to_cycles(tmp_path: Path) -> None:
    Made(tmp_path, ("streets",)).written()
    spots = [(WEST + 10, SOUTH + 10), (WEST + 210, SOUTH + 210)]
    table = {"id": ["home", "shop"], "use": ["residential", "retail"], "residents": [100.0, 0.0],
             "floor_area": [3000.0, 4000.0]}  # fmt: skip
    shapes = [box(x, y, x + 10, y + 10) for x, y in spots]
    gpd.GeoDataFrame(table, geometry=shapes, crs=CRS).to_file(tmp_path / "homes.gpkg", engine="pyogrio")
    plain = gpd.read_file(tmp_path / "streets.gpkg")
    trips = {}
    for name, share in (("none", 0.0), ("percent", 100.0)):
        plain.assign(**{"独立自行车道比例(%)": share}).to_file(tmp_path / f"{name}.gpkg", engine="pyogrio")
        words = ("--buildings", "homes.gpkg", "--streets", f"{name}.gpkg", "--outside-reach", "0")
        model(tmp_path, "lowcarbon.travel", *words, out=name)
        found = pd.read_csv(tmp_path / name / "mode_trips.csv", index_col=0)
        trips[name] = found.iloc[:, -1].astype(float).to_dict()
    assert trips["percent"]["cycle"] > 1.01 * trips["none"]["cycle"]
    assert trips["percent"]["car"] < trips["none"]["car"]
    assert sum(trips["percent"].values()) == pytest.approx(sum(trips["none"].values()))
