"""Two storms, a warm corner, ties at the median, and a cell without a value."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr


def golden_case() -> Mapping[str, Any]:
    def raster(*rows: tuple[float, ...]) -> xr.DataArray:
        return xr.DataArray(np.array(rows), dims=("y", "x"))

    return {
        "habitat_quality": raster((0.9, 0.9, 0.2), (0.0, 0.5, np.nan)),
        "green_sink": raster((1.2, 0.0, 0.0), (0.0, 0.3, 0.1)),
        "night_heat_island": raster((0.4, 0.9, 3.1), (2.8, 1.5, 1.0)),
        "runoff_depths": {
            "rp5": raster((2.0, 8.0, 30.0), (28.0, 6.0, 1.0)), "rp50": raster((20.0, 40.0, 90.0), (88.0, 45.0, 15.0)),
        },
    }  # fmt: skip
