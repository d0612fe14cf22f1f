"""Swatches of a legend among a drawing's rings: equal rectangles in a column or a row, each named beside it."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from citybraid.sources.cad.plan_texts import layer_use, stated_value
from citybraid.sources.cad.texts import DrawingText

FEWEST = 3
"""Fewest swatches of a legend [-]."""
ALIKE = 0.02
"""Largest difference of the sides of two swatches [share of the side]."""
RECTANGLE = 0.99
"""Least share of its bounds that a rectangle fills [-]."""
REACH = 4.0
"""Largest distance of a name from its swatch [side]."""
SMALL = 0.5
"""Largest area of a swatch over the median of the other rings: parcels of a grid are as large as their neighbours."""
NAMED = 0.6
"""Least share of swatches with a name beside them [-]."""
Floats = NDArray[np.float64]


def swatches(shapes: Sequence[BaseGeometry], texts: Sequence[DrawingText]) -> tuple[int, ...]:
    """Return the rows of shapes that are swatches of a legend.

    Parcels may be equal rectangles in a row too, but what they are stands in them, not beside, and they are as large
    as others: the names of parcels on other layers may stand beside them.
    """
    if len(shapes) < FEWEST or not texts:
        return ()
    array = np.array(shapes, dtype=object)
    bounds = shapely.bounds(array)
    sides = np.column_stack([bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]])
    full = shapely.area(array) >= RECTANGLE * sides.prod(axis=1)
    names = [note for note in texts if _names_use(note)]
    points = np.array([(note.x, note.y) for note in names], dtype=float).reshape(-1, 2)
    within = shapely.STRtree(array).query(shapely.points(points), predicate="intersects") if len(points) else None
    free = np.ones(len(points), dtype=bool)
    if within is not None:
        free[within[0]] = False
    rows: set[int] = set()
    for group in _groups(np.flatnonzero(full), sides, bounds):
        beside = sum(_has_name(bounds[row], sides[row], points[free]) for row in group)
        if len(group) >= FEWEST and beside >= NAMED * len(group) and _small(shapely.area(array), group):
            rows |= set(group)
    return tuple(sorted(rows))


def _small(areas: Floats, group: Sequence[int]) -> bool:
    """Tell whether a group of equal rectangles is small beside the other rings; without others nothing tells."""
    others = np.delete(areas, group)
    return not others.size or float(areas[group[0]]) <= SMALL * float(np.median(others))


def _names_use(note: DrawingText) -> bool:
    """Tell whether a text names a land use, as the entries of a legend do."""
    line = " ".join(note.lines)
    return bool(layer_use(line)) or stated_value(line, ("land_use",)) is not None


def _groups(rows: NDArray[np.intp], sides: Floats, bounds: Floats) -> Iterator[list[int]]:
    """Yield groups of rectangles of equal sides whose left edges, or lower edges, are in line."""
    left = list(rows)
    while left:
        first = left[0]
        alike = [row for row in left if (np.abs(sides[row] - sides[first]) <= ALIKE * sides[first]).all()]
        left = [row for row in left if row not in set(alike)]
        for axis in (0, 1):
            edges = bounds[alike, axis]
            for edge in np.unique(np.round(edges / (ALIKE * sides[first, axis]))):
                near = np.abs(edges - edge * ALIKE * sides[first, axis]) <= ALIKE * sides[first, axis]
                yield [int(row) for row, chosen in zip(alike, near, strict=True) if chosen]


def _has_name(bounds: Floats, sides: Floats, points: Floats) -> bool:
    """Tell whether a point lies to the right of a rectangle, level with it."""
    right = (points[:, 0] > bounds[2]) & (points[:, 0] <= bounds[2] + REACH * sides.max())
    level = (points[:, 1] >= bounds[1] - 0.5 * sides[1]) & (points[:, 1] <= bounds[3] + 0.5 * sides[1])
    return bool((right & level).any())
