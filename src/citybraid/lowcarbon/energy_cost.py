"""What the energy of buildings costs in a year."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import DISTRICT_HEAT, ELECTRICITY, ENERGY_COST, GAS
from citybraid.core.vocabulary.equipment import HEATING_SYSTEM
from citybraid.core.vocabulary.lowcarbon.supply import GRID_IMPORT
from citybraid.core.vocabulary.place import BUILDING_USE
from citybraid.lowcarbon.envelope import kind_of
from citybraid.lowcarbon.rows import first_match

CARRIERS = ("electricity", "gas", "district_heat")
NETWORK = "district_heat"
"""Word of `heating_system` for buildings on a heat network."""


class EnergyCost(NamedTuple):
    energy_cost: ENERGY_COST


@model(
    version=1,
    cite="EN 15459-1:2017, ch. 6 (energy costs of buildings)",
    validity=(
        "One price a carrier and use: no tiers, hours, demand charges or basic fees. Electricity is what the hourly "
        "balance takes from the grid, where there is one; sales to the grid earn nothing."
    ),
)
def energy_cost(
    buildings: Annotated[
        View,
        Table("buildings", (BUILDING_USE, ELECTRICITY, GAS, DISTRICT_HEAT), optional=(GRID_IMPORT, HEATING_SYSTEM)),
    ],
    energy_price: Annotated[Factors, Fact("energy_price")],
) -> EnergyCost:
    """Price what each building takes of electricity, gas and district heat, by its use.

    Rows `electricity/hotel` go before `electricity/public`; homes have `electricity/residential`. A carrier needs a
    price only where a use takes any of it, heat also where a use is stated to be on the network; raises InputError
    naming the row that is missing.
    """
    networked_priced(buildings, energy_price)
    uses = buildings["building_use"].astype(str)
    total = np.zeros(len(buildings))
    for carrier in CARRIERS:
        taken = carrier if carrier != "electricity" or "grid_import" not in buildings else "grid_import"
        amount = buildings[taken].to_numpy(dtype=np.float64)
        taking = set(uses[amount > 0.0])
        price = {use: first_match(energy_price, _keys(carrier, use), factor="energy_price") for use in taking}
        total += amount * np.array([price.get(use, 0.0) for use in uses], dtype=np.float64)
    return EnergyCost(pd.Series(total, index=buildings.index, dtype=np.float64))


def networked_priced(buildings: gpd.GeoDataFrame, energy_price: Factors) -> None:
    """Raise InputError where a use is stated to be heated by a network whose heat has no price."""
    if {"heating_system", "building_use"} <= set(buildings):
        networked = buildings["building_use"][buildings["heating_system"].astype(str) == NETWORK]
        for use in sorted(set(networked.astype(str))):
            first_match(energy_price, _keys("district_heat", use), factor="energy_price")


def _keys(carrier: str, use: str) -> tuple[str, ...]:
    """Return the keys of a price, the use's own first."""
    return tuple(dict.fromkeys((f"{carrier}/{use}", f"{carrier}/{kind_of(use)}")))
