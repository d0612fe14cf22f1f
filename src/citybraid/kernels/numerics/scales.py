"""Relations of two rasters at several scales: means over blocks of cells, rank correlation."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

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


def rank_correlation(one: Floats, other: Floats) -> float:
    """Return Spearman's correlation of values with ties: Pearson's of mean ranks; NaN where either is constant."""
    if one.size < 2:
        return float("nan")
    first, second = rankdata(one), rankdata(other)
    first, second = first - first.mean(), second - second.mean()
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


def correlation_by_scale(one: Floats, other: Floats) -> tuple[ScaledCorrelation, ...]:
    """Return the rank correlation of two rasters over blocks of 1, 2, 4, ... cells a side.

    Coarsening stops where fewer than 16 blocks have both values.
    """
    found, size = list[ScaledCorrelation](), 1
    while size <= min(one.shape):
        first, second = block_mean(one, size), block_mean(other, size)
        both = np.isfinite(first) & np.isfinite(second)
        count = int(both.sum())
        if count < LEAST_BLOCKS:
            break
        found.append(ScaledCorrelation(size, rank_correlation(first[both], second[both]), count))
        size *= 2
    return tuple(found)
