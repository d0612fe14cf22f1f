"""Steps that the planner inserts: resampling to a nested grid, and default values of absent quantities."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.land.class_areas import cells_by_area, class_shares
from citybraid.core.model import Model
from citybraid.core.var import Coarsen, Var

ROWS = 64
"""Rows of coarse cells whose classes are counted at once: whole blocks."""


def coarsen(values: xr.DataArray, *, factor: int, how: Coarsen) -> xr.DataArray:
    """Return block means, sums, maxima, minima or majorities; exact, since the grids of a study nest.

    Classes that keep their areas have one class a cell, as when files are read. Cells without a value are skipped; a
    block without any valid cell is NaN.
    """
    data = values.to_numpy()
    rows, columns = (-(-size // factor) for size in data.shape)
    ragged = (rows * factor - data.shape[0], columns * factor - data.shape[1])
    if any(ragged):
        empty = np.nan if data.dtype.kind == "f" else 0
        data = np.pad(data, ((0, ragged[0]), (0, ragged[1])), constant_values=empty)
    blocks = data.reshape(rows, factor, columns, factor).swapaxes(1, 2)
    flat = blocks.reshape(rows, columns, factor * factor)
    if how == "majority":
        return xr.DataArray(_majority(flat), dims=("y", "x"))
    if how == "area":
        kept = cells_by_area(
            class_shares(data[first * factor : (first + ROWS) * factor], factor, fill=True)
            for first in range(0, rows, ROWS)
        )
        return xr.DataArray(kept.codes.astype(data.dtype), dims=("y", "x"))
    none = np.isnan(flat).all(axis=2) if data.dtype.kind == "f" else np.zeros((rows, columns), bool)
    filled = np.where(none[..., None], 0, flat)
    reducers: dict[str, Any] = {"mean": np.nanmean, "sum": np.nansum, "max": np.nanmax, "min": np.nanmin}
    reduced = reducers[how](filled, axis=2)
    return xr.DataArray(np.where(none, np.nan, reduced) if none.any() else reduced, dims=("y", "x"))


def _majority(blocks: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the most frequent code of each block, the lower code on a tie; 0 only where all are 0."""
    best, votes = np.zeros(blocks.shape[:2], blocks.dtype), np.zeros(blocks.shape[:2], np.int64)
    for code in np.unique(blocks):
        count = (blocks == code).sum(axis=2) if code != 0 else np.zeros(blocks.shape[:2], np.int64)
        best, votes = np.where(count > votes, code, best), np.maximum(votes, count)
    return best


def refine(values: xr.DataArray, *, factor: int, how: Coarsen, grid: GeoBox) -> xr.DataArray:
    """Return values interpolated to a finer nested grid: bilinear, or nearest for codes and sums.

    Interpolation adds no information: every map made from it says so.
    """
    from scipy import ndimage

    data = values.to_numpy()
    rows, columns = grid.shape
    y, x = (np.arange(rows) + 0.5) / factor - 0.5, (np.arange(columns) + 0.5) / factor - 0.5
    if how in ("majority", "area", "sum"):
        near = data[np.clip(np.rint(y).astype(int), 0, data.shape[0] - 1)][
            :, np.clip(np.rint(x).astype(int), 0, data.shape[1] - 1)
        ]
        return xr.DataArray(near / (factor**2 if how == "sum" else 1), dims=("y", "x"))
    missing = np.isnan(data)
    filled = data if not missing.any() else _nearest_filled(data, missing)
    at = np.meshgrid(y, x, indexing="ij")
    out = ndimage.map_coordinates(filled.astype(np.float64), at, order=1, mode="nearest")
    if missing.any():
        out[ndimage.map_coordinates(missing.astype(np.float64), at, order=0, mode="nearest") > 0.5] = np.nan  # noqa: PLR2004
    return xr.DataArray(out, dims=("y", "x"))


def _nearest_filled(data: np.ndarray[Any, Any], missing: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    from scipy import ndimage

    nearest = ndimage.distance_transform_edt(missing, return_distances=False, return_indices=True)
    filled: np.ndarray[Any, Any] = data[tuple(nearest)]
    return filled


def constant_raster(*, value: float, grid: GeoBox) -> xr.DataArray:
    """Return a constant raster: the default of an absent quantity."""
    return xr.DataArray(np.full(grid.shape, value), dims=("y", "x"))


def constant_column(table: pd.Series, *, value: float | str) -> pd.Series:
    """Return a constant column on a table's rows: the default of an absent quantity."""
    return pd.Series(value, index=table.index)


class InsertedOutput(NamedTuple):
    """Output of an inserted Step; the Step names the quantity."""

    value: Any


VALUE = Var("value", "", "Values of whichever quantity a Step was inserted for")


def _own(function: Any, model_id: str, cite: str) -> Model[Any, Any]:
    return Model(
        function=lambda **known: InsertedOutput(function(**known)),
        id=model_id,
        version=1,
        cite=cite,
        validity="",
        needs={},
        makes={"value": VALUE},
    )


COARSEN = _own(coarsen, "core.regrid", "exact block reduction")
REFINE = _own(refine, "core.refine", "bilinear interpolation between cell centres")
CONSTANT_RASTER = _own(constant_raster, "core.absent_raster", "the vocabulary's meaning of absence")
CONSTANT_COLUMN = _own(constant_column, "core.absent_column", "the vocabulary's meaning of absence")


def nest(one: GeoBox, other: GeoBox, factor: int) -> bool:
    """Tell whether two grids share CRS and origin, and one's cells are `factor` of the other's."""
    fine, coarse = sorted((one, other), key=lambda grid: abs(grid.resolution.x))
    size, origin = abs(fine.resolution.x), (fine.affine.c - coarse.affine.c, fine.affine.f - coarse.affine.f)
    covers = all(-(-cells // factor) == blocks for cells, blocks in zip(fine.shape, coarse.shape, strict=True))
    aligned = (
        max(abs(shift) for shift in origin) < 1e-6 * size and abs(coarse.resolution.x) - factor * size < 1e-9 * size
    )
    return covers and aligned and one.crs == other.crs
