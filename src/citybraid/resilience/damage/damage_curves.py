"""Depth-damage curves from factor rows: sorted by depth, and validated."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.factor import Resolved

Floats = NDArray[np.float64]
Curve = tuple[Floats, Floats]
FACTOR = "flood_damage_share"


def by_sector(shares: Mapping[str, float]) -> Mapping[str, Curve]:
    """Return each sector's curve, depths rising [m] and shares lost [-], from keys like "residential/0.5".

    Where a user's table has rows of a sector, the curve consists of these alone: shipped
    points never fill its gaps. Raises InputError where a depth is not a number or negative, a
    share is not in 0 to 1, or a curve decreases with depth.
    """
    points: dict[str, list[tuple[float, float]]] = {}
    for key in own_rows(shares):
        sector, _, depth = key.partition("/")
        share = shares[key]
        points.setdefault(sector, []).append((_depth(key, depth), share))
        if not 0.0 <= share <= 1.0:
            raise InputError("risk.share_outside", factor=FACTOR, key=key, got=share)
    return {sector: _curve(sector, pairs) for sector, pairs in points.items()}


def own_rows(shares: Mapping[str, float]) -> tuple[str, ...]:
    """Return the keys that curves consist of: of a sector with rows of the user's table, the user's rows only."""
    if not isinstance(shares, Resolved):
        return tuple(shares)
    users = {key.partition("/")[0] for key, row in shares.rows.items() if row.origin != "citybraid"}
    return tuple(
        key for key, row in shares.rows.items() if row.origin != "citybraid" or key.partition("/")[0] not in users
    )


def shares_of(sectors: Mapping[str, float], sector: str) -> dict[str, float]:
    """Return the share of each use that belongs to a sector, from keys like "office/commercial"."""
    return {key.partition("/")[0]: share for key, share in sectors.items() if key.partition("/")[2] == sector}


def _curve(sector: str, pairs: list[tuple[float, float]]) -> Curve:
    knot, share = np.array(sorted(pairs)).T
    down = np.flatnonzero(np.diff(share) < 0.0)
    if down.size:
        at = int(down[0])
        raise InputError(
            "risk.curve_falls", factor=FACTOR, sector=sector, depth=float(knot[at]), share=float(share[at]),
            deeper=float(knot[at + 1]), less=float(share[at + 1]),
        )  # fmt: skip
    return knot, share


def _depth(key: str, text: str) -> float:
    try:
        depth = float(text)
    except ValueError as fault:
        raise InputError("risk.curve_depth", factor=FACTOR, key=key) from fault
    if not np.isfinite(depth) or depth < 0.0:
        raise InputError("risk.curve_depth", factor=FACTOR, key=key)
    return depth
