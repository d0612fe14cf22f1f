"""Batteries at buildings with photovoltaics, in proportion to their modules."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import PV_ROOF
from citybraid.core.vocabulary.lowcarbon.supply import BATTERY_CAPACITY
from citybraid.core.vocabulary.measures import STORAGE_CAPACITY
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units


class BatteryStorageParams(MeasureParams):
    hours: float = Field(1.0, gt=0.0, le=12.0)
    """Hours that a battery could take the peak power of its building's modules [h]."""


class BatteryStorage(NamedTuple):
    battery_capacity: BATTERY_CAPACITY
    storage_capacity: STORAGE_CAPACITY


@measure(
    version=1,
    cite="Luthander et al. (2015), Applied Energy 142: 80 (self-consumption with storage)",
    validity="Usable capacity, serving its own building; fire safety, room and ageing are not checked.",
    stage="operation",
    quantity=STORAGE_CAPACITY,
    responsible="building owner; grid company",
    build_years=0.5,
)
def battery_storage(
    buildings: Annotated[View, Table("buildings", (PV_ROOF, BATTERY_CAPACITY))],
    units: Annotated[View, Table("units", (STORAGE_CAPACITY,))],
    power_density: Annotated[Factors, Fact("pv_power_density")],
    site: Annotated[Factors, Fact("measure_site")],
    p: BatteryStorageParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> BatteryStorage:
    """Give buildings with modules a battery: a share of what their peak power would fill in some hours.

    What stands already counts; buildings without modules get none. How much of their own generation buildings then use
    is computed by the hourly balance.
    """
    unit = area_of_points(buildings.geometry.centroid, units.geometry)
    allowed = building_share(buildings, parcels, site=site, measure="battery_storage")
    modules = np.nan_to_num(buildings["pv_roof"].to_numpy(dtype=np.float64)) * buildings.geometry.area.to_numpy()
    wanted = p.hours * modules * power_density[""]
    before = np.nan_to_num(buildings["battery_capacity"].to_numpy(dtype=np.float64))
    taking = np.where(selected_units(units, p.where)[unit], allowed, 0.0) * p.share
    more = np.fmax(wanted - before, 0.0) * taking
    return BatteryStorage(
        pd.Series(before + more, index=buildings.index), units["storage_capacity"] + per_unit(units, unit, more)
    )
