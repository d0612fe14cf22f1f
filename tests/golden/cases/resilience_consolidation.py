"""A fall of head that grows along a row, 15 years after."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from citybraid.resilience.areas.consolidation import ConsolidationParams


def golden_case() -> Mapping[str, Any]:
    return {
        "head_decline": xr.DataArray(np.array([[0.0, 2.5, 7.0, np.nan, -1.0]]), dims=("y", "x")),
        "subsidence_years": 15.0,
        "p": ConsolidationParams(thickness=18.0, compressibility=4e-4, consolidation=1.5, drained_sides=1),
    }
