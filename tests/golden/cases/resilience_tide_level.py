"""Two harmonics, a surge and a rise, an hour after the rain's peak."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from citybraid.resilience.coast.tide_level import Constituent, TideLevelParams


def golden_case() -> Mapping[str, Any]:
    m2 = Constituent(name="M2", amplitude=1.5, phase=40.0)
    x9 = Constituent(name="X9", amplitude=0.4, phase=10.0, speed=15.0)
    return {
        "rain_intensity": pd.Series([10.0, 50.0, 20.0], index=[0.0, 0.5, 1.0]),
        "tide_speed": {"M2": 28.9841042},
        "tide_lag": 1.0,
        "surge_height": 0.8,
        "sea_level_rise": 0.3,
        "p": TideLevelParams(
            constituents=(m2, x9), mean_level=0.1, span=50.0, surge_rise=2.0, surge_fall=4.0, surge_lag=0.5, step=0.25
        ),
    }
