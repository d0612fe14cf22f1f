"""Glazing of clear panes: transmittance and absorption by angle of incidence, and the heat that enters."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STEPS = 90
"""Bands of the hemisphere over which diffuse light is integrated."""


class Glazing(NamedTuple):
    """Equal, uncoated panes and the resistances that decide where absorbed heat goes."""

    transmittance: float
    """Solar transmittance of one pane at normal incidence [-]."""
    reflectance: float
    """Solar reflectance of one pane at normal incidence [-]."""
    panes: int
    u: float
    """Thermal transmittance with both films [W m-2 K-1]."""
    inside: float
    """Film inside, convection and radiation [W m-2 K-1]."""
    outside: float
    """Film outside [W m-2 K-1]."""


CLEAR_DOUBLE = Glazing(0.834, 0.075, 2, 2.7, 7.7, 25.0)
"""Two clear panes of 3 mm (ANSI/ASHRAE 140-2020, window of case 600) between the films of EN ISO 6946."""


class Solar(NamedTuple):
    """Solar properties at angles of incidence [-]: light that passes, and absorbed heat that enters."""

    transmittance: Array
    inward: Array


def pane_constants(transmittance: float, reflectance: float) -> tuple[float, float]:
    """Return refractive index and absorption at normal incidence (optical depth) of a pane, from its properties.

    Inverts T = a (1 - r)² / (1 - r² a²) and R = r (1 + a T) (Duffie and Beckman 2013, eq. 5.3.1 and 5.3.2; Rubin 1985).
    """
    face = reflectance / 2
    passed = transmittance
    for _ in range(100):
        face = reflectance / (1 + passed * transmittance)
        base = (1 - face) ** 2
        passed = (np.sqrt(base**2 + 4 * (face * transmittance) ** 2) - base) / (2 * face**2 * transmittance)
    root = np.sqrt(face)
    return float((1 + root) / (1 - root)), float(-np.log(passed))


def solar_properties(incidence: Array, glazing: Glazing) -> Solar:
    """Return what passes and what is absorbed and enters at angles of incidence [degree].

    Fresnel reflection for both polarisations and Bouguer absorption in each pane (Duffie and Beckman 2013,
    eq. 5.1.1 to 5.3.3), multiple reflections between panes by a net balance of fluxes (EN 410); of the heat absorbed
    in a pane, the share enters that its resistance to the outdoors has in the whole (ISO 15099, sec. 4).
    """
    index, depth = pane_constants(glazing.transmittance, glazing.reflectance)
    angle = np.radians(np.clip(np.abs(incidence), 1e-3, 89.99))
    refracted = np.arcsin(np.sin(angle) / index)
    passed = np.exp(-depth / np.cos(refracted))
    gap = max(1 / glazing.u - 1 / glazing.inside - 1 / glazing.outside, 0.0) / max(glazing.panes - 1, 1)
    enters = [glazing.u * (1 / glazing.outside + pane * gap) for pane in range(glazing.panes)]
    whole, inward = np.zeros_like(angle), np.zeros_like(angle)
    faces = (
        (np.sin(refracted - angle) / np.sin(refracted + angle)) ** 2,
        (np.tan(refracted - angle) / np.tan(refracted + angle)) ** 2,
    )
    for face in faces:
        through = passed * (1 - face) ** 2 / (1 - (face * passed) ** 2)
        back = face * (1 + passed * through)
        light, absorbed = _stack(through, back, glazing.panes)
        whole += light / 2
        inward += sum(share * heat for share, heat in zip(enters, absorbed, strict=True)) / 2
    front = np.abs(incidence) < 90.0
    return Solar(np.where(front, whole, 0.0), np.where(front, inward, 0.0))


def _stack(through: Array, back: Array, panes: int) -> tuple[Array, list[Array]]:
    """Return what equal panes in a row transmit, and what each absorbs, outermost first."""
    behind = [np.zeros_like(through)]
    for _ in range(panes):
        behind.insert(0, back + through**2 * behind[0] / (1 - back * behind[0]))
    down, absorbed = np.ones_like(through), []
    for pane in range(panes):
        below = through * down / (1 - back * behind[pane + 1])
        absorbed.append((1 - through - back) * (down + below * behind[pane + 1]))
        down = below
    return down, absorbed


def diffuse_properties(glazing: Glazing) -> Solar:
    """Return what passes and what enters of diffuse light, integrated over the hemisphere (Lambert)."""
    angle = (np.arange(STEPS) + 0.5) * 90.0 / STEPS
    weight = np.sin(2 * np.radians(angle))
    each = solar_properties(angle, glazing)
    return Solar(*(np.array([(values * weight).sum() / weight.sum()]) for values in each))
