"""Water that passes from one cell to another beside the ordinary flux: what all structures of a flood share."""

from typing import NamedTuple

import numpy as np

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import KEPT
from citybraid.kernels.flood.rows import FILM
from citybraid.kernels.flood.spans import wet_at
from citybraid.kernels.flood.state import F64, I32, Water

AWAY = -1
"""Row and column of an end outside the area."""
PEAK, NOW, VOLUME = 0, 1, 2
"""Columns of what has passed."""


class Passage(NamedTuple):
    """Pairs of cells between which structures let water pass, and what has passed.

    `cells` is row and column of the first cell, then of the second; `bed` their ground [m]; `share` one over the
    most structures that meet in one of the two; `of` the place of each pair's structure in its table; `volume` what
    passes in a step, from the first to the second [m³]. `passed`, a row per structure, is state: peak and
    present discharge [m³ s⁻¹] and volume [m³], either way.
    """

    cells: I32
    bed: F64
    share: F64
    of: I32
    volume: F64
    passed: F64


@compiled(inline=True)
def level(passage: Passage, h: F64, k: int, end: int) -> float:
    """Water level, or dry ground, at one end of a pair [m]."""
    depth: float = passage.bed[k, end] + h[passage.cells[k, 2 * end], passage.cells[k, 2 * end + 1]]
    return depth


@compiled(inline=True)
def most_volume(passage: Passage, h: F64, k: int, end: int, sill: float, area: float) -> float:
    """Most that may leave by one end in a step [m³]: what is above the sill, and not more than evens out the levels.

    Each of the structures that meet in a cell has its share, so that together they never overdraw it.
    """
    here = level(passage, h, k, end)
    depth = h[passage.cells[k, 2 * end], passage.cells[k, 2 * end + 1]]
    if depth <= FILM:
        return 0.0
    most = min(0.5 * (here - level(passage, h, k, 1 - end)), here - sill, depth)
    return KEPT * max(most, 0.0) * passage.share[k] * area  # type: ignore[no-any-return]  # a kernel's arrays have no element type


@compiled(inner=True)
def exchange(passage: Passage, water: Water, area: float, dt: float) -> float:
    """Let the volumes of a step pass; returns the deepest water where they arrive [m]."""
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
        wet_at(water.first, water.last, j0, i0)
        deepest = max(deepest, h[j0, i0])
        passage.passed[passage.of[k], NOW] += abs(volume) / dt
        passage.passed[passage.of[k], VOLUME] += abs(volume)
    keep_peaks(passage)
    return deepest


@compiled(inner=True)
def keep_peaks(passage: Passage) -> None:
    """Keep each structure's greatest discharge."""
    for k in range(passage.passed.shape[0]):
        passage.passed[k, PEAK] = max(passage.passed[k, PEAK], passage.passed[k, NOW])


@compiled(inner=True)
def lead_on(passage: Passage, water: Water, size: F64, dt: float) -> None:
    """Put what passed between neighbours on their face, for the q-centred mean of the faces next to it."""
    for k in range(passage.volume.size):
        j0, i0, j1, i1 = passage.cells[k, 0], passage.cells[k, 1], passage.cells[k, 2], passage.cells[k, 3]
        if j0 == j1:
            ahead = 1.0 if i1 > i0 else -1.0
            water.qx[j0, max(i0, i1)] += np.float32(ahead * passage.volume[k] / (dt * size[1]))
        else:
            ahead = 1.0 if j1 > j0 else -1.0
            water.qy[max(j0, j1), i0] += np.float32(ahead * passage.volume[k] / (dt * size[0]))
