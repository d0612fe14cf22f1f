"""The park of Qingpu: numbers of its page from the synthetic files, its bills and printed factors by a pencil."""

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pytest

from citybraid.commons.form.card import Card
from tests.plausibility.pilots.pencil import Number, card_of, check, deaths_from_heat, hours, made, raster, value

pytestmark = pytest.mark.slow

GRID, GAS, STEAM, BOILER = 0.5737, 55.54e-3, 0.06, 0.9
"""Shanghai's grid [kg kWh-1], gas and steam [t GJ-1], efficiency of boilers."""
GROUND = 1200.0**2
RUNOFF = {10: 0.15, 30: 0.15, 50: 0.85, 51: 0.85, 52: 0.85}
"""Coefficients of green and of hard ground (MOHURD 2014, table 4-3)."""
PV, LOST, EXCHANGED, LIFTED = 25_183.0, 450.0, 7_750.0, 21.0
"""What the page tells: power of roofs and loss of batteries, waste heat [MWh year-1], and pumps [m3 s-1]."""


class Park(NamedTuple):
    """The pilot's card and the folder of its files."""

    card: Card
    files: Path

    def fall(self, indicator: str, name: str = "near_zero") -> float:
        return value(self.card, indicator) - value(self.card, indicator, name)


@pytest.fixture(scope="module")
def park(tmp_path_factory: pytest.TempPathFactory) -> Park:
    folder = tmp_path_factory.mktemp("park")
    return Park(card_of("shanghai-qingpu-park"), made("shanghai-qingpu-park", folder, folder))


def pump_discharge(park: Park) -> float:
    """Return the runoff of the storm of 3 years that gathers in 30 minutes, by the rational method [m3 s-1]."""
    cover, _ = raster(park.files / "地表覆盖_合成.tif")
    intensity = 60.0 * 9.6 * (1.0 + 0.846 * np.log10(3.0)) / 37.0**0.656
    area = {code: float((cover == code).mean()) * GROUND for code in RUNOFF}
    return float(sum(RUNOFF[code] * area[code] for code in RUNOFF) * intensity / 3.6e6)


def storeys(park: Park) -> gpd.GeoDataFrame:
    return gpd.read_file(park.files / "现状建筑_合成.gpkg")


LABELS = [
    "Waste heat", "Power of roofs after losses", "Pumps", "Floor area ratio", "Main roads a resident", "Canopy",
    "Uptake of green", "Green and water", "Deaths from heat", "Emissions of the whole inventory",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_ten_numbers_of_the_park(park: Park, label: str) -> None:
    card, halls = park.card, storeys(park)
    area = float((halls.area * halls["层数"]).sum())
    streets = gpd.read_file(park.files / "道路中心线_合成.gpkg")
    cover, _ = raster(park.files / "地表覆盖_合成.tif")
    crowns, _ = raster(park.files / "树冠覆盖_合成.tif")
    air = hours(park.files / "weather_synthetic.epw", 6, "ascii")
    scopes = sum(value(card, f"{name}_emissions") for name in ("direct", "energy_indirect", "other_indirect"))
    gas, steam = (park.fall(f"{name}_emissions", "heat") for name in ("direct", "energy_indirect"))
    replaced = gas / GAS * BOILER + steam / STEAM
    avoided = (
        sum(value(card, f"{name}_emissions", "power") for name in ("direct", "energy_indirect", "other_indirect"))
        - value(card, "green_sink")
        - value(card, "inventory_emissions", "power")
    )
    saved = (park.fall("energy_indirect_emissions", "power") + avoided) / GRID
    lighting = park.fall("energy_intensity", "power") * area / 1e3
    main = float(streets.length[streets["道路等级"].isin(["主干路", "次干路"])].sum())
    hard = {code: float((cover == code).mean()) for code in (10, 30, 80)}
    uptake = 0.211933 * crowns.mean() + 0.0077 * hard[30] + 0.092767 * hard[80]
    found = {
        "Waste heat": Number(EXCHANGED, replaced / 3.6),
        "Power of roofs after losses": Number(PV - LOST, saved - lighting, within=0.002),
        "Pumps": Number(LIFTED, pump_discharge(park), within=0.01),
        "Floor area ratio": Number(float(card.features["floor_area_ratio"].value or 0.0), area / GROUND, digits=3),
        "Main roads a resident": Number(
            value(card, "evacuation_road_per_head"), main / float(halls["居住人口"].sum()), digits=2
        ),
        "Canopy": Number(value(card, "canopy_cover"), 100.0 * float(crowns.mean()), digits=1),
        "Uptake of green": Number(value(card, "green_sink"), uptake * GROUND / 1e3, digits=1, within=0.02),
        "Green and water": Number(value(card, "blue_green_share"), 100.0 * sum(hard.values()), digits=1, within=0.005),
        "Deaths from heat": Number(
            value(card, "heat_deaths"), deaths_from_heat(float(halls["居住人口"].sum()), air), digits=2
        ),
        "Emissions of the whole inventory": Number(
            value(card, "inventory_emissions"), scopes - value(card, "green_sink")
        ),
    }  # fmt: skip
    check("shanghai-qingpu-park", label, found[label])
