"""What coarse cells of a flood and the faces between them know of the fine ground.

A face's fine faces count from the level at which water gets over them from the lowest ground of the one cell to that
of the other: the highest ground on the least high way. A ridge within a coarse cell thereby stands in the faces of
the part that it cuts off, and lets no water through that the fine ground would hold back.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.flood.subgrid_state import Tables
from citybraid.resilience.flood.event import Event
from citybraid.resilience.flood.grid import AXIS, COLUMN, KIND, ROW, SIGN, Flags, levels

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
ASIDE = ((-1, 0), (1, 0), (0, -1), (0, 1))
CLOSED = 1e5
"""What closed cells count for where the ground beside a fine cell is weighed [m]."""


def blocks(values: NDArray[np.generic], step: int, beyond: float) -> F64:
    """Return the fine values of each coarse cell: coarse rows, coarse columns, step²."""
    rows, columns = values.shape
    full = np.pad(values.astype(np.float64), ((0, -rows % step), (0, -columns % step)), constant_values=beyond)
    high, wide = full.shape[0] // step, full.shape[1] // step
    return full.reshape(high, step, wide, step).transpose(0, 2, 1, 3).reshape(high, wide, step * step)


def sums(values: NDArray[np.generic], step: int) -> F64:
    """Return the sum of the fine values of each coarse cell."""
    found: F64 = blocks(values, step, 0.0).sum(axis=2)
    return found


def means(values: NDArray[np.generic], open_: Flags, step: int) -> F64:
    """Return means over the open fine cells of each coarse cell, 0 where there are none."""
    total, count = sums(np.where(open_, values, 0.0), step), sums(open_, step)
    return np.divide(total, count, out=np.zeros_like(total), where=count > 0.0)


def tables(event: Event, step: int) -> Tables:
    """Return what cells `step` times as wide know of an event's ground."""
    found, bed = event.found, event.bed
    z = np.where(found.open, levels(found), np.inf)
    beds = np.sort(blocks(z, step, np.inf), axis=2)
    base = np.where(np.isfinite(beds[:, :, 0]), beds[:, :, 0], found.wall)
    raised = np.cumsum(beds - base[:, :, None], axis=2).transpose(0, 2, 1)
    raised[:, 0] = 0.0
    lowest = np.repeat(np.repeat(base, step, axis=0), step, axis=1)[: z.shape[0], : z.shape[1]]
    sill, n = sills(z, step), np.asarray(bed.n, dtype=np.float64)
    edges, edge_at = _edges(event, step, sill=sill, mean=means(np.where(found.open, z, 0.0), found.open, step))
    cell, place = np.unique(bed.inflow_cells // step, axis=0, return_inverse=True)
    share = np.bincount(place.ravel(), bed.inflow_share, minlength=len(cell)).astype(np.float64)
    datum_x, over_x, ease_x = _faces(sill, n, step)
    datum_y, over_y, ease_y = _faces(sill.T, n.T, step)
    return Tables(
        base, np.ascontiguousarray(raised, dtype=np.float32), (z - lowest).astype(np.float32), datum_x, over_x, ease_x,
        np.ascontiguousarray(datum_y.T), np.ascontiguousarray(over_y.T), np.ascontiguousarray(ease_y.T), edges, edge_at,
        cell.astype(np.int32), share, bed.size * step,
    )  # fmt: skip


def sills(z: F64, step: int) -> F64:
    """Return the level from which water of each fine cell joins that of the lowest ground in its coarse cell [m].

    It is the highest ground on the least high way there within the coarse cell (a minimax path), infinite where closed
    cells leave none. The lowest ground is that of the part that reaches the coarse cell's rim; of several equally low
    fine cells that with the lowest ground around it counts.
    """
    rows, columns = z.shape
    high, wide = -(-rows // step), -(-columns // step)

    def within(values: F64) -> F64:
        parts = blocks(values, step, np.inf).reshape(high * wide, step, step)
        return np.ascontiguousarray(parts.transpose(1, 2, 0))

    cells = within(z)
    middle = slice(1, step - 1)
    rim = cells.copy()
    rim[middle, middle] = np.inf
    reached = np.isfinite(_spread(rim, cells))
    lowest = np.where(reached, cells, np.inf)
    lowest = np.where(reached & (lowest == lowest.min(axis=(0, 1))), within(_around(z)), np.inf)
    start = np.arange(step * step)[:, None] == lowest.reshape(step * step, -1).argmin(axis=0)
    found = _spread(np.where(start.reshape(cells.shape), cells, np.inf), cells)
    whole = found.transpose(2, 0, 1).reshape(high, wide, step, step).transpose(0, 2, 1, 3)
    return whole.reshape(high * step, wide * step)[:rows, :columns]


def _spread(start: F64, z: F64) -> F64:
    """Return the level from which water reaches each fine cell from those whose own is given, within coarse cells."""
    step = len(z)
    cells = list(product(range(step), range(step)))
    level, before = start, np.full_like(start, -1.0)
    while not np.array_equal(level, before):
        before = level.copy()
        for i, j in (*cells, *reversed(cells)):
            for down, right in ASIDE:
                if 0 <= i + down < step and 0 <= j + right < step:
                    level[i, j] = np.minimum(level[i, j], np.maximum(level[i + down, j + right], z[i, j]))
    return level


def _around(z: F64) -> F64:
    """Return how high the ground around each fine cell stands, near and a little farther, closed cells far above it."""
    near = _beside(np.where(np.isfinite(z), z, CLOSED))
    return near + _beside(near)


def _beside(ground: F64) -> F64:
    """Return the mean of the four cells beside each, of itself where the grid ends."""
    wide = np.pad(ground, 1, mode="edge")
    found: F64 = 0.25 * ((wide[:-2, 1:-1] + wide[2:, 1:-1]) + (wide[1:-1, :-2] + wide[1:-1, 2:]))
    return found


def _faces(sill: F64, n: F64, step: int) -> tuple[F64, F32, F32]:
    """Return the lowest sill in each face between columns, what the others stand above it, and 1/n of all by height."""
    rows, columns = sill.shape
    high, wide = -(-rows // step), -(-columns // step)
    at = np.arange(step - 1, columns - 1, step)
    top, rough = np.full((high * step, wide), np.inf), np.full((high * step, wide), np.inf)
    top[:rows, : at.size] = np.maximum(sill[:, at], sill[:, at + 1])
    rough[:rows, : at.size] = 0.5 * (n[:, at] + n[:, at + 1])
    parts, rough = top.reshape(high, step, wide), rough.reshape(high, step, wide)
    order = parts.argsort(axis=1, kind="stable")
    parts, rough = np.take_along_axis(parts, order, axis=1), np.take_along_axis(rough, order, axis=1)
    datum = np.ascontiguousarray(parts[:, 0])
    over = parts[:, 1:] - np.where(np.isfinite(datum), datum, 0.0)[:, None]
    ease = np.where(np.isfinite(parts), 1.0 / np.where(np.isfinite(parts), rough, 1.0), 0.0)
    return datum, over.astype(np.float32), ease.astype(np.float32)


def _edges(event: Event, step: int, *, sill: F64, mean: F64) -> tuple[I32, F64]:
    """Return fine edge faces in coarse cells, as the kernel wants them."""
    bed, found = event.bed, event.found
    cell, axis, sign = bed.edges[:, [ROW, COLUMN]], bed.edges[:, AXIS], bed.edges[:, SIGN]
    coarse = cell // step
    along = np.where(axis == 0, cell[:, 1], cell[:, 0])
    beyond = along + sign
    out = np.stack([np.where(axis == 1, sign, 0), np.where(axis == 0, sign, 0)], axis=1)
    count = np.pad(sums(found.open, step), 1)
    outermost = (beyond // step != along // step) & (count[tuple((coarse + out + 1).T)] == 0.0)
    inner = coarse - out
    within = count[tuple((inner + 1).T)] > 0.0
    inner = np.where(within[:, None], inner, coarse)
    fall = np.where(within, mean[inner[:, 0], inner[:, 1]] - mean[coarse[:, 0], coarse[:, 1]], -np.inf)
    edges = np.column_stack([coarse, inner, axis, sign, bed.edges[:, KIND], outermost])
    rough = bed.n[cell[:, 0], cell[:, 1]].astype(np.float64)
    return np.ascontiguousarray(edges, dtype=np.int32), np.column_stack([sill[cell[:, 0], cell[:, 1]], fall, rough])
