"""Buildings that get new equipment: fit for it, in the units named, the oldest first."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.integrate.measures.oldest_first import oldest
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units, use_share

AS_BUILT = "as_built"


class Equipped(NamedTuple):
    """Which buildings get the equipment, and their floor area in each planning unit [m2]."""

    chosen: NDArray[np.bool_]
    area: pd.Series

    def column(self, present: pd.Series, value: str) -> pd.Series:
        """Return a column in which the chosen buildings have a value in place of 'as_built', others what they had."""
        return pd.Series(np.where(self.chosen & as_built(present), value, present.to_numpy()), index=present.index)


def equipped(
    buildings: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    parcels: gpd.GeoDataFrame | None,
    *,
    fit: NDArray[np.bool_],
    uses: Mapping[str, float],
    site: Mapping[str, float],
    measure: str,
    where: Iterable[str] | None,
    share: float,
) -> Equipped:
    """Return the buildings that get the equipment of a measure: the oldest of each unit up to a share of floor area.

    Those may that are `fit`, of a use with a row above 0, on land where the measure may go, and have a floor area.
    """
    unit = area_of_points(buildings.geometry.centroid, units.geometry)
    area = np.nan_to_num(buildings["floors"].to_numpy(dtype=np.float64)) * buildings.geometry.area.to_numpy()
    allowed = use_share(buildings["building_use"], uses) > 0.0
    sited = building_share(buildings, parcels, site=site, measure=measure) > 0.0
    feasible = fit & allowed & sited & selected_units(units, where)[unit] & (area > 0.0)
    year = buildings["year_built"].to_numpy(dtype=np.float64)
    chosen = oldest(np.where(feasible, unit, -1), year=year, area=area, share=share, use=buildings["building_use"])
    return Equipped(chosen, per_unit(units, unit, np.where(chosen, area, 0.0)))


def as_built(column: pd.Series) -> NDArray[np.bool_]:
    """Tell which buildings still have what they were built with."""
    return np.asarray(column.astype(str) == AS_BUILT)
