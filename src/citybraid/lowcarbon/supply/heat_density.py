"""Density of heat demand: by parcel, and along streets."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.energy import HEATING_DEMAND
from citybraid.core.vocabulary.lowcarbon.supply import HEAT_DENSITY, LINE_HEAT, STREET_HEAT
from citybraid.core.vocabulary.place import STUDY_AREA
from citybraid.lowcarbon.accounts.places import place_of_buildings


class HeatDensityParams(Params):
    reach: float = Field(60.0, gt=0.0, le=1000.0)
    """Distance from a building's outline to the street's line within which it can be connected [m]."""


class HeatDensity(NamedTuple):
    heat_density: HEAT_DENSITY
    street_heat: STREET_HEAT
    line_heat: LINE_HEAT


@model(
    version=1,
    cite="Persson and Werner (2011), Applied Energy 88: 568, eq. 3; Frederiksen and Werner (2013)",
    validity=(
        "Space heating of the energy model only. A building belongs to its nearest street, in the whole; mains along "
        "the street's middle, service pipes not counted."
    ),
)
def heat_density(
    buildings: Annotated[View, Table("buildings", (HEATING_DEMAND,))],
    parcels: Annotated[View, Table("parcels", ())],
    streets: Annotated[View, Table("streets", ())],
    study_area: STUDY_AREA,
    p: HeatDensityParams,
) -> HeatDensity:
    """Heat demand over the area of each parcel, and of the buildings along each street over its length.

    Buildings farther than `reach` from every street belong to none.
    """
    demand = buildings["heating_demand"].to_numpy(dtype=np.float64)
    holder = place_of_buildings(buildings.geometry, parcels.geometry, shapely.union_all(study_area.to_numpy()))
    on = holder >= 0
    sums = np.bincount(holder[on], weights=demand[on], minlength=len(parcels))
    street = np.zeros(len(streets), dtype=np.float64)
    if len(streets) and len(buildings):
        tree = shapely.STRtree(streets.geometry.to_numpy())
        building, nearest = tree.query_nearest(buildings.geometry.to_numpy(), max_distance=p.reach, all_matches=False)
        street += np.bincount(nearest, weights=demand[building], minlength=len(streets))
    length = streets.geometry.length.to_numpy()
    return HeatDensity(
        heat_density=pd.Series(sums / parcels.geometry.area.to_numpy(), index=parcels.index),
        street_heat=pd.Series(street, index=streets.index),
        line_heat=pd.Series(street / np.maximum(length, 1.0), index=streets.index),
    )
