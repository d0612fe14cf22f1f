"""Green roof: vegetation on flat roofs that can bear it."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import FREE_ROOF, GREEN_ROOF
from citybraid.core.vocabulary.measures import GREEN_ROOF_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, HEIGHT, LAND_USE
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units, use_share


class GreenRoofParams(MeasureParams):
    pass


class GreenRoof(NamedTuple):
    green_roof: GREEN_ROOF
    free_roof: FREE_ROOF
    green_roof_area: GREEN_ROOF_AREA


@measure(
    version=1,
    cite="Shanghai greening regulations (2015) and municipal office notice on vertical greening (2014)",
    validity="Roof pitch and load are not known: uses with light roofs and high buildings are left out.",
    stage="roof",
    quantity=GREEN_ROOF_AREA,
    responsible="building owner; municipal greening authority",
    build_years=1.0,
)
def green_roof(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, HEIGHT, FREE_ROOF, GREEN_ROOF))],
    units: Annotated[View, Table("units", (GREEN_ROOF_AREA,))],
    share: Annotated[Factors, Fact("green_roof_share")],
    height_limit: Annotated[Factors, Fact("green_roof_height")],
    site: Annotated[Factors, Fact("measure_site")],
    p: GreenRoofParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> GreenRoof:
    """Green a share of each roof, by use, and take it off the roof that is still free.

    May go on roofs of the uses with a share above 0, not higher than the height limit
    (no known height: no), outside heritage and military land. Each building's green
    share rises to at most the share of its use and at most what is free.
    """
    unit = area_of_points(buildings.geometry.centroid, units.geometry)
    low = (buildings["height"] <= height_limit[""]).to_numpy()
    cap = use_share(buildings["building_use"], share) * building_share(
        buildings, parcels, site=site, measure="green_roof"
    )
    cap = np.where(selected_units(units, p.where)[unit] & low, cap, 0.0)
    old = buildings["green_roof"].to_numpy(dtype=float)
    free = buildings["free_roof"].to_numpy(dtype=float)
    more = np.fmin(np.fmax(cap - old, 0.0), free) * p.share
    area = more * buildings.geometry.area.to_numpy()
    return GreenRoof(
        pd.Series(np.minimum(old + more, 1.0), index=buildings.index),
        pd.Series(np.maximum(free - more, 0.0), index=buildings.index),
        units["green_roof_area"] + per_unit(units, unit, area),
    )
