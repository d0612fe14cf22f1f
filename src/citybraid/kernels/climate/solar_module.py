"""A photovoltaic module: transmittance of its cover, cell temperature, power (PVWatts version 5)."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.climate.solar import GLASS_INDEX, Tilted

Array = NDArray[np.float64]

COATING_INDEX = 1.3
"""Refractive index of the anti-reflective coating (PVWatts version 5, sec. 5)."""
EXTINCTION, THICKNESS = 4.0, 0.002
"""Extinction coefficient of module glass [m-1] and its thickness [m] (De Soto et al. 2006)."""
STANDARD_LIGHT, STANDARD_CELL = 1000.0, 25.0
"""Irradiance [W m-2] and cell temperature [degC] of the rating."""
HEAT_A, HEAT_B, CELL_RISE = -3.56, -0.0750, 3.0
"""Open rack, glass and polymer sheet (King et al. 2004, SAND2004-3535, table 2)."""
LOAD_A, LOAD_B, LOAD_C, REFERENCE_EFFICIENCY = -0.0162, -0.0059, 0.9858, 0.9637
"""Part-load curve of inverters (PVWatts version 5, eq. 12)."""


def transmitted_irradiance(light: Tilted) -> Array:
    """Return the irradiance that reaches the cells [W m-2], with the beam's reflection loss at oblique incidence.

    PVWatts version 5, eq. 4 to 6: Fresnel reflection at coating and glass, Bouguer absorption in the glass; relative to
    normal incidence.
    """
    return np.asarray(light.total - (1 - cover_share(light.incidence)) * light.beam, dtype=np.float64)


def cover_share(incidence: Array) -> Array:
    """Return the cover's transmittance over that at normal incidence, for beam at an angle [degree]; 1 from behind."""
    share = _cover_transmittance(incidence) / _cover_transmittance(np.array([1e-3]))
    return np.asarray(np.where(incidence < 90.0, share, 1.0), dtype=np.float64)


def _cover_transmittance(incidence: Array) -> Array:
    """Return the transmittance of coating and glass, mean of both polarisations.

    Light reflected at the glass returns from the coating's face, over and over (geometric series).
    """
    angle = np.radians(np.clip(incidence, 1e-3, 89.9))
    coat = np.arcsin(np.sin(angle) / COATING_INDEX)
    glass = np.arcsin(COATING_INDEX * np.sin(coat) / GLASS_INDEX)
    passed = np.zeros_like(angle)
    for outer, inner in zip(_reflectances(angle, coat), _reflectances(coat, glass), strict=True):
        passed += 0.5 * (1 - outer) * (1 - inner) / (1 - outer * inner)
    return np.asarray(passed * np.exp(-EXTINCTION * THICKNESS / np.cos(glass)), dtype=np.float64)


def _reflectances(before: Array, after: Array) -> tuple[Array, Array]:
    """Return the reflectance of a face for perpendicular and parallel polarisation (Fresnel)."""
    perpendicular = (np.sin(after - before) / np.sin(after + before)) ** 2
    parallel = (np.tan(after - before) / np.tan(after + before)) ** 2
    return np.asarray(perpendicular, dtype=np.float64), np.asarray(parallel, dtype=np.float64)


def cell_temperature(light: Array, *, air: Array, wind: Array) -> Array:
    """Return the cell temperature [degC] from irradiance [W m-2], air [degC] and wind [m s-1].

    King et al. (2004), eq. 11 and 12.
    """
    return np.asarray(light * cell_rise(wind) + air, dtype=np.float64)


def cell_rise(wind: Array) -> Array:
    """Return the cell's rise above the air per irradiance [K m2 W-1], by wind [m s-1].

    King et al. (2004), eq. 11 and 12.
    """
    return np.asarray(np.exp(HEAT_A + HEAT_B * wind) + CELL_RISE / STANDARD_LIGHT, dtype=np.float64)


def alternating_power(direct: Array, *, over: float, efficiency: float) -> Array:
    """Return the inverter's output per rated power of modules [-] from their output [-].

    `over` is module over inverter rating, `efficiency` nominal (PVWatts version 5, eq. 10 to 13).
    """
    rated = 1.0 / (over * efficiency)
    load = np.clip(direct / rated, 1e-9, None)
    curve = efficiency / REFERENCE_EFFICIENCY * (LOAD_A * load + LOAD_B / load + LOAD_C)
    return np.asarray(np.clip(np.where(direct > 0, curve * direct, 0.0), 0.0, efficiency * rated), dtype=np.float64)
