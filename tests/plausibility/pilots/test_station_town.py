"""The new town around its station: its card beside its files and printed coefficients, with a pencil."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from tests.plausibility.pilots.reckoned import (
    BARE,
    OPEN,
    WET,
    Reckoned,
    building_emissions,
    check,
    floor_area,
    heat_deaths,
    of_card,
    of_scopes,
    read,
    share,
    uptake,
    waste,
    wastewater,
)

PILOT = "jiaxing-hsr"
GRID = 0.4974
"""Zhejiang, 2023 [kg kWh-1]."""


def reckoned(data: Path) -> list[Reckoned]:
    """Return the numbers by both routes; gas of offices and shops is left out of that of buildings, 2 % of it."""
    card = of_card(PILOT)
    now = {name: values["as_is"] for name, values in card.items()}
    sheet = pd.read_excel(data / "社区人口_合成.xlsx", header=None, engine="calamine")
    rows = sheet[sheet[0].astype(str).str.match(r"SQ\d+")]
    people = float(rows[3].astype(float).sum())
    cover, pixel = read(data / "地表覆盖_合成.tif")
    canopy, _ = read(data / "树冠覆盖_合成.tif")
    streets = gpd.read_file(data / "道路中心线_合成.gpkg")
    wide = float(streets.length[streets["道路等级"].isin(["主干路", "次干路"])].sum())
    land = cover.size * pixel / 1e4 * (1.0 - share(cover, *WET) / 100.0)
    energy = building_emissions(floor_area(PILOT), now["energy_intensity"], people, GRID)
    burnt = waste(people) + wastewater(people)
    each = (now["building_emissions"] + now["transport_emissions"] - uptake(cover, canopy, pixel)) / people
    return [
        Reckoned("residents", now["residents"], people, within=1e-9),
        Reckoned("pervious_ground", now["pervious_share"], share(cover, *OPEN), 1),
        Reckoned("blue_and_green", now["blue_green_share"], share(cover, *OPEN) - share(cover, BARE), 1),
        Reckoned("canopy", now["canopy_cover"], 100.0 * float(canopy.mean()), 2),
        Reckoned("uptake", now["green_sink"], uptake(cover, canopy, pixel), 1),
        Reckoned("waste_and_sewage", now["other_indirect_emissions"], burnt, within=1e-6),
        Reckoned("buildings", now["building_emissions"], energy, within=0.02),
        Reckoned("net_emissions_a_person", now["emissions_per_resident"], each, 3),
        Reckoned("evacuation_roads", now["evacuation_road_per_head"], wide / people, 3),
        Reckoned("deaths_from_heat_a_year", now["heat_deaths"], heat_deaths(people, data / "weather_synthetic.epw"), 2),
        Reckoned("flooded_land", now["flooded_share"], 100.0 * now["flooded_area"] / land, 1, 0.01),
        Reckoned("whole_inventory", now["inventory_emissions"], of_scopes(card, "as_is"), within=1e-6),
    ]


@pytest.mark.slow
def test_numbers_of_the_whole_run_by_another_route(coarse_town: Path) -> None:
    check(PILOT, reckoned(coarse_town.parent / "data"))
