"""Height of the buildings in each cell."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.place import HEIGHT
from citybraid.core.vocabulary.surface import BUILDING_HEIGHT
from citybraid.integrate.bridges.footprints import raster, spread

LEAST_COVER = 1e-9
"""Share of a cell below which a footprint is rounding [-]."""


class BuildingHeight(NamedTuple):
    building_height: BUILDING_HEIGHT


@model(
    version=1,
    cite="Catmull (1978), SIGGRAPH 12(3), pp. 6-11: exact area coverage in scan conversion",
    validity="Upright buildings with level roofs; pitched roofs and towers on podiums only as the table gives them.",
)
def building_height(buildings: Annotated[View, Table("buildings", (HEIGHT,))], grid: GeoBox) -> BuildingHeight:
    """Mean height of the footprints in each cell, weighted by the area they cover [m]; 0 without buildings.

    Carries heights to the models of sky and shade. Buildings without a height are left out.
    """
    height = buildings["height"].to_numpy(np.float64)
    known = np.isfinite(height)
    covered = spread(buildings.geometry, known.astype(np.float64), grid=grid)
    summed = spread(buildings.geometry, np.where(known, height, 0.0), grid=grid)
    mean = np.divide(summed, covered, out=np.zeros_like(summed), where=covered > LEAST_COVER)
    return BuildingHeight(raster(mean, grid=grid))
