"""Gas burnt in buildings: its emissions in CO2 equivalent, and what the electricity that replaces it emits."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.rows.carbon import EmissionSector
from citybraid.core.tables import read_table
from citybraid.lowcarbon.pathway.settings import PathwayFactors, PathwayParams

Array = NDArray[np.float64]
GAS = "gas_equivalent"
"""Name of the emissions of gas within the pathway [kg CO2e a year]."""
END_USES = ("heating_gas", "hot_water_gas", "cooking_gas")
MASSES = {"gas_methane": "CH4_fossil", "gas_nitrous_oxide": "N2O"}
"""Gases beside CO2 of burning, and their names in the inventory."""


class Inventory(NamedTuple):
    """Lines of the inventory [kg CO2e a year], and the masses of their gases [kg a year] where they are known."""

    equivalent: pd.Series
    mass: pd.Series | None
    former: pd.Series | None = None
    """Lines before the plan and its measures, where they change anything."""


class Line(NamedTuple):
    """What a line of the inventory is named by: the group of its sector, its scope, gas and kind."""

    group: str
    scope: str
    gas: str
    kind: str


def line_of(name: str) -> Line:
    """Return what a line is named by; raises InputError for a name of another form or without a known sector."""
    known = {row.id: row.group for row in read_table(EmissionSector)}
    sector, *rest = name.split("/")
    if sector not in known or len(rest) != len(Line._fields) - 1:
        raise InputError("pathway.line", got=name, known=sorted(known))
    return Line(known[sector], *rest)


def gas_equivalent(buildings: gpd.GeoDataFrame, inventory: Inventory) -> Array:
    """Return each building's emissions of gas [kg CO2e a year], by the inventory's own equivalents of each gas."""
    total = _column(buildings, "gas_emissions")
    for name, gas in MASSES.items():
        total = total + _column(buildings, name) * _potential(inventory, gas)
    return total


def _potential(inventory: Inventory, gas: str) -> float:
    """Return the inventory's CO2 equivalent of a gas; 0 where no line of it has a mass.

    Raises InputError for a mass of a line that the inventory has not.
    """
    if inventory.mass is None:
        return 0.0
    of_gas = [line for line in inventory.mass.index if line_of(str(line)).gas == gas]
    if strange := [str(line) for line in of_gas if line not in inventory.equivalent.index]:
        raise InputError("pathway.mass_alone", got=strange[0])
    mass = float(inventory.mass[of_gas].abs().sum())
    return float(inventory.equivalent[of_gas].abs().sum()) / mass if mass > 0.0 else 0.0


def electrified_ratio(buildings: gpd.GeoDataFrame, factors: PathwayFactors, p: PathwayParams) -> float:
    """Return emissions of the electricity that takes over gas over those of the gas, at the start's grid [-].

    Rooms by heat pumps (a boiler is taken to lose nothing), water by heat pumps, cooking by electricity. Raises
    InputError where the lever is stated and gas heats rooms without a performance of heat pumps, or is of unknown use.
    """
    burnt = {name: float(_column(buildings, name).sum()) for name in END_USES}
    emitted = float(_column(buildings, GAS).sum())
    if p.gas_electrified_share == 0.0 or emitted == 0.0:
        return 0.0
    if burnt["heating_gas"] > 0.0 and p.heat_pump_cop is None:
        raise InputError("pathway.lever_needs", lever="gas_electrified_share", needs="heat_pump_cop")
    if sum(burnt.values()) == 0.0:
        raise InputError("pathway.gas_use_unknown")
    efficiency = factors.service_efficiency
    needed = {
        "heating_gas": 1.0 / (p.heat_pump_cop or 1.0),
        "hot_water_gas": efficiency["hot_water/gas"] / efficiency["hot_water/heat_pump"],
        "cooking_gas": efficiency["cooking/gas"] / efficiency["cooking/electric"],
    }
    power = sum(amount * needed[name] for name, amount in burnt.items())
    return power * factors.grid_emission_factor[""] / emitted


def gas_factor(buildings: gpd.GeoDataFrame, factors: PathwayFactors) -> float:
    """Return the emissions of gas per energy [kg CO2e kWh-1]: of the study's own where it burns any."""
    burnt = sum(float(_column(buildings, name).sum()) for name in END_USES)
    emitted = float(_column(buildings, GAS).sum())
    return emitted / burnt if burnt > 0.0 and emitted > 0.0 else factors.gas_emission_factor["CO2"]


def _column(buildings: gpd.GeoDataFrame, name: str) -> Array:
    if name not in buildings:
        return np.zeros(len(buildings))
    return np.asarray(buildings[name].to_numpy(dtype=np.float64))
