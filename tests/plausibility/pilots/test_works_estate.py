"""The works estate: its card beside its files and printed coefficients, with a pencil."""

import re
import tomllib
from pathlib import Path

import geopandas as gpd
import pytest

from citybraid.sources.synthetic.community import write_community
from tests.plausibility.pilots.pencil import PILOTS
from tests.plausibility.pilots.reckoned import (
    OPEN,
    Reckoned,
    building_emissions,
    check,
    heat_deaths,
    of_card,
    of_scopes,
    read,
    share,
    uptake,
    waste,
    wastewater,
)

PILOT = "jiaxing-ecf"
GRID = 0.4974
"""Zhejiang, 2023 [kg kWh-1]."""
HOUSEHOLD = 240e9 / 8.97e6
"""Money for old communities over households renewed, China 2023 [CNY]; 2.2 people a household."""


def reckoned(data: Path) -> list[Reckoned]:
    """Return the numbers by both routes."""
    card = of_card(PILOT)
    now = {name: values["as_is"] for name, values in card.items()}
    houses, streets = (gpd.read_file(data / f"{name}_合成.gpkg") for name in ("现状建筑", "道路中心线"))
    people = float(houses["居住人口"].sum())
    floor = float((houses.area * houses["层数"]).sum())
    cover, pixel = read(data / "地表覆盖_合成.tif")
    canopy, _ = read(data / "树冠覆盖_合成.tif")
    wide = float(streets.length[streets["道路等级"] == "次干路"].sum())
    asked = tomllib.loads((PILOTS / PILOT / "study.toml").read_text(encoding="utf-8"))["budget"]["total"]
    energy = building_emissions(floor, now["energy_intensity"], people, GRID)
    each = (now["building_emissions"] + now["transport_emissions"] - uptake(cover, canopy, pixel)) / people
    crowns = 100.0 * (float(canopy.mean()) + 95 * 3.1416 * 2.5**2 / (cover.size * pixel))
    return [
        Reckoned("residents_estate", now["residents"], people, within=1e-9),
        Reckoned("budget", asked / 1e4, HOUSEHOLD * people / 2.2 / 1e4),
        Reckoned("pervious_ground", now["pervious_share"], share(cover, *OPEN), 2),
        Reckoned("canopy", now["canopy_cover"], 100.0 * float(canopy.mean()), 2),
        Reckoned("canopy_when_renewed", card["canopy_cover"]["within_budget"], crowns, 1, 0.02),
        Reckoned("uptake_estate", now["green_sink"], uptake(cover, canopy, pixel), 2),
        Reckoned("waste_and_sewage", now["other_indirect_emissions"], waste(people) + wastewater(people), 1, 1e-6),
        Reckoned("buildings_estate", now["building_emissions"], energy),
        Reckoned("net_emissions_a_person", now["emissions_per_resident"], each, 3),
        Reckoned("evacuation_roads_estate", now["evacuation_road_per_head"], wide / people, 4),
        Reckoned("deaths_from_heat_a_year", now["heat_deaths"], heat_deaths(people, data / "weather_synthetic.epw"), 3),
        Reckoned("whole_inventory", now["inventory_emissions"], of_scopes(card, "as_is"), within=1e-6),
    ]


@pytest.mark.slow
def test_numbers_of_the_whole_run_by_another_route(tmp_path: Path) -> None:
    write_community(tmp_path, 1)
    check(PILOT, reckoned(tmp_path))


@pytest.mark.slow
def test_years_that_make_up_for_the_works_are_their_carbon_over_what_they_save(tmp_path: Path) -> None:
    """Floors renewed and roofs from the file, other amounts of the lessons, times published kg; 92 t and 129 were told.

    70 kg a square metre of renewed floor, 110.3 of paving, 204.8 of garden, 4 of roof, 1.08 of drains, 4.6 a tree.
    """
    write_community(tmp_path, 1)
    houses = gpd.read_file(tmp_path / "现状建筑_合成.gpkg")
    renewed = float((houses.area * houses["层数"])[houses["用途"] != "厂房"].sum())
    lessons = (PILOTS / PILOT / "lessons.toml").read_text(encoding="utf-8")
    amounts = r"drains on ([\d.]+) ha, permeable courts on ([\d.]+) ha, rain gardens on ([\d.]+) ha, (\d+) street"
    ((drains, paving, garden, trees),) = re.findall(amounts, lessons)
    kilograms = renewed * 70.0 + 0.8 * float(houses.area.sum()) * 4.0 + float(trees) * 4.6
    kilograms += 1e4 * (float(drains) * 1.08 + float(paving) * 110.3 + float(garden) * 204.8)
    values = of_card(PILOT)["inventory_emissions"]
    saved = values["as_is"] - values["within_budget"]
    page = (PILOTS / PILOT / "README.md").read_text(encoding="utf-8")
    for pattern in (r"holds ([\d ]+) t of carbon, at (\d+) t saved a year the work of (\d+) years",
                    r"隐含碳 ([\d ]+) t，按年减排 (\d+) t 须 (\d+) 年抵偿"):  # fmt: skip
        ((carbon, yearly, years),) = re.findall(pattern, page)
        assert float(carbon.replace(" ", "")) == pytest.approx(kilograms / 1e3, rel=0.01)
        assert float(yearly) == round(saved)
        assert float(years) == round(float(carbon.replace(" ", "")) / saved)
