"""Parts of areas that are narrower than a cell, such as canals: how long they are together."""

from typing import NamedTuple

import shapely

from citybraid.sources.geometry.shapes import Shapes

SLACK = 1.05
"""How much further an area is grown back than it was shrunk: corners are no narrow parts."""
LONG = 2.0
"""Least length of a narrow part over the width of a cell [-]."""


class Narrow(NamedTuple):
    """Length of the parts that are narrower than a cell, and their mean width [m]; 0 where there are none."""

    length: float
    width: float


def narrow_parts(shapes: Shapes, cell: float) -> Narrow:
    """Return the parts of areas that vanish when the areas are shrunk by half a cell [m] and grown back.

    Areas that touch are one. A strip's length is half its outline without one width: exact for a rectangle.
    """
    whole = shapely.union_all(shapely.make_valid(shapes))
    kept = shapely.buffer(
        shapely.buffer(whole, -0.5 * cell, join_style="mitre"), 0.5 * SLACK * cell, join_style="mitre"
    )
    length = area = 0.0
    for part in shapely.get_parts(shapely.difference(whole, kept)):
        outline, own = float(shapely.length(part)), float(shapely.area(part))
        along = 0.5 * outline - 2.0 * own / outline if outline > 0.0 else 0.0
        if along > LONG * cell:
            length, area = length + along, area + own
    return Narrow(length, area / length if length else 0.0)
