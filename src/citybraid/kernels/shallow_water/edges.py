"""Boundary faces: the state of water at a free edge, a still sea, a river, an inflow; and their fluxes in a tile.

At a level the characteristic that leaves the area, u - 2 √(g h) inward, gives what the level leaves open (Toro 2001,
ch. 6; Sanders 2002, J. Hydraul. Eng. 128: 105-113). A sea is still: water that enters has the head of its level and is
critical at most; a river stands at its level at the edge. Water that leaves stands at the level, or is critical. At an
inflow's face the same characteristic gives the depth at which its discharge enters, critical at least.
"""

import math

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.edges import FREE
from citybraid.kernels.flood.state import F64, Bed
from citybraid.kernels.numerics.gravity import GRAVITY
from citybraid.kernels.shallow_water.tile import (
    COLUMNS,
    FAR_X,
    FAR_Y,
    HALO,
    MASS_X,
    MASS_Y,
    NEAR_X,
    NEAR_Y,
    ROWS,
    SIDE_X,
    SIDE_Y,
    WIDTH,
    Flow,
    Ground,
    H,
    U,
    V,
)

NEWTON_STEPS = 8
"""Steps to an inflow's depth: five bring it to rounding."""


@compiled(fast=frozenset(), inner=True)
def leaving(h: float, inward: float, level: float) -> tuple[float, float]:
    """Return depth and inward velocity of water that leaves towards a level above the bed: at it, or critical."""
    c = math.sqrt(GRAVITY * h)
    if inward <= -c:
        return h, inward
    invariant = inward - 2.0 * c
    at_edge = max(math.sqrt(GRAVITY * max(level, 0.0)), -invariant / 3.0)
    return at_edge * at_edge / GRAVITY, min(invariant + 2.0 * at_edge, 0.0)


@compiled(fast=frozenset(), inner=True)
def level_state(h: float, inward: float, level: float, side: int) -> tuple[float, float]:
    """Return depth and inward velocity at an edge with a level above its bed, `h` and `inward` being the cell's.

    `side` is above 0 where a river stands outside, else a sea.
    """
    if level <= 0.0:
        return leaving(h, inward, level)
    invariant = inward - 2.0 * math.sqrt(GRAVITY * h)
    if side > 0:
        celerity = math.sqrt(GRAVITY * level)
        velocity = invariant + 2.0 * celerity
        return (level, min(velocity, celerity)) if velocity > 0.0 else leaving(h, inward, level)
    root = 3.0 * GRAVITY * level - 0.5 * invariant * invariant
    if root <= 0.0:
        return leaving(h, inward, level)
    celerity = (math.sqrt(root) - invariant) / 3.0
    velocity = invariant + 2.0 * celerity
    if velocity <= 0.0:
        return leaving(h, inward, level)
    if velocity > celerity:
        celerity = velocity = math.sqrt(2.0 / 3.0 * GRAVITY * level)
    return celerity * celerity / GRAVITY, velocity


@compiled(fast=frozenset(), inner=True)
def free_state(h: float, inward: float, slope: float, n: float) -> tuple[float, float]:
    """Return depth and inward velocity at a free edge: its own, or uniform flow of the slope up to critical flow."""
    if h <= 0.0:
        return 0.0, 0.0
    critical = math.sqrt(GRAVITY * h)
    uniform = min(h ** (2.0 / 3.0) * math.sqrt(slope) / max(n, 1e-9), critical)
    return h, min(inward, -uniform)


@compiled(fast=frozenset(), inner=True)
def edge_state(bed: Bed, h: F64, levels: F64, k: int, deep: float, inward: float) -> tuple[float, float]:
    """Return depth and inward velocity at boundary face k; its cell has depth `deep` and velocity `inward`."""
    edges = bed.edges
    z, within = bed.edge_bed[k, 0], bed.edge_bed[k, 1]
    if edges[k, 6] == FREE:
        fall = 0.0
        if within < math.inf:
            fall = max(0.0, within - z, within + h[edges[k, 2], edges[k, 3]] - z - deep)
        n = max(float(bed.n[edges[k, 0], edges[k, 1]]), 0.0)
        return free_state(deep, inward, fall / bed.size[edges[k, 4]], n)
    count = levels.size
    return level_state(deep, inward, levels[(edges[k, 6] - 1) % count] - z, edges[k, 6] - count)


@compiled(fast=frozenset(), inner=True)
def set_edges(bed: Bed, h: F64, levels: F64, s: F64, top: int, left: int) -> None:
    """Set the fluxes over the boundary faces of a tile's cells and of the cells beside them."""
    edges, rows = bed.edges, h.shape[0]
    first, last = bed.edge_start[max(top - 1, 0)], bed.edge_start[min(top + ROWS + 1, rows)]
    for k in range(first, last):
        i = edges[k, 1] - left
        if i < -1 or i > COLUMNS:
            continue
        cell = (edges[k, 0] - top + HALO) * WIDTH + i + HALO
        outward = float(edges[k, 5])
        along, aside = (U, V) if edges[k, 4] == 0 else (V, U)
        inward = -outward * s[along + cell]
        deep, velocity = edge_state(bed, h, levels, k, s[H + cell], inward)
        water, push = -outward * deep * velocity, deep * velocity * velocity + 0.5 * GRAVITY * deep * deep
        carried = water * s[aside + cell] if velocity < 0.0 else 0.0
        face = cell if outward < 0.0 else cell + (1 if edges[k, 4] == 0 else WIDTH)
        if edges[k, 4] == 0:
            s[MASS_X + face], s[SIDE_X + face] = water, carried
            s[NEAR_X + face] = s[FAR_X + face] = push
        else:
            s[MASS_Y + face], s[SIDE_Y + face] = water, carried
            s[NEAR_Y + face] = s[FAR_Y + face] = push


