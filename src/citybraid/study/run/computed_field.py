"""Space-time fields (NetCDF) written by one model as input of another."""

from io import BytesIO
from pathlib import Path

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.var import Var

AXES = ("time", "y", "x")
TOLERANCE = 1e-3
"""Tolerance between a cell centre and the grid's [cell]."""


def computed_field(path: Path, var: Var, grid: GeoBox | None) -> xr.DataArray:
    """Return the field of a NetCDF file that a model wrote.

    Raises InputError where the file is invalid, lacks the quantity, is in another unit, or lies on another grid.
    """
    if grid is None:
        raise InputError("single.no_grid", model=var.name)
    try:
        with xr.open_dataset(BytesIO(path.read_bytes()), engine="scipy", decode_times=False) as data:
            values = data[var.name].load() if var.name in data else None
    except (OSError, TypeError, ValueError, IndexError) as fault:
        why = (str(fault).splitlines() or ["?"])[0][:160]
        raise InputError("intake.raster_broken", name=path.name, why=why) from fault
    if values is None:
        raise InputError("single.not_in_file", name=var.name, path=path.name)
    if values.attrs.get("units", var.unit) != var.unit:
        raise InputError("check.unit", where=var.name, got=values.attrs["units"], needs=var.unit or "1")
    if values.dims != AXES or values.shape[1:] != tuple(grid.shape) or not _on_grid(values, grid):
        raise InputError("course.axes", got=list(values.shape), needs=list(grid.shape))
    return values.assign_attrs(units=var.unit)


def _on_grid(values: xr.DataArray, grid: GeoBox) -> bool:
    """Tell whether the first and the last cell centre match the grid."""
    rows, columns = grid.shape
    for row, column in ((0, 0), (rows - 1, columns - 1)):
        x, y = grid.affine * (column + 0.5, row + 0.5)
        off = max(abs(float(values["x"][column]) - x), abs(float(values["y"][row]) - y))
        if not np.isfinite(off) or off > TOLERANCE * abs(grid.resolution.x):
            return False
    return True
