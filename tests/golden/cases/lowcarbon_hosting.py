"""Two parcels, one of them with too small a transformer, and one without a stated capacity."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.lowcarbon.test_supply import parcels


def golden_case() -> Mapping[str, Any]:
    return {"parcels": parcels(parcel_export_peak=[120.0, 80.0, 50.0], transformer_capacity=[100.0, 100.0, np.nan])}
