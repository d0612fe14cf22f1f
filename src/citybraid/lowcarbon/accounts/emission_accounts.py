"""Greenhouse-gas accounts of the study area: by sector, scope and gas, and by parcel."""

from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.model import Params, model, var_of
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.carbon import (
    AVOIDED_EMISSIONS,
    DIRECT_EMISSIONS,
    EMISSIONS_ERROR,
    ENERGY_INDIRECT_EMISSIONS,
    INVENTORY_EQUIVALENT,
    INVENTORY_MASS,
    INVENTORY_ON_PARCELS,
    OTHER_INDIRECT_EMISSIONS,
    OUTSIDE_PARCELS,
    PARCEL_AVOIDED,
    PARCEL_EMISSIONS,
    PARCEL_LAND,
    PARCEL_PROCESSES,
    PARCEL_STATIONARY,
    PARCEL_TRANSPORT,
    PARCEL_WASTE,
    REMOVALS,
    TOTAL_EMISSIONS,
)
from citybraid.core.vocabulary.lowcarbon.emissions import (
    GREEN_SINK,
    LAND_CARBON_GAIN,
    LAND_CARBON_LOSS,
    PLANT_POWER_EMISSIONS,
    WETLAND_METHANE,
    accounted,
)
from citybraid.core.vocabulary.place import BUILDING_USE, STUDY_AREA
from citybraid.lowcarbon.accounts.entries import (
    OUTSIDE_AREA,
    Entry,
    Lines,
    account_of,
    by_parcel,
    lines,
    table_entries,
)
from citybraid.lowcarbon.accounts.places import place_of_buildings, place_of_cells, plants_stand_for

ON_BUILDINGS = accounted("buildings")
ON_PARCELS = accounted("parcels")
ON_PLANTS = accounted("plants")
ON_VILLAGES = accounted("villages")
ON_FREIGHT = accounted("freight")
ON_GRID = (GREEN_SINK, WETLAND_METHANE, LAND_CARBON_LOSS, LAND_CARBON_GAIN)


class EmissionAccountsParams(Params):
    gwp: Literal["AR4", "AR5", "AR6"] = "AR5"
    """IPCC report whose global warming potentials over 100 years weigh methane and nitrous oxide."""


class EmissionAccounts(NamedTuple):
    parcel_emissions: PARCEL_EMISSIONS
    parcel_stationary: PARCEL_STATIONARY
    parcel_transport: PARCEL_TRANSPORT
    parcel_waste: PARCEL_WASTE
    parcel_processes: PARCEL_PROCESSES
    parcel_land: PARCEL_LAND
    parcel_avoided: PARCEL_AVOIDED
    inventory_mass: INVENTORY_MASS
    inventory_equivalent: INVENTORY_EQUIVALENT
    inventory_on_parcels: INVENTORY_ON_PARCELS
    direct_emissions: DIRECT_EMISSIONS
    energy_indirect_emissions: ENERGY_INDIRECT_EMISSIONS
    other_indirect_emissions: OTHER_INDIRECT_EMISSIONS
    removals: REMOVALS
    avoided_emissions: AVOIDED_EMISSIONS
    outside_parcels: OUTSIDE_PARCELS
    total_emissions: TOTAL_EMISSIONS
    emissions_error: EMISSIONS_ERROR


