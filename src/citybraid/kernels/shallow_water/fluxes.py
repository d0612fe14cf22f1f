"""Fluxes over the faces of a tile: limited slopes, hydrostatic reconstruction, an approximate Riemann solver.

Second order in space (MUSCL: van Leer 1979, J. Comput. Phys. 32, with the monotonised central limiter of that paper,
eq. 66); beds and depths at faces by hydrostatic reconstruction (Audusse, Bouchut, Bristeau, Klein & Perthame 2004,
SIAM J. Sci. Comput. 25: 2050-2065, eq. 2.9 to 2.15 and 4.1 to 4.5), which keeps lakes at rest and depths positive;
fluxes of Harten, Lax and van Leer with the wave speeds of two rarefactions and of dry beds, and the contact wave of
HLLC for momentum along the face (Toro 2001, Shock-Capturing Methods for Free-Surface Shallow Flows, ch. 10).
Arithmetic is strict, so that a face computed twice has the same bits.
"""

import math

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.state import F64
from citybraid.kernels.numerics.gravity import GRAVITY
from citybraid.kernels.shallow_water.tile import (
    CELLS,
    FAR_X,
    FAR_Y,
    LEVEL,
    MASS_X,
    MASS_Y,
    NEAR_X,
    NEAR_Y,
    OPEN_X,
    OPEN_Y,
    ROUGH,
    SHARE,
    SIDE_X,
    SIDE_Y,
    SLOPE_H,
    SLOPE_LEVEL,
    SLOPE_U,
    SLOPE_V,
    THIN,
    WIDTH,
    H,
    U,
    V,
    Z,
)

HALF_G = 0.5 * GRAVITY
MOST = 1.0 - 1e-9
"""Largest share of a cell's water that may leave in a stage: below 1, so that rounding cannot make depth negative."""
TINY = 1e-300


@compiled(fast=frozenset(), inline=True)
def limited(before: float, after: float) -> float:
    """Return the monotonised central difference of the differences to both sides."""
    one, other = abs(before), abs(after)
    size = min(2.0 * min(one, other), 0.5 * (one + other))
    signed = size if before > 0.0 else -size
    return signed if before * after > 0.0 else 0.0


@compiled(fast=frozenset(), inline=True)
def between_beds(difference: float, before: float, after: float) -> float:
    """Return a bed's difference over a cell, kept where the bed at its faces lies between it and its neighbours.

    In a pit between dry banks the levels of the films on them are no slope of the water in it.
    """
    one, other = abs(before), abs(after)
    most = 2.0 * min(one, other) if before * after > 0.0 else 0.0
    least, greatest = (0.0, most) if before > 0.0 else (-most, 0.0)
    return max(min(difference, greatest), least)


@compiled(fast=frozenset(), inline=True)
def slopes(s: F64, stride: int, door: int, start: int, stop: int) -> None:
    """Limited differences of cells along an axis; none over closed faces and beside films, which are first order."""
    for i in range(start, stop):
        j, k = i - stride, i + stride
        wet = s[H + i] > THIN
        back = s[door + i] if wet and s[H + j] > THIN else 0.0
        on = s[door + k] if wet and s[H + k] > THIN else 0.0
        deep = limited(back * (s[H + i] - s[H + j]), on * (s[H + k] - s[H + i]))
        level = limited(back * (s[LEVEL + i] - s[LEVEL + j]), on * (s[LEVEL + k] - s[LEVEL + i]))
        bed = between_beds(level - deep, back * (s[Z + i] - s[Z + j]), on * (s[Z + k] - s[Z + i]))
        s[SLOPE_H + i] = deep
        s[SLOPE_LEVEL + i] = deep + bed
        s[SLOPE_U + i] = limited(back * (s[U + i] - s[U + j]), on * (s[U + k] - s[U + i]))
        s[SLOPE_V + i] = limited(back * (s[V + i] - s[V + j]), on * (s[V + k] - s[V + i]))


