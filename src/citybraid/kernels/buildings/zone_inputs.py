"""Inputs of the zone kernel: exposure, weather, operation and plant of many zones."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Exposure(NamedTuple):
    """Exposure of each zone to the weather; one row per zone, one column per facing (roof last)."""

    wall_solar: Array
    """Rise of the walls' outer temperature per irradiance [K m2 W-1], (zones, facings)."""
    window_solar: Array
    """Heat through the windows per irradiance behind glass [m2], (zones, facings)."""
    wall_sky: Array
    """Fall of the walls' outer temperature per kelvin of sky depression [-]."""
    window_sky: Array
    """Fall of the windows' outer temperature per kelvin of sky depression [-]."""
    ground: Array
    """Share of the outer walls' conductance that faces the ground [-]."""
    leakage: Array
    """Conductance of infiltration [W K-1]."""


class Weather(NamedTuple):
    """Hourly mean weather, one row per hour."""

    air: Array
    """Outdoor air temperature [degC]."""
    ground: Array
    """Temperature below the floor [degC]."""
    sky: Array
    """Outdoor air less sky temperature [K]."""
    moisture: Array
    """Latent heat of outdoor air above indoor air, as kelvin of sensible heat [K]."""
    facing: Array
    """Irradiance on each facing [W m-2], (hours, facings)."""
    glazed: Array
    """The same behind glass, with incidence angle modifier [W m-2]."""


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
    """Each zone's floor area, class of use, and electricity per heat."""

    area: Array
    """Floor area [m2]."""
    kind: NDArray[np.int64]
    """Row of the zone's use in Operation."""
    heat_power: Array
    """Electricity per heat delivered [-]; 0 where heat is not electric."""
    cool_power: Array
    """Electricity per heat removed [-]."""
