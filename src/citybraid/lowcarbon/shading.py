"""Shade of windows: overhangs, fins and blinds."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.lowcarbon.climate import AZIMUTHS

Array = NDArray[np.float64]

OUTER_FILM, INNER_FILM, BLIND_GAP = 5.0, 10.0, 30.0
"""Conductances G1, G2 of a blind outside and G2 of one inside [W m-2 K-1] (EN 13363-1:2003, sec. 5)."""


class Shading(NamedTuple):
    """Devices at each building's windows; depth over height or width of the window, (buildings, facades)."""

    overhang: Array
    gap: Array
    fin: Array
    blind_above: Array
    """Irradiance on a window above which its blind is drawn [W m-2]; infinite without."""
    blind_through: Array
    blind_absorbed: Array


class Blind(NamedTuple):
    """A blind: solar transmittance and reflectance [-], and whether it hangs outside."""

    transmittance: float
    reflectance: float
    outside: bool


def no_shading(count: int) -> Shading:
    """Return windows without overhangs, fins and blinds."""
    none, plain = np.zeros((count, len(AZIMUTHS))), np.ones(count)
    return Shading(none, none, none, np.full(count, np.inf), plain, plain)


def blind_factors(blind: Blind, *, gain: float, through: float, u: float) -> tuple[float, float]:
    """Return what a drawn blind makes of the sun through a window and of the absorbed heat that enters.

    Both are shares of those without blind. `gain` and `through` are the solar heat gain coefficient and the
    transmittance of the window, `u` its thermal transmittance [W m-2 K-1]. EN 13363-1:2003, eq. 4 (outside) and 6
    (inside) give the gain with blind; the sun that still passes directly is the product of both transmittances.
    """
    absorbed = 1 - blind.transmittance - blind.reflectance
    direct = blind.transmittance * through
    if blind.outside:
        flow = 1 / (1 / u + 1 / OUTER_FILM + 1 / INNER_FILM)
        total = (
            blind.transmittance * gain
            + absorbed * flow / INNER_FILM
            + blind.transmittance * (1 - gain) * flow / OUTER_FILM
        )
    else:
        flow = 1 / (1 / u + 1 / BLIND_GAP)
        total = gain * (1 - gain * blind.reflectance - absorbed * flow / BLIND_GAP)
    total = min(total, gain)
    return blind.transmittance, max(total - direct, 0.0) / max(gain - through, 1e-9)
