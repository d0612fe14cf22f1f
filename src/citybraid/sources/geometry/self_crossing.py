"""Shapes that cross themselves: where, of what kind, and untied at a bounded cost."""

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.sources.geometry.shapes import AREAS, Flags, Shapes, parts_of, rings_of

REASON = re.compile(r"^(?P<what>[^\[]*)(?:\[(?P<x>\S+) (?P<y>\S+)\])?")
KINDS: Mapping[str, str] = {
    "Ring Self-intersection": "touching", "Interior is disconnected": "touching",
    "Hole lies outside shell": "hole_outside", "Holes are nested": "nested", "Nested shells": "nested",
    "Duplicate Rings": "nested", "Too few points in geometry component": "few_points",
    "Invalid Coordinate": "not_finite",
}  # fmt: skip
"""GEOS's words for what is wrong: ours. All else crosses itself."""
SMALL = 50
"""Shapes of so few vertices are untied without looking how tangled they are."""
TESTS = 2_000_000
SAMPLE = 256
"""Edges, at most, that are tried against all others to guess how often a shape crosses itself."""
TANGLED = 2_000
"""Crossings from which a shape is too tangled to be a plan: untying takes 0.1 s at 2 000 and grows as their square."""
WORK = 400_000
"""Crossings, in all, that are untied in a table."""


def kind_of(reason: str) -> str:
    """Return what a shape suffers from: crossing, touching, hole_outside, nested, few_points or not_finite."""
    found = REASON.match(reason)
    return KINDS.get(found["what"].strip() if found else "", "crossing")


def place_of(reason: str, shape: BaseGeometry) -> BaseGeometry:
    """Return the point that GEOS's words name, else the shape itself."""
    found = REASON.match(reason)
    if found is None or found["x"] is None:
        return shape
    at = float(found["x"]), float(found["y"])
    return shapely.Point(at) if np.isfinite(at).all() else shapely.Point()


def tangled(shapes: Shapes) -> Flags:
    """Tell which shapes cross themselves so often that untying them would take too long, each or all together."""
    crossings = np.array([_crossings(shape) for shape in shapes])
    order = np.argsort(crossings, kind="stable")
    late = np.zeros(len(shapes), dtype=bool)
    late[order] = np.cumsum(crossings[order]) > WORK
    return late | (crossings > TANGLED)


def _crossings(shape: BaseGeometry) -> float:
    """About how often a shape's edges cross one another, from a sample of its edges."""
    count = int(shapely.get_num_coordinates(shape))
    if count <= SMALL:
        return count**2 / 8
    edges = _edges(shape)
    tried = edges[:: max(1, len(edges) // min(SAMPLE, max(8, TESTS // len(edges))))]
    hits = shapely.STRtree(edges).query(tried, predicate="crosses").shape[1]
    return float(hits * len(edges) / len(tried) / 2)


def _edges(shape: BaseGeometry) -> Shapes:
    rings, _ = rings_of(np.array([shape], dtype=object))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    within = ring[:-1] == ring[1:]
    ends: npt.NDArray[np.float64] = np.stack([points[:-1][within], points[1:][within]], axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=object)


def untied(shapes: Shapes) -> Shapes:
    """Return shapes made valid by their structure of rings, only areas kept; empty ones where nothing is left."""
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    plain = np.isin(shapely.get_type_id(valid), (3, 6))
    answer = np.asarray(valid, dtype=object).copy()
    for at in np.flatnonzero(~plain):
        whole = parts_of(answer[at], AREAS)
        answer[at] = whole if whole.is_valid else shapely.union_all(shapely.get_parts(whole))
    return answer
