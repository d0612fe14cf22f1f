"""A made-up record of 40 years of months by a generator of whole numbers, the same on every machine."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

START = 1981.0
LATITUDE = 30.0
YEARS = 40
SEASON = (10, 15, 30, 45, 60, 90, 120, 110, 70, 40, 20, 8)
MULTIPLIER, INCREMENT, MODULUS = 1103515245, 12345, 2**31


class Months(NamedTuple):
    """Rain [mm] and temperature [degC] of each month."""

    rain: pd.Series
    temperature: pd.Series


def uniform(count: int, seed: int) -> NDArray[np.float64]:
    """Return numbers between 0 and 1 by a linear congruence."""
    found = []
    for _ in range(count):
        seed = (MULTIPLIER * seed + INCREMENT) % MODULUS
        found.append((seed + 0.5) / MODULUS)
    return np.array(found)


def months(*, years: int = YEARS, seed: int = 7) -> Months:
    """Return the record: wet summers, one month in twelve without rain, a yearly swing of 26 K."""
    count = 12 * years
    draws = uniform(3 * count, seed).reshape(3, count)
    season = np.tile(SEASON, years)
    rain = np.where(draws[0] < 1 / 12, 0.0, np.round(-np.log(draws[1]) * season, 1))
    swing = 14.0 - 13.0 * np.cos(2.0 * np.pi * (np.arange(count) % 12) / 12.0)
    index = pd.Index(np.arange(count) * 730.5, name="hours")
    return Months(
        pd.Series(rain, index, name="monthly_rain"),
        pd.Series(np.round(swing + 4.0 * (draws[2] - 0.5), 1), index, name="monthly_temperature"),
    )
