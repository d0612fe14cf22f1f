"""Bad input of the low-carbon models from the command line: a message in both languages, exit code 2, no result."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import box

from tests.cli.test_model_command import citybraid
from tests.study.made_study import CRS, Made

HEADER = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
WEATHER = ("dry-bulb", "relative-humidity", "global-horizontal", "direct-normal", "diffuse-horizontal")
YEAR = tuple(word for name in WEATHER for word in (f"--{name}", "year.epw"))
PLACE = ("--latitude", "31", "--longitude", "121", "--time-zone", "8", "--elevation", "4", "--region", "CN")
ENERGY = ("model", "lowcarbon.building_energy", *YEAR, *PLACE)
INDUSTRY = ("model", "lowcarbon.industry", "--region", "CN")
EMISSIONS = ("model", "lowcarbon.building_emissions", "--region", "CN")
PLANTS = {"行业代码": ["17", "26"], "产品": ["其他", "其他"], "用电量(万kWh)": [10.0, 20.0], "账单年份": [2023, 2023]}
HOMES = {
    "use": ["residential"] * 2, "floors": [6.0, 6.0], "height": [18.0, 18.0], "year": [2008, 2008],
    "floor_area": [3360.0, 3360.0],
}  # fmt: skip
METERED = {"electricity": [100.0, 50.0], "district_heat": [0.0, 0.0], "gas": [0.0, 0.0]}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("错误输入")
    Made(folder, ("weather",)).written()
    return folder


def table(desk: Path, name: str, columns: dict[str, Any], **changed: Any) -> str:
    """Write two squares with columns; None leaves one out."""
    cells = {key: values for key, values in (columns | changed).items() if values is not None}
    shapes = [box(500_000 + 150 * at, 3_400_000, 500_040 + 150 * at, 3_400_014) for at in range(2)]
    path = desk / f"{name}.gpkg"
    gpd.GeoDataFrame({"id": ["a", "b"], **cells}, geometry=shapes, crs=CRS).to_file(path, engine="pyogrio")
    return path.name


def refused(desk: Path, *words: str, said: str) -> None:
    assert not (desk / "never").exists()
    done = citybraid([*words, "--out", "never"], desk)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert said in done.stderr, done.stderr
    told = done.stderr[done.stderr.rindex(said) :]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told), "in Chinese, too"
    assert not (desk / "never").exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"行业代码": ["17", "ZZ"]}, "no such industrial sector 'ZZ'"),
        ({"用电量(万kWh)": [-10.0, 20.0]}, "-100000"),
        (
            {"用电量(万kWh)": None, "用电量(m3)": [10.0, 20.0], "天然气用量(m3)": [5.0, 6.0]},
            "2 have bills but no electricity",
        ),
    ],
)
def test_tables_of_plants(desk: Path, changed: dict[str, Any], said: str) -> None:
    refused(desk, *INDUSTRY, "--plants", table(desk, "plants", PLANTS, **changed), said=said)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"floor_area": [None, None]}, "floor_area"),
        ({"floor_area": None, "建筑面积(kWh)": [3360.0, 3360.0]}, "floor_area"),
    ],
)
def test_tables_of_buildings(desk: Path, changed: dict[str, Any], said: str) -> None:
    homes = table(desk, "homes", HOMES, **changed)
    refused(desk, *ENERGY, "--buildings", homes, "--climate-zone", "3A", said=said)


def test_energy_below_zero_and_in_a_wrong_column(desk: Path) -> None:
    for changed in ({"electricity": [-100.0, 50.0]}, {"electricity": None, "电量(m3)": [1.0, 2.0]}):
        refused(desk, *EMISSIONS, "--buildings", table(desk, "metered", METERED, **changed), said="electricity")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("program_share,residential/3/living_b,0.9,,,,1,,,,user,x,\n", "1.4"),
        ("program_share,residential/3/living_b,0.9,,,,kWh,,,,user,x,\n", "is in 'kWh' (needs 1)"),
        ("schedule,living_b/occupancy/08,many,,,,1,,,,user,x,\n", "many"),
    ],
)
def test_shares_and_schedules_that_cannot_be(desk: Path, row: str, said: str) -> None:
    (desk / "own.csv").write_text(HEADER + row, encoding="utf-8")
    homes = table(desk, "homes", HOMES)
    refused(desk, *ENERGY, "--buildings", homes, "--climate-zone", "3A", "--factors", "own.csv", said=said)


def test_factors_that_are_missing_negative_or_in_a_wrong_unit(desk: Path) -> None:
    metered, homes = table(desk, "metered", METERED), table(desk, "homes", HOMES)
    refused(desk, *EMISSIONS[:2], "--region", "XX", "--buildings", metered, said="grid_emission_factor")
    refused(desk, *ENERGY, "--buildings", homes, "--climate-zone", "9Z", said="residential/9Z/")
    for row, said in (
        ("grid_emission_factor,,0.5,,,,kg m-2,CN,,,user,x,\n", "is in 'kg m-2'"),
        ("grid_emission_factor,,-0.5,,,,kg kWh-1,CN,,,user,x,\n", "-0.5 kg kWh-1"),
    ):
        (desk / "own.csv").write_text(HEADER + row, encoding="utf-8")
        refused(desk, *EMISSIONS, "--buildings", metered, "--factors", "own.csv", said=said)


def test_the_same_unit_in_other_words_is_read(desk: Path) -> None:
    (desk / "own.csv").write_text(f"{HEADER}grid_emission_factor,,0.5,,,,kg/kWh,CN,,,user,x,\n", encoding="utf-8")
    words = ("--buildings", table(desk, "metered", METERED), "--factors", "own.csv", "--out", "read")
    done = citybraid([*EMISSIONS, *words], desk)
    assert done.returncode == 0, done.stderr
    found = gpd.read_file(desk / "read" / "electricity_emissions.gpkg")["electricity_emissions"]
    assert found.tolist() == pytest.approx([50.0, 25.0])


def test_year_0_is_refused_as_an_option_too(desk: Path) -> None:
    metered = table(desk, "metered", METERED)
    refused(desk, *EMISSIONS, "--buildings", metered, "--year", "0", said="--year: 0")
    homes = table(desk, "homes", HOMES)
    refused(desk, *ENERGY, "--buildings", homes, "--climate-zone", "3A", "--calendar-year", "0", said="1950")


@pytest.mark.parametrize(
    ("model", "columns", "changed", "said"),
    [
        (INDUSTRY, PLANTS, {"账单年份": [0, 2023]}, "no number for Year of the bills (such as 0)"),
        (ENERGY, HOMES, {"year": [0, 2008]}, "no number for Year of completion (such as 0)"),
        (ENERGY, HOMES, {"use": ["residential", "外星基地"]}, "such as 外星基地"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_told_and_refused_where_nothing_may_be(
    model: tuple[str, ...], columns: dict[str, Any], changed: dict[str, Any], said: str, desk: Path, tmp_path: Path
) -> None:
    """Intake leaves such cells out and says so; with --strict that is an error."""
    role, zone = ("--plants", ()) if model is INDUSTRY else ("--buildings", ("--climate-zone", "3A"))
    words = (*model, role, table(desk, "left_out", columns, **changed), *zone)
    refused(desk, *words, "--strict", said=said)
    done = citybraid([*words, "--out", str(tmp_path / "done")], desk)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout + done.stderr


INVENTORY = "inventory_equivalent"
LINES = {
    "unknown": (f"id,{INVENTORY}\nmoonbase/1/CO2/emission,5\n", "'moonbase/1/CO2/emission'"),
    "short": (f"id,{INVENTORY}\nresidential,5\n", "sector/scope/gas/kind"),
    "tonnes": (f"id,{INVENTORY} [t year-1]\nresidential/1/CO2/emission,5\n", "'t year-1'"),
    "words": (f"id,{INVENTORY}\nresidential/1/CO2/emission,lots\n", "no number"),
    "twice": (f"id,{INVENTORY}\n" + "residential/1/CO2/emission,5\n" * 2, "stands twice"),
    "other": ("name,amount\nresidential/1/CO2/emission,5\n", "'id' and 'inventory_equivalent [kg year-1]'"),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_of_an_inventory_that_cannot_be_read(desk: Path, name: str) -> None:
    text, said = LINES[name]
    (desk / f"{name}.csv").write_text(text, encoding="utf-8")
    homes = table(desk, "homes", HOMES)
    refused(
        desk, "model", "lowcarbon.pathway", "--region", "CN", "--buildings", homes, "--study-area", homes,
        "--inventory-equivalent", f"{name}.csv", "--start", "2025", "--scenario", "iea_announced", said=said,
    )  # fmt: skip


GOODS = {"freight_mass": [10.0, 20.0], "freight_distance": [1e4, 2e4], "freight_vehicle": ["truck", "barge"]}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"freight_mass": [-10.0, 20.0]}, "freight_mass is -10"),
        ({"freight_mass": [None, 20.0]}, "freight_mass is empty"),
        ({"freight_mass": [1e15, 20.0]}, "freight_mass is empty"),
        ({"freight_vehicle": ["truck", "drone"]}, "no such vehicle 'drone'"),
    ],
)
def test_tables_of_freight(desk: Path, changed: dict[str, Any], said: str) -> None:
    """More than all ports of the world load is no site's: intake tells, and leaves the cell out."""
    goods = table(desk, "goods", GOODS, **changed)
    refused(desk, "model", "lowcarbon.freight", "--region", "CN", "--freight", goods, "--inside", "0.5", said=said)


