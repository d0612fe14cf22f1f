"""Georeferenced rasters: cell-centre coordinates and the CRS in the conventions of CF, rioxarray and GDAL."""

import numpy as np
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox
from pyproj import CRS
from pyproj.exceptions import CRSError

MAPPING = "spatial_ref"
"""The coordinate that holds the CRS."""
TOLERANCE = 1e-6
"""Tolerance of evenly spaced coordinates, as a share of a cell [-]."""


def georeferenced(value: xr.DataArray, grid: GeoBox) -> xr.DataArray:
    """Return a raster (or rasters over time) with the coordinates and CRS of a grid; the data are not copied."""
    affine, (rows, columns) = grid.affine, grid.shape
    if value.shape[-2:] != (rows, columns):  # coarser cells, which carry their own centres
        return value.assign_coords({MAPPING: xr.DataArray(np.int32(0), attrs={"crs_wkt": _wkt(grid)})})
    x = affine.c + affine.a * (np.arange(columns) + 0.5)
    y = affine.f + affine.e * (np.arange(rows) + 0.5)
    attributes = {"crs_wkt": _wkt(grid), "GeoTransform": _transform(affine)}
    axes = {"y": ("projection_y_coordinate", y), "x": ("projection_x_coordinate", x)}
    coords = {
        name: (name, along, {"standard_name": standard, "units": "m"}) for name, (standard, along) in axes.items()
    }
    raster = value.assign_coords({**coords, MAPPING: xr.DataArray(np.int32(0), attrs=attributes)})
    raster.encoding["grid_mapping"] = MAPPING
    return raster


def _wkt(grid: GeoBox) -> str:
    return "" if grid.crs is None else str(grid.crs.to_wkt())


def _transform(affine: Affine) -> str:
    return " ".join(repr(float(part)) for part in affine.to_gdal())


def grid_in(value: xr.DataArray) -> GeoBox | None:
    """Return the grid of a georeferenced raster, None where it lacks a CRS or evenly spaced coordinates."""
    crs = _crs(value)
    if crs is None or value.dims[-2:] != ("y", "x") or not {"x", "y"} <= set(value.coords):
        return None
    x, y = (np.asarray(value[name].to_numpy(), np.float64) for name in ("x", "y"))
    steps = [_step(axis) for axis in (x, y)]
    across, down = steps
    if across is None or down is None:
        return None
    affine = Affine(across, 0.0, x[0] - across / 2, 0.0, down, y[0] - down / 2)
    return GeoBox((len(y), len(x)), affine, crs)


def _crs(value: xr.DataArray) -> str | None:
    attributes = value.coords[MAPPING].attrs if MAPPING in value.coords else {}
    text = attributes.get("crs_wkt") or attributes.get("spatial_ref") or value.attrs.get("crs")
    try:
        return CRS.from_user_input(text).to_wkt() if text else None
    except CRSError:
        return None


def _step(axis: np.ndarray) -> float | None:
    """Return the even step of an axis of at least two cells."""
    if len(axis) < 2:  # noqa: PLR2004  (two cells make a step)
        return None
    steps = np.diff(axis)
    step = float(steps.mean())
    return step if step != 0.0 and float(np.abs(steps - step).max()) <= TOLERANCE * abs(step) else None
