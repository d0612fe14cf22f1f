"""Floor area of buildings from footprint and storeys."""

from typing import Annotated, NamedTuple

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.place import FLOOR_AREA, FLOORS


class FloorArea(NamedTuple):
    floor_area: FLOOR_AREA


@model(
    version=1,
    cite="GB/T 50353-2013, 3.0.1 (floor area by storeys; eaves, balconies and basements left out)",
    validity="Buildings whose storeys all have the footprint's outline; set-back storeys are overstated.",
)
def floor_area(buildings: Annotated[View, Table("buildings", (FLOORS,))]) -> FloorArea:
    """Gross floor area above ground [m2]: footprint area times storeys.

    Used where no file brings the floor area itself. No value where storeys are unknown.
    """
    return FloorArea(buildings["floors"].astype(float) * buildings.geometry.area)
