"""Thirty made-up years of daily rain, drawn around monthly normals."""

from datetime import date, timedelta

import numpy as np

from citybraid.sources.synthetic.climate import DAYS, RAIN

YEARS = (1991, 2020)
WET_SHARE = 0.42
"""Share of days with rain: assumed, near 150 days a year."""
PERSISTENCE = 0.35
"""How much likelier rain is after a day with rain than after one without: assumed."""
SHAPE = 0.6
"""Shape of the gamma distribution of a wet day's rain: assumed; most wet days are light."""


def rain_years(seed: int) -> tuple[tuple[date, float], ...]:
    """Return each day's rain [mm], to 0.1 mm: wet days follow one another, their rain is gamma distributed."""
    random = np.random.default_rng([seed, 30])
    first, last = date(YEARS[0], 1, 1), date(YEARS[1], 12, 31)
    found = []
    wet = False
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        wet = bool(random.random() < WET_SHARE + PERSISTENCE * (wet - WET_SHARE))
        mean = RAIN[day.month - 1] / DAYS[day.month - 1] / WET_SHARE
        found.append((day, round(float(random.gamma(SHAPE, mean / SHAPE)), 1) if wet else 0.0))
    return tuple(found)
