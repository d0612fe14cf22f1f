"""Coefficients of a flood: debris factors of hazard, structures, drain inlets."""

from typing import Annotated, NamedTuple

from citybraid.core.var import Fact, Factors


class Coefficients(NamedTuple):
    """Factors of a flood: debris by depth, weirs and openings of defences, inlets of drains."""

    flood_debris: Annotated[Factors, Fact("flood_debris")]
    flood_structures: Annotated[Factors, Fact("flood_structures")]
    drain_inlet: Annotated[Factors, Fact("drain_inlet")]
