"""Homes along a street, and a field of felt temperature over them, for tests of people in heat."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
from shapely.geometry import box

CELL = 25.0


def homes(residents: Sequence[float], **columns: Sequence[float]) -> gpd.GeoDataFrame:
    """Return houses of 10 m, one every 100 m to the east."""
    shapes = [box(100.0 * at + 5.0, 5.0, 100.0 * at + 15.0, 15.0) for at in range(len(residents))]
    index = [f"b{at}" for at in range(len(residents))]
    return gpd.GeoDataFrame({"residents": residents, **columns}, geometry=shapes, index=index, crs="EPSG:32651")


def felt(courses: Any) -> xr.DataArray:
    """Return a field whose columns of 100 m have one course each (homes, hours) [degC]."""
    by_home = np.repeat(np.asarray(courses, np.float64), 4, axis=0)
    values = np.repeat(by_home.T[:, None, :], 4, axis=1)
    x = CELL * (np.arange(by_home.shape[0]) + 0.5) - 40.0
    y = 50.0 - CELL * np.arange(4.0)
    hours = 4800.0 + np.arange(by_home.shape[1])
    return xr.DataArray(values, dims=("time", "y", "x"), coords={"time": hours, "y": y, "x": x})


def day(peak: float, *, night: float = 26.0) -> np.ndarray:
    """Return 24 hours of felt temperature, highest at 14:00."""
    hours = np.arange(24)
    return night + (peak - night) * np.maximum(np.cos(2 * np.pi * (hours - 14) / 24), 0.0)
