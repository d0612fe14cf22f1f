"""Factors by land cover and soil group, mapped onto the grid."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.vocabulary.surface import COVER

F64 = NDArray[np.float64]
Group = Literal["A", "B", "C", "D"]
GROUPS: tuple[Group, ...] = ("A", "B", "C", "D")
"""Hydrologic soil groups; code k of the raster is GROUPS[k - 1]."""


def by_cover(land_cover: xr.DataArray, values: Mapping[str, float], factor_name: str) -> F64:
    """Return a factor's value on each cell; NaN where there is no cover.

    Raises InputError where a class on the grid has no row.
    """
    codes = land_cover.to_numpy()
    names = dict(COVER)
    present = [int(code) for code in np.unique(codes) if code != 0]
    if unknown := [code for code in present if names.get(code, "") not in values]:
        raise InputError("cover.unknown", name=factor_name, codes=unknown)
    factor_values = np.full(codes.shape, np.nan)
    for code in present:
        factor_values[codes == code] = values[names[code]]
    return factor_values


def groups(
    land_cover: xr.DataArray, soil_group: xr.DataArray | None, assumed: Group | None, model: str
) -> NDArray[np.int64]:
    """Return each cell's soil group as its index in GROUPS, the assumed one where the layer has none.

    Raises InputError where a group is needed and neither layer nor parameter gives it.
    """
    codes = np.zeros(land_cover.shape, np.int64) if soil_group is None else soil_group.to_numpy().astype(np.int64)
    if assumed is not None:
        codes = np.where(codes == 0, GROUPS.index(assumed) + 1, codes)
    if ((codes == 0) & (land_cover.to_numpy() != 0)).any():
        raise InputError("soil.group_missing", model=model)
    return np.maximum(codes - 1, 0)


def share(layer: xr.DataArray | None, shape: tuple[int, ...]) -> F64:
    """Return a layer of cell shares, 0 where it is not given."""
    return np.zeros(shape) if layer is None else np.nan_to_num(layer.to_numpy().astype(np.float64))


def paving_storage(paving: F64, *, storage: float, run_on: float, depth: F64 | float | None) -> F64:
    """Return the water that permeable paving stores, as a depth over the cell [mm].

    `storage` is the volume of its pores [mm], `run_on` the sealed ground that drains onto it over its own area, at
    most the rest of the cell, and `depth` the water that falls or runs off per area [mm]; None sets no such limit.
    """
    if depth is None:
        return paving * storage
    served = np.minimum(paving * (1.0 + run_on), 1.0)
    return np.minimum(paving * storage, served * depth)


def raster(values: F64) -> xr.DataArray:
    """Wrap an array of the grid as a raster."""
    return xr.DataArray(values, dims=("y", "x"))
