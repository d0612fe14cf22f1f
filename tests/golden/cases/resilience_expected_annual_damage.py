"""Three return periods, given out of order; one building has no value in one of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.resilience.damage.annual import AnnualParams


def golden_case() -> Mapping[str, Any]:
    ids = ["a", "b", "c"]
    return {
        "damages": {
            "rare": pd.Series([100.0, 40.0, 9.0], ids),
            "often": pd.Series([10.0, 0.0, np.nan], ids),
            "seldom": pd.Series([60.0, 0.0, 3.0], ids),
        },
        "return_periods": {"rare": 100.0, "often": 5.0, "seldom": 20.0},
        "p": AnnualParams(),
    }
