"""Damage at a water depth: share of value lost, and the weight of each knot of a curve in it."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def knot_weights(depth: Floats, storeys: Floats, weight: Floats, *, knots: Floats, storey_height: float) -> Floats:
    """Return the weight of each knot: damage is its product with the shares lost at the knots, whatever these are.

    `depth` is the water above each ground floor [m], `weight` the value of one storey. Each wet storey counts by the
    water above its own floor: linear between knots, 0 below the first, constant beyond the last.
    """
    weights = np.zeros(knots.size)
    storey = 0
    while np.any(wet := (depth > storey * storey_height) & (storeys > storey)):
        above = depth[wet] - storey * storey_height
        above_first = above >= knots[0]
        above, worth = np.minimum(above[above_first], knots[-1]), weight[wet][above_first]
        after = np.clip(np.searchsorted(knots, above, side="right"), 1, max(knots.size - 1, 1))
        if knots.size == 1:
            weights[0] += worth.sum()
        else:
            part = (above - knots[after - 1]) / (knots[after] - knots[after - 1])
            weights += np.bincount(after - 1, weights=worth * (1.0 - part), minlength=knots.size)
            weights += np.bincount(after, weights=worth * part, minlength=knots.size)
        storey += 1
    return weights


def lost_share(depth: Floats, knots: Floats, shares: Floats) -> Floats:
    """Return the share lost at each depth [m]: linear between knots, none below the first, the last share beyond."""
    return np.interp(depth, knots, shares, left=0.0)


def lost_storeys(depth: Floats, storeys: Floats, curve: tuple[Floats, Floats], *, storey_height: float) -> Floats:
    """Return the number of storeys lost: each wet storey by the share at the water above its own floor.

    `curve` is knots [m] and shares. A fraction of a storey counts as one.
    """
    storeys_lost = np.zeros_like(depth)
    storey = 0
    while np.any(wet := (depth > storey * storey_height) & (storeys > storey)):
        share = lost_share(depth - storey * storey_height, *curve)
        storeys_lost += np.where(wet, share, 0.0)
        storey += 1
    return storeys_lost
