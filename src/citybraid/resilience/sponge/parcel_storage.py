"""Required, existing and missing storage volume of each parcel."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.water import (
    REQUIRED_STORAGE,
    REQUIRED_VOLUME,
    SPONGE_STORAGE,
    SPONGE_VOLUME,
    STORAGE_SHORTFALL,
)
from citybraid.resilience.ground.plots import plots

F64 = NDArray[np.float64]
MM_PER_M = 1000.0


class ParcelStorage(NamedTuple):
    """Volumes by parcel."""

    required_volume: REQUIRED_VOLUME
    sponge_volume: SPONGE_VOLUME
    storage_shortfall: STORAGE_SHORTFALL


@model(
    version=1,
    cite="Technical Guide for Sponge City Construction (MOHURD, 2014): W = 10 psi H F",
    validity="Parcels of several cells or more: areas are those of the cells whose centre the parcel holds.",
)
def parcel_storage(
    *,
    required_storage: REQUIRED_STORAGE,
    sponge_storage: SPONGE_STORAGE,
    parcels: Annotated[View, Table("parcels")],
    grid: GeoBox,
) -> ParcelStorage:
    """Sum the storage depths [mm] of a parcel's cells to volumes [m3].

    A parcel has no required volume where it has no target rate, or one
    beyond the rain curve; a parcel without cells has no values.
    """
    plot = plots(parcels.geometry, grid=grid)
    area = abs(float(grid.resolution.x * grid.resolution.y)) / MM_PER_M
    needed, available = (
        _volume(layer.to_numpy(), plot, len(parcels)) * area for layer in (required_storage, sponge_storage)
    )
    columns = (needed, available, np.maximum(needed - available, 0.0))
    return ParcelStorage(*(pd.Series(column, index=parcels.index) for column in columns))


def _volume(depth: F64, plot: NDArray[np.int64], count: int) -> F64:
    """Return the sum of each parcel's depths; NaN where none of its cells has a value."""
    counted = np.isfinite(depth) & (plot < count)
    cells = np.bincount(plot[counted], minlength=count)[:count]
    sums = np.bincount(plot[counted], weights=depth[counted], minlength=count)[:count]
    return np.asarray(np.where(cells > 0, sums, np.nan), dtype=np.float64)
