"""How much of each building stands on each parcel."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from citybraid.sources.geometry.shapes import Shapes

Rows = npt.NDArray[np.intp]


class Standing(NamedTuple):
    """Pairs of a parcel and a building (row numbers) and the footprint that they share [m2]."""

    parcel: Rows
    building: Rows
    area: npt.NDArray[np.float64]


def standing(parcels: Shapes, buildings: Shapes) -> Standing:
    """Return who stands on what; a building inside a parcel is measured as a whole, without cutting."""
    parcel, building = shapely.STRtree(buildings).query(parcels)
    shapely.prepare(parcels)
    area = shapely.area(buildings)[building]
    across = ~shapely.contains_properly(parcels[parcel], buildings[building])
    area[across] = shapely.area(shapely.intersection(parcels[parcel[across]], buildings[building[across]]))
    real = area > 0
    return Standing(parcel[real], building[real], area[real])
