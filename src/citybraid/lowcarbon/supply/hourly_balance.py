"""Hourly balance of buildings' load, own generation and batteries."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, Tick, View
from citybraid.core.vocabulary.energy import ELECTRICITY, PV_GENERATION
from citybraid.core.vocabulary.lowcarbon.supply import (
    AREA_EXPORT,
    AREA_GENERATION,
    AREA_IMPORT,
    AREA_LOAD,
    AREA_SELF_USED,
    BATTERY_CAPACITY,
    GRID_EXPORT,
    GRID_IMPORT,
    PARCEL_EXPORT_PEAK,
    PARCEL_IMPORT_PEAK,
    PV_SELF_USED,
    STORAGE_LOSS,
    SUPPLY_ERROR,
)
from citybraid.core.vocabulary.place import STUDY_AREA
from citybraid.core.vocabulary.weather import DRY_BULB, RELATIVE_HUMIDITY, WIND_SPEED
from citybraid.kernels.buildings.zone_inputs import Weather
from citybraid.kernels.energy import hourly_balance as kernel
from citybraid.lowcarbon.accounts.places import place_of_buildings
from citybraid.lowcarbon.building_energy import TABLE
from citybraid.lowcarbon.climate import Irradiance, Location, energy_weather, volume_heat
from citybraid.lowcarbon.equipment import LOADS_RENEWED, Standards
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.pv_generation import PvGenerationParams
from citybraid.lowcarbon.stock import Fabric
from citybraid.lowcarbon.supply.load_profiles import Profiles, Systems, load_profiles
from citybraid.lowcarbon.supply.pv_profile import pv_profile

Array = NDArray[np.float64]
SLICE = 50
"""Parcels between two progress ticks."""


class HourlyBalanceParams(PvGenerationParams):
    climate_zone: str = Field(min_length=1, max_length=20)
    """Climate zone of the load profiles; the same as that of the energy of buildings."""
    warm_up: int = Field(20, ge=1, le=200)
    """Days of the year's end that are run before the year, to fill the masses [day]."""


class HourlyBalance(NamedTuple):
    pv_self_used: PV_SELF_USED
    grid_import: GRID_IMPORT
    grid_export: GRID_EXPORT
    storage_loss: STORAGE_LOSS
    parcel_import_peak: PARCEL_IMPORT_PEAK
    parcel_export_peak: PARCEL_EXPORT_PEAK
    area_load: AREA_LOAD
    area_generation: AREA_GENERATION
    area_self_used: AREA_SELF_USED
    area_import: AREA_IMPORT
    area_export: AREA_EXPORT
    supply_error: SUPPLY_ERROR


@model(
    version=3,
    cite="Luthander et al. (2015), Applied Energy 142: 80, eq. 1-5; VDI 6007-1 (2015); Dobos (2014), PVWatts version 5",
    validity=(
        "Load profiles by use and envelope standard, each of one simulated building: the mean of many, smoother than "
        "one building's load and without the hours of hot water and lifts, so self-consumption of a small building is "
        "overstated. One profile of generation, "
        "unshaded. A battery serves its own building, never trades, does not age."
    ),
)
def hourly_balance(
    buildings: Annotated[
        View, Table("buildings", (*TABLE, ELECTRICITY, PV_GENERATION, BATTERY_CAPACITY), LOADS_RENEWED)
    ],
    parcels: Annotated[View, Table("parcels", ())],
    study_area: STUDY_AREA,
    dry_bulb: DRY_BULB,
    relative_humidity: RELATIVE_HUMIDITY,
    wind_speed: WIND_SPEED,
    irradiance: Irradiance,
    location: Location,
    fabric: Fabric,
    loads: Loads,
    standards: Standards,
    program_share: Annotated[Factors, Fact("program_share")],
    conditioned_share: Annotated[Factors, Fact("conditioned_share")],
    heat_system: Annotated[Factors, Fact("heat_system")],
    loss: Annotated[Factors, Fact("pv_loss")],
    battery: Annotated[Factors, Fact("battery")],
    p: HourlyBalanceParams,
    tick: Tick,
) -> HourlyBalance:
    """What each building uses of its own generation, exports and imports, hour by hour over a year.

    Each building's annual electricity and generation take the hours of a profile. Generation serves the load, then
    the battery, then the grid; the battery serves the load before the grid does. Sums by hour are those of buildings
    in the study area; peaks of a parcel are those of its buildings together.
    """
    year = {"dry_bulb": dry_bulb, "relative_humidity": relative_humidity, **irradiance._asdict()}
    place = location._asdict()
    weather = Weather._make(
        np.array(values)
        for values in energy_weather(year=year, place=place, calendar_year=p.calendar_year, physics=loads.physics)
    )
    systems = Systems(program_share, conditioned_share, heat_system, standards, volume_heat(location.elevation))
    profiles = load_profiles(
        buildings, weather, zone=p.climate_zone, calendar_year=p.calendar_year, fabric=fabric, loads=loads,
        systems=systems, warm_up=p.warm_up, tick=lambda share: tick(0.5 * share),
    )  # fmt: skip
    sun = pv_profile(
        year | {"wind_speed": wind_speed}, place, loss=loss, ground_albedo=loads.physics["ground_albedo"], p=p
    )
    holder = place_of_buildings(buildings.geometry, parcels.geometry, shapely.union_all(study_area.to_numpy()))
    return _balance(buildings, parcels.index, holder, profiles, sun, battery, lambda share: tick(0.5 + 0.5 * share))


