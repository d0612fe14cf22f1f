"""Light of a year on facades and a flat roof, apart by where it comes from, and behind glass."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.climate.solar import Sky, Sun, irradiance_on_tilted
from citybraid.kernels.climate.solar_glass import Glazing, diffuse_properties, solar_properties

Array = NDArray[np.float64]

STEEPEST = 1e6
"""Tangent that stands for a sun in the plane of a facade."""


class Light(NamedTuple):
    """Light by hour as the zone kernel's `Weather` needs it, under the same names."""

    diffuse: Array
    diffuse_roof: Array
    reflected: Array
    direct: Array
    through: Array
    absorbed: Array
    diffuse_glass: Array
    profile: Array
    side: Array
    elevation: Array
    sector: NDArray[np.int64]
    lit: NDArray[np.int64]
    lit_start: NDArray[np.int64]


def light_of_year(
    sun: Sun, sky: Sky, *, azimuths: tuple[float, ...], ground_albedo: float, glazing: Glazing, sectors: int
) -> Light:
    """Return the light on facades at azimuths [degree] and, as last facing, on a flat roof.

    Direct light is the beam and the sky's light around the sun of Perez et al. (1990), which
    obstacles block as they block the beam; the rest of the sky and the ground give diffuse light.
    """
    planes = [(90.0, azimuth) for azimuth in azimuths] + [(0.0, 0.0)]
    faces = [irradiance_on_tilted(sun, sky, tilt=t, azimuth=a, ground_albedo=ground_albedo) for t, a in planes]
    direct = np.stack([face.beam + face.circumsolar for face in faces])
    angle = np.stack([face.incidence for face in faces])
    normal, even = solar_properties(np.zeros(1), glazing), diffuse_properties(glazing)
    each = solar_properties(angle, glazing)
    height = np.radians(90.0 - sun.zenith)
    turn = np.radians(sun.azimuth[None, :] - np.array(azimuths)[:, None])
    across = np.maximum(np.cos(turn), 1 / STEEPEST)
    hours = [np.flatnonzero(row > 0) for row in direct]
    return Light(
        diffuse=np.maximum(faces[0].sky - faces[0].circumsolar, 0.0),
        diffuse_roof=np.maximum(faces[-1].sky - faces[-1].circumsolar, 0.0),
        reflected=faces[0].ground,
        direct=direct,
        through=direct * each.transmittance / normal.transmittance,
        absorbed=direct * each.inward / normal.inward,
        diffuse_glass=np.concatenate([even.transmittance / normal.transmittance, even.inward / normal.inward]),
        profile=np.minimum(np.tan(np.clip(height, 0.0, 1.57)) / across, STEEPEST),
        side=np.abs(np.sin(turn)) / across,
        elevation=height,
        sector=(np.asarray(sun.azimuth) / (360.0 / sectors)).astype(np.int64) % sectors,
        lit=np.concatenate(hours).astype(np.int64),
        lit_start=np.concatenate([[0], np.cumsum([each.size for each in hours])]).astype(np.int64),
    )
