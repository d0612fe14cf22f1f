"""Conversion of shapes declared as GCJ-02 or BD-09 to WGS 84."""

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from citybraid.core.errors import InputError
from citybraid.sources.placement.coordinate_ranges import require_possible_coordinates
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.placement.datum import WebMapDatum, unshifted
from citybraid.sources.placement.zones import DEGREES, within
from citybraid.sources.protocol.target import Bounds

WGS_84 = CRS.from_epsg(4326)
METRES = 111_195.0
"""Length of a degree of a great circle on a sphere of 6 371 km [m]."""


def convert_to_wgs84(
    shapes: gpd.GeoSeries, declared: WebMapDatum, carried: CRS | None, *, name: str
) -> tuple[gpd.GeoSeries, float]:
    """Return shapes in WGS 84 with the web-map offset removed, and their mean displacement [m].

    Coordinates may be degrees, or metres in the CRS that the study names after the datum
    ('GCJ-02 in EPSG:3857'), else in the CRS of the file: web maps are often digitized and
    saved in a projected CRS with their offset.
    Raises InputError where metres have no CRS.
    """
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    bounds = (west, south, east, north)
    degrees = shapes.set_crs(WGS_84, allow_override=True)
    source_crs = _source_crs(declared, carried, bounds, name)
    if source_crs is not None and not source_crs.is_geographic:
        degrees = shapes.set_crs(source_crs, allow_override=True).to_crs(WGS_84)
    before = shapely.get_coordinates(degrees.to_numpy())
    moved = shapely.transform(degrees.to_numpy(), lambda points: unshifted(points, declared.datum))
    step = shapely.get_coordinates(moved) - before
    metres = METRES * np.hypot(step[:, 0] * np.cos(np.radians(before[:, 1])), step[:, 1])
    return gpd.GeoSeries(moved, index=shapes.index, crs=WGS_84), float(metres.mean())


def _source_crs(declared: WebMapDatum, carried: CRS | None, bounds: Bounds, name: str) -> CRS | None:
    """Return the CRS of the shifted coordinates, None for degrees."""
    if declared.frame:
        source_crs = parse_crs(declared.frame, name=name)
        require_possible_coordinates(source_crs, bounds, name=name)
        return source_crs
    if within(bounds, DEGREES):
        return None
    if carried is None or carried.is_geographic:
        raise InputError("intake.datum_metres", name=name, datum=declared.datum)
    return carried
