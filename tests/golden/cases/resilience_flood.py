"""A 6 x 7 slope with one building, soil, an inflow-free storm and free edges."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.resilience.flood import FloodParams


def layer(values: Any) -> xr.DataArray:
    return xr.DataArray(np.asarray(values, dtype=np.float64), dims=("y", "x"))


def golden_case() -> Mapping[str, Any]:
    y, x = np.mgrid[0:6, 0:7]
    built = np.zeros((6, 7))
    built[2:4, 3] = 1.0
    one = np.ones((6, 7))
    return {
        "terrain": layer(5.0 - 0.05 * x - 0.03 * y + 0.04 * ((x * y) % 3)),
        "manning": layer(0.03 * one),
        "rain_intensity": pd.Series([60.0, 120.0, 0.0], index=[0.0, 1 / 12, 1 / 6]),
        "flood_debris": {"depth": 0.25, "shallow": 0.5, "deep": 1.0},
        "grid": GeoBox.from_bbox((0, 0, 35, 30), crs="EPSG:32651", resolution=5),
        "p": FloodParams(duration=1200.0, threshold=0.005),
        "building_fraction": layer(built),
        "hydraulic_conductivity": layer(6.5 * one),
        "suction_head": layer(166.8 * one),
        "moisture_deficit": layer(0.2 * one),
        "surface_storage": layer(1.0 * one),
        "drain_capacity": layer(5.0 * one),
    }
