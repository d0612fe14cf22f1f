"""What hides the sky from a point: the horizon of ground and buildings, and crowns of trees, direction by direction.

A direction's cells are visited along parallel lines that step one cell along the grid axis nearest to the direction
and keep the other axis to the nearest cell. On each line the surface behind the point is kept as its upper convex
hull, so that a horizon costs a few steps, whatever the distance (Timonen and Westerholm 2010, Comput. Graph. Forum
29: 695-704). Crowns hang in the air and let light through; they are marched cell by cell.
"""

import math

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]

WALL = 1.0
"""Height above the ground from which a cell is a building with upright walls [m]."""


@compiled(inline=True)
def tangent(where: F64, top: F64, count: int, at: float, base: float) -> float:
    """Return the tangent of the height, at least 0, at which a convex hull stands before a point.

    From the nearest corner on, the corners' heights rise up to the tangent's corner and then fall.
    """
    steepest, h = -math.inf, count - 1
    while h >= 0:
        rise = (top[h] - base) / (at - where[h])
        if rise < steepest:
            break
        steepest = rise
        h -= 1
    return max(steepest, 0.0)


@compiled()
def sector_horizon(
    surface: F32, ground: F32, eye: float, azimuth: float, cell_y: float, cell_x: float, slope: F32
) -> None:
    """Write the tangent of the horizon's height in one direction, at least 0, into `slope` (rows, columns).

    `surface` is the top of ground and buildings, `ground` the bare ground, `eye` the height of the point above the
    surface of its cell [m], `azimuth` the direction looked to [rad], clockwise from north; rows go south. A cell that
    stands at least WALL above the ground hides the sky from its nearer edge on, other cells from their middle.
    Cells without a value (NaN) hide nothing and see nothing.
    """
    rows, columns = surface.shape
    east, south = math.sin(azimuth) / cell_x, -math.cos(azimuth) / cell_y
    along_columns = abs(east) >= abs(south)
    major, minor = (columns, rows) if along_columns else (rows, columns)
    ahead, aside = (east, south) if along_columns else (south, east)
    lean = aside / abs(ahead)
    step = 1.0 / abs(ahead)
    first, forward = (major - 1, -1) if ahead > 0.0 else (0, 1)
    drift = math.floor(-lean * (major - 1) + 0.5)
    low, high = min(0, -drift), max(minor, minor - drift)
    where, top = np.empty(major), np.empty(major)
    for line in range(low, high):
        count = 0
        for k in range(major):
            m = first + forward * k
            n = line + math.floor(-lean * k + 0.5)
            if n < 0 or n >= minor:
                continue
            j, i = (n, m) if along_columns else (m, n)
            height = surface[j, i]
            if math.isnan(height):
                slope[j, i] = np.float32(0.0)
                continue
            at = k * step
            edge = at + 0.5 * step if height - ground[j, i] >= WALL else at
            slope[j, i] = np.float32(tangent(where, top, count, at, height + eye))
            while count >= 2:
                a, b = count - 2, count - 1
                if (top[b] - top[a]) * (edge - where[a]) <= (height - top[a]) * (where[b] - where[a]):
                    count -= 1
                else:
                    break
            where[count], top[count] = edge, height
            count += 1


@compiled()
def sector_crowns(
    surface: F32, crown_top: F32, crown_base: F32, cover: F32, eye: float, azimuth: float, cell_y: float, cell_x: float,
    reach: float, tangents: F64, hidden: U8,
) -> None:  # fmt: skip
    """Write the greatest cover of a crown that rays of one azimuth meet into `hidden` (rows, columns, rays), 255ths.

    `tangents` are those of the rays' heights; `crown_top` and `crown_base` absolute heights [m] of each cell's crowns,
    `cover` their share of the cell, 0 where there is no tree. Crowns further than `reach` [m] are left out.
    """
    rows, columns = surface.shape
    east, south = math.sin(azimuth) / cell_x, -math.cos(azimuth) / cell_y
    along_columns = abs(east) >= abs(south)
    major, minor = (columns, rows) if along_columns else (rows, columns)
    ahead, aside = (east, south) if along_columns else (south, east)
    lean, step = aside / abs(ahead), 1.0 / abs(ahead)
    first, forward = (major - 1, -1) if ahead > 0.0 else (0, 1)
    drift = math.floor(-lean * (major - 1) + 0.5)
    where, top, base, share = np.empty(major), np.empty(major), np.empty(major), np.empty(major, np.uint8)
    for line in range(min(0, -drift), max(minor, minor - drift)):
        count = 0
        for k in range(major):
            m = first + forward * k
            n = line + math.floor(-lean * k + 0.5)
            if n < 0 or n >= minor:
                continue
            j, i = (n, m) if along_columns else (m, n)
            at, level = k * step, surface[j, i] + eye
            if cover[j, i] > 0.0:
                where[count], top[count], base[count] = at, crown_top[j, i], crown_base[j, i]
                share[count] = np.uint8(255.0 * min(cover[j, i], np.float32(1.0)) + 0.5)
                count += 1
            for r in range(tangents.size):
                hidden[j, i, r] = 0
            h = count - 1
            while h >= 0 and at - where[h] <= reach:
                away = at - where[h]
                low = (base[h] - level) / (away + 0.5 * step)
                high = (top[h] - level) / (away - 0.5 * step) if away > 0.75 * step else math.inf
                if top[h] > level:
                    for r in range(tangents.size):
                        if low <= tangents[r] <= high and share[h] > hidden[j, i, r]:
                            hidden[j, i, r] = share[h]
                h -= 1


@compiled(fast=frozenset())
def take_crowns(horizon: F32, hidden: U8, weights: F64, result: F32) -> None:
    """Take from sky views, (rows, columns), what crowns hide of a sector above its horizon.

    `horizon` is in bands, `hidden` (rows, columns, bands) from 0 to 255, `weights` (bands,) the share of each band.
    """
    bands = weights.size
    part = np.zeros(bands)
    for i in range(horizon.shape[0]):
        for j in range(horizon.shape[1]):
            for band in range(bands):
                free = min(max(band + 1 - np.float64(horizon[i, j]), 0.0), 1.0)
                part[band] = free * weights[band] * np.float64(hidden[i, j, band] / np.float32(255.0))
            result[i, j] = np.float32(result[i, j] - pairwise(part))


@compiled(fast=frozenset(), inline=True)
def pairwise(part: F64) -> float:
    """Return a sum of eight values or more in the order of numpy: eight in pairs, then the others."""
    total = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]))
    for at in range(8, part.size):
        total += part[at]
    return float(total)
