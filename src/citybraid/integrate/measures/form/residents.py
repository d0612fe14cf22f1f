"""Residents of a plan: those of new homes, and those whose homes make way."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.integrate.measures.siting import area_of_points, per_unit

Floats = NDArray[np.float64]
HOME = "residential"


def new_residents(uses: pd.Series, floor_area: Floats, *, living_area: float) -> pd.Series:
    """Return the people in each new building [person], from its floor area [m2] and the living area per person [m2]."""
    return pd.Series(np.where(uses == HOME, floor_area / living_area, 0.0), index=uses.index)


def displaced_residents(
    buildings: gpd.GeoDataFrame | None, remaining: gpd.GeoDataFrame | None, units: gpd.GeoDataFrame
) -> pd.Series:
    """Return the people of each unit [person] whose homes make way: their part of its residential floor area.

    Floor area counts by living weight where the buildings have one, as when people are spread over buildings.
    """
    if buildings is None or remaining is None or "population" not in units or "building_use" not in buildings:
        return pd.Series(0.0, index=units.index)
    living = _living_area(buildings)
    gone = np.where(buildings.index.isin(remaining.index), 0.0, living)
    unit = area_of_points(buildings.geometry.centroid, units.geometry)
    before, lost = per_unit(units, unit, living), per_unit(units, unit, gone)
    displaced: pd.Series = units["population"].astype(float) * (lost / before.where(before > 0.0)).fillna(0.0)
    return displaced


def _living_area(buildings: gpd.GeoDataFrame) -> Floats:
    """Return the weighed residential floor area of each building [m2], 0 where it is not known."""
    area = pd.Series(np.nan, index=buildings.index)
    if "floor_area" in buildings:
        area = buildings["floor_area"].astype(float)
    if "floors" in buildings:
        area = area.fillna(buildings["floors"].astype(float) * buildings.geometry.area)
    if "living_weight" in buildings:
        area = area * buildings["living_weight"].astype(float).fillna(1.0)
    return np.where(buildings["building_use"] == HOME, area.fillna(0.0), 0.0)
