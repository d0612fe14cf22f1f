"""A small coast with a hollow behind a ridge."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox

from citybraid.resilience.coast.coastal_inundation import CoastalInundationParams


def golden_case() -> Mapping[str, Any]:
    ground = np.array([[0.5, 3.0, 1.5, 1.0, -1.0], [0.5, 3.0, 1.8, 1.2, -1.0], [0.5, 3.0, np.nan, 2.6, -1.0]])
    cover = np.array([[50, 50, 50, 50, 80]] * 3, dtype=np.int32)
    return {
        "terrain": xr.DataArray(ground, dims=("y", "x")),
        "sea_level_peak": 2.2,
        "grid": GeoBox((3, 5), Affine(20.0, 0, 5e5, 0, -20.0, 2.7e6), "EPSG:4548"),
        "p": CoastalInundationParams(sides=("east",)),
        "land_cover": xr.DataArray(cover, dims=("y", "x")),
    }
