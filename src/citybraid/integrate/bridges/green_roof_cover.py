"""Share of each cell that is green roof."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.energy import GREEN_ROOF
from citybraid.core.vocabulary.surface import GREEN_ROOF_COVER
from citybraid.integrate.bridges.footprints import raster, spread


class GreenRoofCover(NamedTuple):
    green_roof_cover: GREEN_ROOF_COVER


@model(
    version=1,
    cite="Catmull (1978), SIGGRAPH 12(3), pp. 6-11: exact area coverage in scan conversion",
    validity="The green share is taken as spread evenly over each roof; overlapping footprints are cut at 1.",
)
def green_roof_cover(buildings: Annotated[View, Table("buildings", (GREEN_ROOF,))], grid: GeoBox) -> GreenRoofCover:
    """Green roof area over cell area [-]: each building's green share times its covered share.

    A building whose green share is unknown adds nothing.
    """
    covered = spread(buildings.geometry, buildings["green_roof"].to_numpy(dtype=float), grid=grid)
    return GreenRoofCover(raster(np.minimum(covered, 1.0), grid=grid))
