"""Trip tables between zones: doubly constrained gravity, balanced by Furness' iteration."""

from typing import NamedTuple

import numpy as np

from citybraid.kernels.transport.links import Floats

SMALLEST = 1e-300


class Balanced(NamedTuple):
    """Trips from origins (rows) to destinations (columns), largest relative error of a margin, and iterations."""

    trips: Floats
    error: float
    iterations: int


def deterrence(cost: Floats, *, decay: float, power: float = 0.0) -> Floats:
    """Return the combined deterrence cost^power exp(-decay cost); exponential where the power is 0 (Wilson 1967).

    0 where there is no path (an infinite cost).
    """
    known = np.isfinite(cost)
    finite = np.where(known, cost, 0.0)
    factor = np.exp(-decay * finite)
    if power != 0.0:
        factor = factor * np.where(finite > 0.0, finite, SMALLEST) ** power
    return np.where(known, factor, 0.0)


def furness(
    resistance: Floats, *, origins: Floats, destinations: Floats, error: float = 1e-8, most: int = 10_000
) -> Balanced:
    """Scale rows and columns of a table in turn until its margins are the totals (Furness 1965; Wilson 1967, eq. 18).

    Raises ValueError where a total is negative or not finite, the sums of the totals differ, an origin or destination
    with trips has no connection, or the margins cannot be met to the error.
    """
    _check(resistance, origins, destinations)
    scale = float(origins.sum())
    if scale == 0.0:
        return Balanced(np.zeros_like(resistance), 0.0, 0)
    columns = np.ones(destinations.size)
    for iteration in range(1, most + 1):
        sums = resistance @ columns
        rows = np.divide(origins, sums, out=np.zeros_like(origins), where=sums > 0.0)
        sums = rows @ resistance
        columns = np.divide(destinations, sums, out=np.zeros_like(destinations), where=sums > 0.0)
        row_sums = rows * (resistance @ columns)
        reached = float(np.max(np.abs(row_sums - origins) / np.where(origins > 0.0, origins, scale)))
        if reached <= error:
            return Balanced(rows[:, None] * resistance * columns, reached, iteration)
    message = f"margins cannot be met: error {reached:.1e} after {most} iterations"
    raise ValueError(message)


def _check(resistance: Floats, origins: Floats, destinations: Floats) -> None:
    totals = np.concatenate([origins, destinations])
    if not np.isfinite(totals).all() or (totals < 0.0).any():
        message = "totals of trips are to be finite and not negative"
        raise ValueError(message)
    if abs(origins.sum() - destinations.sum()) > 1e-9 * max(origins.sum(), destinations.sum(), SMALLEST):
        message = f"sums differ: {origins.sum():.6g} trips start, {destinations.sum():.6g} end"
        raise ValueError(message)
    reach = resistance > 0.0
    alone = (origins > 0.0) & ~reach[:, destinations > 0.0].any(axis=1)
    unreached = (destinations > 0.0) & ~reach[origins > 0.0].any(axis=0)
    if alone.any() or unreached.any():
        message = f"{int(alone.sum())} origins and {int(unreached.sum())} destinations with trips have no connection"
        raise ValueError(message)
