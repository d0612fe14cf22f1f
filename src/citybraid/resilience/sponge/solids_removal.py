"""Suspended solids of the years' rain that plots keep back."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.surface import GREEN_ROOF_COVER, PERMEABLE_PAVING, RAIN_GARDEN
from citybraid.core.vocabulary.water import ANNUAL_RUNOFF_CONTROL, DETENTION_STORAGE, SOLIDS_REMOVAL
from citybraid.resilience.ground.ground_cover import raster
from citybraid.resilience.ground.plots import Cells, parcel_values, plot_cell_count, plot_mean, plots
from citybraid.resilience.sponge.plot_surface import F64, FACILITIES, MM_PER_M, TINY, column, shares

TANK = "tank"


class SolidsRemoval(NamedTuple):
    solids_removal: SOLIDS_REMOVAL


@model(
    version=1,
    cite="Technical Guide for Sponge City Construction (MOHURD, 2014), control of runoff pollution: share of "
    "solids = control rate x mean removal of the facilities",
    validity="A mean of years for plots with facilities; what green ground keeps by itself and loads by kind of "
    "surface are not told apart.",
)
def solids_removal(
    annual_runoff_control: ANNUAL_RUNOFF_CONTROL,
    permeable_paving: PERMEABLE_PAVING,
    rain_garden: RAIN_GARDEN,
    removal: Annotated[Factors, Fact("facility_solids_removal")],
    facility_storage: Annotated[Factors, Fact("facility_storage")],
    grid: GeoBox,
    *,
    green_roof_cover: GREEN_ROOF_COVER | None = None,
    parcels: Annotated[View, Table("parcels", (), optional=(DETENTION_STORAGE,))] | None = None,
) -> SolidsRemoval:
    """Return the share of suspended solids that each plot keeps back, by the guide's product.

    The plot's control rate times the mean removal of its facilities, weighted by their area; a tank counts as the
    area of rain garden that stores as much. Plots (parcels, or cells outside them) without facility have no value.
    """
    cell_plots = plots(None if parcels is None else parcels.geometry, grid=grid)
    counted = np.isfinite(annual_runoff_control.to_numpy())
    area = {
        name: plot_mean(part, cell_plots, counted)
        for name, part in zip(
            FACILITIES, shares(permeable_paving, rain_garden, green_roof_cover, counted.shape), strict=True
        )
    }
    area[TANK] = _tank_share(parcels, cell_plots, counted, depth=facility_storage["rain_garden"], grid=grid)
    total = np.asarray(sum(area.values()))
    mean = sum(part * removal[name] for name, part in area.items()) / np.maximum(total, TINY)
    rate = plot_mean(np.nan_to_num(annual_runoff_control.to_numpy()), cell_plots, counted)
    return SolidsRemoval(raster(np.where(counted & (total > TINY), rate * mean, np.nan)))


def _tank_share(
    parcels: gpd.GeoDataFrame | None, cell_plots: Cells, counted: NDArray[np.bool_], *, depth: float, grid: GeoBox
) -> F64:
    """Return the share of each plot that a rain garden would take to store what its tanks do."""
    if parcels is None:
        return np.zeros(cell_plots.shape)
    area = plot_cell_count(cell_plots, counted) * abs(grid.resolution.x * grid.resolution.y)
    volume = np.nan_to_num(parcel_values(column(parcels, "detention_storage"), cell_plots))
    return np.asarray(volume * MM_PER_M / depth / np.maximum(area, TINY), np.float64)
