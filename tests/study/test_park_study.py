"""A park through its study file: bills with Chinese headings and units to lines of the inventory, and bad tables."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.park import STUDY, write_byproducts, write_freight, write_park, write_plants

pytestmark = pytest.mark.slow
WITH_PLANTS = STUDY + '[files.plants]\npath = "工厂.geojson"\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("工业园")
    write_park(folder)
    return folder


@pytest.fixture(scope="module")
def ran(folder: Path) -> Run:
    write_plants(folder)
    path = folder / "study.toml"
    path.write_text(WITH_PLANTS, encoding="utf-8")
    return run_study(open_study(path), threads=1)


def value(run: Run, name: str) -> Any:
    (layer,) = run.layers("as_is")[name].values()
    return run.value(layer)


def test_bills_reach_the_inventory_with_their_units_converted(ran: Run) -> None:
    """By hand from the file: 2 and 3 GWh, 1 and 3.5 million m3, 1000 t of steam, 20 000 t of glass."""
    lines = value(ran, "inventory_mass")
    assert lines["industry/2/CO2/emission"] == pytest.approx(5e6 * 0.5737 + 1000 * 2.69 * 0.216 * 1e3 / 3.6)
    assert lines["industry/1/CO2/emission"] == pytest.approx(4.5e6 * 38.931e-6 * 55539)
    assert lines["industry/1/CH4_fossil/emission"] == pytest.approx(4.5e6 * 38.931e-6)
    assert lines["processes/1/CO2/emission"] == pytest.approx(20_000 * 200)
    assert abs(value(ran, "emissions_error")) < 1e-9


def test_emissions_stand_on_the_plants_parcels(ran: Run) -> None:
    processes = value(ran, "parcel_processes")
    assert sorted(processes) == pytest.approx([0.0, 0.0, 4e6])
    assert (value(ran, "parcel_stationary") > 0).sum() == 2


def test_waste_heat_of_the_glass_works_reaches_the_dye_works(ran: Run) -> None:
    assert value(ran, "matched_heat").to_dict() == pytest.approx({"glass>dye": 4000 * 1e3 / 3.6})
    assert value(ran, "high_heat") == pytest.approx(0.9 * 3.5e6 * 38.931 / 3.6)


BAD = [
    ({"行业代码": ["17", "量子"]}, "量子"),
    ({"行业代码": ["17", "44"]}, "44"),
    ({"主要产品": ["印染布", "波离"]}, "波离"),
    ({"用电量(万kWh)": [200.0, -3.0]}, "plant_electricity"),
    ({"用电量(万kWh)": [200.0, None]}, "glass"),
    ({"账单年份": [2022, 2023]}, "2022"),
    ({"天然气用量(万m3)": [100.0, -350.0]}, "plant_gas"),
    ({"用热温度(℃)": [None, 1400]}, "dye"),
]


@pytest.mark.parametrize(("changed", "needs"), BAD)
def test_a_bad_table_ends_with_a_message_and_exit_code_2(
    tmp_path: Path, changed: dict[str, list[Any]], needs: str
) -> None:
    write_park(tmp_path)
    write_plants(tmp_path, **changed)
    (tmp_path / "study.toml").write_text(WITH_PLANTS, encoding="utf-8")
    done = citybraid("run", str(tmp_path / "study.toml"), "--no-report", "--quiet")
    assert done.returncode == 2, done.stdout + done.stderr
    assert needs in done.stderr


def test_the_year_0_is_told_on_intake(tmp_path: Path) -> None:
    write_park(tmp_path)
    write_plants(tmp_path, 账单年份=[0, 0])
    (tmp_path / "study.toml").write_text(WITH_PLANTS, encoding="utf-8")
    done = citybraid("check", str(tmp_path / "study.toml"), "--no-report")
    assert "2 cells of '账单年份'" in done.stdout


def test_a_unit_of_another_quantity_is_refused(tmp_path: Path) -> None:
    write_park(tmp_path)
    write_plants(tmp_path, **{"用电量(万kWh)": None, "用电量(万m3)": [200.0, 300.0]})  # type: ignore[arg-type]
    (tmp_path / "study.toml").write_text(WITH_PLANTS, encoding="utf-8")
    done = citybraid("run", str(tmp_path / "study.toml"), "--no-report", "--quiet")
    assert done.returncode == 2, done.stdout + done.stderr
    told = citybraid("check", str(tmp_path / "study.toml"), "--no-report")
    assert "column '用电量(万m3)' is in 万m3, which is no unit" in told.stdout


WITH_FREIGHT = (
    STUDY
    + """[files.freight]
