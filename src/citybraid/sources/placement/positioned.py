"""Shapes of one file for plausibility checks: in the study's CRS, with their position in the file."""

from collections.abc import Iterable
from typing import NamedTuple

import geopandas as gpd

from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Bounds


class PositionedShapes(NamedTuple):
    """The shapes of one table from one file, in the study's CRS."""

    table: str
    shapes: gpd.GeoSeries
    position: Position

    @property
    def bounds(self) -> Bounds:
        """Bounds in the study's CRS [m]."""
        west, south, east, north = (float(edge) for edge in self.shapes.total_bounds)
        return west, south, east, north


class PositionedLayer(NamedTuple):
    """A layer of a file, vector or raster, its number of shapes or cells, and its position in the file."""

    layer: str
    items: int
    position: Position


def positioned_layers(readings: Iterable[Reading]) -> tuple[PositionedLayer, ...]:
    """Return all layers with a known position in their file."""
    return tuple(
        PositionedLayer(
            layer.var.on if layer.var.kind == "geometry" else layer.var.name, layer.value.size, layer.position
        )
        for reading in readings
        for layer in reading.layers
        if layer.position is not None
    )


def positioned_shapes(readings: Iterable[Reading]) -> tuple[PositionedShapes, ...]:
    """Return the shapes of all files with a known position."""
    return tuple(
        PositionedShapes(layer.var.on, layer.value, layer.position)
        for reading in readings
        for layer in reading.layers
        if layer.var.kind == "geometry" and layer.position is not None and len(layer.value)
    )
