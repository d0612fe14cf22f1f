"""Hourly profile of photovoltaic generation: that of one plane of modules under an open sky."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.var import Factors
from citybraid.kernels.climate.solar import Sky, irradiance_on_tilted
from citybraid.kernels.climate.solar_module import (
    STANDARD_CELL,
    STANDARD_LIGHT,
    alternating_power,
    cell_temperature,
    transmitted_irradiance,
)
from citybraid.lowcarbon.climate import energy_sun, hourly
from citybraid.lowcarbon.pv_generation import PvGenerationParams

Array = NDArray[np.float64]


def pv_profile(
    year: Mapping[str, pd.Series], place: Mapping[str, float], *, loss: Factors, ground_albedo: float,
    p: PvGenerationParams,
) -> Array:  # fmt: skip
    """Return the share of the year's generation by hour, as `lowcarbon.pv_generation` has it; zeros without light.

    `year` holds dry_bulb, wind_speed and the three irradiances by name.
    """
    sky = Sky(*(hourly(name, year[name]) for name in ("global_horizontal", "direct_normal", "diffuse_horizontal")))
    sun = energy_sun(**place, year=p.calendar_year)
    facing = p.facing(place["latitude"])
    light = irradiance_on_tilted(sun, sky, tilt=p.tilt, azimuth=facing, ground_albedo=ground_albedo)
    air, wind = (hourly(name, year[name]) for name in ("dry_bulb", "wind_speed"))
    warmth = np.maximum(
        1 + loss["temperature"] * (cell_temperature(light.total, air=air, wind=wind) - STANDARD_CELL), 0
    )
    direct = transmitted_irradiance(light) / STANDARD_LIGHT * warmth * (1 - loss["system"])
    output = alternating_power(direct, over=loss["dc_over_ac"], efficiency=loss["inverter_efficiency"])
    total = float(output.sum())
    return output / total if total > 0 else output
