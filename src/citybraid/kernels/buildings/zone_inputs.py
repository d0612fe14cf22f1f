"""Inputs of the zone kernel: exposure of buildings, weather, operation, and plant of zones."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SECTORS = 36
"""Sectors of azimuth in which a horizon is given, 10 degrees each, clockwise from north."""


class Exposure(NamedTuple):
    """Exposure of each building to the weather; one row per building, one column per facing (roof last)."""

    wall_solar: Array
    """Rise of the walls' outer temperature per irradiance [K m2 W-1], (buildings, facings)."""
    window_through: Array
    """Sun through the windows per irradiance at normal incidence: area times transmittance [m2]."""
    window_absorbed: Array
    """Rise of the windows' outer temperature per irradiance: heat absorbed that enters, over U·A [K m2 W-1]."""
    sky_view: Array
    """Share of the sky's light that the horizon leaves to each facing [-]."""
    overhang: Array
    """Depth of the overhang over the height of the window [-]."""
    gap: Array
    """Height of the overhang above the window's top, over the height of the window [-]."""
    fin: Array
    """Depth of the fins at both sides over the width of the window [-]."""
    horizon: NDArray[np.float32]
    """Height of the horizon before each facade [rad], (buildings, facades, SECTORS, bands); no bands: open."""
    crown: NDArray[np.float32]
    """Height of the crowns of trees before each facade [rad], as `horizon`; no bands: no trees."""
    crown_hides: NDArray[np.float32]
    """Share of the light between horizon and crown's top that crowns hold back [-]."""
    blind_above: Array
    """Irradiance on a window above which its blind is drawn [W m-2]; infinite without blinds."""
    blind_warm: Array
    """Outdoor air temperature from which blinds are drawn [degC]; minus infinity where they are in all weather."""
    blind_through: Array
    """Sun through the window with drawn blind over that without [-]."""
    blind_absorbed: Array
    """Absorbed heat that enters with drawn blind over that without [-]."""
    wall_sky: Array
    """Fall of the walls' outer temperature per kelvin of sky depression [-]."""
    window_sky: Array
    """Fall of the windows' outer temperature per kelvin of sky depression [-]."""
    ground: Array
    """Share of the outer walls' conductance that faces the ground [-]."""
    ground_swing: Array
    """The same times the share of the outdoor air's yearly swing felt there [-] (EN ISO 13370)."""


class Weather(NamedTuple):
    """Hourly mean weather, one entry per hour; what depends on the facing has a row each (roof last)."""

    air: Array
    """Outdoor air temperature [degC]."""
    ground: Array
    """Mean temperature of the ground below the floor [degC]."""
    ground_swing: Array
    """Yearly swing of outdoor air about its mean, as it arrives below the floor [K]."""
    sky: Array
    """Outdoor air less sky temperature [K]."""
    moisture: Array
    """Latent heat of outdoor air above indoor air, as kelvin of sensible heat [K]."""
    diffuse: Array
    """Light of the sky on an open wall, without that around the sun [W m-2]."""
    diffuse_roof: Array
    """The same on a roof [W m-2]."""
    reflected: Array
    """Light of the ground on a wall [W m-2]."""
    direct: Array
    """Light of the sun and of the sky around it on each facing [W m-2], (facings, hours)."""
    through: Array
    """The same times the glass's transmittance over that at normal incidence [W m-2]."""
    absorbed: Array
    """The same times the glass's absorption over that at normal incidence [W m-2]."""
    diffuse_glass: Array
    """Transmittance and absorption of diffuse light, each over that at normal incidence [-]; (2,)."""
    profile: Array
    """Tangent of the sun's height in the plane across each facade [-], (facades, hours)."""
    side: Array
    """Tangent of the angle between sun and facade in plan, without sign [-], (facades, hours)."""
    elevation: Array
    """Height of the sun [rad]."""
    sector: NDArray[np.int64]
    """Sector of azimuth in which the sun stands."""
    lit: NDArray[np.int64]
    """Hours in which each facing has direct light, facing after facing."""
    lit_start: NDArray[np.int64]
    """First place of each facing in `lit`, then their total number."""


class Operation(NamedTuple):
    """Hourly operation of each use class, per floor area; (classes, hours)."""

    convective: Array
    """Heat gains to the air [W m-2]."""
    radiative: Array
    """Heat gains to the surfaces [W m-2]."""
    latent: Array
    """Latent heat of people [W m-2]."""
    ventilation: Array
    """Conductance of fresh air [W K-1 m-2]."""
    heat_below: Array
    """Set point of heating [degC]."""
    cool_above: Array
    """Set point of cooling [degC]."""
    plugs: Array
    """Electricity of lights and equipment [W m-2]."""


class Plant(NamedTuple):
    """Each zone's floor area, class of use, air leakage, and plant."""

    area: Array
    """Floor area [m2]."""
    kind: NDArray[np.int64]
    """Row of the zone's use in Operation."""
    part: Array
    """Share of the building's windows, floor and fabric [-]."""
    leakage: Array
    """Conductance of infiltration [W K-1]."""
    heat_power: Array
    """Electricity per heat delivered [-]; 0 where heat is not electric."""
    cool_power: Array
    """Electricity per heat removed [-]."""
    heat_limit: Array
    """Highest heating power [W]; infinite where unlimited."""
    cool_limit: Array
    """Highest sensible cooling power [W]; infinite where unlimited."""
    system: NDArray[np.int64]
    """Row of the zone's plant in Rates."""
    heat_cycling: Array
    """Loss of efficiency in part load, heating: the coefficient of EN 14825 [-]; 0 without."""
    cool_cycling: Array
    """The same, cooling [-]."""
    heat_surface: Array
    """Share of the heat delivered that the inner surface gives off, the rest being given to the air [-]."""
    cool_surface: Array
    """Share of the heat removed that the inner surface takes up [-]; such a surface removes no moisture."""


class Rates(NamedTuple):
    """Electricity of plant per heat in each hour over that at the conditions of its efficiency [-]; (plants, hours)."""

    heating: Array
    cooling: Array
