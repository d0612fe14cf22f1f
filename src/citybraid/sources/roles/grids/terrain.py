"""Ground elevation: its values are neither shares nor classes."""

from citybraid.sources.protocol.role import Pixels, Role

CLASSES = 255
"""Highest class code in a byte."""
NAMES = ("surface_altitude", "topo", "altitude", "height", "z", "band1")
"""Variable names of heights in CF files."""


def plausible_heights(low: float, high: float, *, whole: bool) -> bool:
    """Return whether values are plausible heights: not all within 0 and 1, and no integers within a byte."""
    share = low >= 0 and high <= 1
    classes = whole and low >= 0 and 1 < high <= CLASSES
    return not share and not classes


ROLE = Role("terrain", "raster", single=True, pixels=Pixels(plausible_heights, NAMES, heights=True))
