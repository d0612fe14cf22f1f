"""Retrofit, demolition and construction of the stock by year: which buildings are renewed, and what that embodies."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.lowcarbon.pathway.floor_area import FloorArea

Array = NDArray[np.float64]
LEAST = 1e-6
"""Saving over a building's emissions below which a new envelope is the one that it has [-]."""
SAVINGS = ("renewed_electricity_saving", "renewed_heat_saving", "renewed_gas_saving")
EMISSIONS = ("electricity_emissions", "heat_emissions", "gas_emissions")


class Renewal(NamedTuple):
    """Which buildings retrofit renews, and the share of them that it has reached in each year."""

    years: Array
    open: NDArray[np.bool_]
    reached: Array


def renewal_of(buildings: gpd.GeoDataFrame, years: Array, rate: float) -> Renewal:
    """Return which buildings of the start retrofit renews, and how far it is, at a rate of its floor area a year.

    Left alone are those that a measure has retrofitted and those whose energy the standard's envelope leaves as it is.
    Raises InputError where a saving is unknown.
    """
    savings = np.array([_amounts(buildings, name) for name in SAVINGS])
    emitted = sum(_amounts(buildings, name) for name in EMISSIONS if name in buildings)
    renewed = (np.abs(savings) > LEAST * emitted).any(axis=0)
    planned = buildings["year_built"].to_numpy(dtype=np.float64) > years[0]
    reached = np.minimum(rate * (years - years[0]), 1.0)
    return Renewal(years, renewed & ~planned & ~_retrofitted(buildings), reached)


def unrenewed(buildings: pd.DataFrame, years: Array) -> Renewal:
    """Return a renewal that reaches no building in any year."""
    return Renewal(years, np.zeros(len(buildings), dtype=np.bool_), np.zeros_like(years))


def construction(buildings: gpd.GeoDataFrame, floors: FloorArea, renewal: Renewal) -> Array:
    """Return the carbon of what is built, torn down and retrofitted in each year [kg].

    New buildings and demolition at the mean of their use, retrofit by building: amounts of keep, retrofit or rebuild.
    """
    total = np.zeros(floors.stock.size)
    for use, rows in buildings.groupby(buildings["building_use"].astype(str)):
        area = float(rows["floor_area"].sum())
        if area > 0.0:
            total += floors.built_by_use[str(use)] * float(rows["rebuild_embodied"].sum()) / area
            total += floors.demolished_by_use[str(use)] * float(rows["demolition_carbon"].sum()) / area
    retrofit = np.where(renewal.open, _amounts(buildings, "retrofit_embodied"), 0.0) @ floors.kept
    return np.asarray(total + retrofit * np.diff(renewal.reached, prepend=0.0), dtype=np.float64)


def _retrofitted(buildings: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which buildings a measure has retrofitted already: the lever leaves them alone."""
    if "envelope_standard" not in buildings:
        return np.zeros(len(buildings), dtype=np.bool_)
    return np.asarray(buildings["envelope_standard"].astype(str) != "as_built")


def _amounts(buildings: pd.DataFrame, name: str) -> Array:
    values: Array = buildings[name].to_numpy(dtype=np.float64)
    if (unknown := ~np.isfinite(values)).any():
        raise InputError("embodied.attribute", column=name, count=int(unknown.sum()))
    return values
