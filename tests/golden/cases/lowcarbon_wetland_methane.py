"""Water, a wetland, land, and a cell without cover."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from citybraid.core.factor import resolve


def golden_case() -> Mapping[str, Any]:
    return {
        "land_cover": xr.DataArray(np.array([[80, 90], [30, 0]]), dims=("y", "x")),
        "wetland_methane_rate": resolve("wetland_methane_rate", region="CN"),
    }
