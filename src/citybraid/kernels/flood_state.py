"""What the flood solver holds: ground, sinks, moving water, forcing and numerical choices."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


class Bed(NamedTuple):
    """What does not change: bed level, roughness, who gets rain, edge faces, inflow cells.

    Blocked cells and cells outside stand at `wall`, above any water: that alone closes
    their faces. `size` is the cell size along x and y [m].
    """

    z: F64
    n: F32
    rain_share: F32
    edges: I32
    inflow_cells: I32
    inflow_share: F64
    size: F64
    wall: float


class Soil(NamedTuple):
    """Sinks per cell; an array without rows stands for a sink that is not there.

    `room` surface storage still free [m], `taken` infiltrated so far [m], `drained` so far
    [m]; `conductivity` and `capacity` m s⁻¹, `suction` m, `deficit` [-].
    """

    room: F64
    taken: F64
    conductivity: F32
    suction: F32
    deficit: F32
    drained: F64
    capacity: F32


class Water(NamedTuple):
    """What moves, and the whole state of a run between slices.

    `clock` is time, time of the last tracking, deepest water, fastest flow, last step; `sums` out and
    its remainder, in and its remainder [m³]; `tally` steps, cells × steps, and the box of rows and columns
    that may be wet.
    """

    h: F64
    qx: F32
    qy: F32
    edge_q: F64
    clock: F64
    sums: F64
    tally: I64


class Scheme(NamedTuple):
    """Numerical choices: Courant number, q-centred weight, longest step [s], steps between trackings, threshold [m]."""

    alpha: float
    theta: float
    longest: float
    every: int
    threshold: float


class Force(NamedTuple):
    """Forcing of one stretch of time: its end [s], rain [m s⁻¹], inflow [m³ s⁻¹], levels at its end, their rise."""

    until: float
    rain: float
    inflow: float
    levels: F64
    rise: F64
