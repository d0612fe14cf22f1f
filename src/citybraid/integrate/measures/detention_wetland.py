"""Detention wetland: the lowest open ground of parks and green belts, excavated and planted."""

from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.measures import DETENTION_AREA
from citybraid.core.vocabulary.place import LAND_USE
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.integrate.measures.lowest_first import lowest_cells
from citybraid.integrate.measures.siting import (
    CODE,
    area_of_cells,
    cell_area,
    like,
    per_unit,
    rule,
    selected_units,
    slope,
)


class DetentionWetlandParams(MeasureParams):
    pass


class DetentionWetland(NamedTuple):
    land_cover: LAND_COVER
    terrain: TERRAIN
    detention_area: DETENTION_AREA


@measure(
    version=2,
    cite="MOHURD (2014), Technical Guide for Sponge City Construction: stormwater wetland",
    validity="Dry ground without banks, inlet or outlet works; ground water and earthworks balance are not checked.",
    stage="ground",
    quantity=DETENTION_AREA,
    responsible="municipal water authority; municipal greening authority",
    build_years=2.0,
)
def detention_wetland(
    land_cover: LAND_COVER,
    terrain: TERRAIN,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))],
    units: Annotated[View, Table("units", (DETENTION_AREA,))],
    site: Annotated[Factors, Fact("measure_site")],
    steepest: Annotated[Factors, Fact("measure_slope")],
    depth: Annotated[Factors, Fact("detention_wetland_depth")],
    grid: GeoBox,
    p: DetentionWetlandParams,
) -> DetentionWetland:
    """Lower the lowest open cells of each park or green belt by the depth [m] and make them wetland.

    May go on grass, shrubs or bare ground no steeper than the limit, on parcels whose
    land use has a siting share (parks, protective green, reserved land). Feasible are
    each parcel's lowest fitting cells up to the siting share of them, rounded to whole cells.
    With a share below 1 each unit digs its lowest feasible cells up to that share of them:
    rounding by parcel would leave out all small ones at once.
    """
    unit, parcel = area_of_cells(units.geometry, grid=grid), area_of_cells(parcels.geometry, grid=grid)
    height = np.asarray(terrain.values, dtype=np.float64)
    open_ground = np.isin(land_cover.values, [CODE["grass"], CODE["shrubs"], CODE["bare"]])
    fit = open_ground & (slope(terrain, grid=grid) <= steepest["detention_wetland"]) & np.isfinite(height)
    fit &= selected_units(units, p.where)[unit] & (parcel >= 0)
    caps = [rule(site, "detention_wetland", code if isinstance(code, str) else "") for code in parcels["land_use"]]
    feasible = np.zeros(grid.shape, dtype=np.bool_)
    for at in np.unique(parcel[fit]):
        if caps[at] > 0.0:
            feasible |= lowest_cells(height, fit & (parcel == at), share=caps[at])
    dug = np.zeros(grid.shape, dtype=np.bool_)
    for at in np.unique(unit[feasible]):
        dug |= lowest_cells(height, feasible & (unit == at), share=p.share)
    return DetentionWetland(
        like(land_cover, np.where(dug, np.array(CODE["wetland"], dtype=land_cover.dtype), land_cover.values)),
        like(terrain, np.where(dug, height - depth[""], height).astype(terrain.dtype)),
        units["detention_area"] + per_unit(units, unit, np.where(dug, cell_area(grid), 0.0)),
    )
