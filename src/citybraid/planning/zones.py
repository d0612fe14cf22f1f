"""Zones: planning units or parcels over a Place, and the cells and features in each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.features import rasterize

from citybraid.core.layer import Layer
from citybraid.core.place import Place

Value = Callable[[Layer], Any]
Floats = NDArray[np.float64]


class MissingQuantity(KeyError):  # noqa: N818  (an outcome: the quantity has no layer)
    """A quantity that a statistic reads is not in the Place."""


@dataclass(frozen=True)
class Zones:
    """The zones, the Place they are read from, and the function that returns values.

    A cell or a feature belongs to the zone that holds its centre or its representative
    point; the whole area is the study area where the Place has one, else all zones.
    `native` gives the coarsest pixel of the raster files behind a layer [m], by key.
    """

    shapes: gpd.GeoSeries
    place: Place
    value: Value
    grid: GeoBox
    native: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def labels(self) -> NDArray[np.int32]:
        """Number of the zone of each cell, -1 for none."""
        return rasterized_zones(self.shapes, self.grid)

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """Cells of the whole area."""
        if "study_area" in self.place.layers:
            return rasterized_zones(self.value(self.place.one("study_area")), self.grid) >= 0
        return self.labels >= 0

    @cached_property
    def cell_area(self) -> float:
        """Area of a cell [m2]."""
        return float(abs(self.grid.resolution.x * self.grid.resolution.y))

    def raster(self, name: str, event: str) -> NDArray[Any]:
        """Return a raster's values; raises Missing where there is none on the grid."""
        values: NDArray[Any] = np.asarray(self.value(self._layer(name, event)))
        if values.shape != tuple(self.grid.shape):
            raise MissingQuantity(name)
        return values

    def column(self, name: str, event: str) -> pd.Series:
        """Return a column; raises Missing where there is none."""
        values: pd.Series = self.value(self._layer(name, event))
        return values

    def geometry(self, table: str) -> gpd.GeoSeries:
        """Return a table's geometry; raises Missing where there is none."""
        return self.value(self._layer(table, ""))

    def number(self, name: str, event: str) -> float:
        """Return a number; raises Missing where there is none."""
        return float(self.value(self._layer(name, event)))

    def pixel(self, name: str, event: str) -> float:
        """Return the coarsest pixel of the raster files behind a quantity [m], 0 where there is none."""
        return self.native.get(self._layer(name, event).key, 0.0)

    def table_of(self, name: str) -> str:
        """Return the table whose column a Var is."""
        return self._layer(name, "worst").var.on

    def home(self, table: str) -> NDArray[np.int64]:
        """Return the number of the zone of each feature of a table: -1 outside zones, -2 outside the whole area."""
        shapes = self.value(self._layer(table, ""))
        if table == self.shapes.name:
            return np.arange(len(shapes))
        points = gpd.GeoSeries(shapes.representative_point(), crs=shapes.crs)
        at = _first_containing(points, self.shapes)
        if "study_area" in self.place.layers:
            in_area = _first_containing(points, self.value(self.place.one("study_area"))) >= 0
            at = np.where(in_area | (at >= 0), at, -2)
        else:
            at = np.where(at < 0, -2, at)
        return at

    def _layer(self, name: str, event: str) -> Layer:
        layers = self.place.layers.get(name, ())
        if not layers:
            raise MissingQuantity(name)
        if event == "worst" and any(layer.at for layer in layers):
            return max(layers, key=lambda layer: (self.return_period(layer), layer.label))
        return layers[0]

    def return_period(self, layer: Layer) -> float:
        """Return the return period of a layer's event, 0 where the Place has none."""
        for period in self.place.layers.get("return_period", ()):
            if period.at <= layer.at:
                return float(self.value(period))
        return 0.0


def rasterized_zones(shapes: gpd.GeoSeries, grid: GeoBox) -> NDArray[np.int32]:
    """Return the number of the shape that holds each cell's centre, -1 for none."""
    pairs = [(shape, number) for number, shape in enumerate(shapes) if shape is not None and not shape.is_empty]
    if not pairs:
        return np.full(grid.shape, -1, np.int32)
    burned: NDArray[np.int32] = rasterize(pairs, out_shape=grid.shape, transform=grid.affine, fill=-1, dtype="int32")
    return burned


def _first_containing(points: gpd.GeoSeries, shapes: gpd.GeoSeries) -> NDArray[np.int64]:
    at = np.full(len(points), -1, dtype=np.int64)
    which, area = shapes.sindex.query(points, predicate="within")
    # Reversed: the last assignment to a point is the first shape that contains it.
    order = np.lexsort((area, which))[::-1]
    at[which[order]] = area[order]
    return at
