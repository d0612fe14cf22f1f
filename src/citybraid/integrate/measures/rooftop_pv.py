"""Rooftop photovoltaics on the roof that is still free."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import FREE_ROOF, PV_ROOF
from citybraid.core.vocabulary.measures import PV_CAPACITY
from citybraid.core.vocabulary.place import BUILDING_USE, LAND_USE
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units, use_share


class RooftopPvParams(MeasureParams):
    pass


class RooftopPv(NamedTuple):
    pv_roof: PV_ROOF
    free_roof: FREE_ROOF
    pv_capacity: PV_CAPACITY


@measure(
    version=1,
    cite="National Energy Administration (2021), whole-county rooftop photovoltaics: shares of roof by owner",
    validity="Shares by use stand for pitch, plant and shade; structure and grid connection are not checked.",
    stage="equipment",
    quantity=PV_CAPACITY,
    responsible="building owner; grid company",
    build_years=0.5,
)
def rooftop_pv(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FREE_ROOF, PV_ROOF))],
    units: Annotated[View, Table("units", (PV_CAPACITY,))],
    share: Annotated[Factors, Fact("pv_roof_share")],
    power_density: Annotated[Factors, Fact("pv_power_density")],
    site: Annotated[Factors, Fact("measure_site")],
    p: RooftopPvParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> RooftopPv:
    """Cover a share of each roof with modules, by use, and take it off the roof still free.

    May go on roofs outside heritage and military land. The module share rises to at
    most the share of the use and at most what green roofs have left free. Peak power
    is module area times power density [kW m-2].
    """
    unit = area_of_points(buildings.geometry.centroid, units.geometry)
    cap = use_share(buildings["building_use"], share) * building_share(
        buildings, parcels, site=site, measure="rooftop_pv"
    )
    cap = np.where(selected_units(units, p.where)[unit], cap, 0.0)
    old = buildings["pv_roof"].to_numpy(dtype=float)
    free = buildings["free_roof"].to_numpy(dtype=float)
    more = np.fmin(np.fmax(cap - old, 0.0), free) * p.share
    power = more * buildings.geometry.area.to_numpy() * power_density[""]
    return RooftopPv(
        pd.Series(np.minimum(old + more, 1.0), index=buildings.index),
        pd.Series(np.maximum(free - more, 0.0), index=buildings.index),
        units["pv_capacity"] + per_unit(units, unit, power),
    )
