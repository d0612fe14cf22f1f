"""Woods, a lawn under half a crown, a road, water, and a cell without cover."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from citybraid.core.factor import resolve
from citybraid.lowcarbon.green_sink import GreenSinkParams


def golden_case() -> Mapping[str, Any]:
    cover, crown = [[10, 30, 51], [80, 0, 20]], [[0.8, 0.5, 0.2], [0.0, 0.3, np.nan]]
    return {
        "land_cover": xr.DataArray(np.array(cover), dims=("y", "x")),
        "canopy_cover": xr.DataArray(np.array(crown), dims=("y", "x")),
        "sink_rate": resolve("sink_rate", region="CN-ZJ"),
        "p": GreenSinkParams(),
    }
