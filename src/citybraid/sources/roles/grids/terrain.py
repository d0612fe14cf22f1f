"""Ground elevation: its values are neither shares nor classes."""

from citybraid.sources.protocol.role import Pixels, Role

CLASSES = 255
"""Most classes that a byte holds."""
NAMES = ("surface_altitude", "topo", "altitude", "height", "z", "band1")
"""Names under which CF files hold heights."""


def heights(low: float, high: float, *, whole: bool) -> bool:
    """Tell whether values can be heights: not all within 0 and 1, and no whole numbers that a byte holds."""
    share = low >= 0 and high <= 1
    classes = whole and low >= 0 and 1 < high <= CLASSES
    return not share and not classes


ROLE = Role("terrain", "raster", single=True, pixels=Pixels(heights, NAMES, heights=True))
