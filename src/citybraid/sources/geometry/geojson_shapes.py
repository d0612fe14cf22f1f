"""Shapes as plain GeoJSON objects, many at once: what rasterio burns, without asking each shape for itself."""

from typing import Any

import numpy as np
import shapely

from citybraid.sources.geometry.shapes import Shapes

POLYGON = 3


def as_geojson(shapes: Shapes) -> list[dict[str, Any]]:
    """Return each shape as a GeoJSON geometry of two-dimensional coordinates."""
    plain = np.flatnonzero(shapely.get_type_id(shapes) == POLYGON)
    answer: list[dict[str, Any]] = [{}] * len(shapes)
    rings, polygon = shapely.get_rings(shapes[plain], return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    ends = np.cumsum(np.bincount(ring, minlength=len(rings))).tolist()
    listed = points.tolist()
    parts = [listed[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)] if ends else []
    last = np.cumsum(np.bincount(polygon, minlength=len(plain))).tolist()
    for at, start, end in zip(plain.tolist(), [0, *last[:-1]], last, strict=False):
        answer[at] = {"type": "Polygon", "coordinates": parts[start:end]}
    for at in np.flatnonzero(shapely.get_type_id(shapes) != POLYGON).tolist():
        answer[at] = dict(shapes[at].__geo_interface__)
    return answer
