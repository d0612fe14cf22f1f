"""Hourly balance of buildings' load, own generation and batteries."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.group import When
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, Tick, View
from citybraid.core.vocabulary.energy import ELECTRICITY, PV_GENERATION
from citybraid.core.vocabulary.lowcarbon.industry import PLANT_POWER
from citybraid.core.vocabulary.lowcarbon.park import PLANT_IMPORT, PLANT_SELF_USED, PLANT_SHIFT
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
from citybraid.kernels.energy import hourly_balance as kernel
from citybraid.lowcarbon.accounts.places import place_of_buildings
from citybraid.lowcarbon.building_energy import TABLE
from citybraid.lowcarbon.climate import Irradiance, Location, energy_weather, volume_heat
from citybraid.lowcarbon.equipment import LOADS_RENEWED, Standards
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.pv_generation import PvGenerationParams
from citybraid.lowcarbon.shifts import ShiftTables, shift_profiles
from citybraid.lowcarbon.stock import Fabric
from citybraid.lowcarbon.supply.load_profiles import Profiles, Systems, load_profiles
from citybraid.lowcarbon.supply.plant_loads import PlantSites, by_plant, mixed, plant_sites
from citybraid.lowcarbon.supply.pv_profile import pv_profile

Array = NDArray[np.float64]
SLICE = 50
"""Parcels between two progress ticks."""


class HourlyBalanceParams(PvGenerationParams):
    climate_zone: str = Field(min_length=1, max_length=20)
    """Climate zone of the load profiles; the same as that of the energy of buildings."""
    warm_up: int = Field(20, ge=1, le=200)
    """Days of the year's end that are run before the year, to fill the masses [day]."""


class PlantBalance(NamedTuple):
    plant_self_used: PLANT_SELF_USED
    plant_import: PLANT_IMPORT


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
    plant: Annotated[PlantBalance | None, When("plants")]


