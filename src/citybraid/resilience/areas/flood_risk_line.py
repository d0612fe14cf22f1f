"""Flood-risk control line: areas flooded up to a return period, with adjoining water bodies."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy import ndimage

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Over, Raster, Table, View
from citybraid.core.vocabulary.control_areas import (
    FLOOD_RISK_AREA,
    FLOOD_RISK_AREAS,
    FLOOD_RISK_DEPTH,
    FLOOD_RISK_TOTAL,
)
from citybraid.core.vocabulary.surface import LAND_COVER, WATER_BODY
from citybraid.core.vocabulary.water import LONGEST_RETURN_PERIOD, MAX_DEPTH, RETURN_PERIOD
from citybraid.resilience.areas.polygons import (
    TOUCHING,
    Flags,
    Floats,
    cell_area,
    drop_small,
    events_of,
    holding_water,
    label_components,
    label_maximum,
    polygonize,
    study_area_mask,
)


class FloodRiskLineParams(Params):
    """Which events, and what is too small to draw."""

    return_period: float | None = Field(None, ge=1.0, le=LONGEST_RETURN_PERIOD)
    """Return period of the line [year]; that of the study's rarest event where not given."""
    least_area: float = Field(400.0, ge=0.0, le=1e7)
    """Flooded parts smaller than this are left out [m2]."""
    least_island: float = Field(400.0, ge=0.0, le=1e7)
    """Dry ground within a part is drawn as dry from this size on [m2]."""


class FloodRiskLine(NamedTuple):
    """The areas within the line."""

    flood_risk_areas: FLOOD_RISK_AREAS
    flood_risk_area: FLOOD_RISK_AREA
    flood_risk_depth: FLOOD_RISK_DEPTH
    flood_risk_total: FLOOD_RISK_TOTAL


@model(
    version=2,
    cite="Layer 洪涝风险控制线 of the database of municipal territorial master plans (trial, 2021-03); depth of a "
    "passable lane: GB 50014-2021, note to table 4.1.4 (source to be confirmed)",
    validity="As good as the floods; a draft for the water authority's line, which also rests on levees, flood storage "
    "areas and river management. Grids of 10 m or finer for streets.",
)
def flood_risk_line(
    *,
    depths: Annotated[Mapping[str, Raster], Over(MAX_DEPTH, "event")],
    return_periods: Annotated[Mapping[str, float], Over(RETURN_PERIOD, "event")],
    limit: Annotated[Factors, Fact("flood_risk_line")],
    grid: GeoBox,
    p: FloodRiskLineParams,
    land_cover: LAND_COVER | None = None,
    water_body: WATER_BODY | None = None,
    study_area: Annotated[View, Table("study_area")] | None = None,
) -> FloodRiskLine:
    """Delineate the areas flooded up to a return period, adjoining water bodies included.

    A cell is flooded where the maximum depth of any event up to the return period reaches the limit
    (factor `flood_risk_line`, key depth) [m]. Flooded cells form one part by 8-connectivity; parts
    smaller than `least_area` are left out. Water, wetland and channels under streets that a part touches belong to
    it; dry islands smaller than `least_island` are filled. Results are limited to the study area.
    Raises InputError where no event has the return period.
    """
    periods = {event: years for event, years in return_periods.items() if event in depths}
    rarest = periods[events_of(periods, p.return_period, model="resilience.flood_risk_line")[0]]
    included = [event for event, years in periods.items() if years <= rarest]
    deepest = np.fmax.reduce([depths[event].to_numpy().astype(np.float64) for event in included])
    size, plan = cell_area(grid), study_area_mask(study_area, grid)
    wet = holding_water(land_cover, water_body, grid)
    flooded = drop_small(label_components((deepest >= limit["depth"]) & ~wet & plan), least=p.least_area, cell=size) > 0
    joined = _filled(_with_water(flooded, wet & plan), plan, least=p.least_island, cell=size)
    labels = label_components(joined)
    areas = polygonize(labels, grid, prefix="risk")
    on_land: Floats = np.where(flooded, deepest, np.nan)
    return FloodRiskLine(
        areas.shapes,
        areas.area,
        areas.column(label_maximum(on_land, labels, areas.number)),
        float(areas.area.sum()),
    )


def _with_water(flooded: Flags, wet: Flags) -> Flags:
    """Add the water bodies that flooded cells touch."""
    bodies = label_components(wet)
    reached = np.unique(bodies[ndimage.binary_dilation(flooded, structure=TOUCHING)])
    return flooded | (np.isin(bodies, reached[reached > 0]) & wet)


def _filled(flooded: Flags, plan: Flags, *, least: float, cell: float) -> Flags:
    """Fill dry islands that are smaller than `least` [m2] and do not touch the edge of the study area or the grid."""
    dry = ndimage.label(~flooded)[0].astype(np.int32)
    beyond = ~plan
    beyond[[0, -1], :] = True
    beyond[:, [0, -1]] = True
    open_ended = np.unique(dry[beyond])
    small = drop_small(dry, least=least, cell=cell) == 0
    return np.asarray(flooded | (small & (dry > 0) & ~np.isin(dry, open_ended) & plan), dtype=np.bool_)
