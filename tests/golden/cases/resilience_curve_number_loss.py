"""Curve numbers of lawn, street and no cover, on wet ground."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from citybraid.resilience.ground.curve_number_loss import CurveNumberLossParams


def golden_case() -> Mapping[str, Any]:
    return {
        "curve_number": xr.DataArray(np.array([[61.0, 98.0], [100.0, np.nan]]), dims=("y", "x")),
        "antecedent_moisture": {"III/a": 23.0, "III/b": 0.13},
        "p": CurveNumberLossParams(moisture="III"),
    }
