"""Runoff coefficients and storage of plots, with their facilities."""

from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.vocabulary.surface import COVER
from citybraid.resilience.ground.ground_cover import by_cover, share
from citybraid.resilience.ground.plots import parcel_values, plot_cell_count, plot_mean, plots

F64 = NDArray[np.float64]
CODE: Mapping[str, int] = {name: code for code, name in COVER}
SEALED = ("paved", "road", "roof")
"""Land covers that count as sealed outside facilities."""
FACILITIES = ("rain_garden", "green_roof", "permeable_paving")
MM_PER_M = 1000.0
TINY = 1e-12


class Surface(NamedTuple):
    """Runoff coefficient, sealed share, runoff of the sealed share, and rain retained by the unsealed share."""

    coefficient: F64
    sealed: F64
    sealed_runoff: F64
    kept: F64


class PlotState(NamedTuple):
    """Plot of each cell; cells that count; plot means; storage of rain gardens and of tanks [mm]."""

    plot: NDArray[np.int64]
    counted: NDArray[np.bool_]
    coefficient: F64
    mean: Surface
    garden_share: F64
    gardens: F64
    tanks: F64


def known_cover(land_cover: xr.DataArray, assumed: xr.DataArray | None) -> xr.DataArray:
    """Return the land cover without the classes that were assumed where no file tells any and no plan sets one."""
    return land_cover if assumed is None else land_cover.where(assumed.to_numpy() != land_cover, 0)


def plot_state(
    land_cover: xr.DataArray,
    mix: F64,
    *,
    coefficient: Mapping[str, float],
    facility_storage: Mapping[str, float],
    parcels: gpd.GeoDataFrame | None,
    grid: GeoBox,
) -> PlotState:
    """Describe the plots: a parcel, or a cell outside every parcel unless it is open water."""
    plot = plots(None if parcels is None else parcels.geometry, grid=grid)
    cells = surface(land_cover, mix, coefficient)
    inside = plot < (0 if parcels is None else len(parcels))
    counted = np.isfinite(cells.coefficient) & (inside | (land_cover.to_numpy() != CODE["water"]))
    garden = plot_mean(mix[0], plot, counted)
    tanks = np.zeros(plot.shape)
    if parcels is not None:
        area = plot_cell_count(plot, counted) * abs(grid.resolution.x * grid.resolution.y)
        tanks = (
            np.nan_to_num(parcel_values(column(parcels, "detention_storage"), plot)) * MM_PER_M / np.maximum(area, TINY)
        )
    mean = Surface(*(plot_mean(np.nan_to_num(each), plot, counted) for each in cells))
    return PlotState(plot, counted, cells.coefficient, mean, garden, garden * facility_storage["rain_garden"], tanks)


def surface(land_cover: xr.DataArray, mix: F64, coefficient: Mapping[str, float]) -> Surface:
    """Return the surface of each cell, facilities with their own coefficients; NaN without land cover."""
    bare = by_cover(land_cover, {name: coefficient[name] for _, name in COVER}, "runoff_coefficient")
    rest = 1.0 - mix.sum(axis=0)
    on_facilities = sum(part * coefficient[name] for part, name in zip(mix, FACILITIES, strict=True))
    sealed = np.where(np.isin(land_cover.to_numpy(), [CODE[name] for name in SEALED]), rest, 0.0)
    total = bare * rest + on_facilities
    return Surface(total, sealed, sealed * bare, np.clip((1.0 - sealed) - (total - sealed * bare), 0.0, 1.0))


def shares(paving: xr.DataArray, garden: xr.DataArray, roof: xr.DataArray | None, shape: tuple[int, ...]) -> F64:
    """Return the cell shares of FACILITIES, scaled down where their sum exceeds the cell."""
    stacked = np.stack([share(layer, shape) for layer in (garden, roof, paving)])
    return np.asarray(stacked / np.maximum(stacked.sum(axis=0), 1.0), dtype=np.float64)


def column(parcels: gpd.GeoDataFrame, name: str) -> F64:
    """Return a column of the parcels; NaN where it is missing."""
    return parcels[name].to_numpy(np.float64) if name in parcels else np.full(len(parcels), np.nan)


def higher_control_rate(whole_plot: F64, sealed_area: F64, mean: Surface) -> F64:
    """Return the control rate of plots, the higher of two cases: facilities serve all, or only the sealed area.

    `whole_plot` and `sealed_area` are the shares of rain retained by storage that serves the whole plot, or its
    sealed area only; in the latter case the unsealed area retains its own share.
    """
    return np.clip(np.maximum(whole_plot, mean.sealed * sealed_area + mean.kept), 0.0, 1.0)
