"""One file's shapes as suspicion looks at them: in the study's CRS, with where they stood in the file."""

from collections.abc import Iterable
from typing import NamedTuple

import geopandas as gpd

from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Bounds


class Sheet(NamedTuple):
    """The shapes of one table from one file, in the study's CRS."""

    table: str
    shapes: gpd.GeoSeries
    position: Position

    @property
    def bounds(self) -> Bounds:
        """Bounds in the study's CRS [m]."""
        west, south, east, north = (float(edge) for edge in self.shapes.total_bounds)
        return west, south, east, north


class Placed(NamedTuple):
    """A layer of a file, vector or raster, with where it stood; so many shapes or cells."""

    layer: str
    items: int
    position: Position


def placings(readings: Iterable[Reading]) -> tuple[Placed, ...]:
    """Return every layer of which it is known where it stood in its file."""
    return tuple(
        Placed(found.var.on if found.var.kind == "geometry" else found.var.name, found.value.size, found.position)
        for reading in readings
        for found in reading.layers
        if found.position is not None
    )


def sheets(readings: Iterable[Reading]) -> tuple[Sheet, ...]:
    """Return every file's shapes of which it is known where they stood."""
    return tuple(
        Sheet(found.var.on, found.value, found.position)
        for reading in readings
        for found in reading.layers
        if found.var.kind == "geometry" and found.position is not None and len(found.value)
    )
