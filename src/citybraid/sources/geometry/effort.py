"""Effort of geometric operations, known before they start: pairs of edges that lie close enough to be compared.

GEOS compares edges whose bounding boxes overlap. Of a needle-shaped or star-shaped ring nearly all do, and the time of
a validity check or an intersection then grows with the square of the vertices. The numbers are deterministic estimates
from evenly spaced samples, so that the same files are refused on every machine.
"""

import numpy as np
import numpy.typing as npt
import shapely

from citybraid.sources.geometry.shapes import Flags, Shapes

F64 = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
SMALL = 500
"""Number of vertices up to which a shape is checked without an estimate [-]."""
MOST_EDGE_PAIRS = 1e9
"""Pairs of close edges of all shapes of a table that are checked for validity: about 5 s [-]."""
EDGES = 64
"""Edges of a shape that its pairs are estimated from [-]."""
PAIRS = 64
"""Pairs of shapes that the effort of all is estimated from [-]."""
PAIR_SECONDS, VERTEX_SECONDS, EDGE_PAIR_SECONDS = 1e-5, 2e-7, 6e-8
"""Time of an intersection: fixed, for each vertex, and for each pair of close edges [s]."""


def entangled(shapes: Shapes) -> Flags:
    """Return a mask of shapes with too many pairs of close edges to check them in time, individually or in total."""
    counts = shapely.get_num_coordinates(shapes)
    pairs = np.zeros(len(shapes))
    for row in np.flatnonzero(counts > SMALL):
        boxes = _edge_boxes(shapes[row])
        pairs[row] = _close_pairs(_spread(boxes, EDGES), boxes) * len(boxes) / min(EDGES, len(boxes)) / 2
    order = np.argsort(pairs, kind="stable")
    flags = np.zeros(len(shapes), dtype=bool)
    flags[order] = np.cumsum(pairs[order]) > MOST_EDGE_PAIRS
    return flags


def intersection_seconds(shapes: Shapes, one: Rows, other: Rows) -> float:
    """Return the estimated time of intersecting pairs of shapes, given by their row numbers [s]."""
    if not len(one):
        return 0.0
    vertices = shapely.get_num_coordinates(shapes)
    tried = np.unique(np.linspace(0, len(one) - 1, PAIRS).astype(np.intp))
    close = np.mean([_close_edges(shapes[a], shapes[b]) for a, b in zip(one[tried], other[tried], strict=True)])
    touched = float((vertices[one] + vertices[other]).sum())
    return len(one) * (PAIR_SECONDS + EDGE_PAIR_SECONDS * float(close)) + VERTEX_SECONDS * touched


def _close_edges(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Return the estimated number of pairs of close edges of two shapes."""
    boxes, others = _edge_boxes(one), _edge_boxes(other)
    if not len(boxes) or not len(others):
        return 0.0
    return _close_pairs(_spread(boxes, EDGES), others) * len(boxes) / min(EDGES, len(boxes))


def _edge_boxes(shape: shapely.Geometry) -> F64:
    """Return west, south, east and north of every edge; one edge more joins each ring to the next."""
    points = shapely.get_coordinates(shape)
    return np.hstack([np.minimum(points[:-1], points[1:]), np.maximum(points[:-1], points[1:])])


def _spread(boxes: F64, count: int) -> F64:
    return boxes[np.linspace(0, len(boxes) - 1, min(count, len(boxes))).astype(np.intp)]


def _close_pairs(sample: F64, boxes: F64) -> float:
    """Return how many pairs of a box of the sample and one of all overlap."""
    west, south, east, north = boxes.T
    return float(
        sum(
            np.count_nonzero((west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1]))
            for box in sample
        )
    )
