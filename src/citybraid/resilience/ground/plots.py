"""Plots as units of runoff control: each parcel, and each cell outside all parcels."""

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.burning import rasterize
from citybraid.core.remembered import remembered

F64 = NDArray[np.float64]
Cells = NDArray[np.int64]


@remembered(8)
def plots(parcels: gpd.GeoSeries | None, *, grid: GeoBox) -> Cells:
    """Return the plot index of each cell: a parcel's row, or a separate index after the last parcel's.

    A cell belongs to the first parcel that contains its centre.
    """
    shape = tuple(grid.shape)
    count = 0 if parcels is None else len(parcels)
    cell_plots = np.arange(count, count + shape[0] * shape[1]).reshape(shape)
    pairs = [] if parcels is None else [(each, at) for at, each in enumerate(parcels) if each and not each.is_empty]
    if not pairs:
        return cell_plots
    # Rasterised in reverse order: later shapes overwrite, so the first parcel wins.
    parcel_plots = rasterize(pairs[::-1], out_shape=shape, transform=grid.affine, fill=-1, dtype="int32")
    return np.where(parcel_plots >= 0, parcel_plots, cell_plots)


def plot_mean(values: F64, plot: Cells, counted: NDArray[np.bool_]) -> F64:
    """Return the mean over the counted cells of each cell's plot; 0 on plots without any."""
    size = int(plot.max()) + 1
    cells = np.bincount(plot[counted], minlength=size)
    sums = np.bincount(plot[counted], weights=values[counted], minlength=size)
    return np.asarray((sums / np.maximum(cells, 1))[plot], dtype=np.float64)


def plot_cell_count(plot: Cells, counted: NDArray[np.bool_]) -> F64:
    """Return the number of counted cells of each cell's plot."""
    return np.asarray(np.bincount(plot[counted], minlength=int(plot.max()) + 1)[plot], dtype=np.float64)


def parcel_values(column: F64, plot: Cells) -> F64:
    """Return the value of each cell's parcel; NaN outside parcels."""
    inside = plot < column.size
    return np.asarray(np.where(inside, np.append(column, np.nan)[np.where(inside, plot, -1)], np.nan), dtype=np.float64)
