"""Every cover once, with street trees on the road, a green roof, and a cell without cover."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from citybraid.biodiversity.habitat_suitability import SuitabilityParams
from citybraid.core.factor import resolve


def golden_case() -> Mapping[str, Any]:
    cover = np.array([[10, 20, 30, 40, 50, 51], [52, 60, 80, 90, 0, 52]])
    canopy = np.where(cover == 51, 0.4, 0.0)
    roof = np.zeros(cover.shape)
    roof[0, 5], roof[1, 0] = 0.0, 0.8
    return {
        "land_cover": xr.DataArray(cover, dims=("y", "x")),
        "suitability": resolve("habitat_suitability", region="CN-ZJ"),
        "canopy_cover": xr.DataArray(canopy, dims=("y", "x")),
        "p": SuitabilityParams(),
        "green_roof_cover": xr.DataArray(roof, dims=("y", "x")),
    }
