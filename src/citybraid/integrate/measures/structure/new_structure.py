"""New buildings that get another structure or material: fit for it, in the units named, the lowest first."""

from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from citybraid.integrate.measures.equipment.equipped import Equipped
from citybraid.integrate.measures.lowest_first import lowest_first
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units, use_share


def newly_structured(
    buildings: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    parcels: gpd.GeoDataFrame | None,
    *,
    fit: NDArray[np.bool_],
    built_from: int,
    uses: Mapping[str, float],
    site: Mapping[str, float],
    measure: str,
    where: Iterable[str] | None,
    share: float,
) -> Equipped:
    """Return the buildings completed from a year that take a measure: those of fewest storeys, up to a share of floors.

    Those may that are `fit`, of a use with a row above 0, on land where the measure may go, and have a floor area.
    """
    unit = area_of_points(buildings.geometry.centroid, units.geometry)
    floors = buildings["floors"].to_numpy(dtype=np.float64)
    area = np.nan_to_num(floors) * buildings.geometry.area.to_numpy()
    new = buildings["year_built"].to_numpy(dtype=np.float64) >= built_from
    allowed = use_share(buildings["building_use"], uses) > 0.0
    sited = building_share(buildings, parcels, site=site, measure=measure) > 0.0
    feasible = fit & new & allowed & sited & selected_units(units, where)[unit] & (area > 0.0)
    chosen = lowest_first(np.where(feasible, unit, -1), level=floors, amount=area, share=share)
    return Equipped(chosen, per_unit(units, unit, np.where(chosen, area, 0.0)))
