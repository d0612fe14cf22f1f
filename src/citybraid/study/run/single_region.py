"""The CRS and the region of a single run, and factors used outside the region whose standards they come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.errors import PlanError
from citybraid.core.factor import Resolved
from citybraid.core.finding import Finding
from citybraid.sources.intake.foreign_sources import foreign_findings
from citybraid.sources.intake.placed_guesses import FARTHEST_LATITUDE
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.placement.regions import region_at
from citybraid.sources.placement.zones import Point, centre, lonlat, planning_crs
from citybraid.sources.protocol.target import is_metric
from citybraid.sources.vector.preview import LayerPreview

FOREIGN, UNPLACED = "single.foreign_factors", "single.foreign_unknown"


def foreign_factors(
    factors: Iterable[Resolved], region: str, grid: GeoBox | None, arguments: Mapping[str, Any]
) -> tuple[Finding, ...]:
    """Return a finding for each region whose factors are used although the run lies elsewhere, or who knows where.

    Where no region is stated it is that of the populated place nearest to the grid or the shapes.
    """
    where = region or _region_of(grid, arguments)
    findings = foreign_findings(factors, where, text=FOREIGN if where else UNPLACED)
    return tuple(replace(each, layer="region") for each in findings)


def _region_of(grid: GeoBox | None, arguments: Mapping[str, Any]) -> str:
    """Return the region that the run's files lie in, '' where they do not tell."""
    place = _place(grid, arguments)
    guess = None if place is None else region_at(place)
    return "" if guess is None else guess.region


def _place(grid: GeoBox | None, arguments: Mapping[str, Any]) -> Point | None:
    """Return longitude and latitude of the middle of the grid, else of the first table with a CRS."""
    tables = (value for value in arguments.values() if isinstance(value, gpd.GeoDataFrame | gpd.GeoSeries))
    placed = next((table for table in tables if table.crs is not None and len(table)), None)
    try:
        if grid is not None and grid.crs is not None:
            return lonlat(centre(grid.boundingbox.bbox), str(grid.crs))
        if placed is not None and np.isfinite(placed.total_bounds).all():
            west, south, east, north = placed.total_bounds
            return lonlat(centre((west, south, east, north)), placed.crs.to_wkt())
    except PlanError:
        return None
    return None


def metric_crs(previews: Sequence[LayerPreview]) -> str:
    """Return a projected CRS in metres for a file: its own, else the zone of its coordinates; '' where it has none."""
    stated = next((each for each in previews if each.crs), None)
    if stated is None:
        return ""
    crs = parse_crs(stated.crs, name=stated.layer)
    if is_metric(crs):
        return stated.crs
    if stated.bounds is None:
        return ""
    east, north = centre(stated.bounds)
    swapped = crs.is_geographic and abs(north) > FARTHEST_LATITUDE
    return planning_crs(lonlat((north, east) if swapped else (east, north), stated.crs))
