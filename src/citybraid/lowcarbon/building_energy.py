"""Hourly energy demand of every building over a year."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.remembered import remembered
from citybraid.core.var import Fact, Factors, Table, Tick, View
from citybraid.core.vocabulary.energy import (
    COOLING_DEMAND,
    ELECTRICITY,
    ENERGY_ERROR,
    ENVELOPE_STANDARD,
    HEAT_FUEL,
    HEAT_REJECTED,
    HEATING_DEMAND,
    PEAK_ELECTRICITY,
)
from citybraid.core.vocabulary.place import BUILDING_USE, FLOOR_AREA, HEIGHT, YEAR_BUILT
from citybraid.core.vocabulary.weather import (
    DRY_BULB,
    RELATIVE_HUMIDITY,
)
from citybraid.kernels.buildings.zone import COLUMNS, COOLING, HEATING, LATENT, PEAK, REJECTED, RESIDUAL, SUPPLIED
from citybraid.kernels.buildings.zone import ELECTRICITY as POWER
from citybraid.kernels.buildings.zone_inputs import Weather
from citybraid.lowcarbon.climate import Irradiance, Location, energy_weather, volume_heat
from citybraid.lowcarbon.horizon import surroundings
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.stock import SUMMER, Fabric, building_stock, simulate

Array = NDArray[np.float64]

TABLE = (BUILDING_USE, HEIGHT, YEAR_BUILT, FLOOR_AREA, ENVELOPE_STANDARD)


class BuildingEnergyParams(Params):
    climate_zone: str = Field(min_length=1, max_length=20)
    """Climate zone that factor rows are keyed by; where none is for 3A itself, those for 3 stand.

    Rows that come with citybraid are for the zones of GB 50176-2016: 2B cold, 3A hot summer cold winter ...
    """
    calendar_year: int = Field(2023, ge=1950, le=2100)
    """Year whose weekdays and sun the 8 760 hours take; 29 February is left out [year]."""
    warm_up: int = Field(20, ge=1, le=200)
    """Days of the year's end that are run before the year, to fill the masses [day]."""


class BuildingEnergy(NamedTuple):
    heating_demand: HEATING_DEMAND
    cooling_demand: COOLING_DEMAND
    electricity: ELECTRICITY
    heat_fuel: HEAT_FUEL
    peak_electricity: PEAK_ELECTRICITY
    heat_rejected: HEAT_REJECTED
    energy_error: ENERGY_ERROR


@model(
    version=2,
    cite=(
        "VDI 6007-1 (2015), two-element zone; EN ISO 13370:2007, eq. 2-4, A.6; EN 410; Perez et al. (1990); "
        "GB 55015-2021, App. C"
    ),
    validity=(
        "One zone a programme with standard operation and unlimited plant; neighbours shade as prisms, blinds, trees "
        "and terrain do not; no hot water, cooking, lifts or fans; use it for groups of buildings, not for one "
        "building's bill."
    ),
)
def building_energy(
    buildings: Annotated[View, Table("buildings", TABLE)],
    dry_bulb: DRY_BULB,
    relative_humidity: RELATIVE_HUMIDITY,
    irradiance: Irradiance,
    location: Location,
    fabric: Fabric,
    loads: Loads,
    program_share: Annotated[Factors, Fact("program_share")],
    heat_system: Annotated[Factors, Fact("heat_system")],
    p: BuildingEnergyParams,
    tick: Tick,
) -> BuildingEnergy:
    """Heating, cooling and electricity of each building over 8 760 hours.

    A building is a prism of its footprint and height, shaded by those around it. Its external walls and internal
    masses store heat; solar radiation, people, lights and equipment are gains; an ideal plant keeps the
    air within the set points of its use, and dehumidifies while cooling. Each
    hour is solved exactly; the residual of the annual heat balance is an output.
    """
    if buildings.empty:
        return totals(np.zeros((0, COLUMNS)), np.zeros(0), index=buildings.index)
    computed = _energy_weather(
        year={"dry_bulb": dry_bulb, "relative_humidity": relative_humidity, **irradiance._asdict()},
        place=location._asdict(),
        calendar_year=p.calendar_year,
        physics=loads.physics,
    )
    # The kernel is compiled for arrays that can be written.
    weather = Weather._make(values.copy() for values in computed)
    stock = building_stock(
        buildings, zone=p.climate_zone, volume_heat=volume_heat(location.elevation), loads=loads,
        shares=program_share, fabric=fabric, system=heat_system, calendar_year=p.calendar_year,
        around=surroundings(buildings),
    )  # fmt: skip
    result = simulate(stock, weather, warm_up=p.warm_up, tick=tick)
    return totals(result, stock.heat_fuel, index=buildings.index)


@remembered(2)
def _energy_weather(
    *, year: Mapping[str, pd.Series], place: Mapping[str, float], calendar_year: int, physics: Factors
) -> Weather:
    """Return the weather of an energy year, which all alternatives of a study share."""
    return energy_weather(year=year, place=place, calendar_year=calendar_year, physics=physics)


def totals(result: Array, heat_fuel: Array, *, index: pd.Index) -> BuildingEnergy:
    """Return a year's results as columns of the buildings, in kWh, kW and W."""

    def column(values: Array) -> pd.Series:
        return pd.Series(values, index=index, dtype=np.float64)

    supplied = float(result[:, SUPPLIED].sum())
    return BuildingEnergy(
        heating_demand=column(result[:, HEATING] / 1000),
        cooling_demand=column((result[:, COOLING] + result[:, LATENT]) / 1000),
        electricity=column(result[:, POWER] / 1000),
        heat_fuel=column(result[:, HEATING] * heat_fuel / 1000),
        peak_electricity=column(result[:, PEAK] / 1000),
        heat_rejected=column(result[:, REJECTED] / (SUMMER[1] - SUMMER[0])),
        energy_error=float(result[:, RESIDUAL].sum()) / supplied if supplied > 0 else 0.0,
    )
