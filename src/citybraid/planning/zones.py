"""Zones: planning units or parcels over a Place, and the cells and features in each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.burning import rasterize
from citybraid.core.layer import Layer
from citybraid.core.place import Place
from citybraid.core.remembered import remembered

Value = Callable[[Layer], Any]
Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]


ASSUMED = "assumed_"
"""Prefix of the raster of a quantity's codes that are assumed, 0 where they are known."""


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
    _homes: dict[str, NDArray[np.int64]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def labels(self) -> NDArray[np.int32]:
        """Number of the zone of each cell, -1 for none."""
        return rasterized_zones(self.shapes.to_numpy(), self.grid)

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """Cells of the whole area."""
        area = self.study_area
        return (self.labels if area is None else rasterized_zones(area, self.grid)) >= 0

    @cached_property
    def cells(self) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """Places of the cells of zones in a raster read row by row, and the number of each one's zone."""
        at = np.flatnonzero(self.labels >= 0)
        return at, self.labels.ravel()[at]

    @cached_property
    def cells_inside(self) -> NDArray[np.intp]:
        """Places of the cells of the whole area in a raster read row by row."""
        return np.flatnonzero(self.inside)

    @cached_property
    def cell_area(self) -> float:
        """Area of a cell [m2]."""
        return float(abs(self.grid.resolution.x * self.grid.resolution.y))

    def raster(self, name: str, event: str) -> NDArray[Any]:
        """Return a raster's values; raises Missing where there is none on the grid."""
        values: NDArray[Any] = np.asarray(self.value(self._layer(name, event)))
        if values.shape != tuple(self.grid.shape):
            raise MissingQuantity(name)
        return self._known(values, name)

    def _known(self, values: NDArray[Any], name: str) -> NDArray[Any]:
        """Return codes without those that are assumed where no file tells them; a measure's own codes are known."""
        layers = self.place.layers.get(f"{ASSUMED}{name}", ())
        if not layers:
            return values
        assumed = np.asarray(self.value(layers[0]))
        return np.where((assumed != 0) & (assumed == values), 0, values) if assumed.shape == values.shape else values

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
        if table not in self._homes:
            features = self.value(self._layer(table, "")).to_numpy()
            self._homes[table] = (
                np.arange(len(features))
                if table == self.shapes.name
                else _zones_of(features, self.shapes.to_numpy(), area=self.study_area)
            )
        return self._homes[table]

    @cached_property
    def whole_shape(self) -> Any:
        """The whole area as one shape."""
        area = self.study_area
        return shapely.union_all(self.shapes.to_numpy() if area is None else area)

    @property
    def study_area(self) -> Shapes | None:
        """Shapes of the study area, None where the Place has none."""
        if "study_area" not in self.place.layers:
            return None
        shapes: Shapes = self.value(self.place.one("study_area")).to_numpy()
        return shapes

    def _layer(self, name: str, event: str) -> Layer:
        layer = layer_read(self.place, self.value, name, event)
        if layer is None:
            raise MissingQuantity(name)
        return layer


def layer_read(place: Place, value: Value, name: str, event: str) -> Layer | None:
    """Return the layer that a quantity is read from: the first, or that of the worst event; None where there is none.

    The worst event is that of the longest return period, 0 where the Place has none.
    """
    layers = place.layers.get(name, ())
    if event == "worst" and any(layer.at for layer in layers):
        return max(layers, key=lambda layer: (_return_period(place, value, layer), layer.label))
    return layers[0] if layers else None


def _return_period(place: Place, value: Value, layer: Layer) -> float:
    for period in place.layers.get("return_period", ()):
        if period.at <= layer.at:
            return float(value(period))
    return 0.0


@remembered(8)
def rasterized_zones(shapes: Shapes, grid: GeoBox) -> NDArray[np.int32]:
    """Return the number of the shape that holds each cell's centre, -1 for none."""
    pairs = [(shape, number) for number, shape in enumerate(shapes) if shape is not None and not shape.is_empty]
    if not pairs:
        return np.full(grid.shape, -1, np.int32)
    burned: NDArray[np.int32] = rasterize(pairs, out_shape=grid.shape, transform=grid.affine, fill=-1, dtype="int32")
    return burned


@remembered(32)
def _zones_of(features: Shapes, zones: Shapes, *, area: Shapes | None) -> NDArray[np.int64]:
    """Return the number of each feature's zone: -1 outside zones, -2 outside the whole area."""
    points = shapely.point_on_surface(features)
    at = _first_containing(points, zones)
    inside = at >= 0 if area is None else (at >= 0) | (_first_containing(points, area) >= 0)
    return np.where(inside, at, -2)


def _first_containing(points: Shapes, shapes: Shapes) -> NDArray[np.int64]:
    at = np.full(len(points), -1, dtype=np.int64)
    which, area = shapely.STRtree(shapes).query(points, predicate="within")
    # Reversed: the last assignment to a point is the first shape that contains it.
    order = np.lexsort((area, which))[::-1]
    at[which[order]] = area[order]
    return at
