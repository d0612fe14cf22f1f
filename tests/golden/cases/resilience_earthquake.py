"""Buildings of several heights and ages under one shaking."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from citybraid.resilience.earthquake.earthquake import EarthquakeParams
from tests.resilience.test_earthquake import GRID, factors, quarter


def golden_case() -> Mapping[str, Any]:
    return {
        "ground_acceleration": xr.DataArray(np.full(GRID.shape, 0.2), dims=("y", "x")),
        "buildings": quarter([2.0, 5.0, 6.0, 18.0], year_built=[1970.0, 1985.0, np.nan, 2012.0]),
        **factors(), "grid": GRID, "p": EarthquakeParams(),
    }  # fmt: skip
