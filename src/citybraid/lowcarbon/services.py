"""Energy of services that does not follow from the heat balance: hot water, cooking, lifts."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.var import Fact, Factors
from citybraid.lowcarbon.envelope import kind_of
from citybraid.lowcarbon.rows import first_match, value_or, zones

Array = NDArray[np.float64]

HOME = "residential"
ENDS = ("hot_water", "cooking")
CARRIERS = ("gas", "electricity")


class Services(NamedTuple):
    """Factor tables of services."""

    household_energy: Annotated[Factors, Fact("household_energy")]
    """Energy of a household by climate zone, end use and carrier [kWh a year]."""
    household_floor_area: Annotated[Factors, Fact("household_floor_area")]
    service_energy: Annotated[Factors, Fact("service_energy")]
    """Energy of other uses by end use and carrier [kWh per m2 and year]; none where there is no row."""
    lift: Annotated[Factors, Fact("lift")]
    """Electricity of a lift, from which storey on there is one, and the floor area that each serves."""


class ServiceEnergy(NamedTuple):
    """Delivered energy of services by building [kWh a year]."""

    hot_water_gas: Array
    hot_water_electricity: Array
    cooking_gas: Array
    cooking_electricity: Array
    lift: Array


def service_energy(uses: pd.Series, *, zone: str, floor_area: Array, floors: Array, given: Services) -> ServiceEnergy:
    """Return the energy of hot water, cooking and lifts of each building.

    Homes use that of households, one for each `household_floor_area`; other uses theirs per floor area. Raises
    InputError where the climate zone has no row of households.
    """
    known = sorted(set(uses))
    table = {end: {carrier: _intensity(known, zone, end, carrier, given) for carrier in CARRIERS} for end in ENDS}
    at = np.searchsorted(known, uses)
    homes = {use: kind_of(use) for use in known}
    lifts = np.zeros(len(uses))
    for use in known:
        here = (uses == use).to_numpy()
        lifts[here] = lift_count(homes[use], floor_area=floor_area[here], floors=floors[here], lift=given.lift)
    return ServiceEnergy(
        hot_water_gas=table["hot_water"]["gas"][at] * floor_area,
        hot_water_electricity=table["hot_water"]["electricity"][at] * floor_area,
        cooking_gas=table["cooking"]["gas"][at] * floor_area,
        cooking_electricity=table["cooking"]["electricity"][at] * floor_area,
        lift=lifts * given.lift["energy"],
    )


def lift_count(kind: str, *, floor_area: Array, floors: Array, lift: Factors) -> Array:
    """Return the lifts of buildings of a kind, `residential` or `public`: at least one from a number of storeys on."""
    needed = np.maximum(floor_area / lift[f"{kind}/floor_area"], 1.0)
    return np.where((floors >= lift[f"{kind}/from_floors"]) & (floor_area > 0), needed, 0.0)


def _intensity(known: list[str], zone: str, end: str, carrier: str, given: Services) -> Array:
    """Return the energy of an end use from a carrier for each of some uses [kWh per m2 and year]."""
    values = []
    for use in known:
        if use != HOME:
            values.append(value_or(given.service_energy, f"{use}/{end}/{carrier}", 0.0))
            continue
        keys = (f"{place}/{end}/{carrier}" for place in zones(zone))
        household = first_match(given.household_energy, keys, factor="household_energy")
        values.append(household / given.household_floor_area[""])
    return np.array(values, dtype=np.float64)