def test_an_unknown_report_of_warming_potentials_names_the_option_that_was_typed(desk: Path) -> None:
    homes = table(desk, "homes", HOMES)
    words = ("--buildings", homes, "--parcels", homes, "--study-area", homes, "--cell", "10")
    refused(desk, "model", "lowcarbon.emission_accounts", *words, "--gwp", "AR7", said=", --gwp: ")


def test_accounts_without_a_raster_ask_for_a_cell(desk: Path) -> None:
    homes = table(desk, "homes", HOMES | {"gas_emissions": [5.0, 7.0]})
    words = ("model", "lowcarbon.emission_accounts", "--buildings", homes, "--parcels", homes, "--study-area", homes)
    refused(desk, *words, said="or --cell METRES")
    done = citybraid([*words, "--cell", "10", "--out", "cells"], desk)
    assert done.returncode == 0, done.stderr
    assert "12.0" in (desk / "cells" / "total_emissions.csv").read_text(encoding="utf-8")


def test_a_result_above_all_that_may_be_is_told_and_refused_where_nothing_may_be(desk: Path) -> None:
    """Heat and cold from nearly nothing: each input is taken, and what they come to is no result."""
    homes = table(desk, "weak", HOMES)
    row = "heat_system,residential/3/{}_cop,1e-9,,,,1,,,,assumed,a slip of the keyboard,\n"
    rows = row.format("cooling") + row.format("heating")
    (desk / "weak.csv").write_text(HEADER + rows, encoding="utf-8")
    asked = [*ENERGY, "--buildings", homes, "--climate-zone", "3A", "--factors", "weak.csv"]
    done = citybraid([*asked, "--out", "weak"], desk)
    assert done.returncode == 0, done.stderr
    assert "more than can be (1e+12" in done.stderr, done.stderr
    assert "超出可能上限（1e+12" in done.stderr
    assert "供冷用电：2 个值" in done.stderr
    plain = citybraid([*ENERGY, "--buildings", homes, "--climate-zone", "3A", "--out", "plain"], desk)
    assert "more than can be" not in plain.stderr
    refused(desk, *asked, "--strict", said="more than can be")
