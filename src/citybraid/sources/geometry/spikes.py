"""Needles at the corners of areas: found from the coordinates, cut where the area hardly changes."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.sources.geometry.shapes import Flags, Shapes, rings_of
from citybraid.sources.protocol.rules import Choices

ROUNDS = 8
"""Cutting a needle may bare another; more in a row than this is no slip of the pen."""
FEWEST = 4
"""A ring needs as many points, the first and the last being one, to enclose an area."""


class Cut(NamedTuple):
    """Shapes without needles: which had any, which could be mended, and the tips."""

    shapes: Shapes
    spiked: Flags
    mended: Flags
    tips: Shapes


def without_needles(shapes: Shapes, choices: Choices) -> Cut:
    """Return valid areas without needles; a shape that would change too much or break stays as it is.

    A needle is a corner where the border turns back on itself, narrower than
    `needle_width` at its root and at least `needle_length` long.
    """
    tips = np.full(len(shapes), None, dtype=object)
    first, points = _needles(shapes, choices)
    rows = np.unique(first)
    spiked = np.zeros(len(shapes), dtype=bool)
    spiked[rows] = True
    for row in rows:
        tips[row] = shapely.MultiPoint(points[first == row])
    answer = shapes.copy()
    mended = np.zeros(len(shapes), dtype=bool)
    for row in rows:
        thin = _cut(shapes[row : row + 1], choices)
        area = float(shapely.area(shapes[row]))
        if thin is not None and abs(float(shapely.area(thin[0])) - area) <= choices.area_change * area:
            answer[row], mended[row] = thin[0], True
    return Cut(answer, spiked, mended, tips)


def _cut(shape: Shapes, choices: Choices) -> Shapes | None:
    """One shape with its needles cut until there are none; None where that breaks it."""
    for _ in range(ROUNDS):
        _, tips = _needles(shape, choices)
        if not len(tips):
            return shape
        rings, _ = rings_of(shape)
        points, ring = shapely.get_coordinates(rings, return_index=True)
        left = ~(points[:, None, :] == tips[None, :, :]).all(axis=2).any(axis=1)
        if np.bincount(ring[left], minlength=len(rings)).min() < FEWEST - 1:
            return None
        shape = np.array([_rebuilt(shape[0], points, ring, left)], dtype=object)
        if not shapely.is_valid(shape[0]):
            return None
    return None


def _rebuilt(shape: BaseGeometry, points: npt.NDArray[np.float64], ring: np.ndarray, left: Flags) -> BaseGeometry:
    """The shape from the points that are left, ring by ring."""
    at = 0
    polygons = []
    for part in shapely.get_parts(shape):
        rings = []
        for _ in range(1 + int(shapely.get_num_interior_rings(part))):
            rings.append(points[(ring == at) & left])
            at += 1
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _needles(shapes: Shapes, choices: Choices) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """The row and the tip of every needle."""
    rings, row = rings_of(shapes)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(points):
        return np.zeros(0, dtype=np.intp), np.zeros((0, 2))
    start = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    before = np.arange(len(points)) - 1
    before[start] = np.r_[start[1:], len(points)] - 2
    last = np.r_[start[1:], len(points)] - 1
    after = np.arange(len(points)) + 1
    after[last] = last
    east, north = points[:, 0], points[:, 1]
    turned = (east[before] - east) * (east[after] - east) + (north[before] - north) * (north[after] - north) > 0
    turned[last] = False
    at = np.flatnonzero(turned)
    back, on = points[before[at]] - points[at], points[after[at]] - points[at]
    sides = np.hypot(back[:, 0], back[:, 1]), np.hypot(on[:, 0], on[:, 1])
    root = np.abs(back[:, 0] * on[:, 1] - back[:, 1] * on[:, 0]) / np.maximum(*sides)
    at = at[(np.minimum(*sides) >= choices.needle_length) & (root <= choices.needle_width)]
    return row[ring[at]], points[at]
