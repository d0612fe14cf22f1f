"""Direct and diffuse sunlight from global radiation, where a file has no more than that."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from citybraid.sources.series.weather_hours import HOURS, LAST_HOUR, solar_elevation_sine

F64 = npt.NDArray[np.float64]

SOLAR_CONSTANT = 1361.0
"""[W m-2] (Kopp and Lean 2011)."""
LOWEST = 0.065
"""Least sine of the sun's elevation that global radiation is set against [-]: 3.7 degrees."""


def diffuse_share(clearness: F64) -> F64:
    """Return diffuse over global radiation by the clearness index (Erbs, Klein and Duffie 1982, eq. 1) [-]."""
    k = np.clip(clearness, 0.0, 1.0)
    middle = 0.9511 - 0.1604 * k + 4.388 * k**2 - 16.638 * k**3 + 12.336 * k**4
    return np.where(k <= 0.22, 1.0 - 0.09 * k, np.where(k <= 0.8, middle, 0.165))  # noqa: PLR2004  (the equation's own)


def direct_and_diffuse(place: Mapping[str, float], radiation: F64) -> tuple[F64, F64]:
    """Return direct normal and diffuse horizontal irradiance [W m-2] of 8 760 hours of global radiation.

    `place` holds latitude, longitude [degree] and time_zone [h]. With the sun lower than 3.7 degrees all light is
    diffuse, so that direct light times the sine of its height and diffuse light add up to what was given.
    """
    sine = solar_elevation_sine(place)
    turn = 2.0 * np.pi * (np.arange(HOURS) // LAST_HOUR) / 365.0
    above = SOLAR_CONSTANT * (1.0 + 0.033 * np.cos(turn)) * np.maximum(sine, LOWEST)
    share = np.where(sine > LOWEST, diffuse_share(radiation / above), 1.0)
    return normal_beam(sine, radiation * (1.0 - share)), np.asarray(radiation * share)


def normal_beam(sine: F64, level: F64) -> F64:
    """Return direct light on a plane normal to the sun from that of level ground, 0 with the sun near the horizon."""
    return np.where(sine > LOWEST, np.maximum(level, 0.0) / np.maximum(sine, LOWEST), 0.0)
