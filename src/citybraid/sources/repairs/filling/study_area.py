"""The study area as one shape; the extent of other layers where no file supplies it."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.placement.extent_size import far_shapes
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.protocol.target import Bounds

VERSION = 6

STAGE: Stage = "area"
READS = ("study_area", "units", "parcels", "buildings")
HULLS = ("parcels", "buildings")
GRID = "grid"
GROUND = ("terrain", "land_cover", "green")
"""Rasters that tell what the ground is: without them nothing is known of a cell."""
EDGES = 32
"""Pieces of a file's edge that are projected each, as edges bend between systems."""
FEW = 2
"""Shapes far from the others that may be far from one another, each with a hull of its own."""
LEAST = 0.5
"""Share of the grid that a raster must cover to bound the study area: one of less is of a part of it [-]."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Create one shape: the file's, else the units', else the hulls of parcels or buildings, else the grid."""
    stated = layers.get("study_area", on="study_area")
    if stated is not None:
        boundary = _row(stated.value.union_all(), stated.value.crs)
        others = layers.without(tables=("study_area",))
        return RepairResult(others.put(replace(stated, value=boundary)))
    for table in ("units", *HULLS):
        shapes = layers.get(table, on=table)
        if shapes is not None:
            shape = shapes.value.union_all() if table == "units" else _hulls(shapes.value)
            return _guessed(layers, shape, shapes.value.crs, table)
    outline = rules.target.outline
    if outline is None:
        raise InputError("intake.no_grid")
    return _guessed(layers, _covered(layers, outline), rules.target.crs, GRID)


def _hulls(shapes: gpd.GeoSeries) -> BaseGeometry:
    """Return the hull of shapes; those far from the others have hulls of their own, not what lies between."""
    far = far_shapes(shapes)
    if far is None:
        hull: BaseGeometry = shapely.geometrycollections(shapes.to_numpy()).convex_hull
        return hull
    away = shapes.index.astype(str).isin(far.ids)
    apart = shapes[away]
    groups = [apart.iloc[[at]] for at in range(len(apart))] if len(apart) <= FEW else [apart]
    return shapely.union_all([_hulls(each) for each in (shapes[~away], *groups)])


def _covered(layers: Layers, outline: BaseGeometry) -> BaseGeometry:
    """Return the part of the grid that ground rasters cover: a margin beside them is nobody's ground.

    It is the rectangle of their cells with a value, within the extent of the file: cells at its edge reach beyond it.
    Gaps within stay. A raster of a part of the area does not cut it.
    """
    area = outline
    for name in GROUND:
        layer = layers.get(name)
        if layer is None or layer.grid is None:
            continue
        values = np.asarray(layer.value)
        known = values != 0 if layer.var.kind == "int" else np.isfinite(values.astype(np.float64))
        rows, columns = (np.flatnonzero(known.any(axis=axis)) for axis in (1, 0))
        if rows.size:
            affine = layer.grid.affine
            corners = affine * (columns[0], rows[0]), affine * (columns[-1] + 1, rows[-1] + 1)
            part = area.intersection(shapely.box(*corners[0], *corners[1])).intersection(_extent(layer, outline))
            area = part if part.area >= LEAST * outline.area else area
    return area


def _extent(layer: SourceLayer, outline: BaseGeometry) -> BaseGeometry:
    """Return the extent of a raster's file in the study's CRS; the outline where the file does not tell it."""
    position = layer.position
    if position is None or layer.grid is None:
        return outline
    edges = gpd.GeoSeries(
        [shapely.box(*position.bounds).segmentize(_length(position.bounds) / EDGES)], crs=position.crs
    )
    extent = edges.to_crs(str(layer.grid.crs)).iloc[0]
    return extent if extent.is_valid and extent.area > 0.0 else outline


def _length(bounds: Bounds) -> float:
    west, south, east, north = bounds
    return max(east - west, north - south)


def _guessed(layers: Layers, shape: BaseGeometry, crs: object, source: str) -> RepairResult:
    layer = SourceLayer(vocabulary()["study_area"], _row(shape, crs), stated=0.0)
    values = {"source": source, "hectares": shape.area / 1e4}
    text = "intake.area_of_grid" if source == GRID else "intake.area_guessed"
    return RepairResult(layers.put(layer), (Finding("guessed", text, "study_area", 1, values),))


def _row(shape: BaseGeometry, crs: object) -> gpd.GeoSeries:
    return gpd.GeoSeries([shape], index=pd.Index(["study_area"], dtype=object, name="id"), crs=crs)
