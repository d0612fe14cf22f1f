"""Four covers, one of them none."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr


def golden_case() -> Mapping[str, Any]:
    codes = xr.DataArray(np.array([[10, 51], [80, 0]], np.int32), dims=("y", "x"))
    return {"land_cover": codes, "manning_n": {"trees": 0.1, "road": 0.013, "water": 0.03}}
