"""Windows of buildings by facing, and what shades them: overhangs, fins and blinds."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.lowcarbon.climate import AZIMUTHS
from citybraid.lowcarbon.envelope import Envelope

Array = NDArray[np.float64]

SIDES = ("north", "east", "south", "west")
"""Facings of AZIMUTHS, every other one, in the columns of window shares."""
BLIND = ("blind_transmittance", "blind_reflectance")
PLACES = ("outside", "inside")
OUTER_FILM, INNER_FILM, BLIND_GAP = 5.0, 10.0, 30.0
"""Conductances G1, G2 of a blind outside and G2 of one inside [W m-2 K-1] (EN 13363-1:2003, sec. 5)."""


class Shading(NamedTuple):
    """Devices at each building's windows; depth over height or width of the window, (buildings, facades)."""

    overhang: Array
    gap: Array
    fin: Array
    blind_above: Array
    """Irradiance on a window above which its blind is drawn [W m-2]; infinite without."""
    blind_warm: Array
    """Outdoor air temperature from which blinds are drawn [degC]; minus infinity: in all weather."""
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
    return Shading(none, none, none, np.full(count, np.inf), np.full(count, -np.inf), plain, plain)


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


def shading_of(buildings: pd.DataFrame, skin: Envelope, *, clear: float) -> Shading:
    """Return the devices at the buildings' windows by their columns; where a column or a cell is empty there is none.

    `clear` is the sun through the glass over all that enters. A blind is drawn above the
    `blind_irradiance` that is given, and from `blind_air_temperature` on where that is given too.
    Raises InputError for a blind without transmittance, reflectance or place, or whose shares exceed 1.
    """
    count, facades = len(buildings), len(AZIMUTHS)
    none = no_shading(count)

    def depth(name: str) -> Array:
        given = np.nan_to_num(_numbers(buildings, name, count), nan=0.0)
        return np.repeat(given[:, None], facades, axis=1)

    above = _numbers(buildings, "blind_irradiance", count)
    warm = _numbers(buildings, "blind_air_temperature", count)
    through, absorbed = none.blind_through.copy(), none.blind_absorbed.copy()
    for at in np.flatnonzero(np.isfinite(above)):
        gain = float(skin.gain[at])
        through[at], absorbed[at] = blind_factors(
            _blind(buildings, int(at)), gain=gain, through=gain * clear, u=float(skin.window[at])
        )
    return Shading(
        depth("overhang_ratio"), none.gap, depth("fin_ratio"), np.where(np.isfinite(above), above, np.inf),
        np.where(np.isfinite(warm), warm, -np.inf), through, absorbed,
    )  # fmt: skip


def given_shares(buildings: pd.DataFrame, shares: Array) -> Array:
    """Return the windows' share of each facade, (buildings, 8): that of the columns, else `shares`.

    A column of a facing goes before that of all; a diagonal facing has the mean of both beside it.
    """
    whole = _numbers(buildings, "window_share", len(buildings))
    result = np.where(np.isfinite(whole)[:, None], whole[:, None], shares)
    own = np.column_stack([_numbers(buildings, f"window_share_{side}", len(buildings)) for side in SIDES])
    result[:, ::2] = np.where(np.isfinite(own), own, result[:, ::2])
    between = np.isfinite(own) | np.isfinite(np.roll(own, -1, axis=1))
    beside = (result[:, ::2] + np.roll(result[:, ::2], -1, axis=1)) / 2
    result[:, 1::2] = np.where(between, beside, result[:, 1::2])
    return result


def _numbers(buildings: pd.DataFrame, name: str, count: int) -> Array:
    if name not in buildings:
        return np.full(count, np.nan)
    return buildings[name].to_numpy(dtype=np.float64)


def _blind(buildings: pd.DataFrame, at: int) -> Blind:
    """Return the blind of a building, complete and possible."""
    shares = [float(_numbers(buildings, name, len(buildings))[at]) for name in BLIND]
    place = str(buildings["blind_place"].iloc[at]) if "blind_place" in buildings else ""
    if place not in PLACES or not (np.isfinite(shares).all() and sum(shares) <= 1.0):
        got = f"{BLIND[0]} {shares[0]:g}, {BLIND[1]} {shares[1]:g}, blind_place {place or '–'}"
        raise InputError("energy.blind", building=str(buildings.index[at]), got=got)
    return Blind(shares[0], shares[1], outside=place == "outside")
