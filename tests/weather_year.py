"""A made-up year of hourly weather: warm summers, a daily swing, sun by day."""

from typing import NamedTuple

import numpy as np
import pandas as pd


class WeatherYear(NamedTuple):
    """Hourly series of a year."""

    dry_bulb: pd.Series
    relative_humidity: pd.Series
    global_horizontal: pd.Series
    wind_speed: pd.Series


def weather_year(*, mean: float = 17.0, swing: float = 4.0, wind: float = 3.0, south: bool = False) -> WeatherYear:
    """Return a year whose warmest day is 20 July (20 January in the south)."""
    hours = np.arange(8760)
    season = np.cos(2 * np.pi * (hours / 24 - (20 if south else 201)) / 365)
    clock = 2 * np.pi * (hours % 24 - 15) / 24
    sun = np.clip(np.cos(2 * np.pi * (hours % 24 - 12) / 24), 0, None) * (550 + 250 * season)
    return WeatherYear(
        pd.Series(mean + 12 * season + swing * np.cos(clock), hours, name="dry_bulb"),
        pd.Series(0.75 - 0.15 * np.cos(clock), hours, name="relative_humidity"),
        pd.Series(sun, hours, name="global_horizontal"),
        pd.Series(np.full(8760, wind), hours, name="wind_speed"),
    )
