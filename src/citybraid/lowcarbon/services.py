"""Energy of services that does not follow from the heat balance: hot water, cooking, lifts."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.var import Fact, Factors
from citybraid.lowcarbon.rows import first_match, value_or, zones

Array = NDArray[np.float64]

HOME = "residential"


class Services(NamedTuple):
    """Factor tables of services."""

    household_energy: Annotated[Factors, Fact("household_energy")]
    """Energy of a household by climate zone, end use and carrier [kWh a year]."""
    household_size: Annotated[Factors, Fact("household_size")]
    """People in a household."""
    household_floor_area: Annotated[Factors, Fact("household_floor_area")]
    """Floor of a household's dwelling [m2], for homes whose residents are not known."""
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


def service_energy(buildings: pd.DataFrame, *, zone: str, floors: Array, given: Services) -> ServiceEnergy:
    """Return the energy of hot water, cooking and lifts of each building.

    Homes use that of their households, other uses theirs per floor area. Raises InputError where the climate zone
    has no row of households.
    """
    uses, area = buildings["building_use"].astype(str), buildings["floor_area"].to_numpy(dtype=np.float64)
    home, homes = (uses == HOME).to_numpy(), households(buildings, given)
    lifts = np.zeros(len(uses))
    for here, kind in ((home, HOME), (~home, "public")):
        lifts[here] = lift_count(kind, floor_area=area[here], floors=floors[here], lift=given.lift)

    def of(end: str, carrier: str) -> Array:
        elsewhere = area * [value_or(given.service_energy, f"{use}/{end}/{carrier}", 0.0) for use in uses]
        if not home.any():
            return elsewhere
        keys = (f"{place}/{end}/{carrier}" for place in zones(zone))
        household = first_match(given.household_energy, keys, factor="household_energy")
        return np.where(home, household * homes, elsewhere)

    return ServiceEnergy(
        hot_water_gas=of("hot_water", "gas"),
        hot_water_electricity=of("hot_water", "electricity"),
        cooking_gas=of("cooking", "gas"),
        cooking_electricity=of("cooking", "electricity"),
        lift=lifts * given.lift["energy"],
    )


def households(buildings: pd.DataFrame, given: Services) -> Array:
    """Return the households of each building: of its residents where these are known, else of its floor."""
    if "residents" in buildings:
        return np.asarray(buildings["residents"].to_numpy(dtype=np.float64) / given.household_size[""])
    return np.asarray(buildings["floor_area"].to_numpy(dtype=np.float64) / given.household_floor_area[""])


def lift_count(kind: str, *, floor_area: Array, floors: Array, lift: Factors) -> Array:
    """Return the lifts of buildings of a kind, `residential` or `public`: at least one from a number of storeys on."""
    needed = np.maximum(floor_area / lift[f"{kind}/floor_area"], 1.0)
    return np.where((floors >= lift[f"{kind}/from_floors"]) & (floor_area > 0), needed, 0.0)
