"""Conversion of Python values to model inputs: rasters on one grid, series by hour, tables by id."""

import math
from collections.abc import Mapping
from numbers import Real
from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.api.listings import listing
from citybraid.api.orientation import north_up, turned
from citybraid.api.rasters import grid_in
from citybraid.api.telling import phrases_of, tell
from citybraid.core.errors import InputError
from citybraid.core.model import optional_reads, reads, var_of
from citybraid.core.text import Phrase
from citybraid.core.var import Over, Table, Var, is_listing
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.named_files import SUFFIX
from citybraid.sources.readers.swmm import model_text
from citybraid.sources.series.even_steps import AT_LABELS, EVEN, HELD, SHARE, even_steps
from citybraid.sources.series.times import RowTimes

KINDS = {"grid": "api.kind_raster", "time": "api.kind_series", "field": "api.kind_field", "": "api.kind_number"}
"""Text ids of the expected type, by the domain of a quantity; any other domain is a table."""
SHOWN = 6
"""Ids of rows that a message lists."""
TOLERANCE = 1e-6
"""Tolerance for equal grids, as a share of a cell [-]."""


def grid_of(grid: GeoBox | xr.DataArray | None, inputs: Mapping[str, Any]) -> GeoBox | None:
    """Return the explicit grid, else that of the first georeferenced raster; its rows may run from south to north."""
    explicit = grid_in(grid) if isinstance(grid, xr.DataArray) else grid
    if explicit is not None:
        return explicit
    values = [
        part for value in inputs.values() for part in (value.values() if isinstance(value, Mapping) else (value,))
    ]
    grids = (grid_in(value) for value in values if isinstance(value, xr.DataArray))
    return next((each for each in grids if each is not None), None)


def kind_of(what: Var | Table | Over) -> Phrase:
    """Return the expected type of an input as text."""
    if is_listing(what):
        return Phrase("api.kind_listing", {})
    if isinstance(what, Var):
        return Phrase(KINDS.get(what.on, "api.kind_column"), {})
    return Phrase("api.kind_table" if isinstance(what, Table) else "api.kind_labels", {})


def argument(what: Var | Table | Over, value: Any, grid: GeoBox | None, *, where: str) -> Any:
    """Return a value converted for a model; raises InputError for a wrong type, shape, grid or CRS."""
    if isinstance(what, Over):
        if not isinstance(value, Mapping):
            raise _kind_error(value, "api.kind_labels", where)
        return {
            label: _single(var_of(what.var), each, grid, where=f"{where}[{label}]") for label, each in value.items()
        }
    return _view(what, value, grid, where=where) if isinstance(what, Table) else _single(what, value, grid, where=where)


def _single(var: Var, value: Any, grid: GeoBox | None, *, where: str) -> Any:
    if var.on == "grid":
        return raster(var, value, grid, where=where)
    if var.on == "field":
        return _field(value, grid, where=where)
    if var.kind == "document":
        return _document(value, where=where)
    if var.kind == "listing":
        return listing(value, where=where)
    if var.kind == "geometry":
        return same_crs(_of(gpd.GeoSeries, value, "api.kind_shapes", where), grid, where=where)
    if var.on == "":
        return _number(value, where=where)
    column = _column(value, KINDS.get(var.on, "api.kind_column"), where=where)
    column = column if column.name is not None else column.rename(var.name)  # what models say of it names it
    return _even(column, var.name, where=where) if var.on == "time" else column


def _of(kind: type, value: Any, needs: str, where: str) -> Any:
    if not isinstance(value, kind):
        raise _kind_error(value, needs, where)
    return value


def _document(value: Any, *, where: str) -> str:
    """Return a text, or that of the file whose path is given, with the series of the files that it names."""
    named = isinstance(value, str) and "\n" not in value and value.strip().lower().endswith(SUFFIX)
    if not named and not isinstance(value, PathLike):
        return str(_of(str, value, "api.kind_text", where))
    path = Path(value)
    if not path.is_file():
        raise InputError("api.no_file", where=where, got=str(path))
    text, notes = model_text(path, limits=Limits())
    tell(phrases_of(note for note in notes if note.kind != "found"), above=6)
    return text


def _kind_error(value: Any, needs: str, where: str) -> InputError:
    return InputError("api.wrong_kind", where=where, got=type(value).__name__, needs=Phrase(needs, {}))


def _number(value: Any, *, where: str) -> float:
    if isinstance(value, Real) or (isinstance(value, np.ndarray | xr.DataArray) and value.ndim == 0):
        number = float(value)
        if math.isnan(number):
            raise InputError("api.no_number", where=where)
        return number
    raise _kind_error(value, "api.kind_number", where)


def _column(value: Any, needs: str, *, where: str) -> pd.Series:
    if isinstance(value, xr.DataArray) and value.ndim == 1:
        value = value.to_series()
    column: pd.Series = _of(pd.Series, value, needs, where)
    by_hour = needs == KINDS["time"]
    if by_hour and not pd.api.types.is_numeric_dtype(column.index):
        raise _kind_error(column.index, "api.kind_hours", where)
    return column.sort_index() if by_hour else column.set_axis(column.index.map(str))


