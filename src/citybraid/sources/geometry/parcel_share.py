"""Overlap areas of buildings and parcels."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from citybraid.sources.geometry.shapes import Shapes

Rows = npt.NDArray[np.intp]


class ParcelOverlaps(NamedTuple):
    """Pairs of a parcel and a building (row numbers) and their overlap area [m2]."""

    parcel: Rows
    building: Rows
    area: npt.NDArray[np.float64]


def parcel_overlaps(parcels: Shapes, buildings: Shapes) -> ParcelOverlaps:
    """Return the overlaps of parcels and buildings.

    A building inside a parcel counts with its full area: only those that cross a border are intersected.
    """
    parcel, building = shapely.STRtree(buildings).query(parcels)
    shapely.prepare(parcels)
    area = shapely.area(buildings)[building]
    crossing = ~shapely.contains_properly(parcels[parcel], buildings[building])
    area[crossing] = shapely.area(shapely.intersection(parcels[parcel[crossing]], buildings[building[crossing]]))
    overlapping = area > 0
    return ParcelOverlaps(parcel[overlapping], building[overlapping], area[overlapping])
