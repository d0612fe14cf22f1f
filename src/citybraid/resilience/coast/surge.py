"""Storm surge at a coast by inverse barometer effect and wind set-up: a screening value."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.cyclone import (
    HIGH_TIDE,
    SEA_LEVEL,
    SEA_LEVEL_PEAK,
    SEA_LEVEL_RISE,
    SITE_PRESSURE,
    SITE_WIND,
    SITE_WIND_FROM,
    SURGE,
    SURGE_HEIGHT,
)
from citybraid.kernels.climate.cyclone import EARTH_ROTATION, HOUR, HPA, KILOMETRE
from citybraid.kernels.numerics.gravity import GRAVITY

Floats = NDArray[np.float64]


class SurgeParams(Params):
    """The coast and the shelf before it; they have no default."""

    seaward: float = Field(ge=0.0, le=360.0)
    """Where the open sea lies, square to the coast, clockwise from north [degree]."""
    shelf_width: float = Field(gt=0.0, le=1000.0)
    """Distance over which the wind piles the water up: to the shelf's edge, or across the bay [km]."""
    shelf_depth: float = Field(gt=0.0, le=500.0)
    """Mean depth over that distance [m]."""
    latitude: float | None = Field(None, ge=-90.0, le=90.0)
    """Latitude of the coast, north positive [degree], by which the earth turns water that the wind drives along the
    shore ashore or off it; where not given, that is left out."""


class Surge(NamedTuple):
    """Surge and sea level at the coast."""

    surge: SURGE
    surge_height: SURGE_HEIGHT
    sea_level: SEA_LEVEL
    sea_level_peak: SEA_LEVEL_PEAK


@model(
    version=3,
    cite="Dean and Dalrymple (1991), Water Wave Mechanics for Engineers and Scientists, ch. 5 (set-up); Wu (1982), "
    "J. Geophys. Res. 87: 9704-9706 (drag); Powell et al. (2003), Nature 422: 279-283 (its limit); Bodine (1971), "
    "CERC Tech. Memo. 35, eq. 16 and 24 (water along the shore)",
    validity="Screening on open, straight coasts: no bays that funnel, no waves, no rivers, no tide that the surge "
    "changes; the wind must have blown long enough to hold the slope; water moves along the shore as if it went on.",
)
def surge(
    *,
    site_wind: SITE_WIND,
    site_wind_from: SITE_WIND_FROM,
    site_pressure: SITE_PRESSURE,
    high_tide: HIGH_TIDE,
    coast: Annotated[Factors, Fact("surge")],
    typhoon: Annotated[Factors, Fact("typhoon_wind")],
    p: SurgeParams,
    sea_level_rise: SEA_LEVEL_RISE | None = None,
) -> Surge:
    """Return the storm surge by pressure and wind above the tide, and the resulting sea level.

    Low pressure raises the water by dp / (rho g). Onshore wind stress balances a surface slope:
    over a shelf of depth h and width F the set-up is sqrt(h^2 + 2 tau F / (rho g)) - h, with the
    stress tau = rho_a C_d U^2 cos(angle) and C_d increasing with wind speed up to a limit; offshore wind lowers the
    level. With a `latitude`, wind along the shore drives a transport V, dV/dt = tau_s / rho - K V |V| / h^2, at rest
    when the series begins, and f V adds to the onshore stress over rho (bathystrophic surge). The sea level adds the
    surge to `high_tide` and `sea_level_rise` (none where not given): the worst phase of the tide. Waves and
    overtopping are not included. Raises InputError where series differ or a step is not above 0.
    """
    if not len(site_wind) == len(site_wind_from) == len(site_pressure) or not len(site_wind):
        raise InputError("surge.series", counts=[len(site_wind), len(site_wind_from), len(site_pressure)])
    if not coast["longest_step"] > 0.0:
        raise InputError("surge.step", got=coast["longest_step"])
    speed, wind_from = site_wind.to_numpy(np.float64), site_wind_from.to_numpy(np.float64)
    drag = np.minimum(coast["drag_constant"] + coast["drag_slope"] * speed, coast["drag_most"])
    stress = typhoon["air_density"] * drag * speed**2 / coast["water_density"]
    off = np.deg2rad(wind_from - p.seaward)
    push = stress * np.cos(off)
    if p.latitude is not None:
        hours = site_wind.index.to_numpy(np.float64)
        along = alongshore_transport(
            hours * HOUR, -stress * np.sin(off), p.shelf_depth, coast["bottom_friction"], coast["longest_step"]
        )
        push = push + 2.0 * EARTH_ROTATION * np.sin(np.deg2rad(p.latitude)) * along
    pressure_rise = (
        (typhoon["ambient_pressure"] - site_pressure.to_numpy(np.float64)) * HPA / (coast["water_density"] * GRAVITY)
    )
    total = pressure_rise + set_up(push, width=p.shelf_width * KILOMETRE, depth=p.shelf_depth)
    level = total + high_tide + (0.0 if sea_level_rise is None else sea_level_rise)
    series = pd.Series(total, index=site_wind.index)
    return Surge(series, float(total.max()), pd.Series(level, index=site_wind.index), float(level.max()))


def set_up(stress: Floats, *, width: float, depth: float) -> Floats:
    """Return the wind set-up at the coast [m] of a kinematic `stress` [m2 s-2] over a shelf of constant depth.

    The steady balance (h + eta) d eta / dx = stress / g, no set-up at the shelf edge; set-down is limited by the bed.
    """
    square = depth**2 + 2.0 * stress * width / GRAVITY
    return np.asarray(np.sqrt(np.maximum(square, 0.0)) - depth, dtype=np.float64)


def alongshore_transport(times: Floats, stress: Floats, depth: float, friction: float, longest_step: float) -> Floats:
    """Return the transport along the shore [m2 s-1], the sea to the left of its way, at rest at the first time.

    `stress` is the kinematic stress of the wind along the shore [m2 s-2], linear between `times` [s]. Bodine (1971),
    eq. 16: dV/dt = stress - K V |V| / h^2, by the trapezoidal rule in steps of at most `longest_step` [s], where
    friction before a step takes all at most.
    """
    transport = np.zeros(times.size)
    for k in range(1, times.size):
        count = max(int(np.ceil((times[k] - times[k - 1]) / longest_step)), 1)
        step = (times[k] - times[k - 1]) / count
        drag, flow = 0.5 * step * friction / depth**2, transport[k - 1]
        for part in range(count):
            share = (part + 0.5) / count
            pushed = step * ((1.0 - share) * stress[k - 1] + share * stress[k])
            pushed += flow * (1.0 - min(drag * abs(flow), 1.0))
            flow = 2.0 * pushed / (1.0 + np.sqrt(1.0 + 4.0 * drag * abs(pushed)))
        transport[k] = flow
    return transport
