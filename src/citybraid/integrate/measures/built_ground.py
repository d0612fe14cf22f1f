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
    new_cover, new_canopy = cover.copy(), canopy.copy()
    reached = np.full(green_ratio.size, np.nan)
    water = np.isin(cover, [CODE["water"], CODE["wetland"]])
    roof_distance = distance_transform_edt(~roof) if roof.any() else np.zeros(cover.shape)
    order = np.argsort(-roof_distance.ravel(), kind="stable")
    order = order[parcel.ravel()[order] >= 0]
    owner = parcel.ravel()[order]
    by_parcel = order[np.argsort(owner, kind="stable")]
    bounds = np.searchsorted(np.sort(owner), np.arange(green_ratio.size + 1))
    for at in np.flatnonzero(np.isfinite(green_ratio)):
        cells = by_parcel[bounds[at] : bounds[at + 1]]
        land = cells[~water.ravel()[cells]]
        free = land[~roof.ravel()[land]]
        count = min(int(green_ratio[at] * cells.size + 0.5), free.size)
        tree_cells = int(trees * count + 0.5)
        new_cover.ravel()[land] = CODE["roof"]
        new_cover.ravel()[free] = CODE["paved"]
        new_cover.ravel()[free[:count]] = CODE["grass"]
        new_cover.ravel()[free[:tree_cells]] = CODE["trees"]
        new_canopy.ravel()[land] = 0.0
        new_canopy.ravel()[free[:tree_cells]] = 1.0
        reached[at] = count / cells.size if cells.size else np.nan
    return Ground(new_cover, new_canopy, reached)