def _even(series: pd.Series, quantity: str, *, where: str) -> pd.Series:
    """Return a series of uneven rows at a constant step, as from a file; others, and late starts, as they are."""
    hours = series.index.to_numpy().astype(np.float64)
    gaps = np.diff(hours)
    even = len(gaps) == 0 or np.allclose(gaps, gaps[0], rtol=SHARE, atol=EVEN)
    if even or quantity not in HELD | AT_LABELS or not np.isfinite(hours).all() or hours[0] != 0.0:
        return series
    steps = even_steps(RowTimes(hours, rounding=0.0), quantity, name=where)
    values = steps.spread(series.to_numpy().astype(np.float64), quantity=quantity)
    tell(phrases_of(steps.findings(where, name=where)), above=6)
    return pd.Series(values, index=np.arange(len(values)) * steps.step, name=series.name)


def raster(var: Var, value: Any, grid: GeoBox | None, *, where: str) -> xr.DataArray:
    """Return a raster on the cells of a grid; raises InputError for a wrong type, shape, grid or CRS."""
    if grid is None:
        raise InputError("api.no_grid", where=where)
    kind = np.int32 if var.kind == "int" else np.float64
    if isinstance(value, Real):
        return xr.DataArray(np.full(grid.shape, float(value)).astype(kind), dims=("y", "x"))
    lies = grid
    if isinstance(value, xr.DataArray):
        lies = grid_in(value) or grid
        _refuse_elsewhere(lies, grid, where=where)
        attrs, value = value.attrs, value.to_numpy()
    else:
        attrs = {}
    array = np.asarray(_of(np.ndarray, value, "api.kind_raster", where))
    if array.shape != tuple(grid.shape):
        raise InputError("api.shape", where=where, got=list(array.shape), needs=list(grid.shape))
    units = {name: attrs[name] for name in ("units",) if name in attrs}
    ordered = np.ascontiguousarray(turned(array, lies)).astype(kind, copy=False)
    return xr.DataArray(ordered, dims=("y", "x"), attrs=units)


def _field(value: Any, grid: GeoBox | None, *, where: str) -> xr.DataArray:
    field: xr.DataArray = _of(xr.DataArray, value, "api.kind_field", where)
    if field.dims != ("time", "y", "x"):
        raise InputError("api.shape", where=where, got=[str(name) for name in field.dims], needs=["time", "y", "x"])
    own_grid = grid_in(field)
    if grid is not None and own_grid is not None and own_grid.crs != grid.crs:
        raise InputError("api.elsewhere", where=where, got=str(own_grid.crs), needs=str(grid.crs))
    return field.drop_vars([name for name in field.coords if name not in field.dims])


def _refuse_elsewhere(own_grid: GeoBox, grid: GeoBox, *, where: str) -> None:
    """Raise InputError where a raster is georeferenced to another grid, whichever way its rows run."""
    if own_grid.crs != grid.crs:
        raise InputError("api.elsewhere", where=where, got=str(own_grid.crs), needs=str(grid.crs))
    own_affine, affine = (north_up(each, where=where).affine for each in (own_grid, grid))
    off = np.abs(np.subtract(list(own_affine)[:6], list(affine)[:6])).max()
    if tuple(own_grid.shape) != tuple(grid.shape) or off > TOLERANCE * abs(grid.resolution.x):
        raise InputError("api.other_grid", where=where, got=list(own_grid.shape), needs=list(grid.shape))


def _view(table: Table, value: Any, grid: GeoBox | None, *, where: str) -> gpd.GeoDataFrame:
    """Return a table with the columns that a model reads, indexed by id as text."""
    frame: gpd.GeoDataFrame = same_crs(_of(gpd.GeoDataFrame, value, "api.kind_table", where), grid, where=where)
    names = [name for name in (*reads(table)[1:], *optional_reads(table)) if name in frame]
    if missing := [name for name in reads(table)[1:] if name not in names]:
        raise InputError("api.columns", where=where, lacking=missing)
    view = gpd.GeoDataFrame(frame[names], geometry=frame.geometry, crs=frame.crs).set_axis(frame.index.map(str))
    bare = view.geometry.isna() | view.geometry.is_empty
    if bare.any():
        raise InputError("api.no_shape", where=where, count=int(bare.sum()), ids=[*view.index[bare][:SHOWN]])
    twice = view.index[view.index.duplicated()].unique()
    if len(twice):
        raise InputError("api.id_twice", where=where, count=len(twice), ids=[*twice[:SHOWN]])
    return view


def same_crs(value: Any, grid: GeoBox | None, *, where: str) -> Any:
    """Return shapes as they are; raises InputError where their CRS is another than that of the grid."""
    if grid is not None and grid.crs is not None and value.crs is not None and grid.crs != value.crs.to_wkt():
        raise InputError("api.elsewhere", where=where, got=str(value.crs), needs=str(grid.crs))
    return value
