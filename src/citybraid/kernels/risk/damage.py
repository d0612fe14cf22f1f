"""Damage at a water depth: the share of value lost, and how much of it hangs on each knot of a curve."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def knot_weights(depth: Floats, storeys: Floats, weight: Floats, *, knots: Floats, storey_height: float) -> Floats:
    """Return what hangs on each knot, so that damage is its product with the shares lost there, whatever these are.

    `depth` is the water above each ground floor [m], `weight` the value of one storey. Each storey counts by the
    water above its own floor, linear between knots, nothing below the first and the last knot beyond; a dry one not.
    """
    found = np.zeros(knots.size)
    reached = 0
    while np.any(wet := (depth > reached * storey_height) & (storeys > reached)):
        above = depth[wet] - reached * storey_height
        held = above >= knots[0]
        above, worth = np.minimum(above[held], knots[-1]), weight[wet][held]
        after = np.clip(np.searchsorted(knots, above, side="right"), 1, max(knots.size - 1, 1))
        if knots.size == 1:
            found[0] += worth.sum()
        else:
            part = (above - knots[after - 1]) / (knots[after] - knots[after - 1])
            found += np.bincount(after - 1, weights=worth * (1.0 - part), minlength=knots.size)
            found += np.bincount(after, weights=worth * part, minlength=knots.size)
        reached += 1
    return found


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
