"""Unintended gaps between parcels: enclosed holes and slits too narrow for a street."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from citybraid.sources.geometry.effort import intersection_seconds
from citybraid.sources.geometry.shapes import AREAS, Shapes, parts_of, width
from citybraid.sources.protocol.rules import Choices

MOST_PAIRS = 2_000_000
"""Pairs of neighbours above which a table is not searched for gaps and overlaps."""
MOST_SECONDS = 20.0
"""Estimated time of intersecting the pairs of a table above which it is not searched [s]."""
MOST_DISTANCES = 200_000_000
"""Distances of gaps to vertices above which the shape next to a gap is found by bounds [-]."""
SAMPLE = 64
"""Shapes that the number of pairs is estimated from."""
SQUARE = 1


class Gaps(NamedTuple):
    """Gap polygons between shapes, and the row number of an adjacent shape for each."""

    ground: Shapes
    beside: npt.NDArray[np.intp]


def gaps(shapes: Shapes, choices: Choices) -> Gaps:
    """Return holes of the union smaller than `gap_area` or narrower than `gap_width`, and slits narrower than that.

    Gaps smaller than a square of `gap_width` are rounding and ignored. None are looked for where nearly all shapes
    lie upon one another.
    """
    tree = shapely.STRtree(shapes)
    if crowded(tree, shapes):
        return Gaps(np.zeros(0, dtype=object), np.zeros(0, dtype=np.intp))
    holes, slits = _holes(shapes, tree, choices), _slits(shapes, tree, choices)
    ground = np.concatenate([holes, slits])
    if not len(ground):
        return Gaps(ground, np.zeros(0, dtype=np.intp))
    return Gaps(ground, _beside(ground, tree, shapes))


def _beside(ground: Shapes, tree: shapely.STRtree, shapes: Shapes) -> npt.NDArray[np.intp]:
    """Return the row of a shape next to each gap: the nearest, or, of shapes too large for that, one by its bounds."""
    if len(ground) * int(shapely.get_num_coordinates(shapes).max()) <= MOST_DISTANCES:
        at, beside = tree.query_nearest(ground, all_matches=False)
    else:
        at, beside = tree.query(ground)
    rows = np.zeros(len(ground), dtype=np.intp)
    rows[at[::-1]] = beside[::-1]
    return rows


def crowded(tree: shapely.STRtree, shapes: Shapes, most: int = MOST_PAIRS) -> bool:
    """Tell, from a sample, whether more than `most` pairs of shapes overlap by their bounds, or take too long."""
    tried = np.arange(0, len(shapes), max(1, len(shapes) // SAMPLE))
    if not len(tried):
        return False
    one, other = tree.query(shapes[tried])
    share = len(shapes) / len(tried)
    if len(one) * share > most:
        return True
    apart = tried[one] != other
    return intersection_seconds(shapes, tried[one][apart], other[apart]) * share / 2 > MOST_SECONDS


def _holes(shapes: Shapes, tree: shapely.STRtree, choices: Choices) -> Shapes:
    """Return small or narrow holes in the union of touching shapes."""
    one, _ = tree.query(shapes, predicate="intersects")
    touching = np.bincount(one, minlength=len(shapes)) > 1
    union = np.r_[shapes[~touching], shapely.get_parts(shapely.union_all(shapes[touching]))]
    rings, part = shapely.get_rings(shapely.get_parts(union), return_index=True)
    inner = np.r_[False, part[1:] == part[:-1]] if len(part) else np.zeros(0, dtype=bool)
    holes = np.asarray(shapely.polygons(rings[inner]), dtype=object)
    small = (shapely.area(holes) < choices.gap_area) | (width(holes) < choices.gap_width)
    return holes[small & (shapely.area(holes) > choices.gap_width**2)]


def _slits(shapes: Shapes, tree: shapely.STRtree, choices: Choices) -> Shapes:
    """Return strips between shapes that are close but do not touch."""
    one, other = tree.query(shapes, predicate="dwithin", distance=choices.gap_width)
    pairs = one < other
    one, other = one[pairs], other[pairs]
    apart = ~shapely.intersects(shapes[one], shapes[other])
    one, other = one[apart][:MOST_PAIRS], other[apart][:MOST_PAIRS]
    if not len(one):
        return np.zeros(0, dtype=object)
    rows, positions = np.unique(np.r_[one, other], return_inverse=True)
    buffered = shapely.buffer(shapes[rows], choices.gap_width / 2, quad_segs=SQUARE, cap_style="square")
    # the half-width buffers of both shapes overlap only where they are closer than gap_width
    strips = shapely.intersection(buffered[positions[: len(one)]], buffered[positions[len(one) :]])
    strips = shapely.difference(shapely.difference(strips, shapes[one]), shapes[other])
    ground = np.array([parts_of(strip, AREAS) for strip in strips], dtype=object)
    return ground[shapely.area(ground) > choices.gap_width**2]
