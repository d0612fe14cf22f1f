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
from citybraid.sources.text.number_columns import convert_column, header_unit

FEWEST = 4
"""Fewest points of which a surface is made [-]."""
MOST = 200_000
"""Most points that are triangulated; of more, every second, third … is used [-]."""
HELD_OUT = 5
"""Every fifth contour or spot is left out to find the error, each fifth in turn [-]."""
SPACING = 2.0
"""Largest distance between the points of a contour, so that no triangle crosses it [cell]."""
BLOCK = 1_000_000
"""Cells that are interpolated at once [-]."""
METHOD = "linear on Delaunay triangles between the points of contours and spot heights"
Floats = NDArray[np.float64]


class HeightPoints(NamedTuple):
    """Points with heights [m], and the row of the contour or spot that each belongs to."""

    places: Floats
    heights: Floats
    rows: NDArray[np.intp]


FEWEST_WHOLE = 8
"""Minimum number of different spot heights that tell their unit by being whole numbers [-]."""


class Surface(NamedTuple):
    """Heights on a grid, NaN outside of the hull of the points, and the share of it on level triangles [-]."""

    values: NDArray[np.float32]
    level: float


def height_surface(
    frame: pd.DataFrame, shapes: gpd.GeoSeries, var: Var, grid: GeoBox, columns: dict[str, str], *, name: str
) -> Reading:
    """Return the heights of contours or spots as a raster, without values outside of their hull.

    Heights are those of a column, else of the shapes themselves where they have any, also where the column holds one
    value alone. Raises InputError where there are none, or too few.
    """
    headers = [str(each) for each in frame.columns]
    match = match_columns(headers, [var.name], columns, layer=name)
    header = match.headers.get(var.name)
    if header is None and not _has_heights(shapes):
        raise InputError("intake.zones_no_column", name=name, role=var.name, columns=headers[:12])
    if header is None:
        reading = surface_reading(shapes, var, grid, name=name, header="z")
        return Reading(reading.layers, (*match.findings, *reading.findings))
    parsed = convert_column(frame.set_axis(headers, axis=1)[header], var, layer=var.name, header=header)
    heights = parsed.column.to_numpy(np.float64)
    stated = np.isfinite(heights) & ~shapes.is_empty.to_numpy()
    if len(np.unique(heights[stated])) <= 1 and _has_heights(shapes):
        reading = surface_reading(shapes, var, grid, name=name, header="z")
        values = {"name": name, "header": header, "value": float(heights[stated][0]) if stated.any() else "-"}
        idle = Finding("warning", "intake.heights_idle", var.name, len(shapes), values)
        return Reading(reading.layers, (*match.findings, idle, *reading.findings))
    solids = shapely.force_3d(shapely.force_2d(shapes.to_numpy()[stated]), heights[stated])
    reading = surface_reading(gpd.GeoSeries(solids, crs=shapes.crs), var, grid, name=name, header=header)
    doubts = _whole_heights(shapes[stated], heights[stated], var, header, name=name)
    return Reading(reading.layers, (*match.findings, *parsed.findings, *doubts, *reading.findings))


def _whole_heights(shapes: gpd.GeoSeries, heights: Floats, var: Var, header: str, *, name: str) -> tuple[Finding, ...]:
    """Return a warning of spot heights that are all whole numbers under a header without a unit: probably cm or mm.

    Spots are surveyed to the centimetre; contours are whole metres by nature.
    """
    spots = heights[shapely.get_type_id(shapes.to_numpy()) == 0]
    if len(np.unique(spots)) < FEWEST_WHOLE or header_unit(header, var).name or (spots % 1.0).any():
        return ()
    details = {"name": name, "header": header, "low": float(spots.min()), "high": float(spots.max())}
    return (Finding("warning", "intake.heights_whole", var.name, len(spots), details),)


def surface_reading(solids: gpd.GeoSeries, var: Var, grid: GeoBox, *, name: str, header: str) -> Reading:
    """Return contours and spots with heights as a raster, interpolated linearly between their points.

    Cells take the height at their centre on the Delaunay triangles between points; contours get points at most
    SPACING cells apart first, so that triangles keep to them. The error told is the root mean square at
    every fifth spot (contour, where there are few spots), each fifth left out in turn. Raises InputError where there
    are too few points.
    """
    cell = float(grid.resolution.x)
    points = _points(solids, spacing=SPACING * cell)
    if len(np.unique(points.places, axis=0)) < FEWEST:
        raise InputError("intake.heights_few", name=name, got=len(points.places), needs=FEWEST)
    surface = _surface_on(points, grid, name=name)
    spots = np.flatnonzero(shapely.get_type_id(solids.to_numpy()) == 0)
    held = spots if len(spots) >= HELD_OUT else np.unique(points.rows)
    error = _error(points, held, name=name)
    share = float(np.isfinite(surface.values).mean())
    details = {
        "name": name, "header": header, "cell": cell, "points": len(points.places), "error": round(error, 3),
        "share": round(100 * share, 1), "outside": round(100 * (1 - share), 1), "level": round(100 * surface.level, 1),
    }  # fmt: skip
    text = "intake.heights_read" if np.isfinite(error) else "intake.heights_read_unchecked"
    text = "intake.heights_read_spots" if np.isfinite(error) and len(spots) >= HELD_OUT else text
    value = on_grid(surface.values, grid, var, cell)
    value.attrs |= {"interpolation": METHOD, "interpolation_error": error}
    layer = SourceLayer(var, value, grid, stated=share, native_resolution=cell)
    return Reading((layer,), (Finding("guessed", text, var.name, len(solids), details),))


