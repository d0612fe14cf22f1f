"""Share of value lost at a water depth."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def lost_share(depth: Floats, knots: Floats, shares: Floats) -> Floats:
    """Return the share lost at each depth [m]: linear between knots, none below the first, the last share beyond."""
    return np.interp(depth, knots, shares, left=0.0)


def lost_storeys(depth: Floats, storeys: Floats, curve: tuple[Floats, Floats], *, storey_height: float) -> Floats:
    """Return how many storeys' worth is lost: each storey is lost by the water above its own floor, a dry one not.

    `curve` is knots [m] and shares. Whole storeys count; a part of a storey counts as one.
    """
    lost = np.zeros_like(depth)
    reached = 0
    while np.any(wet := (depth > reached * storey_height) & (storeys > reached)):
        here = lost_share(depth - reached * storey_height, *curve)
        lost += np.where(wet, here, 0.0)
        reached += 1
    return lost
