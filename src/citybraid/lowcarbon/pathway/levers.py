"""Emissions of the study area by year under any set of levers, from buildings and the rest of the inventory."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEVERS = ("grid", "turnover", "retrofit", "heat_pumps", "electrification", "vehicles", "photovoltaics")
FUELS = ("electricity", "heat", "gas")
GROUPS = ("stationary", "transport", "waste", "processes", "land")


@dataclass(frozen=True)
class Courses:
    """Courses over the years of the study, a column for each year; emissions in kg CO2e a year of the start.

    `electricity`, `heat` and `gas` are emissions of what stands of the start (`kept`), of what replaces it
    (`replacing`), and of the plan's new buildings (`planned`), at the start's factors, without levers but turnover.
    """

    electricity: Mapping[str, Array]
    heat: Mapping[str, Array]
    gas: Mapping[str, Array]
    unreplaced: Mapping[str, Array]
    """Emissions of the start's buildings where none is replaced: 'electricity', 'heat', 'gas'."""
    retrofitted: Mapping[str, Array]
    """What retrofit saves of the emissions of 'electricity', 'heat' and 'gas' of the start's buildings that stand."""
    vehicles: Mapping[str, Array]
    """Emissions of fuels in travel by class of vehicles."""
    driven: Array
    """Emissions of electricity in travel, at the start's grid."""
    other: Mapping[str, Array]
    """Emissions by sector group that no lever touches."""
    avoided: Array
    """Emissions avoided by what photovoltaics there are."""
    own: Array
    """Electricity of their own modules that buildings use: it is not bought, so nothing emits it [kWh]."""
    grid: Array
    """Grid factor over that of the start."""
    pumped: Array
    """Share of heat that heat pumps have taken over."""
    pump_ratio: float
    """Emissions of a heat pump over those of the heat that it replaces, at the start's grid."""
    electrified: Array
    """Share of the gas in buildings that electricity has taken over."""
    electrified_ratio: float
    """Emissions of that electricity over those of the gas that it replaces, at the start's grid."""
    gas_factor: float
    """Emissions of gas per energy [kg CO2e kWh-1]."""
    electric: Array
    """Share of vehicle travel that has become electric."""
    electric_ratio: Mapping[str, float]
    """Emissions of an electric vehicle over those of one with an engine, at the start's grid, by class."""
    modules: Array
    """Emissions that further photovoltaics would avoid at the start's grid."""


def by_group(courses: Courses, levers: frozenset[str]) -> dict[str, Array]:
    """Return emissions by sector group and year, and what is avoided under 'avoided', with some of the levers."""
    one = np.ones_like(courses.grid)
    grid = courses.grid if "grid" in levers else one
    power, heat, gas = (_delivered(courses, name, levers) for name in FUELS)
    electrified = courses.electrified if "electrification" in levers else 0.0 * one
    pumped = courses.pumped if "heat_pumps" in levers else 0.0 * one
    electric = courses.electric if "vehicles" in levers else 0.0 * one
    modules = courses.modules if "photovoltaics" in levers else 0.0 * one
    groups = {name: courses.other.get(name, 0.0 * one) for name in GROUPS}
    groups["stationary"] = (
        groups["stationary"]
        + power * grid
        + heat * (1.0 - pumped + pumped * courses.pump_ratio * grid)
        + gas * (1.0 - electrified + electrified * courses.electrified_ratio * grid)
    )
    fuels = sum(
        fuel * (1.0 - electric + electric * courses.electric_ratio[kind] * grid)
        for kind, fuel in courses.vehicles.items()
    )
    groups["transport"] = groups["transport"] + fuels + courses.driven * grid
    return {**groups, "avoided": (courses.avoided + modules) * grid}


def net(courses: Courses, levers: frozenset[str]) -> Array:
    """Return net emissions by year with some of the levers."""
    groups = by_group(courses, levers)
    return np.asarray(sum(groups[name] for name in GROUPS) - groups["avoided"], dtype=np.float64)


def energy_share(courses: Courses, *, power_factor: float, heat_factor: float) -> Array:
    """Return electricity generated over energy used in buildings by year, with all levers [-]; 0 where none is used.

    What buildings use of their own modules' is generated and used, as what they export is generated. Heat that emits
    nothing (a factor of 0) has no part in it.
    """
    levers = frozenset(LEVERS)
    power, heat, gas = (_delivered(courses, name, levers) for name in FUELS)
    fuel = heat * (1.0 - courses.pumped) / (heat_factor or 1.0) + gas * (1.0 - courses.electrified) / courses.gas_factor
    taken_over = heat * courses.pumped * courses.pump_ratio + gas * courses.electrified * courses.electrified_ratio
    used = (power + taken_over) / power_factor + courses.own + fuel
    made = (courses.avoided + courses.modules) / power_factor + courses.own
    return np.asarray(np.divide(made, used, out=np.zeros_like(used), where=used > 0.0), dtype=np.float64)


def _delivered(courses: Courses, name: str, levers: frozenset[str]) -> Array:
    """Return emissions of electricity, heat or gas delivered, at the start's factors."""
    parts: Mapping[str, Array] = getattr(courses, name)
    saved = courses.retrofitted[name] if "retrofit" in levers else 0.0
    if "turnover" in levers:
        return np.asarray(parts["kept"] - saved + parts["replacing"] + parts["planned"], dtype=np.float64)
    gone = courses.unreplaced[name] - parts["kept"]
    return np.asarray(parts["kept"] - saved + gone + parts["planned"], dtype=np.float64)
