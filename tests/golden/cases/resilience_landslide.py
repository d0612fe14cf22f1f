"""A steep hollow of seven by six cells."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox

from citybraid.resilience.areas.landslide import LandslideParams


def golden_case() -> Mapping[str, Any]:
    row, column = np.mgrid[:7, :6]
    ground = 60.0 - 7.0 * row + 2.5 * np.abs(column - 2.4)
    return {
        "terrain": xr.DataArray(ground, dims=("y", "x")),
        "soil": {
            "cohesion_low": 0.0,
            "cohesion_high": 0.25,
            "friction_low": 30.0,
            "friction_high": 45.0,
            "recharge_low": 1 / 3000,
            "recharge_high": 1 / 2000,
            "density_ratio": 0.5,
        },
        "grid": GeoBox((7, 6), Affine(10.0, 0, 6e5, 0, -10.0, 2.7e6), "EPSG:4548"),
        "p": LandslideParams(recharge_factor=2.0),
    }
