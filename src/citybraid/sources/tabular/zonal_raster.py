"""Zonal values as a raster: a capacity by district or a rate by soil unit, given as polygons."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.burning import rasterize
from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.geometry.geojson_shapes import as_geojson
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.text.columns import match_columns
from citybraid.sources.text.number_columns import convert_column

F32 = npt.NDArray[np.float32]
SAMPLES = 5
"""Sample points along each side of a cell."""
ROWS = 64


def zonal_raster(
    frame: pd.DataFrame, shapes: gpd.GeoSeries, var: Var, grid: GeoBox, columns: dict[str, str], *, name: str
) -> Reading:
    """Return polygons as a raster: each cell has the mean of the zones in it, later zones on top of earlier ones.

    Ground in no zone has the quantity's declared value of absence (0 for drains), else no value. The column is
    the one that the study names, else one named like the quantity. Raises InputError where no column holds it, or the
    shapes are no polygons.
    """
    if not shapes.geom_type.isin(("Polygon", "MultiPolygon")).any():
        raise InputError("intake.zones_no_polygon", name=name, role=var.name)
    headers = [str(each) for each in frame.columns]
    match = match_columns(headers, [var.name], columns, layer=name)
    if (header := match.headers.get(var.name)) is None:
        raise InputError("intake.zones_no_column", name=name, role=var.name, columns=headers[:12])
    column = frame.set_axis(headers, axis=1)[header]
    parsed_column = convert_column(column.set_axis(shapes.index), var, layer=var.name, header=header)
    stated = parsed_column.column.notna().to_numpy() & ~shapes.is_empty.to_numpy()
    values = rasterized_mean(shapes[stated], parsed_column.column.to_numpy(np.float64)[stated], var, grid)
    share = float(np.isfinite(values).mean())
    details = {"name": name, "header": header, "cell": float(grid.resolution.x)}
    findings = [
        *match.findings,
        *parsed_column.findings,
        Finding("found", "intake.zones_read", var.name, int(stated.sum()), details),
    ]
    cell = float(grid.resolution.x)
    return Reading(
        (SourceLayer(var, on_grid(values, grid, var, cell), grid, stated=share, native_resolution=cell),),
        tuple(findings),
    )


def rasterized_mean(shapes: gpd.GeoSeries, values: npt.NDArray[np.float64], var: Var, grid: GeoBox) -> F32:
    """Return the mean over the zones in each cell, sampled by points."""
    background = float(var.absent) if isinstance(var.absent, float) else np.nan
    means = np.empty(grid.shape, np.float32)
    pairs = list(zip(as_geojson(shapes.to_numpy()), values.tolist(), strict=True))
    for first in range(0, grid.shape[0], ROWS):
        block = grid[first : min(first + ROWS, grid.shape[0]), :]
        fine = np.full((block.shape[0] * SAMPLES, block.shape[1] * SAMPLES), background, np.float32)
        if pairs:
            rasterize(pairs, out=fine, transform=block.affine * block.affine.scale(1 / SAMPLES), dtype="float32")
        cells = fine.reshape(block.shape[0], SAMPLES, block.shape[1], SAMPLES)
        covered = np.isfinite(cells)
        count = covered.sum(axis=(1, 3))
        total = np.where(covered, cells, 0.0).sum(axis=(1, 3), dtype=np.float64)
        means[first : first + block.shape[0]] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return means
