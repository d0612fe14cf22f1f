"""Choice of buildings: the oldest of each unit, up to a share of its floor area."""

import numpy as np
from numpy.typing import NDArray


def oldest(
    unit: NDArray[np.int64], *, year: NDArray[np.float64], area: NDArray[np.float64], share: float
) -> NDArray[np.bool_]:
    """Return the oldest buildings of each unit up to a share of its floor area; unit -1 is ignored.

    Buildings whose year is unknown come last.
    """
    selected = np.zeros(unit.size, dtype=np.bool_)
    for at in np.unique(unit[unit >= 0]):
        members = np.flatnonzero(unit == at)
        members = members[np.argsort(year[members], kind="stable")]
        middle = np.cumsum(area[members]) - 0.5 * area[members]
        selected[members[middle < share * area[members].sum()]] = True
    return selected
