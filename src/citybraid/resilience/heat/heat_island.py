"""Maximum urban heat island of a compact quarter without plants."""

from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.heat import HEAT_ISLAND
from citybraid.core.vocabulary.weather import DRY_BULB, GLOBAL_HORIZONTAL, LATITUDE, WIND_SPEED
from citybraid.kernels.climate.summer import summer_days
from citybraid.resilience.heat.summer import by_day

AIR_DENSITY = 1.2
"""Density of air near the ground [kg m-3]."""
HEAT_CAPACITY = 1005.0
"""Specific heat of air at constant pressure [J kg-1 K-1]."""
MORNING = 8
"""Start hour of a heat island day: 08:00 to 08:00."""


class HeatIslandParams(Params):
    """Limits of the formula."""

    calm: float = Field(1.0, gt=0.0, le=5.0)
    """A day's mean wind below this is taken as this [m s-1]; the formula has no bound as wind falls to nothing."""


class HeatIsland(NamedTuple):
    """Magnitude of the heat island."""

    heat_island: HEAT_ISLAND


@model(
    version=2,
    cite="Theeuwes et al. (2017), Int. J. Climatol. 37: 443-454, doi:10.1002/joc.4717, eq. for UHImax",
    validity="Flat inland cities of the temperate zone (made for northwestern Europe; not checked in China); a coast, "
    "a slope or a snow cover makes its own circulation. Give an observed heat island instead where there is one.",
)
def heat_island(
    *,
    dry_bulb: DRY_BULB,
    global_horizontal: GLOBAL_HORIZONTAL,
    wind_speed: WIND_SPEED,
    latitude: LATITUDE,
    dense_quarter: Annotated[Factors, Fact("dense_quarter")],
    p: HeatIslandParams,
) -> HeatIsland:
    """Return the summer mean of the daily largest heat island in a compact quarter without plants [K].

    UHI = (2 - SVF - f_veg) (S DTR³ / U)^¼ with SVF sky view and f_veg vegetation of that quarter,
    S daily mean global radiation over air density and heat capacity [K m s-1], DTR daily
    temperature range [K], U daily mean wind at 10 m [m s-1], each outside the city. The largest
    heat island comes in the evening, 3 to 5 h after sunset; add it to the air of those hours, not to a day's mean.
    Raises InputError where a series is no full year of 8 760 hours.
    """
    days = summer_days(by_day(dry_bulb).ravel(), latitude)
    air = by_day(dry_bulb, first_hour=MORNING)[days]
    sun = by_day(global_horizontal)[days].mean(axis=1) / (AIR_DENSITY * HEAT_CAPACITY)
    wind = np.maximum(by_day(wind_speed, first_hour=MORNING)[days].mean(axis=1), p.calm)
    span = air.max(axis=1) - air.min(axis=1)
    form = 2.0 - dense_quarter["sky_view"] - dense_quarter["vegetation"]
    return HeatIsland(float(np.mean(form * (sun * span**3 / wind) ** 0.25)))
