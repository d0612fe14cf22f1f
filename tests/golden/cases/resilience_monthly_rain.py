"""Half days of rain from February of a leap year, a gap in March, the last month cut short."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


def golden_case() -> Mapping[str, Any]:
    rain = (np.arange(2 * 95) % 9).astype(np.float64)
    rain[80:90] = np.nan
    return {"daily_rain": pd.Series(rain, np.arange(rain.size) * 12.0), "record_start": 1984.0 + 1 / 12}
