"""A street over a canal, on ground known by hand: plain at 3 m, canal bed at 1.1 m, banks of 10 m."""

from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
from shapely.geometry import LineString

from tests.resilience.street_town import grid, raster, streets

CELL = 5.0
HERE = grid(400, 200, CELL)
PLAIN, BED = 3.0, 1.1
X, Y = np.meshgrid((np.arange(80) + 0.5) * CELL, 200.0 - (np.arange(40) + 0.5) * CELL)
ACROSS = LineString([(0, 102), (400, 102)])


def canal(width: float = 30.0, bank: float = 10.0, *, at: float = 200.0) -> xr.DataArray:
    """Return the terrain with a canal that runs north."""
    share = np.clip((np.abs(X - at) - 0.5 * width) / bank, 0.0, 1.0)
    return raster(BED + share * (PLAIN - BED))


def ramp(length: float = 60.0) -> xr.DataArray:
    """Return the terrain with an underpass along the street: the bed 40 m long, ramps of a length [m]."""
    along = np.clip((np.abs(X - 200.0) - 20.0) / length, 0.0, 1.0)
    return raster(np.where(np.abs(Y - 100.0) < 12.0, BED + along * (PLAIN - BED), PLAIN))


def water_at(level: float, terrain: xr.DataArray) -> xr.DataArray:
    """Return depths of still water at a level [m] wherever the ground is lower."""
    return raster(np.clip(level - terrain.to_numpy(), 0.0, None))


def street(**columns: list[Any]) -> gpd.GeoDataFrame:
    """Return the street across the canal."""
    return streets(ACROSS, **columns)
