"""Homes in time, late, cut off, never reached, and off the grid."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry import box

from tests.resilience.street_town import CRS, grid, raster


def golden_case() -> Mapping[str, Any]:
    there = grid(60, 10)
    nan = np.nan
    homes = [box(10 * k + 2, 2, 10 * k + 8, 8) for k in (0, 1, 2, 3, 4, 9)]
    buildings = gpd.GeoDataFrame({"residents": [1.0, 2.0, 4.0, 8.0, nan, 16.0]}, geometry=homes, crs=CRS)
    buildings.index = [f"b{k}" for k in range(len(homes))]
    layers = {
        "hospital_time": [2, 3, 4, nan, 5, 6],
        "fire_time": [2, 3, 4, nan, 5, nan],
        "hospital_coverage": [1, 1, 1, 0, 1, 1],
        "fire_coverage": [1, 1, 0, 0, 0, 0],
        "peak_hospital_time": [2, 9, nan, nan, 5, nan],
        "peak_fire_time": [3, 9, nan, nan, nan, nan],
        "peak_hospital_coverage": [1, 0, 0, 0, 1, 0],
        "peak_fire_coverage": [1, 1, 0, 0, 0, 0],
        "after_hospital_time": [2, 3, nan, nan, 5, nan],
        "after_fire_time": [2, 3, 4, nan, nan, nan],
    }
    return {
        "buildings": buildings,
        "grid": there,
        **{name: raster(np.array([row], dtype=np.float64)) for name, row in layers.items()},
    }
