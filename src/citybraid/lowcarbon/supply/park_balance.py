"""Electricity balance of the whole unit: buildings, plants, heat pumps, modules and a shared battery."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.group import When
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import HEATING_ELECTRICITY
from citybraid.core.vocabulary.lowcarbon.emissions import PLANT_PV_AVOIDED
from citybraid.core.vocabulary.lowcarbon.park import (
    HEAT_PUMP_LOAD,
    NETWORK_PUMP_LOAD,
    PARK_ERROR,
    PARK_EXPORT,
    PARK_EXPORT_PEAK,
    PARK_GENERATION,
    PARK_IMPORT,
    PARK_IMPORT_PEAK,
    PARK_LOAD,
    PARK_SELF_USED,
    PARK_STORAGE_LOSS,
    PLANT_SELF_USED,
)
from citybraid.core.vocabulary.lowcarbon.supply import (
    AREA_EXPORT,
    AREA_GENERATION,
    AREA_IMPORT,
    AREA_LOAD,
    AREA_SELF_USED,
)
from citybraid.core.vocabulary.place import STUDY_AREA
from citybraid.kernels.energy import hourly_balance as kernel
from citybraid.lowcarbon.climate import hourly

Array = NDArray[np.float64]
LEAST = 1.0
"""Energy over which a residual is taken, at least [kWh]."""
FLOWS = ("load", "generation", "self_used", "import", "export")
"""Names of the area's hours, in the order of AreaHours."""


class ParkBalanceParams(Params):
    shared_storage: float = Field(0.0, ge=0.0, le=1e9)
    """Usable capacity of a battery that the whole unit shares, beside those of buildings [kWh]."""


class AreaHours(NamedTuple):
    """Hours of buildings and plants, each by itself, summed over the area."""

    area_load: AREA_LOAD
    area_generation: AREA_GENERATION
    area_self_used: AREA_SELF_USED
    area_import: AREA_IMPORT
    area_export: AREA_EXPORT


class PlantAvoided(NamedTuple):
    plant_pv_avoided: PLANT_PV_AVOIDED


class ParkBalance(NamedTuple):
    park_load: PARK_LOAD
    park_generation: PARK_GENERATION
    park_self_used: PARK_SELF_USED
    park_import: PARK_IMPORT
    park_export: PARK_EXPORT
    park_storage_loss: PARK_STORAGE_LOSS
    park_import_peak: PARK_IMPORT_PEAK
    park_export_peak: PARK_EXPORT_PEAK
    park_error: PARK_ERROR
    plant: Annotated[PlantAvoided | None, When("plants")]


@model(
    version=1,
    cite="Luthander et al. (2015), Applied Energy 142: 80, eq. 1-5; GHG Protocol Scope 2 Guidance (2015)",
    validity=(
        "The unit behind one meter: what one building exports serves another in the same hour, without losses. Heat "
        "pumps replace electric heating of the area in their own hours; where that took more, the saving is not "
        "counted. The inventory keeps what plants are billed; own generation that they use stands as avoided."
    ),
)
def park_balance(
    buildings: Annotated[View, Table("buildings", (HEATING_ELECTRICITY,))],
    study_area: STUDY_AREA,
    area: AreaHours,
    battery: Annotated[Factors, Fact("battery")],
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")],
    p: ParkBalanceParams,
    heat_pump_load: HEAT_PUMP_LOAD | None = None,
    network_pump_load: NETWORK_PUMP_LOAD | None = None,
    plants: Annotated[View, Table("plants", (PLANT_SELF_USED,))] | None = None,
) -> ParkBalance:
    """Self-use, import and export of the unit, hour by hour over a year.

    What buildings with their batteries leave over or want, and the heat pumps, are netted in each hour; the shared
    battery keeps surpluses for later hours.
    """
    hours = {name: hourly(f"area_{name}", series) for name, series in zip(FLOWS, area, strict=True)}
    pumps = _pumps(buildings, study_area, heat_pump_load, network_pump_load, hours["load"].size)
    net = hours["import"] - hours["export"] + pumps
    year, rows = _shared(net, p.shared_storage, battery)
    load = float(hours["load"].sum() + pumps.sum())
    made, bought, sold = (
        float(each) for each in (hours["generation"].sum(), year[kernel.IMPORTED], year[kernel.EXPORTED])
    )
    in_buildings = float((hours["generation"] - hours["self_used"] - hours["export"]).sum())
    lost = max(in_buildings, 0.0) + float(year[kernel.LOST] + year[kernel.STORED])
    avoided = None
    if plants is not None:
        avoided = PlantAvoided(plants["plant_self_used"] * grid_emission_factor[""])
    return ParkBalance(
        park_load=load,
        park_generation=made,
        park_self_used=max(load - bought, 0.0),
        park_import=bought,
        park_export=sold,
        park_storage_loss=lost,
        park_import_peak=float(rows[kernel.AREA_IMPORT].max()),
        park_export_peak=float(rows[kernel.AREA_EXPORT].max()),
        park_error=(made + bought - load - sold - lost) / max(load + made, LEAST),
        plant=avoided,
    )


def _pumps(
    buildings: View, study_area: pd.Series, own: pd.Series | None, network: pd.Series | None, size: int
) -> Array:
    """Return what heat pumps add to the load by hour [kW]: theirs less the electric heating that they replace."""
    added = np.zeros(size)
    for name, series in (("heat_pump_load", own), ("network_pump_load", network)):
        if series is not None:
            added += hourly(name, series)
    inside = shapely.covers(
        shapely.union_all(study_area.to_numpy()), shapely.point_on_surface(buildings.geometry.to_numpy())
    )
    replaced = float(buildings["heating_electricity"].to_numpy(dtype=np.float64)[inside].sum())
    total = float(added.sum())
    return added * max(1.0 - replaced / total, 0.0) if total > 0 else added


def _shared(net: Array, capacity: float, battery: Factors) -> tuple[Array, Array]:
    """Return the year and the hours of a site that wants or has left what is given [kW], with one battery."""
    wanted, left = np.maximum(net, 0.0), np.maximum(-net, 0.0)
    sums = wanted.sum(), left.sum()
    shapes = [each / total if total > 0 else each for each, total in zip((wanted, left), sums, strict=True)]
    site = kernel.Sites(
        np.array([sums[0]]), np.zeros(1, dtype=np.int64), np.array([sums[1]]), np.array([capacity]),
        np.array([capacity * battery["power"]]),
    )  # fmt: skip
    year, hours, peaks = np.zeros((1, kernel.COLUMNS)), np.zeros((kernel.ROWS, net.size)), np.zeros((1, 2))
    kernel.balance_groups(
        0, 1, np.array([0, 1]), site, kernel.Shapes(shapes[0][None, :], shapes[1]), battery["charge_efficiency"],
        battery["discharge_efficiency"], year, hours, peaks,
    )  # fmt: skip
    return year[0], hours
