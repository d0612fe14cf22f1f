"""What the flood solver holds: ground, sinks, moving water, forcing and numerical choices."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

NOW, TRACKED, DEEPEST, FASTEST, LAST = range(5)
"""Places in a clock: time, time of the last tracking, deepest water, fastest flow, last step."""
STEPS, SWEPT = range(2)
"""Places in a tally: steps, and cells × steps that were swept."""
NORTH, ABOVE = range(2)
"""Rows of what a row hands to the next: raw fluxes over its southern faces, shares of its cells."""
BLOCK = 512
"""Columns of a row that are computed at a time: what they need fits a first-level cache of 32 KiB."""
PITCH = BLOCK + 16
"""Distance of one kind of value from the next in scratch."""
SCRATCH = 7 * PITCH
"""Size of scratch."""
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

    `clock` and `tally` as above; `sums` out and its remainder, in and its remainder [m³].
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
    """Room for one band: a block of a row's faces, what a row hands to the next, a row that nobody wants.

    Spans before the step and edge levels are the first band's alone.
    """

    scratch: F32
    carry: F32
    spare: F32
    spans: I32
    levels: F64


class Seams(NamedTuple):
    """Rows at which bands of rows meet, that threads compute at a time.

    Band k has the rows from `bounds[k]` up to `bounds[k + 1]`; those that are not needed are empty and come last.
    Its last faces, which it shares with band k + 1, have raw fluxes `raw[k]` and shares of their cells `above[k]`
    and `below[k]`. `least` is the fewest cells worth a band of their own.
    """

    bounds: I32
    raw: F32
    above: F32
    below: F32
    least: int


class Step(NamedTuple):
    """A time step [s] in the products that faces need: `x` and `y` over the cell size, `push` g times these, g dt / 4.

    `theta` is the weight of the face itself in the q-centred average.
    """

    dt: float
    theta: np.float32
    x: np.float32
    y: np.float32
    push_x: np.float32
    push_y: np.float32
    drag: np.float32


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
    carry, spans = np.zeros((2, columns), np.float32), np.zeros((2, rows), np.int32)
    return Work(np.zeros(SCRATCH, np.float32), carry, np.zeros(columns, np.float32), spans, np.zeros(levels))


def seams(columns: int, bands: int, *, least: int) -> Seams:
    """Return room for the seams between bands."""
    raw, above, below = (np.zeros((bands - 1, columns), np.float32) for _ in range(3))
    return Seams(np.zeros(bands + 1, np.int32), raw, above, below, least)
