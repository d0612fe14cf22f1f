"""Gauss-Seidel sweeps and transfers between the levels of a multigrid."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Singles = NDArray[np.float32]


@compiled()
def forward_from_zero(
    east: Singles, south: Singles, south_east: Singles, south_west: Singles, inverse: Singles,
    right: Singles, correction: Singles, rest: Singles,
) -> None:  # fmt: skip
    """Sweep from the first cell to the last, starting from 0, and fill in what is left of the right-hand side.

    A cell's equation holds when it is swept; its rest is the current from cells that are swept later. What a cell takes
    from the one before it is prepared for the whole row, so that cells wait for one multiplication of that one only.
    """
    rows, columns = right.shape
    corners = south_east.size > 1
    known, share = np.zeros(columns, np.float32), np.zeros(columns, np.float32)
    _clear_margin(correction)
    _clear_margin(rest)
    for i in range(1, rows - 1):
        for j in range(1, columns - 1):
            known[j] = right[i, j] + south[i - 1, j] * correction[i - 1, j]
        if corners:
            for j in range(1, columns - 1):
                known[j] += (
                    south_east[i - 1, j - 1] * correction[i - 1, j - 1]
                    + south_west[i - 1, j + 1] * correction[i - 1, j + 1]
                )
        for j in range(1, columns - 1):
            share[j] = east[i, j - 1] * inverse[i, j]
            known[j] *= inverse[i, j]
        before = np.float32(0.0)
        for j in range(1, columns - 1):
            before = known[j] + share[j] * before
            correction[i, j] = before
        if i > 1:
            _rest(east, south, south_east, south_west, correction, rest, i - 1)
    _rest(east, south, south_east, south_west, correction, rest, rows - 2)


@compiled()
def _clear_margin(values: Singles) -> None:
    rows, columns = values.shape
    values[0] = values[rows - 1] = 0.0
    for i in range(1, rows - 1):
        values[i, 0] = values[i, columns - 1] = 0.0


@compiled()
def _rest(
    east: Singles, south: Singles, south_east: Singles, south_west: Singles, correction: Singles, rest: Singles, i: int
) -> None:
    for j in range(1, correction.shape[1] - 1):
        rest[i, j] = east[i, j] * correction[i, j + 1] + south[i, j] * correction[i + 1, j]
    if south_east.size > 1:
        for j in range(1, correction.shape[1] - 1):
            rest[i, j] += south_east[i, j] * correction[i + 1, j + 1] + south_west[i, j] * correction[i + 1, j - 1]


@compiled()
def left_over(
    east: Singles, south: Singles, south_east: Singles, south_west: Singles, inverse: Singles,
    right: Singles, correction: Singles,
) -> Singles:  # fmt: skip
    """Return what a solution leaves of a right-hand side."""
    rest = np.empty_like(right)
    _clear_margin(rest)
    for i in range(1, right.shape[0] - 1):
        _rest(east, south, south_east, south_west, correction, rest, i)
        for j in range(1, right.shape[1] - 1):
            own = correction[i, j] / inverse[i, j] if inverse[i, j] > 0.0 else np.float32(0.0)
            rest[i, j] += (right[i, j] + south[i - 1, j] * correction[i - 1, j]) + (
                east[i, j - 1] * correction[i, j - 1] - own
            )
        if south_east.size > 1:
            for j in range(1, right.shape[1] - 1):
                rest[i, j] += (
                    south_east[i - 1, j - 1] * correction[i - 1, j - 1]
                    + south_west[i - 1, j + 1] * correction[i - 1, j + 1]
                )
    return rest


@compiled()
def restrict(rest: Singles, weights: Singles) -> Singles:
    """Return the coarse right-hand side, the transposed interpolation of a fine one."""
    coarse = np.zeros(weights.shape[:2], np.float32)
    for row in range(1, weights.shape[0] - 1):
        i = 2 * row - 1
        for column in range(1, weights.shape[1] - 1):
            j = 2 * column - 1
            total = rest[i, j]
            if row > 1:
                total += weights[row - 1, column, 1] * rest[i - 1, j]
                total += weights[row - 1, column, 6] * rest[i - 1, j + 1]
                total += weights[row - 1, column - 1, 7] * rest[i - 1, j - 1]
            total += weights[row, column, 0] * rest[i + 1, j]
            total += weights[row, column, 2] * rest[i, j + 1]
            total += weights[row, column - 1, 3] * rest[i, j - 1]
            total += weights[row, column, 4] * rest[i + 1, j + 1]
            total += weights[row, column - 1, 5] * rest[i + 1, j - 1]
            coarse[row, column] = total
    return coarse


@compiled()
def prolong_and_relax(
    east: Singles, south: Singles, south_east: Singles, south_west: Singles, inverse: Singles,
    weights: Singles, coarse: Singles, right: Singles, correction: Singles,
) -> None:  # fmt: skip
    """Add the interpolated coarse correction, and sweep from the last cell to the first."""
    rows, columns = right.shape
    corners = south_east.size > 1
    _prolong(weights, coarse, inverse, correction)
    known, share = np.zeros(columns, np.float32), np.zeros(columns, np.float32)
    for i in range(rows - 2, 0, -1):
        for j in range(1, columns - 1):
            known[j] = right[i, j] + (
                south[i - 1, j] * correction[i - 1, j]
                + south[i, j] * correction[i + 1, j]
                + east[i, j - 1] * correction[i, j - 1]
            )
        if corners:
            for j in range(1, columns - 1):
                known[j] += (
                    south_east[i - 1, j - 1] * correction[i - 1, j - 1]
                    + south_west[i - 1, j + 1] * correction[i - 1, j + 1]
                    + south_east[i, j] * correction[i + 1, j + 1] + south_west[i, j] * correction[i + 1, j - 1]
                )  # fmt: skip
        for j in range(1, columns - 1):
            share[j] = east[i, j] * inverse[i, j]
            known[j] *= inverse[i, j]
        after = np.float32(0.0)
        for j in range(columns - 2, 0, -1):
            after = known[j] + share[j] * after
            correction[i, j] = after


@compiled()
def _prolong(weights: Singles, coarse: Singles, inverse: Singles, correction: Singles) -> None:
    rows, columns = correction.shape[0] - 2, correction.shape[1] - 2
    for row in range(1, weights.shape[0] - 1):
        i = 2 * row - 1
        for column in range(1, weights.shape[1] - 1):
            j = 2 * column - 1
            a, b = coarse[row, column], coarse[row, column + 1]
            c, d = coarse[row + 1, column], coarse[row + 1, column + 1]
            if inverse[i, j] > 0.0:
                correction[i, j] += a
            if j < columns:
                correction[i, j + 1] += weights[row, column, 2] * a + weights[row, column, 3] * b
            if i < rows:
                correction[i + 1, j] += weights[row, column, 0] * a + weights[row, column, 1] * c
                if j < columns:
                    correction[i + 1, j + 1] += (
                        weights[row, column, 4] * a + weights[row, column, 5] * b
                        + weights[row, column, 6] * c + weights[row, column, 7] * d
                    )  # fmt: skip
