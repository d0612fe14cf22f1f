"""Arrays of the full shallow water equations, and the tiles in which they are computed.

All values of a tile lie in one scratch array, each quantity at a fixed offset, rows one after another: neighbours are
at fixed distances, and every loop over a tile vectorises, its bounds being constants: with others LLVM does not, and
takes four times as long. A tile reads three cells around it and writes only its own, so that tiles may be computed in
any order and at once: faces between two tiles are computed in both, by the same strict arithmetic to the same bits.
"""

from typing import NamedTuple

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.state import F32, F64, I32, I64, Bed, Water

HALO = 3
"""Cells around a tile that it reads: limiters of its neighbours need their faces, those the slopes one further on."""
ROWS, COLUMNS = 24, 122
"""Cells of a tile that it computes."""
WIDTH = COLUMNS + 2 * HALO
"""Distance of a cell from the one south of it in the scratch array."""
CELLS = (ROWS + 2 * HALO) * WIDTH
"""Cells of a tile with those around it."""
SLOT = CELLS + 16
"""Offset between quantities in the scratch array."""
H, LEVEL, U, V = (k * SLOT for k in range(4))
"""Depth, water level, velocity to the east and to the south."""
SLOPE_H, SLOPE_LEVEL, SLOPE_U, SLOPE_V = (k * SLOT for k in range(4, 8))
"""Differences of these over a cell, limited, along the axis that is computed."""
OPEN_X, OPEN_Y = (k * SLOT for k in range(8, 10))
"""1 where the face west, or north, of a cell is open, else 0."""
MASS_X, NEAR_X, FAR_X, SIDE_X = (k * SLOT for k in range(10, 14))
"""Over the face west of a cell: flux of water, of momentum over the face as the cell west of it and the cell itself
feel it, of momentum along it."""
MASS_Y, NEAR_Y, FAR_Y, SIDE_Y = (k * SLOT for k in range(14, 18))
"""The same over the face north of a cell."""
SHARE, Z, QX, QY, ROUGH = (k * SLOT for k in range(18, 23))
"""Factor by which a cell's outflow is limited to its water; bed level, discharges, square of Manning's coefficient, -1
on closed cells."""
HEAD = SLOPE_H
"""Speed that a cell's head can give, in the place of slopes once fluxes are known."""
SCRATCH = 23 * SLOT
"""Length of the scratch array."""
THIN = 1e-5
"""Depth below which a film's velocity is its discharge over this depth [m]: velocity stays finite where water ends."""
DRY = 1e-6
"""Depth below which water has no momentum [m]."""


class Ground(NamedTuple):
    """Bed level of cells [m], those of closed cells 0; whether faces west and north of cells are open, 1 or 0.

    `rough` is the square of Manning's coefficient, -1 on closed cells. `mouths` are rim faces over which inflows enter:
    cell row, cell column, axis (0 x, 1 y), sign of the flow along it; `mouth_unit` the discharge over a metre of each
    over the whole inflow [m⁻¹].
    """

    z: F64
    open_x: F64
    open_y: F64
    rough: F64
    mouths: I32
    mouth_unit: F64


class Flow(NamedTuple):
    """Unit discharge of cells to east and south [m² s⁻¹], and depth and discharge in the middle of a step.

    Between steps `mid_h` is the depth that the discharge belongs to: what sinks take has their velocity.
    """

    qx: F64
    qy: F64
    mid_h: F64
    mid_qx: F64
    mid_qy: F64


class Work(NamedTuple):
    """Work arrays: a tile's scratch, flux over each boundary face in both stages, which tiles are wet and computed.

    `levels` are those of the step [m], `inflow` its inflow [m³ s⁻¹]; `strip` is the scratch of peaks. Of tiles, `wet`
    tells those with water, `busy` those and their neighbours.
    """

    scratch: F64
    passed: F64
    wet: I64
    busy: I64
    levels: F64
    inflow: F64
    strip: F32


class Stage(NamedTuple):
    """State that a stage starts from: depth and discharges of cells."""

    h: F64
    qx: F64
    qy: F64


