"""Arrays of the flood solver: bed, sinks, state of the water, forcing, numerical scheme, work arrays."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

NOW, TRACKED, DEEPEST, FASTEST, LAST, SUNK = range(6)
"""Slots of `Water.clock`: time, last update of peaks [s], greatest depth [m], fastest flow [m s⁻¹], last step [s], time
up to which sinks have acted [s]."""
CLOCK = 6
"""Length of `Water.clock`."""
STEPS, SWEPT = range(2)
"""Slots of `Water.tally`: steps, and cell updates (cells × steps)."""
NORTH, ABOVE = range(2)
"""Rows of `Work.carry` for each step of a pass, passed from one row of cells to the next: unlimited southern fluxes,
limiter of its cells."""
CARRIED = 2
"""Rows of `Work.carry` for each step of a pass."""
PASS = 4
"""Most steps of one length, and most taken in one pass over the rows: memory is read and written once for all."""
TAKEN, HELD, PARTS, TOGETHER = range(4)
"""Slots of `Pass.steps`."""
REACH = 3
"""Rows by which a step of a pass follows the one before it: fluxes of a row need the new depths of the two below it."""
BLOCK = 512
"""Columns of a row computed at a time: their working set fits an L1 cache of 32 KiB."""
PITCH = BLOCK + 16
"""Offset between quantities in the scratch array."""
SCRATCH = 8 * PITCH
"""Length of the scratch array."""
QUANTUM = 2.0**-16
"""Bed levels are rounded to this [m] so that their differences are exact in float32 and a lake stays at rest."""
CLOSED_FACE = np.float32(np.nan)
"""Bed fall over a face under a wall: every comparison with NaN is false, so the face is never wet."""


class Bed(NamedTuple):
    """Static data: bed falls over faces, roughness, roof drainage, boundary faces, inflow cells.

    `fall_x[j, i]` is the bed of cell i less that of cell i + 1, `fall_y[j, i]` that of row j less
    that of row j + 1 [m]. Blocked cells and cells outside are raised above any water level,
    which closes their faces, and have roughness -1: no rain falls on them. Rain on roofs is added to the
    open cells `roof_column[roof_start[j] : roof_start[j + 1]]` of row j, `roof_share` cells' worth
    on each. `edges` are sorted by row, those of row j from `edge_start[j]` to `edge_start[j + 1]`. `edge_bed` is, for
    every edge face, the bed of its cell and that of the next cell inside (infinite where that is closed). `size` is
    the cell size along x and y [m].
    """

    fall_x: F32
    fall_y: F32
    n: F32
    roof_start: I64
    roof_column: I32
    roof_share: F64
    edge_start: I64
    edges: I32
    edge_bed: F64
    inflow_cells: I32
    inflow_share: F64
    size: F64


class Soil(NamedTuple):
    """Sinks of each cell; an array without rows stands for an absent sink.

    `storage_left` free surface storage [m], `storing` 1 in rows where any may be free, else 0; `infiltrated` and
    `drained` so far [m], `capacity` of drains [m s⁻¹].
    Green-Ampt: `conductivity` [m s⁻¹], `suction` [m], `deficit` [-]. Horton: `initial_rate` and `final_rate`
    [m s⁻¹], `decay` [s⁻¹], `horton_time` equivalent time of infiltration at capacity [s].
    """

    storage_left: F64
    storing: I32
    infiltrated: F64
    conductivity: F32
    suction: F32
    deficit: F32
    drained: F64
    capacity: F32
    initial_rate: F32
    final_rate: F32
    decay: F32
    horton_time: F64


class Water(NamedTuple):
    """State of a run: depth [m], unit discharge over faces and boundary faces [m² s⁻¹], time, sums and wet spans.

    `sums` is outflow and inflow over the boundary, each followed by its rounding remainder [m³].
    Row j may be wet in columns `first[j]` to `last[j] - 1`.
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
    """Work arrays of one thread: scratch of a block, values carried to the next row, a row whose values are discarded.

    Spans before the step are used by the first thread only.
    """

    scratch: F32
    carry: F32
    spare: F32
    spans: I32


class Pass(NamedTuple):
    """Steps taken in one pass over the rows: `steps[TAKEN]` of them, at most `steps[TOGETHER]`.

    `steps[HELD]` more have their length, and `steps[PARTS]` are left in the interval of forcing. A row per step: levels
    at its middle [m], and discharge over boundary faces [m² s⁻¹]. Sinks act over `sinking` [s]
    at the end of a step, 0 where they rest.
    """

    steps: I64
    levels: F64
    edge_q: F64
    sinking: F64


class Seams(NamedTuple):
    """Seams between bands of rows, which threads compute concurrently.

    Band k has rows `bounds[k]` to `bounds[k + 1] - 1`; bands that are not needed are empty and come last. Step s of a
    pass leaves out REACH (s + 1) rows on both sides of a seam, the gap, which is swept after the bands. The
    faces at the gap's two rims have unlimited fluxes `raw` and the limiters `above` and `below` of their cells, in the
    row that `seams.rim` tells. `min_cells` is the smallest number of cells in a band.
    """

    bounds: I64
    raw: F32
    above: F32
    below: F32
    min_cells: int


class Step(NamedTuple):
    """A time step [s] and its products: `x`, `y` dt / dx, dt / dy; `push` g dt / dx, g dt / dy; `drag` g dt / 4.

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
    """Numerical scheme: Courant number, q-centred weight, longest step [s], wet threshold of peaks [m].

    Peaks are updated after `every` steps or `latest` seconds, whichever comes first.
    """

    alpha: float
    theta: float
    longest: float
    every: int
    latest: float
    threshold: float


class ForcingInterval(NamedTuple):
    """Forcing over one interval: its end [s], rain [m s⁻¹], inflow [m³ s⁻¹], levels at its end [m], their rise [m s⁻¹].

    `field` is the rain of each open cell [m s⁻¹], 0 on others; `rain` is then its maximum, to which roofs' shares
    refer. Without rows in `field`, `rain` falls on all open cells.
    """

    until: float
    rain: float
    inflow: float
    levels: F64
    rise: F64
    field: F32


def work_arrays(shape: tuple[int, int]) -> Work:
    """Allocate the work arrays of one thread for a grid of this shape."""
    rows, columns = shape
    carry, spans = np.zeros((CARRIED * PASS, columns), np.float32), np.zeros((2, rows), np.int32)
    return Work(np.zeros(SCRATCH, np.float32), carry, np.zeros(columns, np.float32), spans)


def pass_arrays(levels: int, edges: int, *, together: int = PASS) -> Pass:
    """Allocate the arrays of a pass of up to `together` steps, for so many levels and boundary faces."""
    steps = np.array([0, 0, 0, together])
    return Pass(steps, np.zeros((PASS, levels)), np.zeros((PASS, edges)), np.zeros(PASS))


def seams(columns: int, bands: int, *, min_cells: int) -> Seams:
    """Allocate the seams between bands."""
    raw, above, below = (np.zeros((2 * PASS * (bands - 1), columns), np.float32) for _ in range(3))
    return Seams(np.zeros(bands + 1, np.int64), raw, above, below, min_cells)
