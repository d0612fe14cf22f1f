"""Ground of planned parcels: roofs, green to the green ratio, paving for the rest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from citybraid.integrate.measures.siting import CODE

Cells = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Ground:
    """Land cover and canopy of the whole grid, and the green ratio reached on each parcel (NaN: not planned)."""

    cover: Cells
    canopy: Floats
    green_ratio: Floats


def ground(cover: Cells, canopy: Floats, *, parcel: Cells, roof: Mask, green_ratio: Floats, trees: float) -> Ground:
    """Lay out the cells of planned parcels.

    `parcel` is the position of the planned parcel at each cell's centre (-1: none),
    `green_ratio` each parcel's control (NaN: not planned). Cells farthest from roofs
    turn green first; of these the farthest, a share `trees`, are trees under full
    canopy, the others grass. Water and wetland stay and count as ground without green.
    """
    laid, crown = cover.copy(), canopy.copy()
    reached = np.full(green_ratio.size, np.nan)
    water = np.isin(cover, [CODE["water"], CODE["wetland"]])
    away = distance_transform_edt(~roof) if roof.any() else np.zeros(cover.shape)
    order = np.argsort(-away.ravel(), kind="stable")
    order = order[parcel.ravel()[order] >= 0]
    owner = parcel.ravel()[order]
    by_owner = order[np.argsort(owner, kind="stable")]
    bounds = np.searchsorted(np.sort(owner), np.arange(green_ratio.size + 1))
    for at in np.flatnonzero(np.isfinite(green_ratio)):
        cells = by_owner[bounds[at] : bounds[at + 1]]
        dry = cells[~water.ravel()[cells]]
        free = dry[~roof.ravel()[dry]]
        count = min(int(green_ratio[at] * cells.size + 0.5), free.size)
        wooded = int(trees * count + 0.5)
        laid.ravel()[dry] = CODE["roof"]
        laid.ravel()[free] = CODE["paved"]
        laid.ravel()[free[:count]] = CODE["grass"]
        laid.ravel()[free[:wooded]] = CODE["trees"]
        crown.ravel()[dry] = 0.0
        crown.ravel()[free[:wooded]] = 1.0
        reached[at] = count / cells.size if cells.size else np.nan
    return Ground(laid, crown, reached)
