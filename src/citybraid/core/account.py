"""Where an emission stands in a greenhouse-gas inventory: sector, scope and gas; units of masses of gases."""

import re
from dataclasses import dataclass
from typing import Literal

Gas = Literal["CO2", "CH4", "CH4_fossil", "N2O", "CO2e"]
"""Gases; methane from fossil sources stands apart, as its potential differs since the fifth report."""
Kind = Literal["emission", "removal", "avoided"]
GAS_IN_UNIT = "{gas}"
"""Placeholder of the gas in a unit; a unit of a mass that is no gas has none."""
GAS_WORD = re.compile(r"\b(?:CO2e?|CH4|N2O)\b")
MASS_WORD = re.compile(r"\b(?:kg|t|kt)(?= |$)")
SIGN = {"emission": 1.0, "removal": -1.0, "avoided": -1.0}
"""How each kind of entry counts in the net total."""
BY_USE = "by_use"
"""Sector of energy used in buildings: it follows from the building's use."""


@dataclass(frozen=True)
class Account:
    """Place of a quantity in the inventory (GPC 2014, ch. 3 and 4).

    `sector` is a row of codes/emission_sectors, or BY_USE. Scope 1 is emitted within the area, scope 2 comes with
    electricity, heat or cold from grids, scope 3 is caused outside. A quantity in CO2e cannot follow another set of
    global warming potentials. Removals and avoided emissions are given as positive amounts.
    """

    sector: str
    scope: Literal[1, 2, 3]
    gas: Gas
    kind: Kind = "emission"


def with_gas(unit: str, gas: Gas) -> str:
    """Return the unit of a mass of a gas: kg year-1 of CO2e is kg CO2e year-1; a unit without a mass stays."""
    return MASS_WORD.sub(lambda mass: f"{mass[0]} {gas.partition('_')[0]}", unit, count=1)


def without_gas(unit: str) -> tuple[str, str]:
    """Return a unit with a placeholder of its gas, and the gas, '' where it names none."""
    gas = GAS_WORD.search(unit)
    return (unit, "") if gas is None else (GAS_WORD.sub(GAS_IN_UNIT, unit), gas[0])
