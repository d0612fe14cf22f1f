"""What the flood solver holds: ground, sinks, moving water, forcing and numerical choices."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

QUANTUM = 2.0**-16
"""Bed levels are rounded to this [m]: their differences are then exact in float32, and a lake stays at rest."""
CLOSED_FACE = np.float32(np.nan)
"""Fall over a face under a wall: no comparison with it holds, so that no depth at the face counts as wet."""


class Bed(NamedTuple):
    """What does not change: falls of the bed, roughness, roofs, edge faces, inflow cells.

    `fall_x[j, i]` is the bed of cell i less that of cell i + 1, `fall_y[j, i]` that of row j less
    that of row j + 1 [m]. Blocked cells and cells outside stand above any water, which
    closes their faces, and have roughness -1: no rain falls on them. Their rain comes down on the
    open cells `roof_column[roof_start[j] : roof_start[j + 1]]` of row j, `roof_share` cells' worth
    on each. `edge_bed` is, for every edge face, the bed of its cell and that of the next
    cell inside (infinite where that is closed). `size` is the cell size along x and y [m].
    """

    fall_x: F32
    fall_y: F32
    n: F32
    roof_start: I64
    roof_column: I32
    roof_share: F64
    edges: I32
    edge_bed: F64
    inflow_cells: I32
    inflow_share: F64
    size: F64


class Soil(NamedTuple):
    """Sinks per cell; an array without rows stands for a sink that is not there.

    `room` surface storage still free [m], `taken` infiltrated so far [m], `drained` so far
    [m]; `capacity` m s⁻¹. Green-Ampt: `conductivity` m s⁻¹, `suction` m, `deficit` [-]. Horton: rates
    `first` and `last` m s⁻¹, `decay` s⁻¹, `worn` the time of infiltration at full rate that led to here [s].
    """

    room: F64
    taken: F64
    conductivity: F32
    suction: F32
    deficit: F32
    drained: F64
    capacity: F32
    first: F32
    last: F32
    decay: F32
    worn: F64


class Water(NamedTuple):
    """What moves, and the whole state of a run between slices.

    `clock` is time, time of the last tracking, deepest water, fastest flow, last step; `sums` out and
    its remainder, in and its remainder [m³]; `tally` steps, and cells × steps that were swept.
    Row j may be wet from column `first[j]` up to `last[j]`, which it does not reach.
    """

    h: F64
    qx: F32
    qy: F32
    edge_q: F64
    clock: F64
    sums: F64
    tally: I64
    first: I32
    last: I32


class Work(NamedTuple):
    """Room for a step's rows, deepest water by column, spans before the step, and edge levels."""

    rows: F32
    columns: F64
    spans: I32
    levels: F64


class Scheme(NamedTuple):
    """Numerical choices.

    Courant number, q-centred weight, longest step [s], steps [-] and time [s] after which peaks are tracked,
    threshold [m].
    """

    alpha: float
    theta: float
    longest: float
    every: int
    latest: float
    threshold: float


class Force(NamedTuple):
    """Forcing of one stretch of time: its end [s], rain [m s⁻¹], inflow [m³ s⁻¹], levels at its end, their rise.

    `field` is the rain of each open cell [m s⁻¹], 0 on others, and `rain` then the most of it, in which roofs' shares
    are counted; without rows it rains `rain` on all open cells.
    """

    until: float
    rain: float
    inflow: float
    levels: F64
    rise: F64
    field: F32


def room(shape: tuple[int, int], levels: int) -> Work:
    """Return room to work on a grid of this shape."""
    rows, columns = shape
    return Work(
        np.zeros((14, columns + 1), np.float32), np.zeros(columns), np.zeros((2, rows), np.int32), np.zeros(levels)
    )
