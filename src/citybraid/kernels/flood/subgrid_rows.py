"""One row of coarse cells at a time: levels from volumes, discharge over faces from their fine faces.

Volume as a function of level is convex and piecewise linear, as the wet area is constant between two beds. Its
inverse is therefore the minimum of straight lines, one for each count of wet fine cells, and needs no search.
Loops over fine cells or faces enclose those over the row, so that the latter vectorise.
"""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.root import inverse_cube_root, quotient
from citybraid.kernels.flood.rows import DRY_DEPTH, cross_face_flux

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

_ZERO = np.float32(0.0)
_ONE = np.float32(1.0)
_HALF = np.float32(0.5)
_QUARTER = np.float32(0.25)
_LEAST = np.float32(1e-18)


@compiled(inner=True)
def lowest_row(h: F64, level: F64, count: float) -> None:
    """Height of the level above the lowest bed if only the lowest of `count` fine cells is wet [m].

    `h` is volume over the coarse cell's area [m].
    """
    for i in range(h.size):
        level[i] = h[i] * count


@compiled(inner=True)
def lower_row(h: F64, one: F32, two: F32, three: F32, level: F64, count: float, k: float, most: float) -> None:
    """Lower the level to that with k, k + 1 or k + 2 fine cells wet (up to `most`), where that is lower.

    With k of m = `count` cells wet it is (m h + s) / k, s the sum of the k lowest beds' heights over the lowest.
    """
    share1, share2, share3 = 1.0 / k, 1.0 / min(k + 1.0, most), 1.0 / min(k + 2.0, most)
    for i in range(h.size):
        room = count * h[i]
        other = min((room + two[i]) * share2, (room + three[i]) * share3)
        lower = min((room + one[i]) * share1, other)
        level[i] = min(level[i], lower)


@compiled(inner=True)
def level_row(base: F64, level: F64) -> None:
    """Add the lowest bed to the height above it."""
    for i in range(level.size):
        level[i] += base[i]


@compiled(inner=True)
def wet_fraction_row(h: F64, level: F64, base: F64, wet: F32, alone: np.float32) -> None:
    """Mean wet fraction of each cell between its lowest bed and its level, a lower bound of that at the level.

    In a dry cell it is that of one fine cell, `alone`, so that no step overfills a sliver between buildings.
    """
    for i in range(wet.size):
        high = np.float32(level[i] - base[i])
        share = quotient(np.float32(h[i]), max(high, _LEAST))
        wet[i] = share if high > _LEAST else alone


@compiled(inner=True)
def level_drop_row(one: F64, other: F64, fall: F32) -> None:
    """Drop of the water surface over each face."""
    for i in range(fall.size):
        fall[i] = np.float32(one[i] - other[i])


@compiled(inner=True)
def head_row(one: F64, other: F64, datum: F64, top: F32) -> None:
    """Height of the higher water level above the lowest bed of each face, negative where it is dry or closed."""
    for i in range(top.size):
        top[i] = np.float32(max(one[i], other[i]) - datum[i])


@compiled(inner=True)
def first_sections_row(top: F32, two: F32, section: F32, share: np.float32) -> None:
    """Flow area per metre of each coarse face from its lowest fine face, the datum, and the next, `two` above [m]."""
    for i in range(section.size):
        section[i] = share * (max(top[i], _ZERO) + max(top[i] - two[i], _ZERO))


@compiled(inner=True)
def add_sections_row(top: F32, one: F32, two: F32, section: F32, share1: np.float32, share2: np.float32) -> None:
    """Add two fine faces to each coarse face's flow area per metre [m].

    `one` and `two` are their beds above the datum, `share1` and `share2` their shares of the coarse face.
    """
    for i in range(section.size):
        section[i] += share1 * max(top[i] - one[i], _ZERO) + share2 * max(top[i] - two[i], _ZERO)


@compiled(inline=True)
def five_thirds(h: np.float32) -> np.float32:
    """Return depth to the power of 5/3, 0 where it is not positive."""
    deep = max(h, _ZERO)
    return deep * deep * inverse_cube_root(max(deep, DRY_DEPTH))


@compiled(inner=True)
def first_conveyances_row(
    top: F32, two: F32, strickler1: F32, strickler2: F32, conveyance: F32, share: np.float32
) -> None:
    """Conveyance per metre of each coarse face from the fine faces of `first_sections_row`; `strickler` is 1/n."""
    for i in range(conveyance.size):
        conveyance[i] = share * (strickler1[i] * five_thirds(top[i]) + strickler2[i] * five_thirds(top[i] - two[i]))


