"""Radiance of the sky by sector of azimuth and band of height: diffuse sunlight and long-wave radiation."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

SECTORS = 32
BANDS = 9
WIDTH = 0.5 * np.pi / BANDS
"""Height of a band [rad]."""
SIDE, END = 0.88 / np.pi, 0.06
"""Share of an upright person's surface that a ray meets: SIDE cos + END sin of its height (VDI 3787-2: each of four
sides counts 0.22, head and feet 0.06); over all directions it integrates to pi."""
STEFAN_BOLTZMANN = 5.670374e-8
"""[W m-2 K-4]."""
CLEARNESS = np.array([1.065, 1.23, 1.5, 1.95, 2.8, 4.5, 6.2])
"""Upper limits of the classes of sky clearness (Perez et al. 1993, table 1)."""
PEREZ = np.array([
    [1.3525, -0.2576, -0.2690, -1.4366, -0.7670, 0.0007, 1.2734, -0.1233, 2.8000, 0.6004,
     1.2375, 1.0000, 1.8734, 0.6297, 0.9738, 0.2809, 0.0356, -0.1246, -0.5718, 0.9938],
    [-1.2219, -0.7730, 1.4148, 1.1016, -0.2054, 0.0367, -3.9128, 0.9156, 6.9750, 0.1774,
     6.4477, -0.1239, -1.5798, -0.5081, -1.7812, 0.1080, 0.2624, 0.0672, -0.2190, -0.4285],
    [-1.1000, -0.2515, 0.8952, 0.0156, 0.2782, -0.1812, -4.5000, 1.1766, 24.7219, -13.0812,
     -37.7000, 34.8438, -5.0000, 1.5218, 3.9229, -2.6204, -0.0156, 0.1597, 0.4199, -0.5562],
    [-0.5484, -0.6654, -0.2672, 0.7117, 0.7234, -0.6219, -5.6812, 2.6297, 33.3389, -18.3000,
     -62.2500, 52.0781, -3.5000, 0.0016, 1.1477, 0.1062, 0.4659, -0.3296, -0.0876, -0.0329],
    [-0.6000, -0.3566, -2.5000, 2.3250, 0.2937, 0.0496, -5.6812, 1.8415, 21.0000, -4.7656,
     -21.5906, 7.2492, -3.5000, -0.1554, 1.4062, 0.3988, 0.0032, 0.0766, -0.0656, -0.1294],
    [-1.0156, -0.3670, 1.0078, 1.4051, 0.2875, -0.5328, -3.8500, 3.3750, 14.0000, -0.9999,
     -7.1406, 7.5469, -3.4000, -0.1078, -1.0750, 1.5702, -0.0672, 0.4016, 0.3017, -0.4844],
    [-1.0000, 0.0211, 0.5025, -0.5119, -0.3000, 0.1922, 0.7023, -1.6317, 19.0000, -5.0000,
     1.2438, -1.9094, -4.0000, 0.0250, 0.3844, 0.2656, 1.0468, -0.3788, -2.4517, 1.4656],
    [-1.0500, 0.0289, 0.4260, 0.3590, -0.3250, 0.1156, 0.7781, 0.0025, 31.0625, -14.5000,
     -46.1148, 55.3750, -7.2312, 0.4050, 13.3500, 0.6234, 1.5000, -0.6426, 1.8564, 0.5636],
])  # fmt: skip
"""Coefficients a1-a4, b1-b4, c1-c4, d1-d4, e1-e4 of the relative luminance, by class of clearness
(Perez, Seals and Michalsky 1993, Solar Energy 50: 235-245, table 1)."""
MARTIN_BERDAHL = 0.308
"""Growth of a clear sky's emissivity towards the horizon in the form of Martin and Berdahl (1984, Solar Energy 33:
321-336), over all wavelengths: Angstrom's of 1915, which SOLWEIG takes after Nahon et al. (2019). 1.8 is that of the
atmospheric window and leaves the sides of a person with 0.44 of what the level ground misses; six directions measured
on a square say 0.60 to 0.65, this one 0.69 without walls [-]."""


class Patches(NamedTuple):
    """Middle of each band and sector [rad], and weights of the bands of one sector."""

    height: F64
    azimuth: F64
    ground: F64
    """Irradiance of level ground by a band of unit radiance [sr]; over all sectors and bands pi."""
    person: F64
    """Irradiance of an upright person, mean over the surface, by a band of unit radiance [sr]; over the sky pi / 2."""


def patches() -> Patches:
    """Return the patches of the sky; the integrals over each band are exact."""
    edge = np.asarray(np.linspace(0.0, 0.5 * np.pi, BANDS + 1), np.float64)
    low, high = edge[:-1], edge[1:]
    turn = 2.0 * np.pi / SECTORS
    level = 0.5 * (np.sin(high) ** 2 - np.sin(low) ** 2)
    upright = 0.5 * (high - low) + 0.25 * (np.sin(2.0 * high) - np.sin(2.0 * low))
    return Patches(
        0.5 * (low + high),
        np.asarray(turn * (np.arange(SECTORS) + 0.5), np.float64),
        turn * level,
        turn * (SIDE * upright + END * level),
    )


def person_share(height: F64) -> F64:
    """Return the irradiance of an upright person, mean over the surface, by a beam of 1 W m-2 from a height [rad]."""
    return np.asarray(SIDE * np.cos(height) + END * np.abs(np.sin(height)), np.float64)


def angle_between(height: F64, azimuth: F64, sun_height: float, sun_azimuth: float) -> F64:
    """Return the angle between a direction and the sun [rad]."""
    cosine = np.sin(height) * np.sin(sun_height) + np.cos(height) * np.cos(sun_height) * np.cos(azimuth - sun_azimuth)
    return np.asarray(np.arccos(np.clip(cosine, -1.0, 1.0)), np.float64)


def diffuse_radiance(
    diffuse: float, direct: float, sun_height: float, sun_azimuth: float, air_mass: float, extraterrestrial: float
) -> F64:
    """Return the radiance of diffuse sunlight (SECTORS, BANDS) [W m-2 sr-1] (Perez et al. 1993, eq. 1 to 8).

    `diffuse` on level ground and `direct` on a plane normal to the sun [W m-2]; together the patches give the ground
    what `diffuse` says. With the sun down the sky is even.
    """
    sky = patches()
    even = np.full((SECTORS, BANDS), 1.0)
    if diffuse <= 0.0:
        return np.zeros((SECTORS, BANDS))
    if sun_height <= 0.0 or not np.isfinite(air_mass):
        return even * diffuse / np.pi
    zenith = 0.5 * np.pi - sun_height
    bend = 1.041 * zenith**3
    clearness = ((diffuse + direct) / diffuse + bend) / (1.0 + bend)
    brightness = float(np.clip(diffuse * air_mass / extraterrestrial, 0.01, 0.6))
    k = PEREZ[int(np.searchsorted(CLEARNESS, clearness))].reshape(5, 4)
    a, b, c, d, e = (k[:, 0] + k[:, 1] * zenith + brightness * (k[:, 2] + k[:, 3] * zenith)).tolist()
    if clearness <= CLEARNESS[0]:
        c = np.exp((brightness * (k[2, 0] + k[2, 1] * zenith)) ** k[2, 2]) - k[2, 3]
        d = -np.exp(brightness * (k[3, 0] + k[3, 1] * zenith)) + k[3, 2] + brightness * k[3, 3]
    apart = angle_between(sky.height[None, :], sky.azimuth[:, None], sun_height, sun_azimuth)
    gradation = 1.0 + a * np.exp(b / np.sin(sky.height))[None, :]
    indicatrix = 1.0 + c * np.exp(d * apart) + e * np.cos(apart) ** 2
    relative = np.maximum(gradation * indicatrix, 0.0)
    whole = float((relative * sky.ground).sum())
    return relative * (diffuse / whole) if whole > 0.0 else even * diffuse / np.pi


def clear_sky_emissivity(air: F64, vapour_pressure: F64) -> F64:
    """Return the emissivity of a cloudless sky (Prata 1996, Q. J. R. Meteorol. Soc. 122: 1127-1151, eq. 16).

    `air` [degC], `vapour_pressure` [hPa].
    """
    water = 46.5 * vapour_pressure / (air + 273.15)
    return np.asarray(1.0 - (1.0 + water) * np.exp(-np.sqrt(1.2 + 3.0 * water)))


def sky_emissivity(clear: F64, cloud: F64) -> F64:
    """Return the emissivity below clouds (Crawford and Duchon 1999, J. Appl. Meteorol. 38: 474-480, eq. 12)."""
    return np.asarray(cloud + (1.0 - cloud) * clear)


def longwave_radiance(emissivity: F64, air: F64) -> F64:
    """Return the radiance of the sky's long-wave radiation by band and hour (BANDS, hours) [W m-2 sr-1].

    Towards the horizon the sky radiates more (Martin and Berdahl 1984, eq. 11); together the bands give level ground
    what `emissivity` says.
    """
    sky = patches()
    dark = np.exp(MARTIN_BERDAHL * (1.7 - 1.0 / np.sin(sky.height)))[:, None]
    share = SECTORS * sky.ground / np.pi
    dark = dark / float((dark[:, 0] * share).sum())
    away = (1.0 - emissivity)[None, :] * dark
    return np.asarray((1.0 - away) * STEFAN_BOLTZMANN * (air + 273.15)[None, :] ** 4 / np.pi)
