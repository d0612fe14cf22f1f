"""A wind that turns and a pressure that falls over five hours."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from citybraid.core.factor import resolve
from citybraid.resilience.coast.surge import SurgeParams


def golden_case() -> Mapping[str, Any]:
    return {
        "site_wind": pd.Series([10.0, 25.0, 40.0, 30.0, 12.0]),
        "site_wind_from": pd.Series([60.0, 90.0, 120.0, 200.0, 290.0]),
        "site_pressure": pd.Series([1000.0, 980.0, 955.0, 975.0, 1002.0]),
        "high_tide": 2.8,
        "coast": dict(resolve("surge")),
        "typhoon": dict(resolve("typhoon_wind")),
        "p": SurgeParams(seaward=110.0, shelf_width=120.0, shelf_depth=25.0, latitude=24.5),
        "sea_level_rise": 0.3,
    }
