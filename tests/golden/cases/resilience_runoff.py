"""Two hours of rain on four curve numbers, one cell with a rain garden."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from citybraid.resilience.ground.runoff import RunoffParams


def golden_case() -> Mapping[str, Any]:
    numbers = xr.DataArray(np.array([[60.0, 80.0], [98.0, np.nan]]), dims=("y", "x"))
    garden = xr.DataArray(np.array([[0.0, 0.05], [0.0, 0.0]]), dims=("y", "x"))
    return {
        "rain_intensity": pd.Series([40.0, 25.0], index=[0.0, 1.0]),
        "curve_number": numbers,
        "permeable_paving": garden * 0.0,
        "rain_garden": garden,
        "facility_storage": {"permeable_paving": 105.0, "rain_garden": 250.0, "green_roof": 20.0},
        "paving_run_on": {"": 0.0},
        "p": RunoffParams(),
    }
