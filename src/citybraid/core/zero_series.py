"""Series of zeros beside the input that drives a model."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import xarray as xr


def zeros_along(driver: Any, name: str) -> pd.Series:
    """Return a series of zeros over the times of another series, of the first of several, or of a field."""
    series = next(iter(driver.values())) if isinstance(driver, Mapping) else driver
    hours = series["time"].to_numpy() if isinstance(series, xr.DataArray) else series.index.to_numpy()
    return pd.Series(0.0, index=pd.Index(hours, name="hours"), name=name)
