"""Self-intersecting shapes: location, kind, and repair at bounded cost."""

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
"""Problem kinds by GEOS validity reason; all other reasons are self-crossings."""
SMALL = 50
"""Number of vertices up to which the crossings are estimated from that number alone [-]."""
TESTS = 2_000_000
SAMPLE = 256
"""Maximum number of edges tested against all others to estimate the crossings of a shape [-]."""
TANGLED = 2_000
"""Crossings above which a shape is not repaired: repair takes 0.1 s at 2 000 and grows quadratically [-]."""
WORK = 400_000
"""Maximum total number of crossings repaired in a table [-]."""


def kind_of(reason: str) -> str:
    """Return the kind of a GEOS reason: crossing, touching, hole_outside, nested, few_points or not_finite."""
    match = REASON.match(reason)
    return KINDS.get(match["what"].strip() if match else "", "crossing")


def location_of(reason: str, shape: BaseGeometry) -> BaseGeometry:
    """Return the point in a GEOS reason, else the shape itself."""
    match = REASON.match(reason)
    if match is None or match["x"] is None:
        return shape
    point = float(match["x"]), float(match["y"])
    return shapely.Point(point) if np.isfinite(point).all() else shapely.Point()


def too_complex(shapes: Shapes) -> Flags:
    """Return a mask of shapes with too many self-crossings to repair in time, individually or in total."""
    crossings = np.array([_crossings(shape) for shape in shapes])
    order = np.argsort(crossings, kind="stable")
    over_budget = np.zeros(len(shapes), dtype=bool)
    over_budget[order] = np.cumsum(crossings[order]) > WORK
    return over_budget | (crossings > TANGLED)


def _crossings(shape: BaseGeometry) -> float:
    """Estimate the number of crossings between a shape's edges from a sample of edges."""
    count = int(shapely.get_num_coordinates(shape))
    if count <= SMALL:
        return count**2 / 8
    edges = _edges(shape)
    sample = edges[:: max(1, len(edges) // min(SAMPLE, max(8, TESTS // len(edges))))]
    hits = shapely.STRtree(edges).query(sample, predicate="crosses").shape[1]
    return float(hits * len(edges) / len(sample) / 2)


def _edges(shape: BaseGeometry) -> Shapes:
    rings, _ = rings_of(np.array([shape], dtype=object))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring[:-1] == ring[1:]
    ends: npt.NDArray[np.float64] = np.stack([points[:-1][same_ring], points[1:][same_ring]], axis=1)
    return np.asarray(shapely.linestrings(ends), dtype=object)


def make_valid(shapes: Shapes) -> Shapes:
    """Return shapes made valid by the GEOS structure method, reduced to areas; empty where none remain."""
    valid = shapely.make_valid(shapes, method="structure", keep_collapsed=False)
    polygonal = np.isin(shapely.get_type_id(valid), (3, 6))
    repaired = np.asarray(valid, dtype=object).copy()
    for row in np.flatnonzero(~polygonal):
        areas = parts_of(repaired[row], AREAS)
        repaired[row] = areas if areas.is_valid else shapely.union_all(shapely.get_parts(areas))
    return repaired
