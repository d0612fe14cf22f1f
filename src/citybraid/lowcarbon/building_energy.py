"""Hourly energy demand of every building over a year."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, Tick, View
from citybraid.core.vocabulary.energy import (
    COOKING_ELECTRICITY,
    COOKING_GAS,
    COOLING_DEMAND,
    COOLING_ELECTRICITY,
    DISTRICT_HEAT,
    ELECTRICITY,
    ENERGY_ERROR,
    ENVELOPE_STANDARD,
    EQUIPMENT_ELECTRICITY,
    FAN_ELECTRICITY,
    GAS,
    HEAT_REJECTED,
    HEATING_DEMAND,
    HEATING_ELECTRICITY,
    HEATING_GAS,
    HOT_WATER_ELECTRICITY,
    HOT_WATER_GAS,
    LIFT_ELECTRICITY,
    LIGHTING_ELECTRICITY,
    PEAK_ELECTRICITY,
    STANDBY_ELECTRICITY,
)
from citybraid.core.vocabulary.heat import AIR_WARMING
from citybraid.core.vocabulary.lowcarbon.windows import WINDOWS
from citybraid.core.vocabulary.place import BUILDING_USE, FLOOR_AREA, HEIGHT, RESIDENTS, YEAR_BUILT
from citybraid.core.vocabulary.weather import (
    DRY_BULB,
    RELATIVE_HUMIDITY,
)
from citybraid.kernels.buildings.zone import (
    COOLING,
    COOLING_INPUT,
    HEATING,
    HEATING_INPUT,
    LATENT,
    PEAK,
    REJECTED,
    RESIDUAL,
    SUPPLIED,
)
from citybraid.kernels.buildings.zone import ELECTRICITY as POWER
from citybraid.kernels.climate.summer import summer_hours
from citybraid.lowcarbon.climate import Irradiance, Location, energy_weather, hourly, volume_heat
from citybraid.lowcarbon.equipment import RENEWED, Standards, electrified
from citybraid.lowcarbon.horizon import surroundings
from citybraid.lowcarbon.landscape import LEVEL, Landscape
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.services import ServiceEnergy, Services, service_energy
from citybraid.lowcarbon.stock import Fabric, Stock, building_stock, simulate

Array = NDArray[np.float64]

TABLE = (BUILDING_USE, HEIGHT, YEAR_BUILT, FLOOR_AREA, ENVELOPE_STANDARD)


class BuildingEnergyParams(Params):
    climate_zone: str = Field(min_length=1, max_length=20)
    """Climate zone that factor rows are keyed by; where none is for 3A itself, those for 3 stand.

    Rows that come with citybraid are for the zones of GB 50176-2016: 2B cold, 3A hot summer cold winter ...
    """
    calendar_year: int = Field(2023, ge=1950, le=2100)
    """Year whose weekdays, holidays and sun the 8 760 hours take; 29 February is left out [year].

    Holidays that come with citybraid are those of China, 2020 to 2025.
    """
    warm_up: int = Field(20, ge=1, le=200)
    """Days of the year's end that are run before the year, to fill the masses [day]."""


class BuildingEnergy(NamedTuple):
    heating_demand: HEATING_DEMAND
    cooling_demand: COOLING_DEMAND
    electricity: ELECTRICITY
    district_heat: DISTRICT_HEAT
    gas: GAS
    heating_electricity: HEATING_ELECTRICITY
    cooling_electricity: COOLING_ELECTRICITY
    lighting_electricity: LIGHTING_ELECTRICITY
    equipment_electricity: EQUIPMENT_ELECTRICITY
    standby_electricity: STANDBY_ELECTRICITY
    fan_electricity: FAN_ELECTRICITY
    lift_electricity: LIFT_ELECTRICITY
    hot_water_electricity: HOT_WATER_ELECTRICITY
    cooking_electricity: COOKING_ELECTRICITY
    heating_gas: HEATING_GAS
    hot_water_gas: HOT_WATER_GAS
    cooking_gas: COOKING_GAS
    peak_electricity: PEAK_ELECTRICITY
    heat_rejected: HEAT_REJECTED
    energy_error: ENERGY_ERROR


