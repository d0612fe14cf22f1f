"""What is not carried out yet: courses that begin with what stands, whatever the plan and its measures change later."""

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.lowcarbon.pathway.electrification import GAS, line_of
from citybraid.lowcarbon.pathway.floor_area import FloorArea
from citybraid.lowcarbon.pathway.levers import GROUPS, Courses, by_group

Array = NDArray[np.float64]
BOUGHT, BURNT = "2", "1"
"""Scopes of what grids deliver and of what is burnt within the area."""
TRAVEL_BY_GRID = ("travel_electricity_emissions", "metro_emissions")


def carried_out(
    buildings: gpd.GeoDataFrame, floors: FloorArea, years: Array, *, by: int | None, period: float
) -> Array:
    """Return the share of the plan and its measures that is carried out by year [-]: none at the start, in the end all.

    Even until the year `by`; where none is stated as the plan's new buildings are, where there are none over `period`.
    """
    planned = buildings["year_built"].to_numpy(dtype=np.float64) > years[0]
    if by is None and planned.any():
        area = np.where(planned, buildings["floor_area"].to_numpy(dtype=np.float64), 0.0)
        return np.asarray(area @ floors.added / area.sum(), dtype=np.float64)
    last = years[0] + period if by is None else float(by)
    return np.asarray(np.clip((years - years[0]) / max(last - years[0], 1.0), 0.0, 1.0), dtype=np.float64)


def from_what_stands(
    courses: Courses, buildings: gpd.GeoDataFrame, *, start: float, now: pd.Series, former: pd.Series, done: Array
) -> Courses:
    """Return courses whose first year is the inventory before the plan and its measures.

    What they change of things that stand (shade, ways to shops, retrofit, modules, land) is not there in the first year
    and comes as `done` tells; what is not there yet follows the levers as its carrier does. `now` is the inventory with
    them, `former` without. Buildings of the files that are completed after the start count in the former as standing.
    """
    new = buildings[(buildings["year_built"] > start).to_numpy()]
    before, after, first = (
        _sums(former),
        _sums(now),
        {name: each[0] for name, each in by_group(courses, frozenset()).items()},
    )

    def missing(group: str, scope: str, columns: tuple[str, ...]) -> float:
        """Return the former emissions of a scope less those of what stands with the plan and its measures [kg]."""
        line = (group, scope)
        brought = sum(float(new[name].sum()) for name in columns if name in new)
        return before.get(line, 0.0) - after.get(line, 0.0) + brought

    power = missing("stationary", BOUGHT, ("electricity_emissions", "heat_emissions"))
    gas = missing("stationary", BURNT, (GAS,))
    driven = missing("transport", BOUGHT, TRAVEL_BY_GRID)
    fuel = missing("transport", BURNT, ("transport_emissions",))
    whole = {group: sum(value for (name, _), value in before.items() if name == group) for group in GROUPS}
    rest = {group: whole[group] - first[group] for group in GROUPS}
    rest["stationary"] -= power + gas
    rest["transport"] -= driven + fuel
    heated, powered = (
        sum(float(each[0]) for each in getattr(courses, name).values()) for name in ("heat", "electricity")
    )
    warm = power * heated / (heated + powered) if heated + powered > 0.0 else 0.0
    left = 1.0 - done
    vehicles = _shared(courses.vehicles, fuel * left)
    return replace(
        courses, electricity=_later(courses.electricity, (power - warm) * left), heat=_later(courses.heat, warm * left),
        gas=_later(courses.gas, gas * left), vehicles=vehicles, driven=courses.driven + driven * left,
        other={name: courses.other.get(name, 0.0) + rest[name] * left for name in GROUPS},
        avoided=courses.avoided + (_avoided(former) - first["avoided"]) * left,
    )  # fmt: skip


def _later(parts: Mapping[str, Array], missing: Array) -> dict[str, Array]:
    return {**parts, "planned": np.asarray(parts["planned"] + missing, dtype=np.float64)}


def _shared(vehicles: Mapping[str, Array], missing: Array) -> dict[str, Array]:
    """Return the courses of vehicles with what is missing of their fuel, shared out as they burn it."""
    whole = sum(float(each[0]) for each in vehicles.values())
    if whole <= 0.0:
        return {**vehicles, "car": np.asarray(vehicles["car"] + missing, dtype=np.float64)}
    return {
        name: np.asarray(each + missing * (float(each[0]) / whole), dtype=np.float64) for name, each in vehicles.items()
    }


def _sums(inventory: pd.Series) -> dict[tuple[str, str], float]:
    """Return the inventory by group of sectors and scope, without what is avoided [kg CO2e a year]."""
    sums: dict[tuple[str, str], float] = {}
    for line, value in inventory.items():
        named = line_of(str(line))
        if named.kind != "avoided":
            sums[named.group, named.scope] = sums.get((named.group, named.scope), 0.0) + float(value)
    return sums


def _avoided(inventory: pd.Series) -> float:
    return 0.0 - float(sum(value for line, value in inventory.items() if str(line).endswith("/avoided")))