@compiled(fast=frozenset(), inline=True)
def face_fluxes(
    s: F64, stride: int, door: int, along: int, aside: int, slope_along: int, slope_aside: int, mass: int, near: int,
    far: int, side: int, start: int, stop: int,
) -> None:  # fmt: skip
    """Fluxes over the faces between cells i - `stride` and i, `along` being velocity over the face."""
    for i in range(start, stop):
        j = i - stride
        h0, h1 = s[H + j] + 0.5 * s[SLOPE_H + j], s[H + i] - 0.5 * s[SLOPE_H + i]
        e0, e1 = s[LEVEL + j] + 0.5 * s[SLOPE_LEVEL + j], s[LEVEL + i] - 0.5 * s[SLOPE_LEVEL + i]
        u0, u1 = s[along + j] + 0.5 * s[slope_along + j], s[along + i] - 0.5 * s[slope_along + i]
        v0, v1 = s[aside + j] + 0.5 * s[slope_aside + j], s[aside + i] - 0.5 * s[slope_aside + i]
        shut = s[door + i] == 0.0
        bed = max(e0 - h0, e1 - h1)
        a, b = max(min(e0 - bed, h0), 0.0), max(min(e1 - bed, h1), 0.0)
        a, b = (h0 if shut else a), (h1 if shut else b)
        c0, c1 = math.sqrt(GRAVITY * a), math.sqrt(GRAVITY * b)
        middle, celerity = 0.5 * (u0 + u1) + c0 - c1, 0.5 * (c0 + c1) + 0.25 * (u0 - u1)
        back = min(u0 - c0, middle - celerity) if b > 0.0 else u0 - c0
        on = max(u1 + c1, middle + celerity) if a > 0.0 else u1 + c1
        slow = min(back if a > 0.0 else u1 - 2.0 * c1, 0.0)
        fast = max(on if b > 0.0 else u0 + 2.0 * c0, 0.0)
        q0, q1 = a * u0, b * u1
        over = 1.0 / max(fast - slow, TINY)
        m = (fast * q0 - slow * q1 + slow * fast * (b - a)) * over
        p = (fast * (q0 * u0 + HALF_G * a * a) - slow * (q1 * u1 + HALF_G * b * b) + slow * fast * (q1 - q0)) * over
        is_open = s[door + i] > 0.0 and a + b > 0.0
        m, p = (m if is_open else 0.0), (p if is_open else 0.0)
        wall0 = max(h0 * u0 * (u0 + abs(u0) + c0) + HALF_G * h0 * h0, 0.0)
        wall1 = max(h1 * u1 * (u1 - abs(u1) - c1) + HALF_G * h1 * h1, 0.0)
        inner0 = HALF_G * s[H + j] * (s[SLOPE_LEVEL + j] - s[SLOPE_H + j])
        inner1 = HALF_G * s[H + i] * (s[SLOPE_LEVEL + i] - s[SLOPE_H + i])
        s[mass + i] = m
        s[near + i] = (wall0 if shut else p + HALF_G * (h0 * h0 - a * a)) + inner0
        s[far + i] = (wall1 if shut else p + HALF_G * (h1 * h1 - b * b)) - inner1
        s[side + i] = m * (v0 if m > 0.0 else v1)


@compiled(fast=frozenset(), inner=True)
def tile_fluxes(s: F64) -> None:
    """Fluxes over all faces of a tile's cells and of the cells beside them."""
    slopes(s, 1, OPEN_X, 2 * WIDTH + 1, CELLS - 2 * WIDTH - 1)
    face_fluxes(
        s, 1, OPEN_X, U, V, SLOPE_U, SLOPE_V, MASS_X, NEAR_X, FAR_X, SIDE_X, 2 * WIDTH + 2, CELLS - 2 * WIDTH - 1
    )
    slopes(s, WIDTH, OPEN_Y, WIDTH, CELLS - WIDTH)
    face_fluxes(s, WIDTH, OPEN_Y, V, U, SLOPE_V, SLOPE_U, MASS_Y, NEAR_Y, FAR_Y, SIDE_Y, 2 * WIDTH, CELLS - WIDTH)


@compiled(fast=frozenset(), inner=True)
def limit_tile(s: F64, cx: float, cy: float) -> int:
    """Limit the outflow of each cell to the water it holds, by one factor for all its faces; count cells limited."""
    limited = 0
    for i in range(2 * WIDTH + 2, CELLS - 2 * WIDTH - 2):
        out = cx * (max(s[MASS_X + i + 1], 0.0) - min(s[MASS_X + i], 0.0)) + cy * (
            max(s[MASS_Y + i + WIDTH], 0.0) - min(s[MASS_Y + i], 0.0)
        )
        share = min(1.0, MOST * s[H + i] / max(out, TINY)) if s[ROUGH + i] >= 0.0 else 1.0
        s[SHARE + i] = share
        limited += 1 if share < 1.0 else 0
    if limited == 0:
        return limited
    for i in range(3 * WIDTH, CELLS - 3 * WIDTH + 1):
        x = s[SHARE + i - 1] if s[MASS_X + i] > 0.0 else s[SHARE + i]
        s[MASS_X + i] *= x
        s[SIDE_X + i] *= x
    for i in range(3 * WIDTH, CELLS - 2 * WIDTH - 2):
        y = s[SHARE + i - WIDTH] if s[MASS_Y + i] > 0.0 else s[SHARE + i]
        s[MASS_Y + i] *= y
        s[SIDE_Y + i] *= y
    return limited