def _has_heights(shapes: gpd.GeoSeries) -> bool:
    """Tell whether shapes have heights of their own that are not all the same."""
    heights = shapely.get_coordinates(shapes.to_numpy(), include_z=True)[:, 2]
    known = heights[np.isfinite(heights)]
    return len(known) > 0 and float(np.ptp(known)) > 0.0


def _points(solids: gpd.GeoSeries, *, spacing: float) -> HeightPoints:
    """Return the points of contours, close to one another, and spots, thinned evenly where there are too many."""
    dense = shapely.segmentize(solids.to_numpy(), _spacing(solids, spacing))
    coordinates, rows = shapely.get_coordinates(dense, include_z=True, return_index=True)
    known = np.isfinite(coordinates).all(axis=1)
    coordinates, rows = coordinates[known], rows[known]
    step = max(1, -(-len(coordinates) // MOST))
    kept = np.asarray(coordinates[::step], np.float64)
    return HeightPoints(kept[:, :2], kept[:, 2], rows[::step])


def _spacing(solids: gpd.GeoSeries, spacing: float) -> float:
    """Return the spacing of points, wider where there would be too many [m]."""
    return max(spacing, float(shapely.length(solids.to_numpy()).sum()) / MOST, 1e-3)


def _surface_on(points: HeightPoints, grid: GeoBox, *, name: str) -> Surface:
    """Return the heights at the centres of cells, in blocks of rows."""
    interpolate, middle = _interpolator(points, name=name)
    rows, columns = grid.shape
    x, _ = grid.affine * (np.arange(columns) + 0.5, np.zeros(columns))
    _, y = grid.affine * (np.zeros(rows), np.arange(rows) + 0.5)
    values = np.empty(grid.shape, np.float32)
    step = max(1, BLOCK // max(1, columns))
    for first in range(0, rows, step):
        east, north = np.meshgrid(x - middle[0], y[first : first + step] - middle[1])
        values[first : first + step] = interpolate(east, north)
    corners = points.heights[interpolate.tri.simplices]
    edges = interpolate.tri.points[interpolate.tri.simplices]
    (ax, ay), (bx, by) = (edges[:, 1] - edges[:, 0]).T, (edges[:, 2] - edges[:, 0]).T
    area = np.abs(ax * by - ay * bx)
    return Surface(values, float(area[np.ptp(corners, axis=1) == 0.0].sum() / area.sum()))


def _interpolator(points: HeightPoints, *, name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  (scipy is untyped)
    """Return the interpolator of points around their middle, and the middle; raises InputError for points in a line."""
    from scipy.interpolate import LinearNDInterpolator
    from scipy.spatial import QhullError

    middle = points.places.mean(axis=0)
    try:
        return LinearNDInterpolator(points.places - middle, points.heights), middle
    except QhullError as fault:
        raise InputError("intake.heights_few", name=name, got=len(points.places), needs=FEWEST) from fault


def _error(points: HeightPoints, held: NDArray[np.intp], *, name: str) -> float:
    """Return the root mean square error at contours or spots, each fifth of them left out in turn [m].

    NaN where it cannot be found. Points outside of the hull of the others do not count.
    """
    off: list[Floats] = []
    order = np.full(int(points.rows.max()) + 1, -1)
    order[held] = np.arange(len(held)) % HELD_OUT
    for turn in range(HELD_OUT):
        out = order[points.rows] == turn
        left = HeightPoints(points.places[~out], points.heights[~out], points.rows[~out])
        if not out.any() or len(np.unique(left.places, axis=0)) < FEWEST:
            continue
        try:
            interpolate, middle = _interpolator(left, name=name)
        except InputError:
            continue
        interpolated = np.asarray(interpolate(points.places[out] - middle), dtype=np.float64)
        off.append(interpolated - points.heights[out])
    every = np.concatenate(off) if off else np.empty(0)
    known = every[np.isfinite(every)]
    return float(np.sqrt(np.mean(known**2))) if len(known) else float("nan")
