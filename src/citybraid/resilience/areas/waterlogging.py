"""Waterlogging points: where water is too deep, for too long and over too large an area."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Over, Raster, Table, View
from citybraid.core.vocabulary.control_areas import (
    WATERLOGGING_AREA,
    WATERLOGGING_COUNT,
    WATERLOGGING_DEPTH,
    WATERLOGGING_DURATION,
    WATERLOGGING_POINTS,
    WATERLOGGING_TOTAL,
)
from citybraid.core.vocabulary.surface import LAND_COVER, WATER_BODY
from citybraid.core.vocabulary.water import FLOOD_DURATION, LONGEST_RETURN_PERIOD, MAX_DEPTH, RETURN_PERIOD
from citybraid.resilience.areas.polygons import (
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


class WaterloggingParams(Params):
    """Which event."""

    return_period: float | None = Field(None, ge=1.0, le=LONGEST_RETURN_PERIOD)
    """Return period of the waterlogging standard [year]; that of the study's rarest event where not given."""


class Waterlogging(NamedTuple):
    """The points, their extent, depth and duration, and how many there are."""

    waterlogging_points: WATERLOGGING_POINTS
    waterlogging_area: WATERLOGGING_AREA
    waterlogging_depth: WATERLOGGING_DEPTH
    waterlogging_duration: WATERLOGGING_DURATION
    waterlogging_count: WATERLOGGING_COUNT
    waterlogging_total: WATERLOGGING_TOTAL


@model(
    version=2,
    cite="GB 50014-2021, note to table 4.1.4 (0.15 m) and 4.1.5 (time to drain), source to be confirmed; duration "
    "and extent of a waterlogging point as cities' drainage surveys have them (source to be confirmed)",
    validity="Grids of 10 m or finer with streets in the terrain; the duration counts from the flood model's own "
    "threshold, so set its `threshold` to the depth of the standard.",
)
def waterlogging(
    *,
    depths: Annotated[Mapping[str, Raster], Over(MAX_DEPTH, "event")],
    durations: Annotated[Mapping[str, Raster], Over(FLOOD_DURATION, "event")],
    return_periods: Annotated[Mapping[str, float], Over(RETURN_PERIOD, "event")],
    limit: Annotated[Factors, Fact("waterlogging_point")],
    grid: GeoBox,
    p: WaterloggingParams,
    land_cover: LAND_COVER | None = None,
    water_body: WATER_BODY | None = None,
    study_area: Annotated[View, Table("study_area")] | None = None,
) -> Waterlogging:
    """Return the places where depth, duration and extent of water exceed the standard.

    Cells at least as deep [m] and flooded at least as long [h] as the factor `waterlogging_point` states (keys
    depth, duration) are grouped by 8-connectivity; a group of at least `area` [m2] is a point.
    Water bodies, channels under streets and cells outside the study area are excluded. Of several events with
    the return period the maximum of each cell counts. Raises InputError where no event has the return period.
    """
    periods = {event: years for event, years in return_periods.items() if event in depths and event in durations}
    events = events_of(periods, p.return_period, model="resilience.waterlogging")
    deepest: Floats = np.fmax.reduce([depths[event].to_numpy().astype(np.float64) for event in events])
    longest: Floats = np.fmax.reduce([durations[event].to_numpy().astype(np.float64) for event in events])
    size = cell_area(grid)
    flagged = (deepest >= limit["depth"]) & (longest >= limit["duration"])
    flagged &= study_area_mask(study_area, grid) & ~holding_water(land_cover, water_body, grid)
    labels = drop_small(label_components(flagged), least=limit["area"], cell=size)
    areas = polygonize(labels, grid, prefix="point")
    return Waterlogging(
        areas.shapes,
        areas.area,
        areas.column(label_maximum(deepest, labels, areas.number)),
        areas.column(label_maximum(longest, labels, areas.number)),
        float(len(areas.shapes)),
        float(areas.area.sum()),
    )