@model(
    version=8,
    cite="Luthander et al. (2015), Applied Energy 142: 80, eq. 1-5; VDI 6007-1 (2015); Dobos (2014), PVWatts version 5",
    validity=(
        "Load profiles by use and envelope standard, each of one simulated building: the mean of many, smoother than "
        "one building's load and without the hours of hot water and lifts, so self-consumption of a small building is "
        "overstated. One profile of generation, unshaded. A battery serves its own building, never trades, does not "
        "age. Bills of plants count as what they use: modules that lower them already must not be given as well."
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
    shifts: ShiftTables,
    p: HourlyBalanceParams,
    tick: Tick,
    plants: Annotated[View, Table("plants", (PLANT_POWER, PLANT_SHIFT))] | None = None,
) -> HourlyBalance:
    """What each building uses of its own generation, exports and imports, hour by hour over a year.

    Each building's annual electricity and generation take the hours of a profile. Generation serves the load, then
    the battery, then the grid; the battery serves the load before the grid does. Sums by hour are those of buildings
    in the study area; peaks of a parcel are those of its buildings together. The electricity of plants, by their
    shifts, replaces what is modelled of industrial buildings that they stand for. Raises InputError for an unknown
    shift.
    """
    year = {"dry_bulb": dry_bulb, "relative_humidity": relative_humidity, **irradiance._asdict()}
    place = location._asdict()
    weather = energy_weather(year=year, place=place, calendar_year=p.calendar_year, physics=loads.physics)
    systems = Systems(program_share, conditioned_share, heat_system, standards, volume_heat(location.elevation))
    profiles = load_profiles(
        buildings, weather, zone=p.climate_zone, calendar_year=p.calendar_year, fabric=fabric, loads=loads,
        systems=systems, warm_up=p.warm_up, tick=lambda share: tick(0.5 * share),
    )  # fmt: skip
    sun = pv_profile(
        year | {"wind_speed": wind_speed}, place, loss=loss, ground_albedo=loads.physics["ground_albedo"], p=p
    )
    area = shapely.union_all(study_area.to_numpy())
    holder = place_of_buildings(buildings.geometry, parcels.geometry, area)
    sites, works = _modelled(buildings, holder, profiles, battery), None
    if plants is not None:
        works = plant_sites(buildings, holder, plants, place_of_buildings(plants.geometry, parcels.geometry, area))
        hours = shift_profiles(loads.working_calendar, shifts.plant_shift, calendar_year=p.calendar_year)
        sites = _with_plants(sites, works, hours)
    totals, summed, peaks = _run(sites, len(parcels), sun, battery, lambda share: tick(0.5 + 0.5 * share))
    outputs = _outputs(buildings.index, parcels.index, totals, summed, peaks, error=_error(sites, totals))
    return outputs if works is None else outputs._replace(plant=_of_plants(works, totals))


class _Sites(NamedTuple):
    """Sites of load and generation in the order of buildings, then of lone plants, and the profiles of their load."""

    site: kernel.Sites
    holder: NDArray[np.int64]
    share: Array


def _modelled(buildings: pd.DataFrame, holder: NDArray[np.int64], profiles: Profiles, battery: Factors) -> _Sites:
    """Return buildings as sites; `holder` is -1 on no parcel and -2 outside the study area."""
    load, made, capacity = (
        buildings[name].to_numpy(dtype=np.float64) for name in ("electricity", "pv_generation", "battery_capacity")
    )
    return _Sites(kernel.Sites(load, profiles.of, made, capacity, capacity * battery["power"]), holder, profiles.share)


def _with_plants(sites: _Sites, works: PlantSites, hours: Array) -> _Sites:
    """Return the sites with the load of plants in place of that of the buildings that they stand for."""
    lone = works.place.size
    rows, kind = mixed(works.load, hours)
    of_plants = np.concatenate([works.stood_for, np.ones(lone, dtype=np.bool_)])
    load, row, *others = (np.concatenate([each, np.zeros(lone, dtype=each.dtype)]) for each in sites.site)
    load = np.where(of_plants, works.load.sum(axis=1), load)
    row = np.where(of_plants, len(sites.share) + kind, row)
    holder, share = np.concatenate([sites.holder, works.place]), np.concatenate([sites.share, rows])
    return _Sites(kernel.Sites(load, row, *others), holder, share)


def _run(sites: _Sites, parcels: int, sun: Array, battery: Factors, tick: Tick) -> tuple[Array, Array, Array]:
    """Return the year of each site, the area's hours, and the peaks of parcels."""
    group = np.where(sites.holder < 0, parcels - 1 - sites.holder, sites.holder)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(parcels + 3)).astype(np.int64)
    sorted_sites = kernel.Sites._make(np.ascontiguousarray(each[order]) for each in sites.site)
    shapes = kernel.Shapes(np.ascontiguousarray(sites.share), sun)
    sums, peaks = np.zeros((len(order), kernel.COLUMNS)), np.zeros((parcels + 2, 2))
    area, outside = np.zeros((kernel.ROWS, sun.size)), np.zeros((kernel.ROWS, sun.size))
    efficiency = (battery["charge_efficiency"], battery["discharge_efficiency"])
    last = parcels + 1
    for first in range(0, last, SLICE):
        tick(first / last)
        kernel.balance_groups(
            first, min(first + SLICE, last), starts, sorted_sites, shapes, *efficiency, sums, area, peaks
        )
    kernel.balance_groups(last, last + 1, starts, sorted_sites, shapes, *efficiency, sums, outside, peaks)
    totals = np.empty_like(sums)
    totals[order] = sums
    return totals, area, peaks


def _of_plants(works: PlantSites, totals: Array) -> PlantBalance:
    return PlantBalance(*(by_plant(works, totals[:, name]) for name in (kernel.SELF_USED, kernel.IMPORTED)))


def _error(sites: _Sites, totals: Array) -> float:
    """Return what import and generation leave over load, export, losses and what batteries hold, over load."""
    load = sites.site.load
    given = sites.site.generation.sum() + totals[:, kernel.IMPORTED].sum()
    gone = load.sum() + totals[:, [kernel.EXPORTED, kernel.LOST, kernel.STORED]].sum()
    return float((given - gone) / load.sum()) if load.sum() > 0 else 0.0


def _outputs(
    buildings: pd.Index, parcels: pd.Index, totals: Array, area: Array, peaks: Array, *, error: float
) -> HourlyBalance:
    def column(name: int) -> pd.Series:
        return pd.Series(totals[: len(buildings), name], index=buildings, dtype=np.float64)

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
        plant=None,
    )
