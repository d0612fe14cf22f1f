"""Electricity from photovoltaics on roofs."""

from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import PV_GENERATION, PV_ROOF
from citybraid.core.vocabulary.weather import (
    DRY_BULB,
    WIND_SPEED,
)
from citybraid.kernels.climate.solar import Sky, sun_of_year, tilted
from citybraid.kernels.climate.solar_module import (
    STANDARD_CELL,
    STANDARD_LIGHT,
    alternating_power,
    cell_temperature,
    transmitted,
)
from citybraid.lowcarbon.climate import Irradiance, Location, hourly


class PvGenerationParams(Params):
    tilt: float = Field(20.0, ge=0.0, le=90.0)
    """Tilt of the modules from the horizontal [degree]."""
    azimuth: float = Field(180.0, ge=0.0, lt=360.0)
    """Facing of the modules, clockwise from north [degree]."""
    calendar_year: int = Field(2023, ge=1950, le=2100)
    """Year whose sun the 8 760 hours take; 29 February is left out [year]."""


class PvGeneration(NamedTuple):
    pv_generation: PV_GENERATION


@model(
    version=1,
    cite="Dobos (2014), PVWatts version 5, NREL/TP-6A20-62641; Perez et al. (1990); King et al. (2004)",
    validity="One plane for all modules, open rack, first year: no shade beyond the system loss, no ageing.",
)
def pv_generation(
    buildings: Annotated[View, Table("buildings", (PV_ROOF,))],
    dry_bulb: DRY_BULB,
    wind_speed: WIND_SPEED,
    irradiance: Irradiance,
    location: Location,
    power_density: Annotated[Factors, Fact("pv_power_density")],
    loss: Annotated[Factors, Fact("pv_loss")],
    physics: Annotated[Factors, Fact("building_physics")],
    p: PvGenerationParams,
) -> PvGeneration:
    """Electricity that modules on the roof give to the building or the grid [kWh a year].

    Peak power is the roof's share of modules times footprint times power per module
    area. Light on the module's plane, less what its cover reflects, and the cell's
    temperature give its power hour by hour; system losses and inverter follow.
    """
    sky = Sky(*(hourly(name, series) for name, series in irradiance._asdict().items()))
    sun = sun_of_year(**location._asdict(), year=p.calendar_year)
    light = tilted(sun, sky, tilt=p.tilt, azimuth=p.azimuth, ground_albedo=physics["ground_albedo"])
    cell = cell_temperature(light.total, air=hourly("dry_bulb", dry_bulb), wind=hourly("wind_speed", wind_speed))
    warmth = np.maximum(1 + loss["temperature"] * (cell - STANDARD_CELL), 0.0)
    direct = transmitted(light) / STANDARD_LIGHT * warmth * (1 - loss["system"])
    output = alternating_power(direct, over=loss["dc_over_ac"], efficiency=loss["inverter_efficiency"])
    peak = buildings["pv_roof"] * buildings.geometry.area * power_density[""]
    return PvGeneration(peak * float(output.sum()))
