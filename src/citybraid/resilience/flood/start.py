"""Water that is there as an event begins: a layer's, and the sea outside as far as it reaches in."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_propagation

from citybraid.kernels.flood.edges import FREE
from citybraid.kernels.flood.state import Bed
from citybraid.resilience.flood.grid import COLUMN, KIND, ROW
from citybraid.resilience.rain.forcing import Forcing

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
Flags = NDArray[np.bool_]


def filled_in(bed: Bed, z: F64, forcing: Forcing, depth: F64 | None) -> F64:
    """Return depths [m] once the sea outside stands in the grid as far as it reaches at rest.

    `z` are bed levels [m]. From each edge to the sea the cells below its level that a way of such cells leads to, not
    under walls or through blocked cells, are filled to it. Where the water of two edges meets, the lower level counts,
    and what a layer says of deeper water stays. Free edges of `bed` that the sea's highest level reaches so become
    its edges: it goes on beyond them, and does not drain there.
    """
    first = forcing.stretches[0]
    starts = first.levels - first.rise * first.until
    highest = np.maximum(starts, np.max([each.levels for each in forcing.stretches], axis=0))
    kinds = bed.edges[:, KIND].copy()
    level = np.full(z.shape, np.inf)
    for number, (stage, high) in enumerate(zip(starts, highest, strict=True)):
        faces = bed.edges[kinds == number + 1]
        if not len(faces):
            continue
        reached = _reached(faces, z, bed, stage=float(stage))
        level[reached] = np.minimum(level[reached], stage)
        beyond = _reached(faces, z, bed, stage=float(high))[bed.edges[:, ROW], bed.edges[:, COLUMN]]
        bed.edges[beyond & (kinds == FREE), KIND] = number + 1
    stands = np.where(np.isfinite(level), level - z, 0.0)
    return stands if depth is None else np.maximum(stands, depth)


def _reached(faces: I32, z: F64, bed: Bed, *, stage: float) -> Flags:
    """Return cells below a level that are joined with those at its edge faces over open faces."""
    low = (z < stage) & (bed.n >= 0.0)
    entry = np.zeros(z.shape, np.bool_)
    entry[faces[:, ROW], faces[:, COLUMN]] = True
    entry &= low
    if not (np.isnan(bed.fall_x).any() or np.isnan(bed.fall_y).any()):
        return np.asarray(binary_propagation(entry, mask=low), dtype=np.bool_)
    east, south = low & ~np.isnan(bed.fall_x), low & ~np.isnan(bed.fall_y)
    found, more = entry.copy(), entry
    while more.any():
        next_to = np.zeros_like(low)
        next_to[:, 1:] |= (more & east)[:, :-1]
        next_to[:, :-1] |= more[:, 1:] & east[:, :-1]
        next_to[1:] |= (more & south)[:-1]
        next_to[:-1] |= more[1:] & south[:-1]
        more = next_to & low & ~found
        found |= more
    return found
