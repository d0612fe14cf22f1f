"""Clearness of the days of a month and of the hours of a day, by published distributions about their means."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]

LEAST = 0.05
"""Least clearness of a day [-] (Bendt, Collares-Pereira and Rabl 1981)."""
ROUNDS = 6
"""Most times that days are scaled to their month's mean and hours to their day's, between their bounds."""
DARK = 1e-3
"""Sine of the sun's elevation below which an hour has no light [-]."""


def most_of(mean: float) -> float:
    """Return the largest clearness of a day in a month of that mean [-] (Hollands and Huget 1983, eq. 4)."""
    return 0.6313 + 0.267 * mean - 11.9 * (mean - 0.75) ** 8


def _centre(rate: float) -> float:
    """Return the mean of an exponential distribution on 0 to 1 that grows with `rate` [-]."""
    if abs(rate) < 1e-6:  # noqa: PLR2004  (the limit of an even distribution)
        return 0.5
    return float(1.0 / -np.expm1(-rate) - 1.0 / rate)


def quantiles(mean: float, share: Floats) -> Floats:
    """Return the clearness that a share of the days of a month does not exceed [-].

    Exponential between the least and the largest clearness, with the rate that gives the month's mean (Bendt,
    Collares-Pereira and Rabl 1981, Solar Energy 27: 1-5).
    """
    most = most_of(mean)
    part = (mean - LEAST) / (most - LEAST)
    rate = float(brentq(lambda tried: _centre(tried) - part, -60.0, 60.0))
    if abs(rate) < 1e-6:  # noqa: PLR2004
        return LEAST + (most - LEAST) * share
    return np.asarray(LEAST + (most - LEAST) * np.log1p(share * np.expm1(rate)) / rate, np.float64)


def of_days(mean: float, scores: Floats, outside: Floats) -> Floats:
    """Return the clearness of the days of a month [-] in the order of their scores.

    The days share out the whole distribution evenly (Knight, Klein and Duffie 1991, Solar Energy 46: 109-120), and
    together they have the month's mean, weighted by the extraterrestrial irradiation of each day, `outside`.
    """
    share = (scores.argsort().argsort() + 0.5) / scores.size
    days = quantiles(mean, share)
    for _ in range(ROUNDS):
        days = np.clip(days * mean * outside.sum() / (days * outside).sum(), LEAST / 2.0, most_of(mean))
    return days


def of_hours(days: Floats, sine: Floats, angle: Floats, even: Floats) -> Floats:
    """Return the clearness of the hours (days, 24) [-] of days of known clearness.

    Normally distributed about a mean by day and height of the sun, with memory from hour to hour, between no light
    and a clear sky's (Aguiar and Collares-Pereira 1992, Solar Energy 49: 167-174), then scaled to the day's. `sine`
    is that of the sun's elevation and `angle` the hour angle [rad], both (days, 24); `even` are numbers between 0 and
    1 of the same shape that the hours are drawn with.
    """
    fading = -0.19 + 1.12 * days + 0.24 * np.exp(-8.0 * days)
    gain, loss = 0.32 - 1.6 * (days - 0.5) ** 2, 0.19 + 2.27 * days**2 - 2.51 * days**3
    spread, widening = 0.14 * np.exp(-20.0 * (days - 0.35) ** 2), 3.0 * (days - 0.45) ** 2 + 16.0 * days**5
    memory = 0.38 + 0.06 * np.cos(7.4 * days - 2.5)
    rest = np.sqrt(1.0 - memory**2)
    hours, off = np.zeros_like(sine), np.zeros_like(days)
    clear = np.maximum(0.88 * np.cos(angle * 12.0 / 30.0), 0.0)
    for hour in range(sine.shape[1]):
        height, limit = np.maximum(sine[:, hour], DARK), clear[:, hour]
        mean, deviation = fading + gain * np.exp(-loss / height), spread * np.exp(widening * (1.0 - height))
        least, most = ((end - mean) / deviation for end in (0.0, limit))
        ends = ndtr((least - memory * off) / rest), ndtr((most - memory * off) / rest)
        drawn = ndtri(np.clip(ends[0] + even[:, hour] * (ends[1] - ends[0]), 1e-12, 1.0 - 1e-12))
        lit = sine[:, hour] > DARK
        off = np.where(lit, np.clip(memory * off + rest * drawn, least, most), 0.0)
        hours[:, hour] = np.where(lit, np.clip(mean + deviation * off, 0.0, limit), 0.0)
    return _scaled(hours, days, clear, np.maximum(sine, 0.0))


def _scaled(hours: Floats, days: Floats, clear: Floats, weight: Floats) -> Floats:
    """Scale hours to their day's clearness, none above that of a clear sky."""
    for _ in range(ROUNDS):
        found = (hours * weight).sum(axis=1) / weight.sum(axis=1)
        hours = np.minimum(hours * (days / found)[:, None], clear)
    return hours
