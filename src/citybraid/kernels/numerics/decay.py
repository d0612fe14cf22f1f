"""Weighted means over a neighbourhood, normalised by the weight on valid cells."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, irfft2, next_fast_len, rfft2

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Mask = NDArray[np.uint8]

LARGE = 2**22
"""Cells above which transforms are in single precision."""
SIGNIFICANT = 1e-6
"""Share of the greatest weight below which the weight on valid cells is rounding."""


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

    `values` is filled (no NaN), `mask` 1 on valid cells, `weights` symmetric about its centre in both directions.
    Cells beyond the edge count in neither sum, as InVEST normalises (`ignore_nodata_and_edges`).
    """
    valid = mask > 0
    if values.size == 0 or not valid.any():
        return np.zeros_like(values)
    whole = bool(valid.all())
    known = values if whole else values[valid]
    lowest, highest = float(known.min()), float(known.max())
    mean = neighbourhood_sum(values - lowest if whole else np.where(valid, values - lowest, 0.0), weights)
    if whole:
        _divide_by_box(mean, _cumulative(weights), lowest, highest)
        return mean
    weight_sum = neighbourhood_sum(valid.astype(np.float64), weights)
    _divide(mean, weight_sum, float(weights.max()) * SIGNIFICANT, lowest, highest)
    return mean


def neighbourhood_sum(values: Floats, weights: Floats) -> Floats:
    """Return the weighted sum of the values around each cell; cells beyond the edge count as 0.

    A product of real spectra: the transform of weights that are symmetric in both directions is a cosine transform
    of one quadrant of them. Grids of more than `LARGE` cells are transformed in single precision, which is within
    1e-6 of the sum over cells that all have the greatest value.
    """
    precision = np.float32 if values.size > LARGE else np.float64
    reach = weights.shape[0] // 2, weights.shape[1] // 2
    rows, columns = (
        2 * next_fast_len(math.ceil(max(size + far, 2 * far + 2, 4) / 2))
        for size, far in zip(values.shape, reach, strict=True)
    )
    half = rows // 2
    quadrant = np.zeros((half + 1, columns // 2 + 1), precision)
    quadrant[: reach[0] + 1, : reach[1] + 1] = weights[reach[0] :, reach[1] :]
    gain = dctn(quadrant, type=1, overwrite_x=True)
    padded = np.zeros((rows, columns), precision)
    padded[: values.shape[0], : values.shape[1]] = values
    spectrum = rfft2(padded, overwrite_x=True)
    spectrum[: half + 1] *= gain
    spectrum[half + 1 :] *= gain[half - 1 : 0 : -1]
    summed = irfft2(spectrum, s=(rows, columns), overwrite_x=True)
    return summed[: values.shape[0], : values.shape[1]].astype(np.float64)


def _cumulative(weights: Floats) -> Floats:
    """Return the sums of the weights above and left of each corner of their cells."""
    total = np.zeros((weights.shape[0] + 1, weights.shape[1] + 1))
    total[1:, 1:] = weights.cumsum(axis=0).cumsum(axis=1)
    return total


@compiled(fast=frozenset())
def _divide_by_box(total: Floats, cumulative: Floats, lowest: float, highest: float) -> None:
    """Divide sums in place by the weights within the grid, and add the lowest value again."""
    rows, columns = total.shape
    up, left = cumulative.shape[0] // 2 - 1, cumulative.shape[1] // 2 - 1
    for y in range(rows):
        top, bottom = max(up - y, 0), min(up + rows - y, cumulative.shape[0] - 1)
        for x in range(columns):
            west, east = max(left - x, 0), min(left + columns - x, cumulative.shape[1] - 1)
            weight = cumulative[bottom, east] - cumulative[top, east] - cumulative[bottom, west] + cumulative[top, west]
            total[y, x] = min(max(total[y, x] / weight + lowest, lowest), highest)


@compiled(fast=frozenset())
def _divide(total: Floats, weight_sum: Floats, least: float, lowest: float, highest: float) -> None:
    """Divide sums in place by the weights on valid cells, and add the lowest value again; 0 without weight."""
    for y in range(total.shape[0]):
        for x in range(total.shape[1]):
            if weight_sum[y, x] > least:
                total[y, x] = min(max(total[y, x] / weight_sum[y, x] + lowest, lowest), highest)
            else:
                total[y, x] = 0.0
