"""Horizon before facades: the height at which neighbours' outlines stand, by azimuth and band of storeys."""

import math

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone_inputs import SECTORS
from citybraid.kernels.compiled import compiled

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
STRICT = frozenset({"contract"})

TURN = 2 * math.pi
WIDTH = TURN / SECTORS
TOUCH = 1e-5
"""Part of a sector by which a ray may miss the end of an edge: corners in a ray count, whatever the rounding."""
NEAREST = 0.5
"""Distance below which an outline counts as at that distance [m]."""


@compiled(fast=STRICT)
def horizons(
    points: Array, owner: Ints, facing: Ints, bands: Array, near_start: Ints, near: Ints,
    edge_start: Ints, edges: Array, heights: Array, result: NDArray[np.float32],
) -> None:  # fmt: skip
    """Write the horizon's height [rad] of each facade into `result`, (buildings, facades, SECTORS, bands).

    A ray is cast from each facade's point, `points` (facades, 2), through the middle of every sector of azimuth in
    front of it. `owner` and `facing` give a facade's place in `result`, `bands` the height of each band's middle
    (buildings, bands), `near` the neighbours of building b from `near_start[b]`, `edges` (edges, 4) the outlines of
    building n from `edge_start[n]`, its inside to the left: an edge seen from inside does not count, so that a
    building is not shaded by one that it overlaps, such as a podium by the tower in its middle.
    """
    count = bands.shape[1]
    steep = np.empty((SECTORS, count))
    for facade in range(points.shape[0]):
        building, face = owner[facade], facing[facade]
        normal = face * TURN / result.shape[1]
        steep[:] = 0.0
        for at in range(near_start[building], near_start[building + 1]):
            neighbour = near[at]
            if heights[neighbour] <= bands[building, 0]:
                continue
            for edge in range(edge_start[neighbour], edge_start[neighbour + 1]):
                _raise(points[facade], normal, edges[edge], heights[neighbour], bands[building], steep)
        for sector in range(SECTORS):
            for band in range(count):
                result[building, face, sector, band] = math.atan(steep[sector, band])


@compiled(fast=STRICT)
def _raise(point: Array, normal: float, edge: Array, height: float, bands: Array, steep: Array) -> None:
    """Raise the horizon's tangents of a facade where an outline's edge stands above them."""
    east, north = edge[0] - point[0], edge[1] - point[1]
    along, up = edge[2] - edge[0], edge[3] - edge[1]
    cross = east * up - north * along
    if cross >= 0.0:
        return
    start = math.atan2(east, north)
    sweep = math.atan2(east + along, north + up) - start
    if sweep > math.pi:
        sweep -= TURN
    elif sweep < -math.pi:
        sweep += TURN
    first, last = (start, start + sweep) if sweep > 0 else (start + sweep, start)
    for step in range(math.ceil(first / WIDTH - 0.5 - TOUCH), math.floor(last / WIDTH - 0.5 + TOUCH) + 1):
        azimuth = (step + 0.5) * WIDTH
        if math.cos(azimuth - normal) <= 0.0:
            continue
        base = math.sin(azimuth) * up - math.cos(azimuth) * along
        if base == 0.0:
            continue
        distance = max(cross / base, NEAREST)
        sector = step % SECTORS
        for band in range(bands.size):
            steep[sector, band] = max(steep[sector, band], (height - bands[band]) / distance)