def _balance(
    buildings: pd.DataFrame, parcels: pd.Index, holder: NDArray[np.int64], profiles: Profiles, sun: Array,
    battery: Factors, tick: Tick,
) -> HourlyBalance:  # fmt: skip
    """Return the balance of buildings by parcel; `holder` is -1 on no parcel and -2 outside the study area."""
    load, made, capacity = (
        buildings[name].to_numpy(dtype=np.float64) for name in ("electricity", "pv_generation", "battery_capacity")
    )
    group = np.where(holder < 0, len(parcels) - 1 - holder, holder)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(parcels) + 3)).astype(np.int64)
    sites = kernel.Sites(load, profiles.of, made, capacity, capacity * battery["power"])
    sites = kernel.Sites._make(np.ascontiguousarray(each[order]) for each in sites)
    shapes = kernel.Shapes(np.ascontiguousarray(profiles.share), sun)
    sums, peaks = np.zeros((len(order), kernel.COLUMNS)), np.zeros((len(parcels) + 2, 2))
    area, outside = np.zeros((kernel.ROWS, sun.size)), np.zeros((kernel.ROWS, sun.size))
    efficiency = (battery["charge_efficiency"], battery["discharge_efficiency"])
    last = len(parcels) + 1
    for first in range(0, last, SLICE):
        tick(first / last)
        kernel.balance_groups(first, min(first + SLICE, last), starts, sites, shapes, *efficiency, sums, area, peaks)
    kernel.balance_groups(last, last + 1, starts, sites, shapes, *efficiency, sums, outside, peaks)
    totals = np.empty_like(sums)
    totals[order] = sums
    return _outputs(buildings.index, parcels, totals, area, peaks, error=_error(load, made, totals))


def _error(load: Array, made: Array, totals: Array) -> float:
    """Return what import and generation leave over load, export, losses and what batteries hold, over load."""
    given = made.sum() + totals[:, kernel.IMPORTED].sum()
    gone = load.sum() + totals[:, [kernel.EXPORTED, kernel.LOST, kernel.STORED]].sum()
    return float((given - gone) / load.sum()) if load.sum() > 0 else 0.0


def _outputs(
    buildings: pd.Index, parcels: pd.Index, totals: Array, area: Array, peaks: Array, *, error: float
) -> HourlyBalance:
    def column(name: int) -> pd.Series:
        return pd.Series(totals[:, name], index=buildings, dtype=np.float64)

    def hours(name: int) -> pd.Series:
        return pd.Series(area[name], index=np.arange(area.shape[1], dtype=np.float64))

    return HourlyBalance(
        pv_self_used=column(kernel.SELF_USED),
        grid_import=column(kernel.IMPORTED),
        grid_export=column(kernel.EXPORTED),
        storage_loss=column(kernel.LOST),
        parcel_import_peak=pd.Series(peaks[: len(parcels), 0], index=parcels),
        parcel_export_peak=pd.Series(peaks[: len(parcels), 1], index=parcels),
        area_load=hours(kernel.AREA_LOAD),
        area_generation=hours(kernel.AREA_GENERATION),
        area_self_used=hours(kernel.AREA_SELF_USED),
        area_import=hours(kernel.AREA_IMPORT),
        area_export=hours(kernel.AREA_EXPORT),
        supply_error=error,
    )
