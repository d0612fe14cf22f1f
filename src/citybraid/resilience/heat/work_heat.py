"""Hours of the year too hot for work outdoors, by wet-bulb globe temperature and class of work."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.resilience.heat_risk import (
    HEAVY_WORK_HEAT_HOURS,
    LIGHT_WORK_HEAT_HOURS,
    MODERATE_WORK_HEAT_HOURS,
    SHADED_WORK_HEAT_HOURS,
    WET_BULB_GLOBE,
    WORK_CAPACITY_LOSS,
)
from citybraid.kernels.climate.solar import sun_of_year
from citybraid.kernels.outdoor.wbgt import (
    OpenAir,
    globe_temperature,
    natural_wet_bulb,
    wet_bulb_globe,
    wind_at_two_metres,
)
from citybraid.resilience.heat.hot_day import YEAR, Weather
from citybraid.resilience.heat.summer import by_day

F64 = NDArray[np.float64]

CLASSES = ("light", "moderate", "heavy")
"""Classes of work, the lightest first."""
SEA_LEVEL = 1013.25


class WorkHeatParams(Params):
    """When people work outdoors."""

    first_hour: int = Field(8, ge=0, le=23)
    """Hour of the day at which work begins, local standard time."""
    last_hour: int = Field(18, ge=1, le=24)
    """Hour of the day at which it ends."""


class WorkHeat(NamedTuple):
    """Wet-bulb globe temperature by hour, and hours of work above limits."""

    wet_bulb_globe: WET_BULB_GLOBE
    light_work_heat_hours: LIGHT_WORK_HEAT_HOURS
    moderate_work_heat_hours: MODERATE_WORK_HEAT_HOURS
    heavy_work_heat_hours: HEAVY_WORK_HEAT_HOURS
    shaded_work_heat_hours: SHADED_WORK_HEAT_HOURS
    work_capacity_loss: WORK_CAPACITY_LOSS


@model(
    version=1,
    cite="Liljegren et al. (2008), J. Occup. Environ. Hyg. 5: 645-655; ISO 7243:2017; Foster et al. (2021), Int. J. "
    "Biometeorol. 65: 1215-1229",
    validity="An open place in the weather file's air, ground as warm as the air; acclimatised workers in light "
    "clothing. All days are working days. In the shade no direct sun falls on person and ground; sky light does.",
)
def work_heat(
    *,
    weather: Weather,
    wbgt_limit: Annotated[Factors, Fact("wbgt_limit")],
    work_capacity: Annotated[Factors, Fact("work_capacity")],
    p: WorkHeatParams,
) -> WorkHeat:
    """Return WBGT [degC] by hour, working hours a year above limits [h] and the share of work capacity lost [-].

    Globe and natural wet bulb are in balance with sun, sky, air and wind at 2 m. Capacity left is 1 / (1 +
    (half / WBGT) ^ -exponent). Raises InputError where a series is no full year, the sun never shines, the limits do
    not fall from light to heavy work, or work ends before it begins.
    """
    limits = [float(wbgt_limit[each]) for each in CLASSES]
    if not (np.diff(limits) < 0.0).all():
        raise InputError("heat.work_limits", limits=limits)
    if p.last_hour <= p.first_hour:
        raise InputError("heat.working_hours", first=p.first_hour, last=p.last_hour)
    air, humidity, direct, diffuse, wind = (
        by_day(each).ravel()
        for each in (
            weather.dry_bulb,
            weather.relative_humidity,
            weather.direct_normal,
            weather.diffuse_horizontal,
            weather.wind_speed,
        )
    )
    if not float(direct.sum() + diffuse.sum()) > 0.0:
        raise InputError("heat.no_sun")
    sun = sun_of_year(
        latitude=weather.latitude, longitude=weather.longitude, elevation=weather.elevation,
        time_zone=weather.time_zone, year=YEAR,
    )  # fmt: skip
    cosine = np.cos(np.radians(sun.zenith))
    level = diffuse + direct * np.maximum(cosine, 0.0)
    place = OpenAir(
        air, np.minimum(humidity, 1.0), SEA_LEVEL * float((1.0 - 2.25577e-5 * weather.elevation) ** 5.2559),
        wind_at_two_metres(wind, level), direct, diffuse, cosine,
    )  # fmt: skip
    working = np.tile((np.arange(24) >= p.first_hour) & (np.arange(24) < p.last_hour), 365)
    sunny, shaded = _wbgt(place), _wbgt(place._replace(direct=np.zeros(air.size)))
    light, moderate, heavy = (float((sunny[working] >= limit).sum()) for limit in limits)
    left = 1.0 / (1.0 + (np.maximum(sunny[working], 0.0) / work_capacity["half"]) ** work_capacity["exponent"])
    return WorkHeat(
        wet_bulb_globe=pd.Series(sunny, index=weather.dry_bulb.index),
        light_work_heat_hours=light, moderate_work_heat_hours=moderate, heavy_work_heat_hours=heavy,
        shaded_work_heat_hours=float((shaded[working] >= limits[1]).sum()),
        work_capacity_loss=float(1.0 - left.mean()),
    )  # fmt: skip


def _wbgt(weather: OpenAir) -> F64:
    return wet_bulb_globe(natural_wet_bulb(weather), globe_temperature(weather), weather.air)
