"""A house, a shed smaller than a cell, a pier and one off the grid, on a slope of water."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.resilience.damage.flood_depth import FloodDepthParams


def golden_case() -> Mapping[str, Any]:
    grid = GeoBox.from_bbox((0, 0, 50, 40), crs="EPSG:32651", resolution=5)
    depth = np.linspace(0.0, 1.0, 80).reshape(grid.shape)
    cover = np.full(grid.shape, 30)
    cover[:, 7:] = 80
    shapes = [box(10, 10, 25, 20), box(6.0, 31.0, 8.0, 33.0), box(41, 16, 44, 19), box(90, 90, 95, 95)]
    buildings = gpd.GeoDataFrame(geometry=shapes, index=["house", "shed", "pier", "away"], crs="EPSG:32651")
    return {
        "max_depth": xr.DataArray(depth, dims=("y", "x")),
        "buildings": buildings,
        "grid": grid,
        "p": FloodDepthParams(reach=2),
        "land_cover": xr.DataArray(cover, dims=("y", "x")),
    }
