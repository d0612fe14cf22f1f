"""Spikes of polygons: detected from vertex coordinates, removed where the area hardly changes."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.sources.geometry.shapes import Flags, Shapes, rings_of
from citybraid.sources.protocol.rules import Choices

ROUNDS = 8
"""Maximum number of rounds: removing a spike may expose another, but a long chain is not a drawing error."""
FEWEST = 4
"""Minimum number of points of a closed ring, the repeated first point included."""


class SpikeRemoval(NamedTuple):
    """Shapes without spikes; masks of shapes that had any and of those repaired; the spike tips."""

    shapes: Shapes
    spiked: Flags
    mended: Flags
    tips: Shapes


def remove_spikes(shapes: Shapes, choices: Choices) -> SpikeRemoval:
    """Return valid polygons without spikes; a shape that would change too much or become invalid is unchanged.

    A spike is an acute vertex, narrower than `needle_width` at its base and at least
    `needle_length` long.
    """
    tips = np.full(len(shapes), None, dtype=object)
    spike_rows, points = _needles(shapes, choices)
    rows, first = np.unique(spike_rows, return_index=True)
    spiked = np.zeros(len(shapes), dtype=bool)
    spiked[rows] = True
    for row, start, end in zip(rows, first, [*first[1:], len(points)], strict=False):
        tips[row] = shapely.MultiPoint(points[start:end])
    repaired = shapes.copy()
    mended = np.zeros(len(shapes), dtype=bool)
    for row in rows:
        trimmed = _cut(shapes[row : row + 1], choices)
        area = float(shapely.area(shapes[row]))
        if trimmed is not None and abs(float(shapely.area(trimmed[0])) - area) <= choices.area_change * area:
            repaired[row], mended[row] = trimmed[0], True
    return SpikeRemoval(repaired, spiked, mended, tips)


def _cut(shape: Shapes, choices: Choices) -> Shapes | None:
    """Return a shape with spikes removed until there are none; None where that makes it invalid."""
    for _ in range(ROUNDS):
        _, tips = _needles(shape, choices)
        if not len(tips):
            return shape
        rings, _ = rings_of(shape)
        points, ring = shapely.get_coordinates(rings, return_index=True)
        remaining = ~np.isin(_as_numbers(points), _as_numbers(tips))
        if np.bincount(ring[remaining], minlength=len(rings)).min() < FEWEST - 1:
            return None
        shape = np.array([_rebuilt(shape[0], points, ring, remaining)], dtype=object)
        if not shapely.is_valid(shape[0]):
            return None
    return None


def _rebuilt(shape: BaseGeometry, points: npt.NDArray[np.float64], ring: np.ndarray, remaining: Flags) -> BaseGeometry:
    """Rebuild a shape from the remaining points, ring by ring."""
    rings = iter(np.split(points[remaining], np.flatnonzero(np.diff(ring[remaining])) + 1))
    polygons = []
    for part in shapely.get_parts(shape):
        shell, *holes = (next(rings) for _ in range(1 + int(shapely.get_num_interior_rings(part))))
        polygons.append(shapely.Polygon(shell, holes))
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _as_numbers(points: npt.NDArray[np.float64]) -> npt.NDArray[np.complex128]:
    """Return points as complex numbers, which sort: comparing each point with each would need a quadratic array."""
    return np.asarray(points[:, 0] + 1j * points[:, 1], dtype=np.complex128)


def _needles(shapes: Shapes, choices: Choices) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Return the row and the tip of every spike."""
    rings, row = rings_of(shapes)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(points):
        return np.zeros(0, dtype=np.intp), np.zeros((0, 2))
    start = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    before = np.arange(len(points)) - 1
    # closed rings repeat their first point: its predecessor is the last but one
    before[start] = np.r_[start[1:], len(points)] - 2
    last = np.r_[start[1:], len(points)] - 1
    after = np.arange(len(points)) + 1
    after[last] = last
    east, north = points[:, 0], points[:, 1]
    acute = (east[before] - east) * (east[after] - east) + (north[before] - north) * (north[after] - north) > 0
    acute[last] = False
    tips = np.flatnonzero(acute)
    to_previous, to_next = points[before[tips]] - points[tips], points[after[tips]] - points[tips]
    sides = np.hypot(to_previous[:, 0], to_previous[:, 1]), np.hypot(to_next[:, 0], to_next[:, 1])
    # cross product over the longer side: distance of the shorter side's end from the longer side's line
    root = np.abs(to_previous[:, 0] * to_next[:, 1] - to_previous[:, 1] * to_next[:, 0]) / np.maximum(*sides)
    tips = tips[(np.minimum(*sides) >= choices.needle_length) & (root <= choices.needle_width)]
    return row[ring[tips]], points[tips]