@model(
    version=10,
    cite=(
        "VDI 6007-1 (2015), two-element zone; EN ISO 13370:2007, eq. 2-4, A.6; EN 410; Perez et al. (1990); "
        "EN 14825 (cycling); GB 55015-2021, App. C; GB/T 51161-2016, table 4.2.1; GB/T 51366-2019, 4.3"
    ),
    validity=(
        "One zone a programme with typical operation and unlimited plant, as large as its highest load; neighbours "
        "shade as prisms, trees as if in leaf all year; hot water and cooking by household or floor area; use it "
        "for groups of buildings, not for one building's bill."
    ),
)
def building_energy(
    buildings: Annotated[View, Table("buildings", TABLE, optional=(RESIDENTS, *WINDOWS, *RENEWED))],
    dry_bulb: DRY_BULB,
    relative_humidity: RELATIVE_HUMIDITY,
    irradiance: Irradiance,
    location: Location,
    fabric: Fabric,
    loads: Loads,
    services: Services,
    standards: Standards,
    service_efficiency: Annotated[Factors, Fact("service_efficiency")],
    program_share: Annotated[Factors, Fact("program_share")],
    conditioned_share: Annotated[Factors, Fact("conditioned_share")],
    heat_system: Annotated[Factors, Fact("heat_system")],
    p: BuildingEnergyParams,
    tick: Tick,
    landscape: Landscape = LEVEL,
    air_warming: AIR_WARMING | None = None,
) -> BuildingEnergy:
    """Heating, cooling, electricity, gas and district heat of each building over 8 760 hours, by end use.

    A building is a prism of its footprint and height, shaded by those around it and, where rasters of them are
    given, by terrain and trees. Its external walls and internal masses store heat; solar radiation, people, lights
    and equipment are gains; an ideal plant keeps the air within the set points of its use, and dehumidifies while
    cooling. Each hour is solved exactly; the residual of the annual heat balance is an output. Hot water and cooking
    follow from households, or from floor area and use, lifts from floor area and storeys. Where a study closes the
    loop of waste heat, `air_warming` [K] is added to the file's air.
    """
    if buildings.empty:
        none = pd.Series(index=buildings.index, dtype=np.float64)
        columns = [name for name in BuildingEnergy._fields if name != "energy_error"]
        return BuildingEnergy(**dict.fromkeys(columns, none), energy_error=0.0)
    air = dry_bulb if air_warming is None else dry_bulb + hourly("air_warming", air_warming)
    weather = energy_weather(
        year={"dry_bulb": air, "relative_humidity": relative_humidity, **irradiance._asdict()},
        place=location._asdict(),
        calendar_year=p.calendar_year,
        physics=loads.physics,
    )
    stock = building_stock(
        buildings, zone=p.climate_zone, volume_heat=volume_heat(location.elevation), loads=loads,
        shares=program_share, conditioned=conditioned_share, fabric=fabric, system=heat_system,
        calendar_year=p.calendar_year, around=surroundings(buildings, landscape), standards=standards,
        weather=weather,
    )  # fmt: skip
    summer = summer_hours(hourly("dry_bulb", dry_bulb), location.latitude)
    result = simulate(stock, weather, warm_up=p.warm_up, tick=tick, summer=summer)
    served = service_energy(buildings, zone=p.climate_zone, floors=stock.floors, given=services)
    served = electrified(served, buildings, service_efficiency)
    return totals(result, stock, served, index=buildings.index, summer=summer[1] - summer[0])


def totals(result: Array, stock: Stock, served: ServiceEnergy, *, index: pd.Index, summer: int) -> BuildingEnergy:
    """Return a year's results as columns of the buildings, in kWh, kW and W; `summer` is its length [h]."""

    def column(values: Array) -> pd.Series:
        return pd.Series(values, index=index, dtype=np.float64)

    supplied, plant = float(result[:, SUPPLIED].sum()), stock.carriers
    heat, cold = result[:, HEATING] / 1000, (result[:, COOLING] + result[:, LATENT]) / 1000
    lighting, equipment, standby, fans = stock.used.T / 1000
    heating_gas = heat * plant.gas
    return BuildingEnergy(
        heating_demand=column(heat),
        cooling_demand=column(cold),
        electricity=column(
            result[:, POWER] / 1000 + served.lift + served.hot_water_electricity + served.cooking_electricity
        ),
        district_heat=column(heat * plant.district_heat),
        gas=column(heating_gas + served.hot_water_gas + served.cooking_gas),
        heating_electricity=column(result[:, HEATING_INPUT] / 1000),
        cooling_electricity=column(result[:, COOLING_INPUT] / 1000),
        lighting_electricity=column(lighting),
        equipment_electricity=column(equipment),
        standby_electricity=column(standby),
        fan_electricity=column(fans),
        lift_electricity=column(served.lift),
        hot_water_electricity=column(served.hot_water_electricity),
        cooking_electricity=column(served.cooking_electricity),
        heating_gas=column(heating_gas),
        hot_water_gas=column(served.hot_water_gas),
        cooking_gas=column(served.cooking_gas),
        peak_electricity=column(result[:, PEAK] / 1000),
        heat_rejected=column(result[:, REJECTED] / summer),
        energy_error=float(result[:, RESIDUAL].sum()) / supplied if supplied > 0 else 0.0,
    )