@compiled(fast=frozenset(), inner=True)
def mouth_celerity(h: float, inward: float, q: float) -> float:
    """Return √(g h) at a face where a discharge q > 0 enters: the root c of q g / c² - 2 c = u - 2 √(g h), or critical.

    Newton's steps begin above the greater root, where the function is convex, and fall towards it.
    """
    critical = (GRAVITY * q) ** (1.0 / 3.0)
    invariant = inward - 2.0 * math.sqrt(GRAVITY * h)
    if invariant >= -critical:
        return critical  # type: ignore[no-any-return]
    c = critical - 0.5 * invariant
    for _ in range(NEWTON_STEPS):
        off = c * c * (2.0 * c + invariant) - GRAVITY * q
        c = max(c - off / (c * (6.0 * c + 2.0 * invariant)), critical)
    return c  # type: ignore[no-any-return]


@compiled(fast=frozenset(), inner=True)
def set_mouths(ground: Ground, inflow: float, s: F64, top: int, left: int) -> None:
    """Set the fluxes over faces where an inflow enters a tile's cells or the cells beside them."""
    for k in range(ground.mouth_unit.size):
        j, i, axis = ground.mouths[k, 0] - top, ground.mouths[k, 1] - left, ground.mouths[k, 2]
        q = inflow * ground.mouth_unit[k]
        if j < -1 or j > ROWS or i < -1 or i > COLUMNS or q <= 0.0:
            continue
        ahead = float(ground.mouths[k, 3])
        cell = (j + HALO) * WIDTH + i + HALO
        c = mouth_celerity(s[H + cell], ahead * s[(U if axis == 0 else V) + cell], q)
        push = q * q * GRAVITY / (c * c) + 0.5 * c**4 / GRAVITY
        face = cell if ahead > 0.0 else cell + (1 if axis == 0 else WIDTH)
        if axis == 0:
            s[MASS_X + face], s[SIDE_X + face] = ahead * q, 0.0
            s[NEAR_X + face] = s[FAR_X + face] = push
        else:
            s[MASS_Y + face], s[SIDE_Y + face] = ahead * q, 0.0
            s[NEAR_Y + face] = s[FAR_Y + face] = push


@compiled(fast=frozenset(), inner=True)
def mouth_pace(ground: Ground, h: F64, flow: Flow, inflow: float, thin: float) -> float:
    """Return the fastest wave where an inflow enters [m s⁻¹]."""
    fastest = 0.0
    for k in range(ground.mouth_unit.size):
        j, i = ground.mouths[k, 0], ground.mouths[k, 1]
        along = flow.qx[j, i] if ground.mouths[k, 2] == 0 else flow.qy[j, i]
        q = inflow * ground.mouth_unit[k]
        if q > 0.0:
            c = mouth_celerity(h[j, i], ground.mouths[k, 3] * along / max(h[j, i], thin), q)
            fastest = max(fastest, GRAVITY * q / (c * c) + c)
    return fastest


@compiled(fast=frozenset(), inner=True)
def note_edges(bed: Bed, s: F64, passed: F64, top: int, left: int, bottom: int) -> None:
    """Note the outward discharge over the boundary faces of a tile's own cells, as limited [m² s⁻¹]."""
    edges = bed.edges
    for k in range(bed.edge_start[top], bed.edge_start[bottom]):
        i = edges[k, 1] - left
        if i < 0 or i >= COLUMNS:
            continue
        face = (edges[k, 0] - top + HALO) * WIDTH + i + HALO
        mass = MASS_X if edges[k, 4] == 0 else MASS_Y
        if edges[k, 5] > 0:
            face += 1 if edges[k, 4] == 0 else WIDTH
        passed[k] = edges[k, 5] * s[mass + face]


@compiled(fast=frozenset(), inner=True)
def edge_pace(bed: Bed, h: F64, qx: F64, qy: F64, levels: F64, thin: float) -> float:
    """Return the fastest wave at edges with a level [m s⁻¹]."""
    fastest, edges = 0.0, bed.edges
    for k in range(edges.shape[0]):
        if edges[k, 6] == FREE:
            continue
        j, i = edges[k, 0], edges[k, 1]
        q = qx[j, i] if edges[k, 4] == 0 else qy[j, i]
        deep, velocity = edge_state(bed, h, levels, k, h[j, i], -edges[k, 5] * q / max(h[j, i], thin))
        fastest = max(fastest, abs(velocity) + math.sqrt(GRAVITY * deep))
    return fastest