@model(
    version=2,
    cite="GPC (2014), Global Protocol for Community-Scale Inventories, ch. 3 and 4; IPCC (2006), vol. 1, ch. 1",
    validity=(
        "A building counts where its representative point lies, a cell of the sink where its middle lies; only what "
        "lies in the study area counts. On a parcel with plants, their energy stands for that modelled of industrial "
        "buildings. Sectors that no file or model brings are absent, not zero."
    ),
)
def emission_accounts(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE,), optional=ON_BUILDINGS)],
    parcels: Annotated[View, Table("parcels", (), optional=ON_PARCELS)],
    study_area: STUDY_AREA,
    gwp: Annotated[Factors, Fact("gwp")],
    grid: GeoBox,
    p: EmissionAccountsParams,
    green_sink: GREEN_SINK | None = None,
    wetland_methane: WETLAND_METHANE | None = None,
    land_carbon_loss: LAND_CARBON_LOSS | None = None,
    land_carbon_gain: LAND_CARBON_GAIN | None = None,
    plants: Annotated[View, Table("plants", (), optional=ON_PLANTS)] | None = None,
    villages: Annotated[View, Table("villages", (), optional=ON_VILLAGES)] | None = None,
    freight: Annotated[View, Table("freight", (), optional=ON_FREIGHT)] | None = None,
) -> EmissionAccounts:
    """Emissions less removals and avoided ones, by line of the inventory and by parcel [kg CO2e a year].

    Energy of industrial buildings is left out where plants with accounts of their own stand for it. A line is a
    sector, scope, gas and kind. Lines are summed over the study area independently of parcels; the closure
    error between them and the sum of parcels and the rest is an output. Avoided emissions (of electricity that the
    area generates) stand apart from the scopes. Raises InputError where an amount of an entry is unknown.
    """
    area = shapely.union_all(study_area.to_numpy())
    holder = place_of_buildings(buildings.geometry, parcels.geometry, area)
    works = None if plants is None else place_of_buildings(plants.geometry, parcels.geometry, area)
    stood_for = np.zeros(len(buildings), dtype=np.bool_)
    if plants is not None and works is not None and var_of(PLANT_POWER_EMISSIONS).name in plants:
        stood_for = plants_stand_for(buildings.geometry, holder, plants.geometry, works)
    entries = list(table_entries(buildings, map(var_of, ON_BUILDINGS), holder, stood_for=stood_for))
    if plants is not None and works is not None:
        entries += table_entries(plants, map(var_of, ON_PLANTS), works)
    for table, quantities in ((villages, ON_VILLAGES), (freight, ON_FREIGHT)):
        if table is not None:
            places = place_of_buildings(table.geometry, parcels.geometry, area)
            entries += table_entries(table, map(var_of, quantities), places)
    numbers = np.where(shapely.covers(area, shapely.point_on_surface(parcels.geometry.to_numpy())), 0, OUTSIDE_AREA)
    own = np.where(numbers > OUTSIDE_AREA, np.arange(len(parcels)), OUTSIDE_AREA)
    entries += table_entries(parcels, map(var_of, ON_PARCELS), own)
    rasters = zip(ON_GRID, (green_sink, wetland_methane, land_carbon_loss, land_carbon_gain), strict=True)
    for quantity, rate in ((quantity, rate) for quantity, rate in rasters if rate is not None):
        cells = place_of_cells(parcels.geometry.to_numpy(), area, grid)
        entries.append(_of_cells(quantity, rate.to_numpy(), cells, grid))
    return _accounts(entries, parcels.index, report=p.gwp, gwp=gwp)


def _of_cells(quantity: Any, rate: NDArray[np.float64], cells: NDArray[np.int64], grid: GeoBox) -> Entry:
    """Return the entry of what cells emit or take up [kg m-2 a year]; cells without a value count 0."""
    inside = cells > OUTSIDE_AREA
    cell = abs(grid.resolution.x * grid.resolution.y)
    return Entry(account_of(var_of(quantity)), np.nan_to_num(rate[inside]) * cell, cells[inside])


def _accounts(entries: list[Entry], parcels: pd.Index, *, report: str, gwp: Factors) -> EmissionAccounts:
    table = lines(entries, report=report, gwp=gwp)
    sums = by_parcel(entries, len(parcels), report=report, gwp=gwp)
    net = np.sum(list(sums.values()), axis=0)
    total = float(table.co2e.sum())
    gross = float(table.co2e.abs().sum())

    def column(values: NDArray[np.float64]) -> pd.Series:
        return pd.Series(values[:-1], index=parcels)

    return EmissionAccounts(
        parcel_emissions=column(net),
        parcel_stationary=column(sums["stationary"]),
        parcel_transport=column(sums["transport"]),
        parcel_waste=column(sums["waste"]),
        parcel_processes=column(sums["processes"]),
        parcel_land=column(sums["land"]),
        parcel_avoided=column(0.0 - sums["avoided"]),
        inventory_mass=table.mass,
        inventory_equivalent=table.co2e,
        inventory_on_parcels=table.on_parcels,
        direct_emissions=_sum(table, scope="1", kind="emission"),
        energy_indirect_emissions=_sum(table, scope="2", kind="emission"),
        other_indirect_emissions=_sum(table, scope="3", kind="emission"),
        removals=-_sum(table, kind="removal"),
        avoided_emissions=-_sum(table, kind="avoided"),
        outside_parcels=float(net[-1]),
        total_emissions=total,
        emissions_error=(float(net.sum()) - total) / gross if gross > 0 else 0.0,
    )


def _sum(table: Lines, *, kind: str, scope: str = "") -> float:
    """Return the CO2e of the lines of a kind and, where it is named, a scope."""
    parts = [(str(line).split("/"), value) for line, value in table.co2e.items()]
    return float(sum(value for (_, at, _, of), value in parts if of == kind and scope in ("", at)))
