"""Space-time fields (NetCDF) and rows by label (CSV) written by one model as input of another, and plain texts."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.var import Var
from citybraid.sources.text.delimited_text import text_of

AXES = ("time", "y", "x")
TOLERANCE = 1e-3
"""Tolerance between a cell centre and the grid's [cell]."""


def computed_field(path: Path, var: Var, grid: GeoBox | None) -> xr.DataArray:
    """Return the field of a NetCDF file that a model wrote; one of blocks has cells of its own.

    Raises InputError where the file is invalid, lacks the quantity, is in another unit, or lies on another grid or, of
    blocks, elsewhere.
    """
    if grid is None and not var.blocks:
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
    if values.dims != AXES or (grid is not None and not _fits(values, var, grid)):
        cells = "" if grid is None else " × ".join(map(str, grid.shape))
        text = "single.field_blocks" if var.blocks else "single.field_axes"
        raise InputError(text, name=var.name, path=path.name, got=" × ".join(map(str, values.shape)), needs=cells)
    return values.assign_attrs(units=var.unit)


def document_text(path: Path, var: Var) -> str:
    """Return the text of a file that a model reads as a whole; raises InputError where its encoding is not known."""
    return text_of(path.read_bytes(), "", name=path.name, layer=var.name)[0]


def computed_rows(path: Path, var: Var) -> pd.Series:
    """Return a quantity by label from a CSV file as a model writes it: `id` and `inventory_equivalent [kg year-1]`.

    Raises InputError where the file is no such table, is in another unit, names a label twice, or a cell is no number.
    """
    try:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    except ValueError as fault:
        raise InputError("single.not_in_file", name=var.name, path=path.name) from fault
    column = next((name for name in table if str(name).partition("[")[0].strip() == var.name), None)
    if "id" not in table or column is None:
        raise InputError("single.rows", name=var.name, path=path.name, needs=f"{var.name} [{var.unit}]")
    unit = str(column).partition("[")[2].rstrip("] ")
    if unit and unit != var.unit:
        raise InputError("check.unit", where=var.name, got=unit, needs=var.unit or "1")
    values = pd.to_numeric(table[column], errors="coerce").set_axis(table["id"]).rename(var.name).astype(np.float64)
    for text, wrong in (("single.rows_twice", values.index.duplicated()), ("single.rows_number", ~np.isfinite(values))):
        if np.asarray(wrong).any():
            raise InputError(text, name=var.name, path=path.name, label=str(values.index[np.asarray(wrong)][0]))
    return values.rename_axis(None)


def _fits(values: xr.DataArray, var: Var, grid: GeoBox) -> bool:
    """Tell whether a field's cells are those of the grid, or its blocks cover the grid."""
    if not var.blocks:
        return values.shape[1:] == tuple(grid.shape) and _on_grid(values, grid)
    box = grid.boundingbox
    for name, low, high in (("x", box.left, box.right), ("y", box.bottom, box.top)):
        centres = np.sort(values[name].to_numpy().astype(np.float64))
        half = 0.5 * (centres[1] - centres[0]) if centres.size > 1 else 0.5 * (high - low)
        off = TOLERANCE * abs(grid.resolution.x)
        if not np.isfinite(centres).all() or centres[0] - half > low + off or centres[-1] + half < high - off:
            return False
    return True


def _on_grid(values: xr.DataArray, grid: GeoBox) -> bool:
    """Tell whether the first and the last cell centre match the grid."""
    rows, columns = grid.shape
    for row, column in ((0, 0), (rows - 1, columns - 1)):
        x, y = grid.affine * (column + 0.5, row + 0.5)
        off = max(abs(float(values["x"][column]) - x), abs(float(values["y"][row]) - y))
        if not np.isfinite(off) or off > TOLERANCE * abs(grid.resolution.x):
            return False
    return True
