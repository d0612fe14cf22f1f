"""Xiamen's energy by sector, 2010-2019, from its own workbooks, against sums made by hand from the cells."""

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from citybraid.core.errors import InputErrors
from citybraid.lowcarbon.accounts.downscaled_emissions import downscaled_emissions
from citybraid.lowcarbon.activity.activity_emissions import (
    ActivityEmissions,
    ActivityEmissionsParams,
    activity_emissions,
)
from citybraid.sources.intake.merging import merged
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.readers import sheet
from tests.activity_data import factors
from tests.downscaling_town import town
from tests.sources.planner_files import TARGET

FOLDER = "data/xiamen_accounts"
pytestmark = [pytest.mark.case(FOLDER), pytest.mark.slow]
ENTRIES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "electricity": ("厦门市电力数据.xlsx", {"sheet": "全市电力消费情况表", "value": "electricity"}),
    "industry": (
        "工业各行业GDP和能耗.xlsx",
        {"sheet": "煤|天然气|汽油|柴油|燃料油|液化石油气", "mapping": {"电力、热力、燃气及水生产和供应业": ""}},
    ),
    "lpg": ("测试用工业和服务业和生活LPG消费.xlsx", {"sheet": "Sheet1", "value": "lpg", "mapping": {"工业": ""}}),
    "gas": ("测试用市政园林局的生活和服务业天然气消费.xlsx", {"sheet": "Sheet1", "value": "natural_gas"}),
    "coal": ("生活用煤.xlsx", {}),
    "gasoline": ("非营运性车辆活动水平和能耗推算.xlsx", {"sheet": "非营运性车辆汽油消费推算", "value": "gasoline"}),
}


def reading(folder: Path, name: str) -> Reading:
    file, options = ENTRIES[name]
    path = folder / FOLDER / file
    return sheet.read(path, "activity", sheet.Options.model_validate(options), TARGET, limits=Limits())


@pytest.fixture(scope="module")
def city(cases: Path) -> ActivityEmissions:
    """Emissions of every entry together."""
    columns = {layer.var.name: layer.value for layer in merged(reading(cases, name) for name in ENTRIES)}
    columns.pop("activity_source")
    return activity_emissions(**columns, **factors(year=2019), p=ActivityEmissionsParams())


def cells(folder: Path, file: str, page: str) -> dict[str, dict[int, float]]:
    """Return a sheet's numbers by the item in its third column and the year above."""
    rows = CalamineWorkbook.from_path(folder / FOLDER / file).get_sheet_by_name(page).to_python()
    years = {column: int(cell) for column, cell in enumerate(rows[0]) if isinstance(cell, float)}
    return {
        str(row[2]): {year: value for at, year in years.items() if isinstance(value := row[at], float)}
        for row in rows[1:]
    }


def by_sector(city: ActivityEmissions, sector: str, scope: int) -> pd.Series:
    """Return the energy of a sector and scope by year [TJ]; CO2 lines, so that no energy counts thrice."""
    lines = city.activity_consumed[[f"/{sector}/{scope}/CO2/" in str(line) for line in city.activity_consumed.index]]
    return lines.groupby([int(str(line)[:4]) for line in lines.index]).sum()


def test_electricity_of_each_sector_2010_to_2019(cases: Path, city: ActivityEmissions) -> None:
    hand = cells(cases, *(ENTRIES["electricity"][0], "全市电力消费情况表"))
    names = {"farming": "##第一产业", "industry": "##第二产业", "commercial": "##第三产业"}
    for sector, row in names.items():
        found = by_sector(city, sector, 2)
        assert dict(found) == pytest.approx({year: 0.036 * value for year, value in hand[row].items()})
    homes = by_sector(city, "residential", 2)
    assert set(homes.index) == set(range(2010, 2020))
    assert homes[2019] == pytest.approx(0.036 * (hand["##城镇居民"][2019] + hand["##乡村居民"][2019]))
    assert homes[2015] == pytest.approx(0.036 * hand["#城乡居民生活用电"][2015]), "its parts are empty in 2015"


