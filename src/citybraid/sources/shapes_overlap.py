"""Which shapes of a table lie on one another, and what they share."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from citybraid.sources.shapes import AREAS, COLLECTION, Shapes, parts_of

SAMPLE = 64
MOST_PAIRS = 20_000_000
"""Pairs of shapes with overlapping bounds from which a table is too crowded to be gone through."""
Rows = npt.NDArray[np.intp]


class Shared(NamedTuple):
    """Pairs of shapes (row numbers, the first the lower), the area they share [m2], and that ground itself."""

    one: Rows
    other: Rows
    area: npt.NDArray[np.float64]
    ground: Shapes


def overlaps(shapes: Shapes, least: float) -> Shared | None:
    """Return the pairs that share more than `least` [m2]; None where nearly all lie on nearly all."""
    tree = shapely.STRtree(shapes)
    tried = shapes[:: max(1, len(shapes) // SAMPLE)]
    if tree.query(tried).shape[1] / len(tried) * len(shapes) > MOST_PAIRS:
        return None
    one, other = tree.query(shapes)
    pairs = one < other
    one, other = one[pairs], other[pairs]
    low, high = shapely.bounds(shapes)[:, :2], shapely.bounds(shapes)[:, 2:]
    sides = np.minimum(high[one], high[other]) - np.maximum(low[one], low[other])
    real = sides.min(axis=1, initial=np.inf) > 0
    real &= sides.prod(axis=1) > least
    one, other = one[real], other[real]
    ground = np.asarray(shapely.intersection(shapes[one], shapes[other]), dtype=object)
    area = shapely.area(ground)
    over = area > least
    ground = ground[over]
    for at in np.flatnonzero(shapely.get_type_id(ground) == COLLECTION):
        ground[at] = parts_of(ground[at], AREAS)
    return Shared(one[over], other[over], area[over], ground)
