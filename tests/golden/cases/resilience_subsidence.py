"""Five cells that sink at their rates for 15 years while the sea rises."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr


def golden_case() -> Mapping[str, Any]:
    return {
        "terrain": xr.DataArray(np.array([[2.0, 2.5, 3.0, 3.5, np.nan]]), dims=("y", "x")),
        "subsidence_rate": xr.DataArray(np.array([[0.0, 12.0, -3.0, np.nan, 8.0]]), dims=("y", "x")),
        "subsidence_years": 15.0,
        "sea_level_rise": 0.06,
    }