def new_flow(shape: tuple[int, int]) -> Flow:
    """Allocate water without discharge."""
    return Flow(*(np.zeros(shape) for _ in Flow._fields))


def tiles_of(shape: tuple[int, int]) -> tuple[int, int]:
    """Return how many tiles cover a grid, down and across."""
    return -(-shape[0] // ROWS), -(-shape[1] // COLUMNS)


@compiled(fast=frozenset(), inner=True)
def load_row(
    h: F64, qx: F64, qy: F64, z: F64, open_x: F64, open_y: F64, rough: F64, s: F64, at: int
) -> None:  # fmt: skip
    """Load a row of cells, the first at place `at` of a tile."""
    for i in range(h.size):
        s[H + at + i] = h[i]
        s[Z + at + i] = z[i]
        s[QX + at + i] = qx[i]
        s[QY + at + i] = qy[i]
    for i in range(h.size):
        s[OPEN_X + at + i] = open_x[i]
        s[OPEN_Y + at + i] = open_y[i]
        s[ROUGH + at + i] = rough[i]


@compiled(fast=frozenset(), inner=True)
def clear_row(s: F64, start: int, stop: int) -> None:
    """Set the places `start` to `stop` of a tile to closed cells without water."""
    for i in range(start, stop):
        s[H + i] = 0.0
        s[Z + i] = 0.0
        s[QX + i] = 0.0
        s[QY + i] = 0.0
        s[OPEN_X + i] = 0.0
        s[OPEN_Y + i] = 0.0
        s[ROUGH + i] = -1.0


@compiled(fast=frozenset(), inner=True)
def derive_tile(s: F64) -> None:
    """Water level and velocity of a tile's cells."""
    for i in range(CELLS):
        thick = max(s[H + i], THIN)
        s[LEVEL + i] = s[H + i] + s[Z + i]
        s[U + i] = s[QX + i] / thick
        s[V + i] = s[QY + i] / thick


@compiled(fast=frozenset(), inner=True)
def load_tile(ground: Ground, state: Stage, s: F64, top: int, left: int) -> None:
    """Load the tile whose first cell is in row `top` and column `left`, with three cells around it."""
    rows, columns = state.h.shape
    a, b = max(left - HALO, 0), min(left + COLUMNS + HALO, columns)
    for k in range(ROWS + 2 * HALO):
        j, start = top - HALO + k, k * WIDTH
        if j < 0 or j >= rows:
            clear_row(s, start, start + WIDTH)
            if j == rows:
                for i in range(a, b):
                    s[OPEN_Y + start + i - left + HALO] = ground.open_y[j, i]
            continue
        first = start + a - left + HALO
        clear_row(s, start, first)
        load_row(
            state.h[j, a:b], state.qx[j, a:b], state.qy[j, a:b], ground.z[j, a:b], ground.open_x[j, a:b],
            ground.open_y[j, a:b], ground.rough[j, a:b], s, first,
        )  # fmt: skip
        clear_row(s, first + b - a, start + WIDTH)
    derive_tile(s)


@compiled(fast=frozenset(), inner=True)
def mark_busy(wet: I64, busy: I64) -> None:
    """Mark tiles that are wet or beside a wet one: water moves by two cells in a step."""
    down, across = wet.shape
    for p in range(down):
        for q in range(across):
            some = 0
            for k in range(max(p - 1, 0), min(p + 2, down)):
                for m in range(max(q - 1, 0), min(q + 2, across)):
                    some += wet[k, m]
            busy[p, q] = int(some > 0)


def work_of(bed: Bed, water: Water, levels: int, strip: int) -> Work:
    """Allocate the work arrays of a run."""
    tiles = tiles_of(water.h.shape)
    return Work(
        np.zeros(SCRATCH), np.zeros((2, len(bed.edges))), np.zeros(tiles, np.int64), np.zeros(tiles, np.int64),
        np.zeros(levels), np.zeros(1), np.zeros(strip, np.float32),
    )  # fmt: skip
