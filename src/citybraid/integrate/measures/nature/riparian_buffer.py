"""Riparian buffer: open ground along water planted with shrubs and trees."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox
from scipy.ndimage import distance_transform_edt

from citybraid.core.model import measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import RIPARIAN_BUFFER_AREA
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import CANOPY_COVER, CANOPY_HEIGHT, LAND_COVER
from citybraid.integrate.measures.lowest_first import lowest_cells
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

OPEN = ("grass", "cropland", "bare")
"""Covers that may be planted."""
WATER = ("water", "wetland")


class RiparianBufferParams(PlantingParams):
    pass


class RiparianBuffer(NamedTuple):
    land_cover: LAND_COVER
    canopy_cover: CANOPY_COVER
    canopy_height: CANOPY_HEIGHT
    riparian_buffer_area: RIPARIAN_BUFFER_AREA


@measure(
    version=1,
    cite="Wenger (1999), A Review of the Scientific Literature on Riparian Buffer Width, Extent and Vegetation "
    "(width); Roman and Scatena (2011), Urban For. Urban Green. 10: 269-274 (survival)",
    validity="Banks, levees and flood ways are not checked: trees in a flood way need the water authority's consent. "
    "Nutrients held back are not computed. Cells by the distance of their centres.",
    stage="surface",
    quantity=RIPARIAN_BUFFER_AREA,
    responsible="municipal water authority; land owner",
    build_years=1.0,
)
def riparian_buffer(
    *,
    land_cover: LAND_COVER,
    canopy_cover: CANOPY_COVER,
    units: Annotated[View, Table("units", (RIPARIAN_BUFFER_AREA,))],
    site: Annotated[Factors, Fact("measure_site")],
    width: Annotated[Factors, Fact("riparian_width")],
    tree: Annotated[Factors, Fact("street_tree")],
    tree_crown: Annotated[Factors, Fact("tree_crown")],
    growth: Annotated[Factors, Fact("plant_growth")],
    survival: Annotated[Factors, Fact("plant_survival")],
    grid: GeoBox,
    p: RiparianBufferParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
    canopy_height: CANOPY_HEIGHT | None = None,
) -> RiparianBuffer:
    """Plant shrubs on open cells within a width of water, under trees over the siting share of their land use.

    May go on grass, cropland and bare ground of parks, protective green belts, farmland and reserved land. With a
    share below 1 each unit plants its cells nearest to the water first. At an `age` trees are as large as they are by
    then, less those that died.
    """
    cover = np.asarray(land_cover.values)
    unit = area_of_cells(units.geometry, grid=grid)
    water = np.isin(cover, [CODE[name] for name in WATER])
    cell = (abs(float(grid.affine.e)), abs(float(grid.affine.a)))
    away = distance_transform_edt(~water, sampling=cell) if water.any() else np.full(grid.shape, np.inf)
    cap = cell_share(parcels, grid=grid, site=site, measure="riparian_buffer")
    fit = np.isin(cover, [CODE[name] for name in OPEN]) & (away <= width[""]) & (cap > 0.0)
    fit &= selected_units(units, p.where)[unit]
    planted = np.zeros(grid.shape, dtype=np.bool_)
    for at in np.unique(unit[fit]):
        planted |= lowest_cells(away, fit & (unit == at), share=p.share)
    stand = standing(
        "tree", p.age, crown=tree["crown_diameter"], height=tree_crown["height"], growth=growth, survival=survival
    )
    old = np.asarray(canopy_cover.values, dtype=np.float64)
    more = np.where(planted, np.fmax(cap - old, 0.0), 0.0)
    return RiparianBuffer(
        like(land_cover, np.where(planted, CODE["shrubs"], cover).astype(land_cover.dtype)),
        like(canopy_cover, np.minimum(old + stand.cover * more, 1.0)),
        taller(canopy_height, more > 0.0, height=stand.height, like=canopy_cover),
        units["riparian_buffer_area"] + per_unit(units, unit, np.where(planted, cell_area(grid), 0.0)),
    )
