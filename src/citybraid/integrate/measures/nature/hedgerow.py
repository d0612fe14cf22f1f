"""Hedgerow: hedges along the edges of fields, parks and green belts."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from odc.geo.geobox import GeoBox

from citybraid.core.model import measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import HEDGEROW_LENGTH
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import CANOPY_COVER, CANOPY_HEIGHT, LAND_COVER
from citybraid.integrate.measures.nature.growth import PlantingParams, standing, taller
from citybraid.integrate.measures.nature.line_cells import first_share, pieces
from citybraid.integrate.measures.siting import CODE, area_of_points, cell_area, like, per_unit, rule, selected_units

OPEN = ("grass", "cropland", "bare")
"""Covers that may be planted."""
RESOLVED = 0.5
"""Share of a cell from which on a hedge is its land cover."""


class HedgerowParams(PlantingParams):
    pass


class Hedgerow(NamedTuple):
    land_cover: LAND_COVER
    canopy_cover: CANOPY_COVER
    canopy_height: CANOPY_HEIGHT
    hedgerow_length: HEDGEROW_LENGTH


@measure(
    version=1,
    cite="Forman and Baudry (1984), Environ. Manage. 8: 495-510 (hedgerows along field edges)",
    validity="Hedges stand on the parcels' boundaries; gates and farm tracks are not left out. A cell turns to shrubs "
    "where a hedge covers half of it: cells wider than 4 m keep their cover and only gain canopy.",
    stage="surface",
    quantity=HEDGEROW_LENGTH,
    responsible="land owner; municipal greening authority",
    build_years=1.0,
)
def hedgerow(
    *,
    land_cover: LAND_COVER,
    canopy_cover: CANOPY_COVER,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))],
    units: Annotated[View, Table("units", (HEDGEROW_LENGTH,))],
    site: Annotated[Factors, Fact("measure_site")],
    growth: Annotated[Factors, Fact("plant_growth")],
    survival: Annotated[Factors, Fact("plant_survival")],
    grid: GeoBox,
    p: HedgerowParams,
    canopy_height: CANOPY_HEIGHT | None = None,
) -> Hedgerow:
    """Plant a hedge along the edges of parcels whose land use has a siting share, on open ground.

    May go along farmland, parks, protective green belts and reserved land where the edge crosses grass, cropland or
    bare ground; an edge that two parcels share gets one hedge. Each unit plants the first share of its edges. At an
    `age` hedges are as wide and high as they are by then, less what died.
    """
    cover = np.asarray(land_cover.values)
    caps = np.array([rule(site, "hedgerow", code if isinstance(code, str) else "") for code in parcels["land_use"]])
    edge = pieces(_edges(parcels.geometry[caps > 0.0]), grid)
    fit = np.isin(cover[edge.row, edge.column], [CODE[name] for name in OPEN])
    unit = area_of_points(gpd.GeoSeries(shapely.points(edge.point), crs=parcels.crs), units.geometry)
    unit = np.where(fit & selected_units(units, p.where)[unit], unit, -1)
    planted = first_share(unit, edge.length, share=p.share)
    length = np.zeros(grid.shape)
    np.add.at(length, (edge.row[planted], edge.column[planted]), edge.length[planted])
    stand = standing(
        "hedge", p.age, crown=growth["hedge/crown_grown"], height=growth["hedge/height_grown"], growth=growth,
        survival=survival,
    )  # fmt: skip
    share = np.minimum(stand.alive * stand.crown * length / cell_area(grid), 1.0)
    old = np.asarray(canopy_cover.values, dtype=np.float64)
    return Hedgerow(
        like(land_cover, np.where(share >= RESOLVED, CODE["shrubs"], cover).astype(land_cover.dtype)),
        like(canopy_cover, np.minimum(old + share, 1.0)),
        taller(canopy_height, share > 0.0, height=stand.height, like=canopy_cover),
        units["hedgerow_length"] + per_unit(units, np.where(planted, unit, -1), edge.length),
    )


def _edges(parcels: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the parcels' boundaries, each stretch once."""
    shapes = np.asarray(parcels.array)
    known = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    whole = shapely.line_merge(shapely.union_all(shapely.boundary(known)))
    return gpd.GeoSeries(pd.Series([whole], dtype=object), crs=parcels.crs)
