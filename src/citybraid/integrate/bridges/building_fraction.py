"""Share of each cell that buildings cover."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.surface import BUILDING_FRACTION
from citybraid.integrate.bridges.footprints import raster, spread


class BuildingFraction(NamedTuple):
    building_fraction: BUILDING_FRACTION


@model(
    version=1,
    cite="Catmull (1978), SIGGRAPH 12(3), pp. 6-11: exact area coverage in scan conversion",
    validity="Any footprints; where footprints overlap the shares add up and are cut at 1.",
)
def building_fraction(buildings: Annotated[View, Table("buildings")], grid: GeoBox) -> BuildingFraction:
    """Footprint area over cell area [-], exact to rounding (about 1e-13) for separate footprints.

    Carries building outlines to the raster models: roof runoff, blocked cells, shade,
    albedo and evaporation all need how much of a cell is roof.
    """
    covered = spread(buildings.geometry, np.ones(len(buildings)), grid=grid)
    return BuildingFraction(raster(np.minimum(covered, 1.0), grid=grid))
