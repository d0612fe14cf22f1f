"""The square domain of the synthetic town, and its curvilinear street grid."""

import math
from itertools import pairwise
from typing import TypeVar

import numpy as np
from shapely import affinity
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

SIDE = 2000.0
"""Side of the plan area [m]."""
ORIGIN = (572_000.0, 3_397_000.0)
"""Easting and northing of the south-west corner in EPSG:4549 [m], near Jiaxing South."""
EPSG = 4549
"""CGCS2000 3-degree Gauss-Kruger, central meridian 120 E."""
CELL = 2.5
"""Pixel of the rasters [m]."""
STATION = (1000.0, 372.0)
"""Centre of the high-speed rail station, in local metres."""
LABEL = "合成"
"""Label on everything that the generator writes."""

G = TypeVar("G", bound=BaseGeometry)

DOMAIN = box(0.0, 0.0, SIDE, SIDE)


def generator(seed: int, stage: int) -> np.random.Generator:
    """Random generator of one stage of the town: stages are independent of one another."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, stage))))


def bend(u: float, v: float) -> tuple[float, float]:
    """Map the regular street grid to a gently curved one, like old field and canal lines [m]."""
    x = u + 26.0 * math.sin(math.pi * v / 1100.0 + 0.5)
    y = v + 22.0 * math.sin(math.pi * u / 1050.0 - 0.4)
    return x, y


def bent_line(points: tuple[tuple[float, float], ...]) -> LineString:
    """A polyline mapped to the curved grid, with a vertex every 20 m or less."""
    chain: list[tuple[float, float]] = []
    for (u0, v0), (u1, v1) in pairwise(points):
        count = max(1, math.ceil(math.hypot(u1 - u0, v1 - v0) / 20.0))
        chain += [bend(u0 + (u1 - u0) * k / count, v0 + (v1 - v0) * k / count) for k in range(count)]
    chain.append(bend(*points[-1]))
    return LineString(chain)


def street_angle(x: float, y: float) -> float:
    """Direction of the east-west streets at a point [degree, anticlockwise from east]."""
    (x0, y0), (x1, y1) = bend(x - 5.0, y), bend(x + 5.0, y)
    return math.degrees(math.atan2(y1 - y0, x1 - x0))


def station_distance(x: float, y: float) -> float:
    """Distance to the station [m]."""
    return math.hypot(x - STATION[0], y - STATION[1])


def on_map(shape: G) -> G:
    """Convert local metres to map coordinates."""
    return affinity.translate(shape, *ORIGIN)


def polygons(shape: BaseGeometry, least: float) -> list[Polygon]:
    """The polygons of a geometry, split at holes, of at least `least` [m2], south to north, west to east."""
    shells = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon)]
    parts = [piece for part in shells for piece in _without_holes(part)]
    large = [part for part in parts if part.area >= least]
    return sorted(large, key=lambda part: (round(part.centroid.y), round(part.centroid.x)))


def _without_holes(shape: Polygon) -> list[Polygon]:
    """Cut a ring along a line through its first hole until no hole is left."""
    if not shape.interiors:
        return [shape]
    west, south, east, north = shape.bounds
    hole = Polygon(shape.interiors[0])
    at = hole.centroid.y
    halves = (shape & box(west, south, east, at), shape & box(west, at, east, north))
    return [piece for half in halves for piece in polygons(half, 10.0)]
