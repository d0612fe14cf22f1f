"""One row of a coarse flood grid at a time: levels from volumes, discharge over faces from all fine faces in them.

Volume as a function of level is convex and piecewise linear: between two beds the wet area does not change. Its
inverse is therefore the lowest of straight lines, one for each count of wet fine cells, and needs no search.
Loops over the fine parts stand outside those over the row, which so vectorise.
"""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.root import inverse_cube_root, quotient
from citybraid.kernels.flood.rows import FILM, rubbing

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

_ZERO = np.float32(0.0)
_ONE = np.float32(1.0)
_HALF = np.float32(0.5)
_QUARTER = np.float32(0.25)
_LEAST = np.float32(1e-18)


@compiled(inner=True)
def lowest_row(h: F64, level: F64, count: float) -> None:
    """Height of the water over a row's lowest beds were only the lowest of `count` fine cells wet [m].

    `h` is volume over the coarse cell's area [m].
    """
    for i in range(h.size):
        level[i] = h[i] * count


@compiled(inner=True)
def lower_row(h: F64, one: F32, two: F32, three: F32, level: F64, count: float, k: float, most: float) -> None:
    """Lower the water to its height with k, k + 1 or k + 2 fine cells wet, `most` at most, where that is lower.

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
    """Level from the height over the lowest bed."""
    for i in range(level.size):
        level[i] += base[i]


@compiled(inner=True)
def wet_row(h: F64, level: F64, base: F64, wet: F32, alone: np.float32) -> None:
    """Mean wet share of each cell from its lowest bed up to its level: no more than what is wet at the level.

    Of a dry cell it is that of one fine cell, `alone`, so that no step overfills a sliver between buildings.
    """
    for i in range(wet.size):
        high = np.float32(level[i] - base[i])
        share = quotient(np.float32(h[i]), max(high, _LEAST))
        wet[i] = share if high > _LEAST else alone


@compiled(inner=True)
def fall_row(one: F64, other: F64, fall: F32) -> None:
    """Fall of the water level over each face."""
    for i in range(fall.size):
        fall[i] = np.float32(one[i] - other[i])


@compiled(inner=True)
def top_row(one: F64, other: F64, datum: F64, top: F32) -> None:
    """Height of the higher water level above the lowest bed in each face; below it where the face is dry or closed."""
    for i in range(top.size):
        top[i] = np.float32(max(one[i], other[i]) - datum[i])


@compiled(inner=True)
def section_of_row(top: F32, two: F32, section: F32, share: np.float32) -> None:
    """Section per metre of each coarse face from its lowest fine face, the datum, and the next, `two` above it [m]."""
    for i in range(section.size):
        section[i] = share * (max(top[i], _ZERO) + max(top[i] - two[i], _ZERO))


@compiled(inner=True)
def section_row(top: F32, one: F32, two: F32, section: F32, share1: np.float32, share2: np.float32) -> None:
    """Add two fine faces' depths to each coarse face's section per metre [m].

    `one` and `two` are their beds above the datum, `share` what part of the coarse face each is.
    """
    for i in range(section.size):
        section[i] += share1 * max(top[i] - one[i], _ZERO) + share2 * max(top[i] - two[i], _ZERO)


@compiled(inline=True)
def five_thirds(h: np.float32) -> np.float32:
    """Depth to the power of 5/3, 0 where it is none."""
    deep = max(h, _ZERO)
    return deep * deep * inverse_cube_root(max(deep, FILM))


@compiled(inner=True)
def carried_of_row(top: F32, two: F32, ease1: F32, ease2: F32, carried: F32, share: np.float32) -> None:
    """Conveyance per metre of each coarse face, of the fine faces of `section_of_row` [m^(5/3) / n]; `ease` is 1/n."""
    for i in range(carried.size):
        carried[i] = share * (ease1[i] * five_thirds(top[i]) + ease2[i] * five_thirds(top[i] - two[i]))


@compiled(inner=True)
def carried_row(top: F32, over: F32, ease: F32, carried: F32, share: np.float32) -> None:
    """Add one fine face's conveyance to each coarse face's per metre."""
    for i in range(carried.size):
        carried[i] += share * ease[i] * five_thirds(top[i] - over[i])


@compiled(inner=True)
def along_row(q0: F32, q1: F32, section: F32, one: F32, other: F32, along: F32) -> None:
    """Flow along each face at the face's depth: the mean of the four discharges around it."""
    for i in range(along.size):
        cross = _QUARTER * ((q0[i] + q1[i]) + (q0[i + 1] + q1[i + 1]))
        along[i] = rubbing(cross, section[i], one[i] + other[i])