def test_all_sectors_add_up_to_the_electricity_of_the_city(cases: Path, city: ActivityEmissions) -> None:
    total = cells(cases, ENTRIES["electricity"][0], "全市电力消费情况表")["全社会用电总计"]
    sectors = [by_sector(city, each, 2) for each in ("farming", "industry", "commercial", "residential")]
    found = {year: sum(float(each[year]) for each in sectors) / 0.036 for year in total}
    assert found == pytest.approx(total, rel=1e-3)


def test_coal_of_industry_and_of_plants(cases: Path, city: ActivityEmissions) -> None:
    hand = cells(cases, ENTRIES["industry"][0], "煤")
    plants = ("电力、热力生产和供应业", "电力、热力、燃气及水生产和供应业")
    for year in range(2010, 2020):
        burnt = sum(each.get(year, 0.0) for name, each in hand.items() if name not in plants)
        line = f"{year}/industry/1/CO2/raw_coal"
        assert city.activity_consumed[line] == pytest.approx(burnt * 20.908e-3), year
        assert city.activity_emitted[line] == pytest.approx(burnt * 1900.3, rel=1e-4), year
        assert city.activity_consumed[f"{year}/energy_industry/1/CO2/raw_coal"] == pytest.approx(
            hand[plants[0]][year] * 20.908e-3
        )


def test_gas_lpg_and_cars_of_2019(cases: Path, city: ActivityEmissions) -> None:
    gas = cells(cases, ENTRIES["gas"][0], "Sheet1")
    lpg = cells(cases, ENTRIES["lpg"][0], "Sheet1")
    cars = cells(cases, ENTRIES["gasoline"][0], "非营运性车辆汽油消费推算")
    co2 = city.activity_emitted
    assert co2["2019/residential/1/CO2/natural_gas"] == pytest.approx(gas["生活消费"][2019] * 1e8 * 2.1622, rel=1e-4)
    assert co2["2019/commercial/1/CO2/lpg"] == pytest.approx(lpg["服务业"][2019] * 1e7 * 3.1013, rel=1e-4)
    sold = sum(each[2019] for each in cars.values())
    assert co2["2019/road/1/CO2/gasoline"] == pytest.approx(sold * 1e7 * 2.9251, rel=1e-4)


def test_years_without_data_are_absent_and_not_zero(city: ActivityEmissions) -> None:
    assert "2015/industry/2/CO2/electricity" not in city.activity_consumed
    assert "2013/residential/1/CO2/raw_coal" not in city.activity_consumed


def test_what_the_workbooks_do_not_say_is_refused(cases: Path) -> None:
    for file, page in (
        ("营运性车辆活动水平和能耗.xlsx", "柴油消费量"),
        ("碳排放峰值模型参数选择检验.xlsx", "农业农村"),
    ):
        options = sheet.Options(sheet=page)
        with pytest.raises(InputErrors) as refused:
            sheet.read(cases / FOLDER / file, "activity", options, TARGET, limits=Limits())
        assert all(problem.text.startswith("activity.") for problem in refused.value.problems)
        assert json.dumps([problem.say("zh") for problem in refused.value.problems])


def test_a_plan_and_the_rest_of_the_city_are_xiamen_2019(city: ActivityEmissions) -> None:
    """A hundredth of every sector on two parcels: what is placed, times a hundred, is the city's own total."""
    given = town(share=0.01, shares={"industry": 0.01, "farming": 0.0})
    given["activity_equivalent"] = city.activity_equivalent
    given["activity_year"] = 2019.0
    given["buildings"].loc["office", "building_use"] = "industrial"
    given["parcels"]["land_use"] = ["0901", "1001"]
    found = downscaled_emissions(**given)
    lines = [str(line).split("/") for line in city.activity_equivalent.index]
    counted = sum(
        value for (year, sector, scope, _, _), value in zip(lines, city.activity_equivalent, strict=True)
        if year == "2019" and sector != "farming" and (sector, scope) != ("energy_industry", "1")
    )  # fmt: skip
    assert counted < city.activity_total
    placed = found.downscaled_emissions.sum() + found.downscaled_outside
    assert 100 * placed == pytest.approx(counted, rel=1e-9)
    assert found.downscaling_plan["residential/residents.1"] == pytest.approx(
        0.01 * sum(v for (y, s, *_), v in zip(lines, city.activity_equivalent, strict=True)
                   if (y, s) == ("2019", "residential")), rel=1e-9)  # fmt: skip
