"""Hourly load profiles of a building stock: one a use and envelope standard, of a building that stands for them."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.var import Factors, Tick
from citybraid.kernels.buildings.zone_inputs import Weather
from citybraid.lowcarbon.envelope import StandardsInForce, kind_of
from citybraid.lowcarbon.equipment import Standards, operated, stated
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.stock import Fabric, building_stock, hours_of

Array = NDArray[np.float64]
ELECTRICITY = 2
"""Column of a building's hours."""
AS_BUILT = "as_built"


class Profiles(NamedTuple):
    """Load profiles and which of them each building has."""

    share: Array
    """Share of the year's electricity by hour; (profiles, hours)."""
    of: NDArray[np.int64]
    """By building."""


class Systems(NamedTuple):
    """Factor tables of a stock beside those of its fabric and its loads, and the heat capacity of air [J m-3 K-1]."""

    shares: Factors
    conditioned: Factors
    system: Factors
    standards: Standards
    volume_heat: float


def load_profiles(
    buildings: gpd.GeoDataFrame, weather: Weather, *, zone: str, calendar_year: int, fabric: Fabric, loads: Loads,
    systems: Systems, warm_up: int, tick: Tick,
) -> Profiles:  # fmt: skip
    """Return the profile of each building's electricity: that of the building in the middle of its group.

    Buildings of one use, envelope standard and equipment form a group; the middle one by electricity per floor area is
    simulated hour by hour, and its shares of the year stand for all of them. Each keeps its own annual electricity.
    """
    if buildings.empty:
        return Profiles(np.zeros((0, weather.air.size)), np.zeros(0, dtype=np.int64))
    group = _groups(buildings, zone, fabric.standard_since)
    chosen = _middles(buildings, group)
    stock = building_stock(
        buildings.iloc[chosen], zone=zone, volume_heat=systems.volume_heat, loads=loads, shares=systems.shares,
        conditioned=systems.conditioned, fabric=fabric, system=systems.system, calendar_year=calendar_year,
        standards=systems.standards, weather=weather,
    )  # fmt: skip
    hours = np.zeros((len(chosen), weather.air.size))
    for at in range(len(chosen)):
        tick(at / len(chosen))
        hours[at] = hours_of(stock, weather, at, warm_up=warm_up)[:, ELECTRICITY]
    total = hours.sum(axis=1, keepdims=True)
    return Profiles(np.where(total > 0, hours / np.where(total > 0, total, 1.0), 1 / weather.air.size), group)


def _groups(buildings: gpd.GeoDataFrame, zone: str, since: Factors) -> NDArray[np.int64]:
    """Return the number of each building's group of use, equipment, heating and envelope standard."""
    columns = (buildings["building_use"], buildings["year_built"], buildings["envelope_standard"])
    in_force = StandardsInForce(zone, since)
    names = [
        f"{kind}/{heating}/{in_force(kind_of(str(use)), float(year)) if skin == AS_BUILT else skin}"
        for use, year, skin, kind, heating in zip(
            *columns, operated(buildings), stated(buildings, "heating_system"), strict=True
        )
    ]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def _middles(buildings: gpd.GeoDataFrame, group: NDArray[np.int64]) -> list[int]:
    """Return the place of the middle building of each group by electricity per floor area, the first of equal ones."""
    intensity = (buildings["electricity"] / buildings["floor_area"].clip(lower=1.0)).to_numpy(dtype=np.float64)
    places = pd.Series(np.lexsort((np.arange(group.size), intensity)))
    by_group = places.groupby(group[places], sort=True)
    return [int(members.iloc[(len(members) - 1) // 2]) for _, members in by_group]
