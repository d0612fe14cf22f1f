"""Heat that buildings reject, as a flux over the ground."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.energy import HEAT_REJECTED
from citybraid.core.vocabulary.heat import WASTE_HEAT
from citybraid.integrate.bridges.footprints import cell_area, raster, spread


class WasteHeat(NamedTuple):
    waste_heat: WASTE_HEAT


@model(
    version=1,
    cite="Sailor (2011), Int. J. Climatol. 31, pp. 189-199, building sector inventory approach",
    validity="Heat is released above the footprint itself: no plume, no wind; buildings without area are left out.",
)
def waste_heat(buildings: Annotated[View, Table("buildings", (HEAT_REJECTED,))], grid: GeoBox) -> WasteHeat:
    """Heat rejected outdoors per ground area [W m-2], spread evenly over each footprint.

    The sum over cells times cell area equals the buildings' sum for all footprints
    that lie on the grid.
    """
    area = buildings.geometry.area.to_numpy()
    heat = buildings["heat_rejected"].to_numpy(dtype=float)
    per_cell = np.divide(heat * cell_area(grid), area, out=np.zeros_like(heat), where=area > 0.0)
    return WasteHeat(raster(spread(buildings.geometry, per_cell, grid=grid) / cell_area(grid), grid=grid))
