"""The polder village: its card beside its files and printed coefficients, with a pencil."""

from pathlib import Path

import geopandas as gpd
import pytest

from citybraid.sources.synthetic.village import write_village
from tests.plausibility.pilots.pencil import METHANE, NITROUS, PILOTS
from tests.plausibility.pilots.reckoned import (
    OPEN,
    TREES,
    WET,
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
)

PILOT = "jiaxing-zhuxiaohui"
GRID = 0.4974
"""Zhejiang, 2023 [kg kWh-1]."""
KILOGRAMS = {"货船": 0.015, "重型货车": 0.078, "轻型货车": 0.286}
"""Of a tonne and kilometre (GB/T 51366-2019, table E.0.1)."""


def reckoned(data: Path) -> list[Reckoned]:
    """Return the numbers by both routes; of freight on roads 5 % lies within, waste is treated outside."""
    card = of_card(PILOT)
    now = {name: values["as_is"] for name, values in card.items()}
    houses, goods = (gpd.read_file(data / f"{name}_合成.gpkg") for name in ("现状建筑", "货运"))
    people = float(houses["居住人口"].sum())
    floor = float((houses.area * houses["层数"]).sum())
    cover, pixel = read(data / "地表覆盖_合成.tif")
    canopy, _ = read(data / "树冠覆盖_合成.tif")
    whole = cover.size * pixel / 1e4
    carried = goods["年货运量(吨)"] * goods["平均运距(km)"] * goods["车型"].map(KILOGRAMS) / 1e3
    away = float((carried * goods["车型"].map(lambda name: 1.0 if name == "货船" else 0.95)).sum())
    energy = building_emissions(floor, now["energy_intensity"], people, GRID)
    each = (now["building_emissions"] + now["transport_emissions"] - uptake(cover, canopy, pixel)) / people
    return [
        Reckoned("residents_village", now["residents"], people, within=1e-9),
        Reckoned("pervious_ground", now["pervious_share"], share(cover, *OPEN), 1),
        Reckoned("canopy", now["canopy_cover"], 100.0 * float(canopy.mean()), 2),
        Reckoned("uptake", now["green_sink"], uptake(cover, canopy, pixel), 1),
        Reckoned("habitat", now["habitat_area"], share(cover, TREES, *WET) * whole / 100.0, 2),
        Reckoned("other_indirect", now["other_indirect_emissions"], waste(people) + away, 1, 1e-3),
        Reckoned("buildings_village", now["building_emissions"], energy, within=0.01),
        Reckoned("net_emissions_a_person_village", now["emissions_per_resident"], each, 3),
        Reckoned(
            "flooded_land_village",
            now["flooded_share"],
            100.0 * now["flooded_area"] / (whole * (1.0 - share(cover, *WET) / 100.0)),
            1,
        ),
        Reckoned("deaths_from_heat_a_year", now["heat_deaths"], heat_deaths(people, data / "weather_synthetic.epw"), 3),
        Reckoned("whole_inventory", now["inventory_emissions"], of_scopes(card, "as_is"), within=1e-6),
    ]


@pytest.mark.slow
def test_numbers_of_the_whole_run_by_another_route(tmp_path: Path) -> None:
    write_village(tmp_path, 1)
    check(PILOT, reckoned(tmp_path))


@pytest.mark.slow
def test_fields_and_transport_of_the_lessons(tmp_path: Path) -> None:
    """Paddies of the plots, goods and residents' travel.

    A hectare of rice: 215.5 kg of methane, 1.34 % of 270 kg of nitrogen as nitrous oxide.
    """
    write_village(tmp_path, 1)
    plots, goods = (gpd.read_file(tmp_path / f"{name}_合成.gpkg") for name in ("村庄用地", "货运"))
    rice = float(plots.area[plots["用地代码"] == "0101"].sum()) / 1e4
    fields = rice * (215.5 * METHANE + 270 * 0.0134 * 44 / 28 * NITROUS) / 1e3
    carried = float((goods["年货运量(吨)"] * goods["平均运距(km)"] * goods["车型"].map(KILOGRAMS)).sum()) / 1e3
    travel = carried + of_card(PILOT)["transport_emissions"]["as_is"]
    text = (PILOTS / PILOT / "lessons.toml").read_text(encoding="utf-8")
    for english, chinese, pencil in (("fields {} t", "农田 {} t", fields), ("transport {} t", "交通 {} t", travel)):
        assert english.format(f"{pencil:.0f}") in text
        assert chinese.format(f"{pencil:.0f}") in text
