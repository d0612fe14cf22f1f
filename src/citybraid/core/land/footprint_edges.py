"""Edges of footprints by the side that they face: walls of buildings, as seen from above."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Edges(NamedTuple):
    """Edges of footprints, counterclockwise around the outside."""

    ends: Array
    """Start and end of each edge [m], (edges, 4)."""
    building: NDArray[np.int64]
    facing: NDArray[np.int64]
    """Side of each edge: of as many even sectors of azimuth as there are sides, the first one's middle north."""
    length: Array
    """Length of each edge [m]."""

    def by_side(self, buildings: int, sides: int) -> Array:
        """Return the length of each building's edges by the side that they face [m], (buildings, sides)."""
        lengths = np.zeros((buildings, sides))
        np.add.at(lengths, (self.building, self.facing), self.length)
        return lengths


def footprint_edges(footprints: gpd.GeoSeries, *, sides: int) -> Edges:
    """Return the edges of footprints with the side that they face, of so many clockwise from north; courtyards count.

    Sides are those of the outward normal.
    """
    parts, owner = shapely.get_parts(footprints.to_numpy(), return_index=True)
    rings, part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    within = np.diff(ring) == 0
    ends = np.column_stack([points[:-1], points[1:]])[within]
    step = ends[:, 2:] - ends[:, :2]
    # Outward normal as azimuth from north: rings are oriented, so it lies on a fixed side of each edge.
    outward = np.degrees(np.arctan2(step[:, 1], -step[:, 0])) % 360.0
    facing = np.round(outward / (360.0 / sides)).astype(np.int64) % sides
    return Edges(ends, owner[part][ring[:-1][within]].astype(np.int64), facing, np.hypot(step[:, 0], step[:, 1]))
