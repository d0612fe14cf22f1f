"""The made-up town of six components in a moderate shaking."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from citybraid.core.factor import resolve
from citybraid.resilience.earthquake.quake_lifelines import QuakeLifelinesParams
from tests.resilience.lifeline_town import components, homes, shipped_factors
from tests.resilience.test_quake_lifelines import GRID, HITS


def golden_case() -> Mapping[str, Any]:
    return {
        "ground_acceleration": xr.DataArray(np.full(GRID.shape, 0.25), dims=("y", "x")),
        "components": components().drop(columns=HITS), "buildings": homes(elderly=[30.0, 20.0]), **shipped_factors(),
        **{name: resolve(name) for name in ("quake_lifeline", "quake_lifeline_spread", "bed_occupancy")}, "grid": GRID,
        "p": QuakeLifelinesParams(runs=50, horizon=480.0), "lifeline_links": None,
    }  # fmt: skip
