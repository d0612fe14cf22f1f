"""Vectorized conversion of shapes to GeoJSON objects for rasterio, faster than `__geo_interface__` per shape."""

from typing import Any

import numpy as np
import shapely

from citybraid.sources.geometry.shapes import Shapes

POLYGON = 3


def as_geojson(shapes: Shapes) -> list[dict[str, Any]]:
    """Return each shape as a GeoJSON geometry of two-dimensional coordinates."""
    polygons = np.flatnonzero(shapely.get_type_id(shapes) == POLYGON)
    geometries: list[dict[str, Any]] = [{}] * len(shapes)
    rings, polygon_index = shapely.get_rings(shapes[polygons], return_index=True)
    points, ring_index = shapely.get_coordinates(rings, return_index=True)
    ends = np.cumsum(np.bincount(ring_index, minlength=len(rings))).tolist()
    coordinates = points.tolist()
    parts = [coordinates[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)] if ends else []
    ring_ends = np.cumsum(np.bincount(polygon_index, minlength=len(polygons))).tolist()
    for row, start, end in zip(polygons.tolist(), [0, *ring_ends[:-1]], ring_ends, strict=False):
        geometries[row] = {"type": "Polygon", "coordinates": parts[start:end]}
    for row in np.flatnonzero(shapely.get_type_id(shapes) != POLYGON).tolist():
        geometries[row] = dict(shapes[row].__geo_interface__)
    return geometries