path = "货运.geojson"
[parameters."lowcarbon.freight"]
inside = 0.1
"""
)


def test_freight_reaches_the_inventory_in_two_scopes(tmp_path: Path) -> None:
    write_park(tmp_path)
    write_freight(tmp_path)
    path = tmp_path / "study.toml"
    path.write_text(WITH_FREIGHT, encoding="utf-8")
    lines = value(run_study(open_study(path), threads=1), "inventory_mass")
    assert lines["road/1/CO2e/emission"] == pytest.approx(2000 * 120 * 0.078 * 0.1)
    assert lines["road/3/CO2e/emission"] == pytest.approx(2000 * 120 * 0.078 * 0.9)


def test_an_unknown_vehicle_ends_with_exit_code_2(tmp_path: Path) -> None:
    write_park(tmp_path)
    write_freight(tmp_path, 车型=["飞艇"])
    (tmp_path / "study.toml").write_text(WITH_FREIGHT, encoding="utf-8")
    done = citybraid("run", str(tmp_path / "study.toml"), "--no-report", "--quiet")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "飞艇" in done.stderr


WITH_BYPRODUCTS = (
    STUDY
    + """[files.byproducts]
path = "副产物.geojson"
[parameters."lowcarbon.building_waste"]
start = 2010
end = 2030
recycled_share = 0.4
"""
)


def test_byproducts_with_chinese_headings_are_matched(tmp_path: Path) -> None:
    """3000 t of gypsum for a board works of 2000 t at 32.8 kg/t (GB/T 51366); ash has no sourced factor."""
    write_park(tmp_path)
    write_byproducts(tmp_path)
    path = tmp_path / "study.toml"
    path.write_text(WITH_BYPRODUCTS, encoding="utf-8")
    run = run_study(open_study(path), threads=1)
    assert value(run, "matched_material").to_dict() == pytest.approx({"g1>t1:gypsum": 2000.0, "g2>t2:fly_ash": 1500.0})
    assert value(run, "unused_material") == pytest.approx(4500.0)
    avoided = value(run, "byproduct_avoided")
    assert avoided["t1"] == pytest.approx(2000 * 32.8)
    assert avoided.isna().sum() == 1
    assert not any("avoided" in str(line) for line in value(run, "inventory_mass").index if "industry" in str(line))


def test_building_waste_follows_the_years_of_the_file(tmp_path: Path) -> None:
    """All three buildings are of 2010 to 2012; the first hall, 2 x 120 x 90 m2, goes in 2028."""
    write_park(tmp_path)
    write_byproducts(tmp_path)
    halls = gpd.read_file(tmp_path / "buildings.geojson")
    halls.assign(拆除年份=[2028, 0, 0]).to_file(tmp_path / "buildings.geojson", driver="GeoJSON")
    path = tmp_path / "study.toml"
    path.write_text(WITH_BYPRODUCTS, encoding="utf-8")
    run = run_study(open_study(path), threads=1)
    area = 2 * 120 * 90 + 130 * 170 + 6 * 60 * 30
    assert value(run, "construction_waste").sum() == pytest.approx(40.7 * area, rel=1e-6)
    assert value(run, "demolition_waste").sum() == pytest.approx(1300 * 2 * 120 * 90, rel=1e-6)
    recycled = value(run, "recycled_waste").sum()
    assert recycled == pytest.approx(0.4 * (40.7 * area + 1300 * 2 * 120 * 90), rel=1e-6)


@pytest.mark.parametrize(
    ("changed", "needs"),
    [
        ({"副产物名称": ["脱硫石膏", None, "石膏", "粉煤灰"]}, "g2"),
        ({"产生量(万吨)": [0.3, -0.5, None, None]}, "byproduct_offered"),
        ({"产生量(万吨)": [0.3, None, None, None]}, "g2"),
    ],
)
def test_a_bad_table_of_byproducts_ends_with_exit_code_2(
    tmp_path: Path, changed: dict[str, list[Any]], needs: str
) -> None:
    write_park(tmp_path)
    write_byproducts(tmp_path, **changed)
    (tmp_path / "study.toml").write_text(WITH_BYPRODUCTS, encoding="utf-8")
    done = citybraid("run", str(tmp_path / "study.toml"), "--no-report", "--quiet")
    assert done.returncode == 2, done.stdout + done.stderr
    assert needs in done.stderr
    assert "副产物表" in done.stderr, "Chinese"
    assert "by-products" in done.stderr, "English"
