"""Tables and rasters that a model does not read but a study would take in with its inputs, as layers of intake."""

from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.api.arguments import raster, same_crs
from citybraid.api.orientation import north_up, turned
from citybraid.api.rasters import grid_in
from citybraid.core.errors import InputError
from citybraid.core.var import Var
from citybraid.sources.protocol.quantities import columns_of, geometry_of, raster_var
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.raster.parts_of_cells import split
from citybraid.study.plan.beside import beside_roles

WORD = "beside"
"""The keyword of a call."""


def layers_beside(beside: Any, grid: GeoBox | None, *, model: str) -> tuple[SourceLayer, ...]:
    """Return what was given beside a model's inputs, by role, as layers on the grid of the call.

    Raises InputError for what is no mapping of roles, and for values of a wrong type, CRS or grid.
    """
    if beside is None or (isinstance(beside, Mapping) and not beside):
        return ()
    where = f"{model}.{WORD}"
    if not isinstance(beside, Mapping) or (unknown := [role for role in beside if role not in beside_roles()]):
        got = unknown if isinstance(beside, Mapping) else type(beside).__name__
        raise InputError("api.beside", where=where, got=got, known=beside_roles())
    if grid is None:
        raise InputError("api.no_grid", where=where)
    return tuple(layer for role, value in beside.items() for layer in _layers(role, value, grid, f"{where}[{role}]"))


def _layers(role: str, value: Any, grid: GeoBox, where: str) -> Iterator[SourceLayer]:
    var, shapes = raster_var(role), geometry_of(role)
    if var is not None:
        yield _raster(var, value, grid, where)
        return
    if shapes is None or not isinstance(value, gpd.GeoDataFrame):
        raise InputError("api.beside_kind", where=where, got=type(value).__name__)
    frame = same_crs(value, grid, where=where)
    frame = frame.set_axis(frame.index.map(str))
    yield SourceLayer(shapes, frame.geometry.rename(shapes.name), origin=frozenset({role}))
    for name, column in columns_of(role).items():
        if name in frame:
            yield SourceLayer(column, frame[name], origin=frozenset({role}))


def _raster(var: Var, value: Any, grid: GeoBox, where: str) -> SourceLayer:
    """Return a raster on the cells of the call, or on finer ones of which a whole number lies along each."""
    lies = grid_in(value) if isinstance(value, xr.DataArray) else None
    along = round(abs(grid.resolution.x / lies.resolution.x)) if lies is not None else 1
    if lies is None or along <= 1:
        return SourceLayer(var, raster(var, value, grid, where=where), grid, native_resolution=_cell(grid))
    fine = split(grid, along)
    whole = north_up(lies, where=where)
    off = np.abs(np.subtract(list(whole.affine)[:6], list(fine.affine)[:6])).max()
    if lies.crs != grid.crs or tuple(lies.shape) != tuple(fine.shape) or off > _cell(fine) / 1e6:
        raise InputError("api.other_grid", where=where, got=list(lies.shape), needs=list(grid.shape))
    held = xr.DataArray(np.ascontiguousarray(turned(value.to_numpy(), lies)), dims=("y", "x"))
    return SourceLayer(var, held, fine, native_resolution=_cell(fine))


def _cell(grid: GeoBox) -> float:
    return abs(float(grid.resolution.x))
