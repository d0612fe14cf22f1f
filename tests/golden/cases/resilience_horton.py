"""Grass, road with some permeable paving, trees and no cover, on four soil groups, drained."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from citybraid.resilience.ground.horton import HortonParams


def layer(values: Any, dtype: type = float) -> xr.DataArray:
    return xr.DataArray(np.array(values, dtype), dims=("y", "x"))


def golden_case() -> Mapping[str, Any]:
    rates = {"first": (127.0, 76.0, 51.0, 25.0), "last": (9.5, 5.7, 2.5, 0.6), "decay": (4.0, 4.1, 4.2, 4.3)}
    return {
        "land_cover": layer([[30, 51], [10, 0]], np.int32),
        "permeable_paving": layer([[0.0, 0.3], [0.0, 0.0]]),
        "soil_group": layer([[2, 3], [4, 0]], np.int32),
        "horton_rate": {f"{g}/{part}": row[i] for part, row in rates.items() for i, g in enumerate("ABCD")},
        "horton_moisture": {"drained": 1.0 / 3.0},
        "horton_vegetation": {"grass": 1.0, "road": 1.0, "trees": 2.0},
        "pervious_share": {"grass": 1.0, "road": 0.0, "trees": 1.0},
        "p": HortonParams(moisture="drained", soil_group="B"),
    }
