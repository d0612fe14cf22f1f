"""Values at regular times of an event: axes, depths, and the duration that each time represents."""

from collections.abc import Iterator

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError

F64 = NDArray[np.float64]
MM_PER_M = 1000.0
AXES = ("time", "y", "x")


def on_axes(
    values: NDArray[np.integer] | NDArray[np.floating], hours: NDArray[np.floating], grid: GeoBox
) -> xr.DataArray:
    """Return values (time, y, x) with hours from the start and cell centres."""
    rows, columns = grid.shape
    x, _ = grid.affine * (np.arange(columns) + 0.5, np.zeros(columns))
    _, y = grid.affine * (np.zeros(rows), np.arange(rows) + 0.5)
    return xr.DataArray(values, dims=AXES, coords={"time": hours, "y": y, "x": x})


def hours_of(course: xr.DataArray, grid: GeoBox) -> F64:
    """Return the times of a course [h]; raises InputError where they are irregular or its cells are not the grid's."""
    if course.dims != AXES or course.shape[1:] != tuple(grid.shape):
        raise InputError("course.axes", got=list(course.shape), needs=list(grid.shape))
    hours = course["time"].to_numpy().astype(np.float64)
    gaps = np.diff(hours)
    if not gaps.size or gaps.min() <= 0.0 or not np.allclose(gaps, gaps[0], rtol=1e-3, atol=0.0):
        raise InputError("course.times", count=len(hours))
    return hours


def depths_of(course: xr.DataArray) -> Iterator[F64]:
    """Yield the depth at each time [m], NaN where there is none."""
    for plane in course.to_numpy():
        yield np.where(plane < 0, np.nan, plane / MM_PER_M)


def represented_hours(hours: F64) -> F64:
    """Return the duration that each time represents [h]: half of the intervals on both sides."""
    gaps = np.diff(hours)
    return np.asarray(0.5 * (np.r_[0.0, gaps] + np.r_[gaps, 0.0]), np.float64)
