"""Choice of buildings: the oldest of each unit, up to a share of its floor area."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def oldest(
    unit: NDArray[np.int64], *, year: Floats, area: Floats, share: float, use: ArrayLike | None = None
) -> NDArray[np.bool_]:
    """Return the oldest buildings of each unit up to a share of its floor area; unit -1 is ignored.

    Buildings of one year are taken as an even sample of their uses and sizes, whatever the order of the file: where
    years tell nothing, as where nearly all buildings carry the same one, a share of a unit is a share of each kind.
    Buildings whose year is unknown come last.
    """
    selected = np.zeros(unit.size, dtype=np.bool_)
    kind = np.zeros(unit.size, np.intp) if use is None else np.unique(np.asarray(use, str), return_inverse=True)[1]
    for at in np.unique(unit[unit >= 0]):
        members = np.flatnonzero(unit == at)
        members = members[_order(year[members], kind[members], area[members])]
        middle = np.cumsum(area[members]) - 0.5 * area[members]
        selected[members[middle < share * area[members].sum()]] = True
    return selected


def _order(year: Floats, kind: Ints, area: Floats) -> Ints:
    """Return the order by year; within a year that of an even sample of kinds and sizes."""
    sorted_by = np.lexsort((area, kind, year))
    _, first, count = np.unique(year[sorted_by], return_index=True, return_counts=True)
    rank = np.arange(year.size) - np.repeat(first, count)
    return sorted_by[np.lexsort((_spread(rank), np.repeat(first, count)))]


def _spread(rank: Ints) -> Floats:
    """Return the radical inverse of ranks in base 2 (van der Corput): in its order every start is an even sample."""
    value, rest, step = np.zeros(rank.size), rank.copy(), 0.5
    while rest.any():
        value += step * (rest % 2)
        rest, step = rest // 2, step / 2.0
    return value
