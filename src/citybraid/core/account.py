"""Where an emission stands in a greenhouse-gas inventory: sector, scope and gas."""

from dataclasses import dataclass
from typing import Literal

Gas = Literal["CO2", "CH4", "CH4_fossil", "N2O", "CO2e"]
"""Gases; methane from fossil sources stands apart, as its potential differs since the fifth report."""
Kind = Literal["emission", "removal", "avoided"]
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
