"""Shapes drawn twice: from another corner, the other way round, with more vertices, or a hand's breadth off."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from citybraid.sources.rules import Choices
from citybraid.sources.shapes import Shapes

NEAREST = 6
"""Drawings of one shape that are told apart by more than rounding, at most."""
Groups = npt.NDArray[np.int64]


def same(shapes: Shapes, choices: Choices) -> Groups:
    """Return a number for each shape, equal for drawings of the same shape.

    Shapes with the same points are the same whatever their start and direction. Areas
    are the same where their bounds lie within `same_within` and all but `area_change`
    of them is shared.
    """
    exact = pd.factorize(pd.Series(shapely.to_wkb(shapely.normalize(shapes))))[0]
    first = np.unique(exact, return_index=True)[1]
    only = shapes[first]
    one, other = _near(only, choices.same_within)
    if len(one):
        shared = shapely.area(shapely.intersection(only[one], only[other]))
        larger = np.maximum(shapely.area(only[one]), shapely.area(only[other]))
        alike = (larger > 0) & (larger - shared <= choices.area_change * larger)
        one, other = one[alike], other[alike]
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(only), len(only)))
    group: Groups = connected_components(links, directed=False)[1].astype(np.int64)
    return group[exact]


def _near(shapes: Shapes, within: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs of shapes whose bounds differ by no more than `within` on any side [m]."""
    bounds = shapely.bounds(shapes)
    known = np.flatnonzero(np.isfinite(bounds).all(axis=1) & (shapely.get_dimensions(shapes) == 2))  # noqa: PLR2004  (areas)
    if len(known) < 2:  # noqa: PLR2004  (a pair)
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    tree = cKDTree(bounds[known])
    count = min(NEAREST, len(known))
    _, found = tree.query(bounds[known], k=count, p=np.inf, distance_upper_bound=within)
    one = np.repeat(np.arange(len(known)), count)
    other = np.minimum(found.reshape(-1), len(known))
    real = (other < len(known)) & (one != other)
    return known[one[real]], known[other[real]]
