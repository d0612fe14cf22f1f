"""Terrain from contours and spot heights: linear interpolation between their points, with its error."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.text.columns import match_columns
from citybraid.sources.text.number_columns import convert_column

FEWEST = 4
"""Fewest points of which a surface is made [-]."""
MOST = 200_000
"""Most points that are triangulated; of more, every second, third … is used [-]."""
HELD_OUT = 5
"""Every fifth contour or spot is left out to find the error [-]."""
Floats = NDArray[np.float64]


class HeightPoints(NamedTuple):
    """Points with heights [m], and the row of the contour or spot that each belongs to."""

    places: Floats
    heights: Floats
    rows: NDArray[np.intp]


def height_surface(
    frame: pd.DataFrame, shapes: gpd.GeoSeries, var: Var, grid: GeoBox, columns: dict[str, str], *, name: str
) -> Reading:
    """Return the heights of contours or spots as a raster, without values outside of their hull.

    Cells take the height at their centre on the triangles between points (Delaunay). The error told is the root mean
    square at every fifth contour or spot, each left out in turn. Raises InputError where no column holds the
    heights, or there are too few.
    """
    headers = [str(each) for each in frame.columns]
    match = match_columns(headers, [var.name], columns, layer=name)
    if (header := match.headers.get(var.name)) is None:
        raise InputError("intake.zones_no_column", name=name, role=var.name, columns=headers[:12])
    parsed = convert_column(frame.set_axis(headers, axis=1)[header], var, layer=var.name, header=header)
    points = _points(shapes, parsed.column.to_numpy(np.float64))
    if len(np.unique(points.places, axis=0)) < FEWEST:
        raise InputError("intake.heights_few", name=name, got=len(points.places), needs=FEWEST)
    x, _ = grid.affine * (np.arange(grid.shape[1]) + 0.5, np.zeros(grid.shape[1]))
    _, y = grid.affine * (np.zeros(grid.shape[0]), np.arange(grid.shape[0]) + 0.5)
    cells = np.column_stack([each.ravel() for each in np.meshgrid(x, y)])
    values = _surface(points, cells, name=name).reshape(grid.shape).astype(np.float32)
    cell, known = float(grid.resolution.x), np.isfinite(values)
    details = {"name": name, "header": header, "cell": cell, "points": len(points.places),
               "error": round(_error(points, name=name), 3), "share": round(100 * float(known.mean()), 1)}  # fmt: skip
    finding = Finding("guessed", "intake.heights_read", var.name, int(parsed.column.notna().sum()), details)
    layer = SourceLayer(var, on_grid(values, grid, var, cell), grid, stated=float(known.mean()), native_resolution=cell)
    return Reading((layer,), (*match.findings, *parsed.findings, finding))


def _points(shapes: gpd.GeoSeries, heights: Floats) -> HeightPoints:
    """Return the vertices of shapes that have a height, thinned evenly where there are too many."""
    stated = np.flatnonzero(np.isfinite(heights) & ~shapes.is_empty.to_numpy())
    places, owner = shapely.get_coordinates(shapes.to_numpy()[stated], return_index=True)
    step = max(1, -(-len(places) // MOST))
    rows = stated[owner[::step]]
    return HeightPoints(np.asarray(places[::step], np.float64), heights[rows], rows)


def _surface(points: HeightPoints, at: Floats, *, name: str) -> Floats:
    from scipy.interpolate import LinearNDInterpolator
    from scipy.spatial import QhullError

    middle = points.places.mean(axis=0)
    try:
        surface = LinearNDInterpolator(points.places - middle, points.heights)
    except QhullError as fault:  # all points on a line
        raise InputError("intake.heights_few", name=name, got=len(points.places), needs=FEWEST) from fault
    values: Floats = np.asarray(surface(at - middle), dtype=np.float64)
    return values


def _error(points: HeightPoints, *, name: str) -> float:
    """Return the root mean square error at every fifth contour or spot, left out [m]; NaN where it cannot be found."""
    out = points.rows % HELD_OUT == 0
    left = HeightPoints(points.places[~out], points.heights[~out], points.rows[~out])
    if not out.any() or len(np.unique(left.places, axis=0)) < FEWEST:
        return float("nan")
    try:
        off = _surface(left, points.places[out], name=name) - points.heights[out]
    except InputError:
        return float("nan")
    return float(np.sqrt(np.nanmean(off**2))) if np.isfinite(off).any() else float("nan")
