"""Subgrid tables of a flood's coarse cells and the faces between them.

The sill of a fine face is the level at which water passes from the lowest ground of one coarse cell to that of the
other: the highest ground on the lowest (minimax) path. A ridge within a coarse cell thus raises the faces of the part
that it cuts off, and passes no water that the fine terrain would retain.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.flood.subgrid_state import Tables
from citybraid.resilience.flood.event import Event
from citybraid.resilience.flood.grid import AXIS, COLUMN, KIND, ROW, SIGN, Flags, bed_levels

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
NEIGHBOURS = ((-1, 0), (1, 0), (0, -1), (0, 1))
CLOSED = 1e5
"""Level of closed cells in the mean ground around a fine cell [m]."""
SMOOTHEST = 1e-6
"""Least roughness of a face, whose conveyance would else be infinite where ground has no friction [s m-1/3]."""


def blocks(values: NDArray[np.generic], step: int, beyond: float) -> F64:
    """Return the fine values of each coarse cell: coarse rows, coarse columns, step²."""
    rows, columns = values.shape
    full = np.pad(values.astype(np.float64), ((0, -rows % step), (0, -columns % step)), constant_values=beyond)
    high, wide = full.shape[0] // step, full.shape[1] // step
    return full.reshape(high, step, wide, step).transpose(0, 2, 1, 3).reshape(high, wide, step * step)


def sums(values: NDArray[np.generic], step: int) -> F64:
    """Return the sum of the fine values of each coarse cell."""
    total: F64 = blocks(values, step, 0.0).sum(axis=2)
    return total


def means(values: NDArray[np.generic], open_: Flags, step: int) -> F64:
    """Return means over the open fine cells of each coarse cell, 0 where there are none."""
    total, count = sums(np.where(open_, values, 0.0), step), sums(open_, step)
    return np.divide(total, count, out=np.zeros_like(total), where=count > 0.0)


def tables(event: Event, step: int) -> Tables:
    """Return the subgrid tables of cells `step` times as wide as an event's."""
    domain, bed = event.domain, event.bed
    z = np.where(domain.open, bed_levels(domain), np.inf)
    beds = np.sort(blocks(z, step, np.inf), axis=2)
    base = np.where(np.isfinite(beds[:, :, 0]), beds[:, :, 0], domain.wall)
    raised = np.cumsum(beds - base[:, :, None], axis=2).transpose(0, 2, 1)
    raised[:, 0] = 0.0
    lowest = np.repeat(np.repeat(base, step, axis=0), step, axis=1)[: z.shape[0], : z.shape[1]]
    sill, n = sills(z, step), np.asarray(bed.n, dtype=np.float64)
    edges, edge_at = _edges(event, step, sill=sill, mean=means(np.where(domain.open, z, 0.0), domain.open, step))
    cell, place = np.unique(bed.inflow_cells // step, axis=0, return_inverse=True)
    share = np.bincount(place.ravel(), bed.inflow_share, minlength=len(cell)).astype(np.float64)
    datum_x, over_x, strickler_x = _faces(sill, n, step)
    datum_y, over_y, strickler_y = _faces(sill.T, n.T, step)
    return Tables(
        base, np.ascontiguousarray(raised, dtype=np.float32), (z - lowest).astype(np.float32), datum_x, over_x,
        strickler_x, np.ascontiguousarray(datum_y.T), np.ascontiguousarray(over_y.T),
        np.ascontiguousarray(strickler_y.T), edges, edge_at, cell.astype(np.int32), share, bed.size * step,
    )  # fmt: skip


def sills(z: F64, step: int) -> F64:
    """Return the level at which each fine cell is connected to the lowest ground in its coarse cell [m].

    It is the highest ground on the lowest path there within the coarse cell (a minimax path), infinite where closed
    cells leave none. The lowest ground is that of the part that reaches the coarse cell's rim; of several equally low
    fine cells, the one with the lowest ground around it is used.
    """
    rows, columns = z.shape
    high, wide = -(-rows // step), -(-columns // step)

    def within(values: F64) -> F64:
        parts = blocks(values, step, np.inf).reshape(high * wide, step, step)
        return np.ascontiguousarray(parts.transpose(1, 2, 0))

    cells = within(z)
    middle = slice(1, step - 1)
    outer = cells.copy()
    outer[middle, middle] = np.inf
    connected = np.isfinite(_minimax_levels(outer, cells))
    lowest = np.where(connected, cells, np.inf)
    lowest = np.where(connected & (lowest == lowest.min(axis=(0, 1))), within(_ground_around(z)), np.inf)
    start = np.arange(step * step)[:, None] == lowest.reshape(step * step, -1).argmin(axis=0)
    level = _minimax_levels(np.where(start.reshape(cells.shape), cells, np.inf), cells)
    by_cell = level.transpose(2, 0, 1).reshape(high, wide, step, step).transpose(0, 2, 1, 3)
    return by_cell.reshape(high * step, wide * step)[:rows, :columns]


def _minimax_levels(start: F64, z: F64) -> F64:
    """Return the minimax level of each fine cell from the cells with a level in `start`, within coarse cells."""
    step = len(z)
    cells = list(product(range(step), range(step)))
    level, before = start, np.full_like(start, -1.0)
    while not np.array_equal(level, before):
        before = level.copy()
        for i, j in (*cells, *reversed(cells)):
            for down, right in NEIGHBOURS:
                if 0 <= i + down < step and 0 <= j + right < step:
                    level[i, j] = np.minimum(level[i, j], np.maximum(level[i + down, j + right], z[i, j]))
    return level


def _ground_around(z: F64) -> F64:
    """Return the mean ground around each fine cell at two distances, added up, closed cells far above it."""
    near = _mean_of_neighbours(np.where(np.isfinite(z), z, CLOSED))
    return near + _mean_of_neighbours(near)


def _mean_of_neighbours(ground: F64) -> F64:
    """Return the mean of the four neighbours of each cell, itself where the grid ends."""
    padded = np.pad(ground, 1, mode="edge")
    mean: F64 = 0.25 * ((padded[:-2, 1:-1] + padded[2:, 1:-1]) + (padded[1:-1, :-2] + padded[1:-1, 2:]))
    return mean


def _faces(sill: F64, n: F64, step: int) -> tuple[F64, F32, F32]:
    """Return the lowest sill of each face between columns, heights of the others above it, and 1/n in that order."""
    rows, columns = sill.shape
    high, wide = -(-rows // step), -(-columns // step)
    at = np.arange(step - 1, columns - 1, step)
    top, rough = np.full((high * step, wide), np.inf), np.full((high * step, wide), np.inf)
    top[:rows, : at.size] = np.maximum(sill[:, at], sill[:, at + 1])
    rough[:rows, : at.size] = np.maximum(0.5 * (n[:, at] + n[:, at + 1]), SMOOTHEST)
    parts, rough = top.reshape(high, step, wide), rough.reshape(high, step, wide)
    order = parts.argsort(axis=1, kind="stable")
    parts, rough = np.take_along_axis(parts, order, axis=1), np.take_along_axis(rough, order, axis=1)
    datum = np.ascontiguousarray(parts[:, 0])
    over = parts[:, 1:] - np.where(np.isfinite(datum), datum, 0.0)[:, None]
    strickler = np.where(np.isfinite(parts), 1.0 / np.where(np.isfinite(parts), rough, 1.0), 0.0)
    return datum, over.astype(np.float32), strickler.astype(np.float32)


def _edges(event: Event, step: int, *, sill: F64, mean: F64) -> tuple[I32, F64]:
    """Return fine boundary faces in coarse cells, as the kernel's arrays."""
    bed, domain = event.bed, event.domain
    cell, axis, sign = bed.edges[:, [ROW, COLUMN]], bed.edges[:, AXIS], bed.edges[:, SIGN]
    coarse = cell // step
    along = np.where(axis == 0, cell[:, 1], cell[:, 0])
    beyond = along + sign
    out = np.stack([np.where(axis == 1, sign, 0), np.where(axis == 0, sign, 0)], axis=1)
    count = np.pad(sums(domain.open, step), 1)
    outermost = (beyond // step != along // step) & (count[tuple((coarse + out + 1).T)] == 0.0)
    inner = coarse - out
    within = count[tuple((inner + 1).T)] > 0.0
    inner = np.where(within[:, None], inner, coarse)
    fall = np.where(within, mean[inner[:, 0], inner[:, 1]] - mean[coarse[:, 0], coarse[:, 1]], -np.inf)
    edges = np.column_stack([coarse, inner, axis, sign, bed.edges[:, KIND], outermost])
    rough = bed.n[cell[:, 0], cell[:, 1]].astype(np.float64)
    return np.ascontiguousarray(edges, dtype=np.int32), np.column_stack([sill[cell[:, 0], cell[:, 1]], fall, rough])
