"""Columns of each row that a step must visit: where water may be, plus a margin of one cell."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.state import Bed

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]


@compiled(inner=True)
def reachable_columns(first: I32, last: I32, j: int, columns: int) -> tuple[int, int]:
    """Return the columns of row j that may be wet after a step: those wet in rows j - 1 to j + 1, one more each way."""
    low, high = columns, 0
    for k in range(max(j - 1, 0), min(j + 2, first.size)):
        if first[k] < last[k]:
            low, high = min(low, first[k] - 1), max(high, last[k] + 1)
    return max(low, 0), min(high, columns)


@compiled(inner=True)
def span(first: I32, last: I32, j: int, columns: int) -> tuple[int, int]:
    """Return the columns to compute in row j: those reachable in it and its neighbours, so that rows share face values.

    An empty span has both ends at the count of columns.
    """
    low, high = columns, 0
    for k in range(max(j - 1, 0), min(j + 2, first.size)):
        a, b = reachable_columns(first, last, k, columns)
        if a < b:
            low, high = min(low, a), max(high, b)
    return low, max(low, high)


@compiled(inner=True)
def wet_rows(first: I32, last: I32) -> tuple[int, int]:
    """Return the first row to compute and one past the last; equal where all is dry."""
    r0, r1 = first.size, 0
    for j in range(first.size):
        if first[j] < last[j]:
            r0, r1 = min(r0, j), max(r1, j + 1)
    if r0 >= r1:
        return 0, 0
    return max(r0 - 2, 0), min(r1 + 2, first.size)


@compiled(inner=True)
def all_wet(first: I32, last: I32, columns: int) -> bool:
    """Return whether every row is to be computed over all its columns."""
    narrow = 0
    for j in range(first.size):
        narrow += int(first[j] > 0) + int(last[j] < columns)
    return narrow == 0


@compiled(inner=True)
def widen_spans(h: F64, first: I32, last: I32, old_first: I32, old_last: I32, r0: int, r1: int) -> None:
    """Widen each row's span where a step brought water beyond it; `old_*` are overwritten with the previous spans."""
    columns = h.shape[1]
    for j in range(first.size):
        old_first[j], old_last[j] = first[j], last[j]
    for j in range(r0, r1):
        a, b = reachable_columns(old_first, old_last, j, columns)
        if a >= b:
            continue
        if old_first[j] >= old_last[j]:
            low, high = b, a
        else:
            low, high = old_first[j], old_last[j]
        i = a
        while i < low and h[j, i] <= 0.0:
            i += 1
        low = i
        i = b
        while i > max(high, low) and h[j, i - 1] <= 0.0:
            i -= 1
        high = i
        if low < high:
            first[j], last[j] = low, high


@compiled(inner=True)
def mark_wet(first: I32, last: I32, j: int, i: int) -> None:
    """Include a cell that receives water from outside in its row's span."""
    if first[j] >= last[j]:
        first[j], last[j] = i, i + 1
    else:
        first[j], last[j] = min(first[j], i), max(last[j], i + 1)


@compiled(inner=True)
def mark_rained(field: F32, bed: Bed, first: I32, last: I32) -> None:
    """Include the cells that receive rain, and those that roofs drain to, in their rows' spans."""
    for j in range(field.shape[0]):
        low, high = field.shape[1], 0
        for i in range(field.shape[1]):
            if field[j, i] > 0.0:
                low, high = min(low, i), i + 1
        for k in range(bed.roof_start[j], bed.roof_start[j + 1]):
            if bed.roof_share[k] > 0.0:
                low, high = min(low, bed.roof_column[k]), max(high, bed.roof_column[k] + 1)
        if low < high:
            mark_wet(first, last, j, low)
            mark_wet(first, last, j, high - 1)
