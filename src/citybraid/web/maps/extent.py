"""Extent of a study in degrees, and places in its own coordinates."""

from functools import lru_cache

import pyproj

from citybraid.report.drawing.scene import Bounds
from citybraid.report.view import grid_bounds
from citybraid.web.maps.catalogue import Chart

AREAS = ("study_area", "parcels")
MARGIN = 0.01


def extent(chart: Chart) -> tuple[float, float, float, float]:
    """Return west, south, east and north of what the maps of a run show [degree]."""
    return _degrees(chart.run.about.crs).transform_bounds(*_shown(chart))


def degrees(chart: Chart, x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude of a place in the study's coordinates [degree]."""
    longitude, latitude = _degrees(chart.run.about.crs).transform(x, y)
    return float(longitude), float(latitude)


def projected(chart: Chart, longitude: float, latitude: float) -> tuple[float, float]:
    """Return a place in the study's coordinates [m]; infinite where they do not reach."""
    back = pyproj.enums.TransformDirection.INVERSE
    x, y = _degrees(chart.run.about.crs).transform(longitude, latitude, direction=back)
    return float(x), float(y)


def _shown(chart: Chart) -> Bounds:
    """Return the extent that maps show: the study area's, else the parcels', else the grid's, with a margin."""
    for table in AREAS:
        shapes = chart.shapes(chart.view.base, table)
        if shapes is not None and len(shapes):
            left, bottom, right, top = (float(value) for value in shapes.total_bounds)
            margin = MARGIN * max(right - left, top - bottom)
            return Bounds(left - margin, bottom - margin, right + margin, top + margin)
    return grid_bounds(chart.run.grid)


@lru_cache(maxsize=64)
def _degrees(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
