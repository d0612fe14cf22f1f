"""Relations of two rasters at several scales: means over blocks of cells, rank correlation."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_BLOCKS = 16
"""Blocks with both values below which a correlation tells nothing."""


def block_mean(values: Floats, size: int) -> Floats:
    """Return the mean of each block of `size` by `size` cells from the upper left; NaN where half have no value.

    Blocks that the edge of the grid cuts off are left out.
    """
    rows, columns = (side // size for side in values.shape)
    blocks = values[: rows * size, : columns * size].reshape(rows, size, columns, size)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0.0).sum(axis=(1, 3))
    return np.where(2 * count > size * size, total / np.maximum(count, 1), np.nan)


def average_ranks(values: Floats) -> Floats:
    """Return the ranks of numbers from 1; equal ones share the mean of theirs.

    scipy.stats.rankdata gives the same; to import it takes longer than most commands need for all their imports.
    """
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: Floats = (np.cumsum(counts) - (counts - 1) / 2.0)[which]
    return ranks


def _centred_ranks(values: Floats) -> Floats:
    ranks = average_ranks(values)
    centred: Floats = ranks - ranks.mean()
    return centred


def _cosine(first: Floats, second: Floats) -> float:
    size = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / size if size > 0.0 else float("nan")


class ScaledCorrelation(NamedTuple):
    """Rank correlation of two rasters averaged over blocks."""

    size: int
    """Cells along the side of a block."""
    correlation: float
    """Spearman's correlation [-]."""
    blocks: int
    """Blocks with both values."""


def correlations_by_scale(rasters: Sequence[Floats]) -> dict[tuple[int, int], tuple[ScaledCorrelation, ...]]:
    """Return the rank correlation of each pair of rasters of one shape, by number, in blocks of 1, 2, 4 ... cells.

    Spearman's correlation with ties: Pearson's of mean ranks; NaN where either is constant. Coarsening stops where
    fewer than 16 blocks have both values. Means of blocks, and ranks over the same, are found once for all pairs.
    """
    by_pair: dict[tuple[int, int], list[ScaledCorrelation]] = {
        pair: [] for pair in combinations(range(len(rasters)), 2)
    }
    going, size = set(by_pair), 1
    while going and size <= min(rasters[0].shape):
        means = [block_mean(raster, size) for raster in rasters]
        ranks: dict[tuple[int, bytes], Floats] = {}
        for pair in sorted(going):
            both = np.logical_and(*(np.isfinite(means[at]) for at in pair))
            count, place = int(both.sum()), both.tobytes()
            if count < LEAST_BLOCKS:
                going.remove(pair)
                continue
            for at in pair:
                if (at, place) not in ranks:
                    ranks[at, place] = _centred_ranks(means[at][both])
            correlation = _cosine(*(ranks[at, place] for at in pair))
            by_pair[pair].append(ScaledCorrelation(size, correlation, count))
        size *= 2
    return {pair: tuple(scales) for pair, scales in by_pair.items()}
