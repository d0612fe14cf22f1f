"""Grass and road on two soils, one of them assumed."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from citybraid.resilience.ground.curve_number import CurveNumberParams


def golden_case() -> Mapping[str, Any]:
    numbers = {f"grass/{g}": float(n) for g, n in zip("ABCD", (49, 69, 79, 84), strict=True)}
    return {
        "land_cover": xr.DataArray(np.array([[30, 30], [51, 0]], np.int32), dims=("y", "x")),
        "soil_group": xr.DataArray(np.array([[1, 0], [4, 0]], np.int32), dims=("y", "x")),
        "numbers": {**numbers, **{f"road/{g}": 98.0 for g in "ABCD"}},
        "p": CurveNumberParams(soil_group="C"),
    }
