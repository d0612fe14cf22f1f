"""Weighted means over a neighbourhood, normalised by the weight on valid cells."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]


def distances(cell: tuple[float, float], *, reach: float, shape: tuple[int, int]) -> Floats:
    """Return distances from a central cell [m], out to `reach`, limited to the grid's extent.

    `cell` is the cell's height and width [m], `shape` the grid's rows and columns.
    """
    rows = min(math.floor(reach / cell[0]), shape[0] - 1)
    columns = min(math.floor(reach / cell[1]), shape[1] - 1)
    y = np.arange(-rows, rows + 1) * cell[0]
    x = np.arange(-columns, columns + 1) * cell[1]
    away: Floats = np.hypot(y[:, None], x[None, :])
    return away


def exponential(distance: Floats, *, scale: float, reach: float) -> Floats:
    """Return weights exp(-d / scale), none beyond `reach`."""
    return np.where(distance <= reach, np.exp(-distance / scale), 0.0)


def gaussian(distance: Floats, *, deviation: float, reach: float) -> Floats:
    """Return weights exp(-d² / (2 s²)), none beyond `reach`."""
    return np.where(distance <= reach, np.exp(-0.5 * (distance / deviation) ** 2), 0.0)


def disc(distance: Floats, *, reach: float) -> Floats:
    """Return weight 1 within `reach`, none beyond."""
    return (distance <= reach).astype(np.float64)


def disc_cells(cell: tuple[float, float], *, reach: float) -> int:
    """Return how many cell centres lie within `reach` [m] of a cell's centre, on an infinite grid."""
    y = np.arange(-math.floor(reach / cell[0]), math.floor(reach / cell[0]) + 1) * cell[0]
    half = np.floor(np.sqrt(np.maximum(reach**2 - y**2, 0.0)) / cell[1] + 1e-12)
    return int((2 * half + 1).sum())


def weighted_mean(values: Floats, mask: Mask, weights: Floats) -> Floats:
    """Return sum(w v) / sum(w) over the valid cells around each cell; 0 where none is valid.

    `values` is filled (no NaN), `mask` 1 on valid cells. Cells beyond the edge count in
    neither sum, as InVEST normalises (`ignore_nodata_and_edges`).
    """
    valid = mask.astype(np.float64)
    if values.size == 0 or not valid.any():
        return np.zeros_like(values)
    lowest = float(values[mask > 0].min())
    highest = float(values[mask > 0].max())
    weighted_sum = fftconvolve((values - lowest) * valid, weights, mode="same")
    weight_sum = fftconvolve(valid, weights, mode="same")
    significant = weight_sum > weights.max() * 1e-6
    mean = np.divide(weighted_sum, weight_sum, out=np.zeros_like(values), where=significant)
    return np.where(significant, np.clip(mean + lowest, lowest, highest), 0.0)
