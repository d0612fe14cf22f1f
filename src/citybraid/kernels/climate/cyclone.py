"""Wind and pressure of a tropical cyclone: Holland's profile, its radius and shape, and the winds along a track."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EARTH_RADIUS = 6371.0e3
"""Mean radius of the earth [m]."""
EARTH_ROTATION = 7.2921e-5
"""Angular speed of the earth [s-1]."""
HPA = 100.0
KILOMETRE = 1000.0
HOUR = 3600.0
NEAREST = 1.0
"""Least distance from the centre [m]."""


class Vortex(NamedTuple):
    """Wind and pressure at places (last axis) over time (first axis)."""

    east: Floats
    """Eastward wind, of the vortex and its share of the translation [m s-1]."""
    north: Floats
    pressure: Floats
    """[hPa]"""


class Track(NamedTuple):
    """A cyclone's centre at a constant step."""

    latitude: Floats
    longitude: Floats
    deficit: Floats
    """Pressure deficit to the surroundings [hPa], not negative."""
    radius: Floats
    """Radius of maximum wind [m]."""
    shape: Floats
    """Holland's B [-]."""
    step: float
    """[h]"""


def coriolis(latitude: Floats) -> Floats:
    """Return the Coriolis parameter [s-1], positive in both hemispheres."""
    return np.asarray(2.0 * EARTH_ROTATION * np.sin(np.deg2rad(np.abs(latitude))), dtype=np.float64)


def gradient_wind(distance: Floats, track: Track, *, density: float) -> Floats:
    """Return the gradient wind [m s-1] at distances [m] (time × place) by Holland (1980), eq. 5.

    V = sqrt(B dp / rho (R/r)^B exp(-(R/r)^B) + (r f / 2)^2) - r f / 2.
    """
    ratio = (track.radius[:, None] / distance) ** track.shape[:, None]
    turning = 0.5 * distance * coriolis(track.latitude)[:, None]
    driven = track.shape[:, None] * track.deficit[:, None] * HPA / density * ratio * np.exp(-ratio)
    return np.asarray(np.sqrt(driven + turning**2) - turning, dtype=np.float64)


def distance_and_bearing(latitude: Floats, longitude: Floats, track: Track) -> tuple[Floats, Floats]:
    """Return distance [m] and bearing from the centre [rad, clockwise from north] of places at each time."""
    centre_latitude, latitude_rad = np.deg2rad(track.latitude)[:, None], np.deg2rad(latitude)[None, :]
    longitude_difference = np.deg2rad(longitude[None, :] - track.longitude[:, None])
    haversine = (
        np.sin((latitude_rad - centre_latitude) / 2.0) ** 2
        + np.cos(centre_latitude) * np.cos(latitude_rad) * np.sin(longitude_difference / 2.0) ** 2
    )
    distance = 2.0 * EARTH_RADIUS * np.arcsin(np.minimum(np.sqrt(haversine), 1.0))
    bearing = np.arctan2(
        np.sin(longitude_difference) * np.cos(latitude_rad),
        np.cos(centre_latitude) * np.sin(latitude_rad)
        - np.sin(centre_latitude) * np.cos(latitude_rad) * np.cos(longitude_difference),
    )
    return np.maximum(distance, NEAREST), bearing


def motion(track: Track) -> tuple[Floats, Floats]:
    """Return the centre's speed to the east and north [m s-1], by central differences."""
    if track.latitude.size < 2:
        return np.zeros(1), np.zeros(1)
    scale = EARTH_RADIUS * np.pi / 180.0 / (track.step * HOUR)
    unwrapped = np.unwrap(track.longitude, period=360.0)
    east = np.gradient(unwrapped) * np.cos(np.deg2rad(track.latitude)) * scale
    return np.asarray(east, dtype=np.float64), np.asarray(np.gradient(track.latitude) * scale, dtype=np.float64)


def winds(
    latitude: Floats, longitude: Floats, track: Track, *, density: float, factor: float, inflow: float, share: float
) -> Vortex:
    """Return surface wind and pressure deficit at places along a track.

    The gradient wind times the surface `factor`, turned inward by `inflow` [degree], anticlockwise north of the
    equator; plus `share` of the translation speed, weighted by the vortex wind (1 at its maximum).
    Pressure is that of the surroundings less dp (1 - exp(-(R/r)^B)), returned as a deficit.
    """
    distance, bearing = distance_and_bearing(latitude, longitude, track)
    speed = gradient_wind(distance, track, density=density)
    most = gradient_wind(track.radius[:, None], track, density=density)
    weight = np.divide(speed, most, out=np.zeros_like(speed), where=most > 0.0)
    side = np.where(track.latitude < 0.0, -1.0, 1.0)[:, None]
    heading = bearing - side * (np.pi / 2.0 + np.deg2rad(inflow))
    east, north = motion(track)
    ratio = (track.radius[:, None] / distance) ** track.shape[:, None]
    return Vortex(
        factor * speed * np.sin(heading) + share * weight * east[:, None],
        factor * speed * np.cos(heading) + share * weight * north[:, None],
        track.deficit[:, None] * (1.0 - np.exp(-ratio)),
    )
