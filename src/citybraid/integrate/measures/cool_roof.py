"""Cool roof: a surface that reflects the sun on what planting and modules leave of the roof."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import COOL_ROOF, FREE_ROOF
from citybraid.core.vocabulary.measures import COOL_ROOF_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, LAND_USE
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units, use_share


class CoolRoofParams(MeasureParams):
    pass


class CoolRoof(NamedTuple):
    cool_roof: COOL_ROOF
    cool_roof_area: COOL_ROOF_AREA


@measure(
    version=1,
    cite="Xiao et al. (2023), J. Appl. Meteorol. Climatol., doi:10.1175/jamc-d-23-0031.1 (albedo, service life, cost)",
    validity="Reflects as when new: soot takes most of it within months where nobody cleans. Lower roof loads and less "
    "cooling, more heating; the street's air and people below are not changed by it.",
    stage="operation",
    quantity=COOL_ROOF_AREA,
    responsible="building owner; municipal housing authority",
    build_years=0.5,
)
def cool_roof(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FREE_ROOF, COOL_ROOF))],
    units: Annotated[View, Table("units", (COOL_ROOF_AREA,))],
    share: Annotated[Factors, Fact("cool_roof_share")],
    site: Annotated[Factors, Fact("measure_site")],
    p: CoolRoofParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> CoolRoof:
    """Lay a reflective surface on a share of each roof, by use, where it is still free.

    May go on roofs outside heritage and military land. Each building's reflective share rises to at most the share of
    its use and at most what green roofs and modules leave. It takes no room from them: they are placed first.
    """
    unit = area_of_points(buildings.geometry.centroid, units.geometry)
    cap = use_share(buildings["building_use"], share) * building_share(
        buildings, parcels, site=site, measure="cool_roof"
    )
    cap = np.where(selected_units(units, p.where)[unit], cap, 0.0)
    old = buildings["cool_roof"].to_numpy(dtype=float)
    free = buildings["free_roof"].to_numpy(dtype=float)
    more = np.fmax(np.fmin(cap, free) - old, 0.0) * p.share
    area = more * buildings.geometry.area.to_numpy()
    return CoolRoof(
        pd.Series(np.minimum(old + more, 1.0), index=buildings.index),
        units["cool_roof_area"] + per_unit(units, unit, area),
    )
