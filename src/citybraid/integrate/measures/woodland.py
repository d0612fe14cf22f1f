"""Woodland: groves planted on open grass and bare ground of green and reserved land."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import WOODLAND_AREA
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import CANOPY_COVER, LAND_COVER
from citybraid.integrate.measures.siting import (
    CODE,
    area_of_cells,
    cell_area,
    cell_share,
    like,
    per_unit,
    selected_units,
)

OPEN = ("grass", "bare")
"""Covers on which trees may be planted."""


class WoodlandParams(MeasureParams):
    pass


class Woodland(NamedTuple):
    canopy_cover: CANOPY_COVER
    woodland_area: WOODLAND_AREA


@measure(
    version=1,
    cite="IPCC (2006), Guidelines, vol. 4, ch. 8 (settlements: canopy area times uptake per canopy area)",
    validity="Grown canopy from the day it is planted: young trees shade and take up less for decades.",
    stage="surface",
    quantity=WOODLAND_AREA,
    responsible="municipal greening authority; land owner",
    build_years=1.0,
)
def woodland(
    land_cover: LAND_COVER,
    canopy_cover: CANOPY_COVER,
    units: Annotated[View, Table("units", (WOODLAND_AREA,))],
    site: Annotated[Factors, Fact("measure_site")],
    grid: GeoBox,
    p: WoodlandParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> Woodland:
    """Plant trees over a share of each open cell of green and reserved land.

    May go on grass and bare ground of parks, protective green belts and reserved land, by their
    siting shares; not on farmland, squares, heritage and military land, nor outside every parcel. The ground below
    stays what it is: canopy grows over it, up to the share of the land use.
    """
    unit = area_of_cells(units.geometry, grid=grid)
    fit = np.isin(land_cover.values, [CODE[name] for name in OPEN])
    cap = cell_share(parcels, grid=grid, site=site, measure="woodland")
    cap = np.where(fit & selected_units(units, p.where)[unit], cap, 0.0)
    old = np.asarray(canopy_cover.values, dtype=np.float64)
    more = np.fmax(cap - old, 0.0) * p.share
    return Woodland(
        like(canopy_cover, np.minimum(old + more, 1.0)),
        units["woodland_area"] + per_unit(units, unit, more * cell_area(grid)),
    )
