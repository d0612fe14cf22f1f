"""Woodland: groves planted on open grass and bare ground of green and reserved land."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.model import measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import WOODLAND_AREA
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import CANOPY_COVER, CANOPY_HEIGHT, LAND_COVER
from citybraid.integrate.measures.nature.growth import PlantingParams, standing, taller
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


class WoodlandParams(PlantingParams):
    pass


class Woodland(NamedTuple):
    canopy_cover: CANOPY_COVER
    canopy_height: CANOPY_HEIGHT
    woodland_area: WOODLAND_AREA


@measure(
    version=2,
    cite="IPCC (2006), Guidelines, vol. 4, ch. 8 (settlements: canopy area times uptake per canopy area); Roman and "
    "Scatena (2011), Urban For. Urban Green. 10: 269-274 (survival)",
    validity="Grown canopy from the day it is planted unless an age is given; trees that die are not replaced.",
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
    tree: Annotated[Factors, Fact("street_tree")],
    tree_crown: Annotated[Factors, Fact("tree_crown")],
    growth: Annotated[Factors, Fact("plant_growth")],
    survival: Annotated[Factors, Fact("plant_survival")],
    grid: GeoBox,
    p: WoodlandParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
    canopy_height: CANOPY_HEIGHT | None = None,
) -> Woodland:
    """Plant trees over a share of each open cell of green and reserved land.

    May go on grass and bare ground of parks, protective green belts and reserved land, by their
    siting shares; not on farmland, squares, heritage and military land, nor outside every parcel. The ground below
    stays what it is: canopy grows over it, up to the share of the land use. At an `age` the canopy is as wide and
    high as it is by then, less that of trees that died; what is planted, and counted, is the same.
    """
    unit = area_of_cells(units.geometry, grid=grid)
    fit = np.isin(land_cover.values, [CODE[name] for name in OPEN])
    cap = cell_share(parcels, grid=grid, site=site, measure="woodland")
    cap = np.where(fit & selected_units(units, p.where)[unit], cap, 0.0)
    old = np.asarray(canopy_cover.values, dtype=np.float64)
    more = np.fmax(cap - old, 0.0) * p.share
    stand = standing(
        "tree", p.age, crown=tree["crown_diameter"], height=tree_crown["height"], growth=growth, survival=survival
    )
    return Woodland(
        like(canopy_cover, np.minimum(old + stand.cover * more, 1.0)),
        taller(canopy_height, more > 0.0, height=stand.height, like=canopy_cover),
        units["woodland_area"] + per_unit(units, unit, more * cell_area(grid)),
    )