@compiled(inner=True)
def add_conveyance_row(top: F32, over: F32, strickler: F32, conveyance: F32, share: np.float32) -> None:
    """Add one fine face to each coarse face's conveyance per metre."""
    for i in range(conveyance.size):
        conveyance[i] += share * strickler[i] * five_thirds(top[i] - over[i])


@compiled(inner=True)
def cross_face_flux_row(q0: F32, q1: F32, section: F32, one: F32, other: F32, along: F32) -> None:
    """Cross flux along each face, for friction: mean of the four discharges around it, scaled to the face's depth."""
    for i in range(along.size):
        cross = _QUARTER * ((q0[i] + q1[i]) + (q0[i + 1] + q1[i + 1]))
        along[i] = cross_face_flux(cross, section[i], one[i] + other[i])


@compiled(inner=True)
def flux_row(
    section: F32,
    conveyance: F32,
    fall: F32,
    mean: F32,
    old: F32,
    along: F32,
    out: F32,
    push: np.float32,
    pull: np.float32,
) -> None:
    """Unlimited discharge per metre of each face after a step; `push` = g dt / dx, `pull` = g dt.

    Friction is g A Q |Q| / K² with the conveyance K of the whole face, solved as in `face_flux` but for varying
    depth: b = g dt H / k², where H and k are flow area and conveyance per metre.
    """
    for i in range(out.size):
        b = quotient(pull * section[i], max(conveyance[i] * conveyance[i], _LEAST))
        s = mean[i] + push * section[i] * fall[i]
        beside = along[i] * (_ONE + b * np.sqrt(old[i] * old[i] + along[i] * along[i]))
        q = quotient(s, _HALF + np.sqrt(_QUARTER + b * np.sqrt(s * s + beside * beside)))
        out[i] = q if section[i] > DRY_DEPTH else _ZERO


@compiled(inner=True)
def limiting_depth_row(x: F32, north: F32, south: F32, wet: F32, limiting: F32) -> None:
    """Update the depth that limits the time step: mean flow area of a cell's four faces over its wet fraction.

    Explicit steps are stable up to dt² g Σ H / dx² = 2 B, B the wet fraction (Gershgorin); for uniform depth
    that is dt = dx / √(2 g h), the limit of the scheme without subgrid.
    """
    for i in range(wet.size):
        limiting[i] = max(limiting[i], quotient(_QUARTER * ((x[i] + x[i + 1]) + (north[i] + south[i])), wet[i]))


@compiled(inner=True)
def volume_row(h: F64, x: F32, north: F32, south: F32, supply: F64, cx: float, cy: float, dt: float) -> None:
    """Update the volumes over area of a row by continuity: discharge over its faces and `supply` [m s⁻¹]."""
    for i in range(h.size):
        flows = cx * (np.float64(x[i]) - np.float64(x[i + 1])) + cy * (np.float64(north[i]) - np.float64(south[i]))
        h[i] += flows + supply[i] * dt


@compiled(inner=True)
def face_speed_row(section: F32, q: F32, v: F32, reach: np.float32) -> None:
    """Mean velocity over the wet part of each face, limited to one cell per step."""
    for i in range(v.size):
        hf = section[i]
        v[i] = quotient(q[i], max(hf, DRY_DEPTH, reach * abs(q[i]))) if hf > DRY_DEPTH else _ZERO


@compiled(inner=True)
def height_row(level: F64, base: F64, height: F32) -> None:
    """Height of the water level above the lowest fine cell."""
    for i in range(height.size):
        height[i] = np.float32(level[i] - base[i])


@compiled(inner=True)
def highest_level_row(level: F64, highest: F64) -> None:
    """Update the highest level."""
    for i in range(level.size):
        highest[i] = max(highest[i], level[i])


@compiled(inner=True)
def refine_row(coarse: F32, fine: F32, step: int) -> None:
    """Copy coarse values to their fine cells; one loop for each factor, as only constant strides vectorise."""
    full = fine.size // step
    if step == 2:
        for i in range(full):
            fine[2 * i] = coarse[i]
            fine[2 * i + 1] = coarse[i]
    elif step == 3:
        for i in range(full):
            fine[3 * i] = coarse[i]
            fine[3 * i + 1] = coarse[i]
            fine[3 * i + 2] = coarse[i]
    else:
        for i in range(full):
            fine[4 * i] = coarse[i]
            fine[4 * i + 1] = coarse[i]
            fine[4 * i + 2] = coarse[i]
            fine[4 * i + 3] = coarse[i]
    for i in range(full * step, fine.size):
        fine[i] = coarse[full]


@compiled(inner=True)
def fine_depth_row(height: F32, above: F32, depth: F32) -> None:
    """Depth of fine cells: level less bed."""
    for i in range(depth.size):
        depth[i] = max(height[i] - above[i], _ZERO)
