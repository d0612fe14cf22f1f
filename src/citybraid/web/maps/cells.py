"""Cells of a raster or of a moment of a field: values and where they lie."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from affine import Affine
from numpy.typing import NDArray

from citybraid.core.layer import Layer
from citybraid.web.access.refusals import NotFound

TIME = "time"


class Cells(NamedTuple):
    """Values with rows from north to south, NaN where there is none, and the affine transform of their grid."""

    numbers: NDArray[np.float64]
    place: Affine


def moments(value: xr.DataArray) -> list[float]:
    """Return the hours of a field [h], none for a raster."""
    return [float(hour) for hour in value[TIME].to_numpy()] if TIME in value.dims else []


def moment_of(value: xr.DataArray, moment: int) -> xr.DataArray:
    """Return a raster, or one moment of a field by its number; raises NotFound where it has no such moment."""
    if not 0 <= moment < max(len(moments(value)), 1):
        raise NotFound("web.no_moment")
    return value.isel({TIME: moment}) if TIME in value.dims else value


def cells(layer: Layer, value: xr.DataArray, moment: int = 0) -> Cells:
    """Return the cells of a raster, or of one moment of a field by its number.

    Raises NotFound where a field has no such moment.
    """
    data = moment_of(value, moment)
    place = place_of(layer, data)
    numbers = valid(layer, data.to_numpy())
    return Cells(numbers if place.e < 0 else numbers[::-1], place if place.e < 0 else _turned(place, len(numbers)))


def valid(layer: Layer, data: NDArray[np.generic] | np.generic) -> NDArray[np.float64]:
    """Return values as numbers, NaN where there is none: of integers 0, and below it the mark of no value."""
    numbers = np.asarray(data, dtype=np.float64)
    return np.where(numbers <= 0, np.nan, numbers) if layer.var.kind == "int" else numbers


def place_of(layer: Layer, data: xr.DataArray) -> Affine:
    """Return the affine transform of a raster's or a field's cells."""
    if layer.var.on != "field" and layer.grid is not None:
        return layer.grid.affine
    x, y = (data[axis].to_numpy().astype(np.float64) for axis in ("x", "y"))
    width = (x[-1] - x[0]) / (len(x) - 1) if len(x) > 1 else _single(layer, 0)
    height = (y[-1] - y[0]) / (len(y) - 1) if len(y) > 1 else -_single(layer, 1)
    return Affine(width, 0.0, x[0] - width / 2, 0.0, height, y[0] - height / 2)


def _single(layer: Layer, axis: int) -> float:
    """Return the size of a field's only cell along an axis: the study's extent."""
    if layer.grid is None:
        raise NotFound("web.no_moment")
    box = layer.grid.extent.boundingbox
    return float(box.right - box.left) if axis == 0 else float(box.top - box.bottom)


def _turned(place: Affine, rows: int) -> Affine:
    return place * Affine(1.0, 0.0, 0.0, 0.0, -1.0, rows)