@compiled(inner=True)
def flux_row(
    section: F32, carried: F32, fall: F32, mean: F32, old: F32, along: F32, out: F32, push: np.float32, pull: np.float32
) -> None:
    """Discharge per metre of each face, wet or dry, after a step; `push` = g dt / dx, `pull` = g dt.

    Friction is g A Q |Q| / K² with the conveyance K of the whole face, solved as in `face_flux`, of which this is the
    case of many depths: b = g dt H / k², where H and k are area and conveyance per metre.
    """
    for i in range(out.size):
        b = quotient(pull * section[i], max(carried[i] * carried[i], _LEAST))
        s = mean[i] + push * section[i] * fall[i]
        beside = along[i] * (_ONE + b * np.sqrt(old[i] * old[i] + along[i] * along[i]))
        q = quotient(s, _HALF + np.sqrt(_QUARTER + b * np.sqrt(s * s + beside * beside)))
        out[i] = q if section[i] > FILM else _ZERO


@compiled(inner=True)
def pace_row(x: F32, north: F32, south: F32, wet: F32, pace: F32) -> None:
    """Keep the depth that limits the time step: a cell's four sections' mean over its wet share.

    Explicit steps are stable up to dt² g Σ H / dx² = 2 B, B the wet share (Gershgorin); of even depth
    that is dt = dx / √(2 g h), the limit of the plain scheme.
    """
    for i in range(wet.size):
        pace[i] = max(pace[i], quotient(_QUARTER * ((x[i] + x[i + 1]) + (north[i] + south[i])), wet[i]))


@compiled(inner=True)
def volume_row(h: F64, x: F32, north: F32, south: F32, supply: F64, cx: float, cy: float, dt: float) -> None:
    """New volumes over area of a row from the discharge over its faces and what comes down on it [m s⁻¹]."""
    for i in range(h.size):
        flows = cx * (np.float64(x[i]) - np.float64(x[i + 1])) + cy * (np.float64(north[i]) - np.float64(south[i]))
        h[i] += flows + supply[i] * dt


@compiled(inner=True)
def face_speed_row(section: F32, q: F32, v: F32, reach: np.float32) -> None:
    """Mean velocity over the wet part of each face; water crosses no more than a cell in a step."""
    for i in range(v.size):
        hf = section[i]
        v[i] = quotient(q[i], max(hf, FILM, reach * abs(q[i]))) if hf > FILM else _ZERO


@compiled(inner=True)
def lift_row(level: F64, base: F64, lift: F32) -> None:
    """Height of the water level above the lowest fine cell."""
    for i in range(lift.size):
        lift[i] = np.float32(level[i] - base[i])


@compiled(inner=True)
def keep_row(level: F64, highest: F64) -> None:
    """Keep the highest level."""
    for i in range(level.size):
        highest[i] = max(highest[i], level[i])


@compiled(inner=True)
def spread_row(coarse: F32, fine: F32, step: int) -> None:
    """Give every fine cell its coarse cell's value; each width has its loop, as only known strides vectorise."""
    whole = fine.size // step
    if step == 2:
        for i in range(whole):
            fine[2 * i] = coarse[i]
            fine[2 * i + 1] = coarse[i]
    elif step == 3:
        for i in range(whole):
            fine[3 * i] = coarse[i]
            fine[3 * i + 1] = coarse[i]
            fine[3 * i + 2] = coarse[i]
    else:
        for i in range(whole):
            fine[4 * i] = coarse[i]
            fine[4 * i + 1] = coarse[i]
            fine[4 * i + 2] = coarse[i]
            fine[4 * i + 3] = coarse[i]
    for i in range(whole * step, fine.size):
        fine[i] = coarse[whole]


@compiled(inner=True)
def local_row(lift: F32, above: F32, depth: F32) -> None:
    """Depth on fine cells: the level less their own bed."""
    for i in range(depth.size):
        depth[i] = max(lift[i] - above[i], _ZERO)
