"""Transfer of water between two cells apart from the face flux: shared by all structures of a flood."""

from typing import NamedTuple

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import MAX_OUTFLOW_SHARE
from citybraid.kernels.flood.rows import DRY_DEPTH
from citybraid.kernels.flood.spans import mark_wet
from citybraid.kernels.flood.state import F64, I32, Water

OUTSIDE = -1
"""Row and column of an end outside the model area."""
PEAK, NOW, VOLUME = 0, 1, 2
"""Columns of `Passage.passed`."""


class Passage(NamedTuple):
    """Pairs of cells that structures connect, and the flow between them.

    `cells` is row and column of the first cell, then of the second; `bed` their bed levels [m]; `share` one over the
    greater number of structures at either cell; `of` the row of each pair's structure in its table; `volume` that of
    a step, positive from the first to the second [m³]. `passed`, a row per structure, is state: peak and
    present discharge [m³ s⁻¹] and total volume [m³], regardless of direction.
    """

    cells: I32
    bed: F64
    share: F64
    of: I32
    volume: F64
    passed: F64


@compiled(inline=True)
def level(passage: Passage, h: F64, k: int, end: int) -> float:
    """Return the water level (bed level where dry) at one end of a pair [m]."""
    depth: float = passage.bed[k, end] + h[passage.cells[k, 2 * end], passage.cells[k, 2 * end + 1]]
    return depth


@compiled(inline=True)
def max_volume(passage: Passage, h: F64, k: int, end: int, sill: float, area: float) -> float:
    """Return the greatest volume that may leave by one end in a step [m³].

    That is the water above the sill, up to equal levels on both sides. The structures at a cell
    share it, so that together they never overdraw it.
    """
    upper = level(passage, h, k, end)
    depth = h[passage.cells[k, 2 * end], passage.cells[k, 2 * end + 1]]
    if depth <= DRY_DEPTH:
        return 0.0
    most = min(0.5 * (upper - level(passage, h, k, 1 - end)), upper - sill, depth)
    return MAX_OUTFLOW_SHARE * max(most, 0.0) * passage.share[k] * area  # type: ignore[no-any-return]  # a kernel's arrays have no element type


@compiled(inner=True)
def transfer_volumes(passage: Passage, water: Water, area: float, dt: float) -> float:
    """Transfer the volumes of a step; return the greatest depth of the receiving cells [m]."""
    h = water.h
    deepest = 0.0
    passage.passed[:, NOW] = 0.0
    for k in range(passage.volume.size):
        volume = passage.volume[k]
        if volume == 0.0:
            continue
        depth = volume / area
        j0, i0, j1, i1 = passage.cells[k, 0], passage.cells[k, 1], passage.cells[k, 2], passage.cells[k, 3]
        h[j0, i0] -= depth
        h[j1, i1] += depth
        if depth > 0.0:
            j0, i0 = j1, i1
        mark_wet(water.first, water.last, j0, i0)
        deepest = max(deepest, h[j0, i0])
        passage.passed[passage.of[k], NOW] += abs(volume) / dt
        passage.passed[passage.of[k], VOLUME] += abs(volume)
    update_peak_discharge(passage)
    return deepest


@compiled(inner=True)
def update_peak_discharge(passage: Passage) -> None:
    """Update each structure's peak discharge."""
    for k in range(passage.passed.shape[0]):
        passage.passed[k, PEAK] = max(passage.passed[k, PEAK], passage.passed[k, NOW])


@compiled(inner=True)
def add_to_face_flux(passage: Passage, water: Water, size: F64, dt: float) -> None:
    """Add the flow between neighbours to their face flux, for the q-centred mean of the next faces."""
    for k in range(passage.volume.size):
        j0, i0, j1, i1 = passage.cells[k, 0], passage.cells[k, 1], passage.cells[k, 2], passage.cells[k, 3]
        if j0 == j1:
            ahead = 1.0 if i1 > i0 else -1.0
            water.qx[j0, max(i0, i1)] += np.float32(ahead * passage.volume[k] / (dt * size[1]))
        else:
            ahead = 1.0 if j1 > j0 else -1.0
            water.qy[max(j0, j1), i0] += np.float32(ahead * passage.volume[k] / (dt * size[0]))
