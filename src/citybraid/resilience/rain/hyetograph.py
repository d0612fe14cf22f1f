"""Temporal distributions of a storm: each returns the cumulative rain at given times."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError

F64 = NDArray[np.float64]
Shape = Literal["chicago", "alternating_block", "uniform", "profile"]
WHOLE = 1e-6
"""Tolerance of a profile's sum of 1 [-]."""


class Storm(NamedTuple):
    """Input of a shape: depth [mm] by duration [min], length [min], peak ratio r, and the user's profile."""

    depth: Callable[[F64], F64]
    length: float
    peak: Callable[[], float]
    """Share of the length before the peak; called only by shapes that have one."""
    profile: tuple[float, ...]


def chicago(edges: F64, storm: Storm) -> F64:
    """Return the cumulative rain [mm] at each time [min] of the Chicago storm (Keifer and Chu 1957, eq. 9 and 10).

    The storm's rain within any time t_b before and t_a after the peak with t_b : t_a =
    r : 1 - r is the formula's for the duration t_b + t_a; integrated, each limb is the
    formula's own depth, stretched by r or 1 - r.
    """
    r = storm.peak()
    before, after = np.clip(r * storm.length - edges, 0.0, None), np.clip(edges - r * storm.length, 0.0, None)
    rising = storm.depth(np.array(storm.length)) - storm.depth(before / r) if r > 0.0 else np.zeros_like(edges)
    falling = storm.depth(after / (1.0 - r)) if r < 1.0 else np.zeros_like(edges)
    return r * rising + (1.0 - r) * falling


def alternating_block(edges: F64, storm: Storm) -> F64:
    """Return the cumulative rain [mm] at each time of the alternating block storm (Chow, Maidment and Mays 1988, 14.4).

    Each block is the increment of the formula's depth by one more step of duration. The largest is placed at the
    peak, the next after it, the third before it, and so on; where one side is full the rest go to the other.
    """
    count = len(edges) - 1
    blocks = np.sort(np.diff(storm.depth(edges)))[::-1]
    peak = min(int(storm.peak() * count), count - 1)
    after, before = list(range(peak + 1, count)), list(range(peak - 1, -1, -1))
    order = [peak]
    while after or before:
        order += [side.pop(0) for side in (after, before) if side]
    placed = np.empty(count)
    placed[order] = blocks
    return np.concatenate([[0.0], np.cumsum(placed)])


def uniform(edges: F64, storm: Storm) -> F64:
    """Return the cumulative rain [mm] at each time of a storm of constant intensity."""
    return storm.depth(np.array(storm.length)) * edges / storm.length


def profile(edges: F64, storm: Storm) -> F64:
    """Return the cumulative rain [mm] at each time from the user's depth shares over equal parts of the length.

    Raises InputError where there are no shares, one is negative, or they do not add up to 1.
    """
    shares = np.asarray(storm.profile, dtype=np.float64)
    if not shares.size:
        raise InputError("storm.profile_missing")
    if shares.min() < 0.0:
        raise InputError("storm.profile_negative", part=int(shares.argmin()) + 1, got=float(shares.min()))
    if abs(shares.sum() - 1.0) > WHOLE:
        raise InputError("storm.profile_sum", got=float(shares.sum()), parts=int(shares.size))
    times = np.linspace(0.0, storm.length, shares.size + 1)
    fallen = np.concatenate([[0.0], np.cumsum(shares / shares.sum())])
    shares_fallen: F64 = np.interp(edges, times, fallen)
    return storm.depth(np.array(storm.length)) * shares_fallen


SHAPES: Mapping[Shape, Callable[[F64, Storm], F64]] = MappingProxyType(
    {
        "chicago": chicago,
        "alternating_block": alternating_block,
        "uniform": uniform,
        "profile": profile,
    }
)
