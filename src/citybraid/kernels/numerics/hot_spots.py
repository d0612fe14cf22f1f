"""Hot and cold spots: local sums within a reach on a grid, Gi* of Getis and Ord, control of false discoveries."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
ROUNDING = 1e-9
"""Spread of values over their size, or share of cells that are no neighbours, below which there is nothing to tell."""


def disc_sums(values: Floats, reach: float) -> Floats:
    """Return the sum of `values` over the cells whose centres lie within `reach` [cell], the cell itself included.

    Cells beyond the grid count as 0. Row sums of each chord of the disc come from running sums.
    """
    rows, columns = values.shape
    running = np.zeros((rows, columns + 1))
    np.cumsum(values, axis=1, out=running[:, 1:])
    total, at = np.zeros_like(running[:, 1:]), np.arange(columns)
    for down in range(-int(reach), int(reach) + 1):
        half = int(np.sqrt(reach * reach - down * down) + ROUNDING)
        chord = running[:, np.minimum(at + half + 1, columns)] - running[:, np.maximum(at - half, 0)]
        to, of = slice(max(-down, 0), rows - max(down, 0)), slice(max(down, 0), rows - max(-down, 0))
        if to.start < to.stop:
            total[to] += chord[of]
    return total


def gi_star(values: Floats, local_sum: Floats, neighbours: Floats) -> Floats:
    """Return Gi* [standard deviations] of values from the sums over their neighbours, themselves included.

    Ord and Getis (1995), eq. 14, with weights of 1 within the reach: (sum - mean W) / (s sqrt((n W - W2) / (n - 1)))
    with the number of neighbours W and s the standard deviation over all n values. 0 where values are all the same or
    all are neighbours.
    """
    count = values.size
    mean, spread = float(values.mean()), float(values.std())
    rest = neighbours * (count - neighbours) / max(count - 1, 1)
    if spread <= ROUNDING * max(float(np.abs(values).max()), np.finfo(float).tiny):
        return np.zeros(count)
    known = rest > ROUNDING
    score = np.zeros(count)
    score[known] = (local_sum[known] - mean * neighbours[known]) / (spread * np.sqrt(rest[known]))
    return score


def gi_star_on_grid(values: Floats, *, reach: float) -> Floats:
    """Return Gi* of each cell with a value, with the cells within `reach` [cell] as neighbours; NaN elsewhere."""
    known = np.isfinite(values)
    score = np.full(values.shape, np.nan)
    if known.any():
        # Sums of differences from the mean keep their digits where values are large and alike.
        centred = np.where(known, values - values[known].mean(), 0.0)
        sums, neighbours = disc_sums(centred, reach), disc_sums(known.astype(np.float64), reach)
        score[known] = gi_star(centred[known], sums[known], neighbours[known])
    return score


def two_sided(score: Floats) -> Floats:
    """Return the chance of a score at least as far from 0 under a normal distribution [-]."""
    return np.asarray(2.0 * ndtr(-np.abs(score)), dtype=np.float64)


def discoveries(chance: Floats, level: float) -> Mask:
    """Return which of the tests are significant at a rate `level` of false discoveries; NaN is none.

    Benjamini and Hochberg (1995), eq. 1: with chances in order, all up to the last k whose chance is at most k level
    / n. Caldas de Castro and Singer (2006) apply it to local statistics, whose tests overlap.
    """
    known = np.isfinite(chance)
    ordered = np.sort(chance[known])
    passed = np.flatnonzero(ordered <= level * np.arange(1, ordered.size + 1) / max(ordered.size, 1))
    limit = ordered[passed[-1]] if passed.size else -1.0
    return known & (np.nan_to_num(chance, nan=2.0) <= limit)
