"""Yangpu Binjiang and Xinhua Road: numbers of their pages from the list, the files and printed factors by a pencil."""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
import pytest
from rasterio.features import rasterize

from citybraid.commons.form.card import Card
from tests.plausibility.pilots.pencil import (
    Number,
    area_under,
    card_of,
    check,
    deaths_from_heat,
    hours,
    made,
    raster,
    value,
    waste_and_sewage,
)

pytestmark = [pytest.mark.slow, pytest.mark.case("data/shanghai"), pytest.mark.case("data/epw")]

GRID, GAS = 0.5737, 0.19994
"""Shanghai's grid of 2023, and natural gas [kg kWh-1]."""
TRIP = 0.28 * 4.0 * 0.0075 + 0.12 * 8.0 * 0.045 + 0.12 * 14.0 * 0.0375 + 0.22 * 11.0 * 0.119
"""A trip of a citizen: share of mode, kilometres and kilograms a kilometre of e-bike, bus, metro and car [kg]."""
TREES, GRASS = 0.211933, 0.0077
"""Uptake [kg CO2 m-2 year-1]."""
KEPT_UP = 70.0 * (1.0 - 1.08**-25) / 0.08
"""Present worth of 25 years of upkeep of a kilowatt of modules, at 8 % [CNY]."""
ENVELOPE, MODULES = 166.0, 3000.0
"""Prices of the studies [CNY m-2, CNY kW-1]."""


class Place(NamedTuple):
    """A pilot's card, the rows of its list, and shares of its ground."""

    card: Card
    rows: pd.DataFrame
    ground: float
    trees: float
    grass: float
    crowns: float
    air: pd.Series


def place_of(pilot: str, units: str, cases: Path, folder: Path) -> Place:
    card, shanghai = card_of(pilot), cases / "data" / "shanghai"
    files = made(pilot, folder, cases / "data")
    name = "buildings_yangpu.csv.gz" if "yangpu" in pilot else "buildings_xinhua_road.csv.gz"
    rows = pd.read_csv(shanghai / name, low_memory=False)
    rows = rows[rows["region_id"].isin((310105004000, 310110001000, 310110006000, 310110018000))]
    shapes = gpd.read_file(files / f"{units}_合成.gpkg").geometry
    cover, transform = raster(files / "地表覆盖_合成.tif")
    crowns, _ = raster(files / "树冠覆盖_合成.tif")
    inside = rasterize([(each, 1) for each in shapes], out_shape=cover.shape, transform=transform) > 0
    trees, grass = (float((cover[inside] == code).mean()) for code in (10, 30))
    air = hours(cases / "data" / "epw" / "CHN_Shanghai.Shanghai.583620_CSWD.epw", 6)
    return Place(card, rows, float(shapes.area.sum()), trees, grass, float(crowns[inside].mean()), pd.Series(air))


@pytest.fixture(scope="module")
def yangpu(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place_of("shanghai-yangpu", "街坊", cases, tmp_path_factory.mktemp("yangpu"))


@pytest.fixture(scope="module")
def xinhua(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place_of("shanghai-xinhua", "社区", cases, tmp_path_factory.mktemp("xinhua"))


def numbers(place: Place) -> dict[str, Number]:
    """Return what both pilots have, by the words of the table's rows."""
    card, rows = place.card, place.rows
    people, area = value(card, "residents"), float((rows["footprint_m2"] * rows["floors"].fillna(3)).sum())
    energy = value(card, "energy_intensity") * area
    power = (1e3 * value(card, "building_emissions") - GAS * energy) / (GRID - GAS)
    free = 1.0 - float(rows["footprint_m2"].sum()) / place.ground
    crowns, lawns = TREES * place.crowns, GRASS * place.grass * free
    return {
        "Emissions of travel": Number(value(card, "transport_emissions"), people * 2.2 * 365 * TRIP / 1e3),
        "Deaths from heat": Number(
            value(card, "heat_deaths"), deaths_from_heat(people, place.air.to_numpy()), digits=1
        ),
        "Waste, sewage and other": Number(
            value(card, "other_indirect_emissions"), people * waste_and_sewage(0.92, 0.652, 0.348) / 1e3
        ),
        "Green and water": Number(
            value(card, "blue_green_share"), 100.0 * free * (place.trees + place.grass), digits=1, within=0.02
        ),
        "Uptake of green": Number(
            value(card, "green_sink"), place.ground * (crowns + lawns) / 1e3, within=0.02
        ),
        "Emissions of power bought": Number(
            value(card, "energy_indirect_emissions"), GRID * power / 1e3, within=0.002
        ),
        "Floor area ratio": Number(
            float(card.features["floor_area_ratio"].value or 0.0), area / place.ground, digits=3, within=0.002
        ),
    }  # fmt: skip


@pytest.mark.parametrize("label", [
    "Emissions of travel", "Deaths from heat", "Waste, sewage and other", "Green and water", "Uptake of green",
    "Emissions of power bought", "Floor area ratio", "People flooded in a mean year", "Modules bought",
    "Debris of the cloudburst",
])  # fmt: skip
def test_ten_numbers_of_yangpu(yangpu: Place, label: str) -> None:
    card, cost = yangpu.card, yangpu.card.cost
    assert cost is not None
    kilowatts = (float(cost.present or 0.0) - float(cost.build or 0.0)) / KEPT_UP
    homes = yangpu.rows["coarse_function"].isin(["住宅类", "公共服务类", "学校类"])
    roofs = 0.175 * (yangpu.rows["footprint_m2"] * homes.map({True: 0.4, False: 0.3})).sum()
    found = numbers(yangpu) | {
        "People flooded in a mean year": Number(
            value(card, "expected_annual_exposed"), area_under([0.0, 5_359.0, 32_290.0], [0.5, 0.1, 0.01])
        ),
        "Modules bought": Number(kilowatts, float(roofs), within=0.001),
        "Debris of the cloudburst": Number(value(card, "debris_carbon"), 0.27 * value(card, "flood_debris")),
    }  # fmt: skip
    check("shanghai-yangpu", label, found[label])


@pytest.mark.parametrize("label", [
    "Emissions of travel", "Deaths from heat", "Waste, sewage and other", "Green and water", "Uptake of green",
    "Emissions of power bought", "Floor area ratio", "Envelopes bought", "Residents", "Debris of the largest storm",
])  # fmt: skip
def test_ten_numbers_of_xinhua(xinhua: Place, label: str) -> None:
    card, cost, rows = xinhua.card, xinhua.card.cost, xinhua.rows
    assert cost is not None
    lived = rows[rows["coarse_function"] == "住宅类"]
    homes = float((lived["footprint_m2"] * lived["floors"].fillna(3)).sum())
    found = numbers(xinhua) | {
        "Envelopes bought": Number(41_421.0, float(cost.build or 0.0) / ENVELOPE),
        "Residents": Number(value(card, "residents"), homes / 30.58),
        "Debris of the largest storm": Number(value(card, "debris_carbon"), 0.27 * value(card, "flood_debris")),
    }  # fmt: skip
    check("shanghai-xinhua", label, found[label])


def test_net_emissions_are_buildings_and_travel_less_uptake_and_what_is_avoided(yangpu: Place, xinhua: Place) -> None:
    for place in (yangpu, xinhua):
        for name in ("as_is", "retrofit", "retrofit_pv", "within_budget"):
            by_hand = sum(value(place.card, f"{part}_emissions", name) for part in ("building", "transport"))
            by_hand -= value(place.card, "green_sink", name) + value(place.card, "pv_avoided", name)
            assert value(place.card, "net_emissions", name) == pytest.approx(by_hand, rel=1e-9)
