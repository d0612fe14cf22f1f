"""Drought indices of monthly sums: gamma and log-logistic fits by calendar month, monthly evaporation, soil water."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, ndtri

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

YEAR = 12
EPOCH = 1970
"""First year of numpy's dates."""
EDGE = 3.09
"""Bound of the index on both sides [-]: a probability of 1 in 1000, beyond what decades of months can resolve."""
STRAIGHT = 1e-6
"""Shape below which the generalised logistic is taken as the logistic [-]."""
LEAST = 4
"""Fewest values for the fit of a three-parameter distribution."""
HOT = 26.5
"""Monthly mean from which Thornthwaite's power law no longer holds [degC]."""
DAYS = np.array([31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0])
STANDARD_MONTH, STANDARD_DAY = 30.0, 12.0


def moving_sums(values: Floats, months: int) -> Floats:
    """Return moving sums over each month and those before it, `months` in total; NaN where one is missing."""
    totals = np.full(values.size, np.nan)
    if values.size >= months:
        windows = np.lib.stride_tricks.sliding_window_view(values, months)
        totals[months - 1 :] = windows.sum(axis=1)
    return totals


def aggregate_by_month(values: Floats, month: Ints, first: int, *, least: float, total: bool) -> Floats:
    """Aggregate daily values by month from month `first` on: their mean, times the days of the month for a `total`.

    `month` counts months from January of year 0. A month with less than `least` [-] of its days is NaN.
    """
    known = np.isfinite(values)
    count = int(month.max()) - first + 1
    counts = np.bincount(month[known] - first, minlength=count)
    totals = np.bincount(month[known] - first, weights=values[known], minlength=count)
    days = np.diff(first_days(np.arange(first, first + count + 1))).astype(np.float64)
    mean = np.where(counts >= least * days, totals / np.maximum(counts, 1), np.nan)
    return np.asarray(mean * days if total else mean, dtype=np.float64)


def first_days(month: Ints) -> NDArray[np.datetime64]:
    """Return the first day of months counted from January of year 0."""
    return (month - EPOCH * YEAR).astype("datetime64[M]").astype("datetime64[D]")


def gamma_index(values: Floats, known: Floats) -> Floats:
    """Return the standard normal deviate of sums [-] by a gamma distribution with a share of zeros.

    McKee et al. (1993): H = q + (1 - q) G, with q the share of zeros of the `known` sums
    and G the gamma distribution of the others, fitted by Thom's (1958) approximation of the
    maximum likelihood shape. NaN where fewer than LEAST sums are positive, or all are equal.
    """
    known = known[np.isfinite(known)]
    wet = known[known > 0.0]
    if wet.size < LEAST:
        return np.full(values.size, np.nan)
    spread = np.log(wet.mean()) - np.log(wet).mean()
    if spread <= 0.0:
        return np.full(values.size, np.nan)
    shape = (1.0 + np.sqrt(1.0 + 4.0 * spread / 3.0)) / (4.0 * spread)
    dry = 1.0 - wet.size / known.size
    return deviate(dry + (1.0 - dry) * gammainc(shape, np.maximum(values, 0.0) * shape / wet.mean()))


class Logistic(NamedTuple):
    """Generalised logistic distribution: location and scale [mm], shape [-]; the log-logistic of three parameters."""

    location: float
    scale: float
    shape: float


def weighted_moments(known: Floats, *, unbiased: bool) -> tuple[float, float, float]:
    """Return w0, w1, w2, the means of x (1 - F)^s over a sample.

    Unbiased (Hosking 1986; Beguería et al. 2014) or at the plotting positions (i - 0.35) / N (Vicente-Serrano et al.
    2010, eq. 9).
    """
    x = np.sort(known)
    count, rank = x.size, np.arange(1.0, x.size + 1.0)
    if unbiased:
        first = (count - rank) / (count - 1.0)
        second = first * (count - rank - 1.0) / (count - 2.0)
    else:
        first = 1.0 - (rank - 0.35) / count
        second = first**2
    return float(x.mean()), float((x * first).mean()), float((x * second).mean())


def logistic_fit(known: Floats, *, unbiased: bool) -> Logistic | None:
    """Return the log-logistic fitted by probability-weighted moments; None where values are too few or all equal.

    Vicente-Serrano et al. (2010), eq. 6 to 8, with shape -1/beta, so that samples
    of negative or no skew can be fitted as well.
    """
    known = known[np.isfinite(known)]
    if known.size < LEAST:
        return None
    w0, w1, w2 = weighted_moments(known, unbiased=unbiased)
    second, third = w0 - 2.0 * w1, w0 - 6.0 * w1 + 6.0 * w2
    if second <= STRAIGHT * max(1.0, float(np.abs(known).max())):
        return None
    shape = -third / second
    if abs(shape) < STRAIGHT:
        return Logistic(w0, second, 0.0)
    scale = second * np.sin(np.pi * shape) / (np.pi * shape)
    return Logistic(float(w0 - scale * (1.0 / shape - np.pi / np.sin(np.pi * shape))), float(scale), shape)


def logistic_index(values: Floats, known: Floats, *, unbiased: bool) -> Floats:
    """Return the standard normal deviate [-] of values by the log-logistic of the `known` ones."""
    fit = logistic_fit(known, unbiased=unbiased)
    if fit is None:
        return np.full(values.size, np.nan)
    reduced = (values - fit.location) / fit.scale
    if fit.shape != 0.0:
        with np.errstate(divide="ignore"):
            reduced = -np.log(np.maximum(1.0 - fit.shape * reduced, 0.0)) / fit.shape
    return deviate(1.0 / (1.0 + np.exp(-np.clip(reduced, -500.0, 500.0))))


def deviate(probability: Floats) -> Floats:
    """Return the standard normal deviate of a non-exceedance probability, within ±EDGE."""
    return np.asarray(np.clip(ndtri(probability), -EDGE, EDGE), dtype=np.float64)


def in_drought(index: Floats, *, onset: float) -> Flags:
    """Return which months are in a drought (McKee et al. 1993).

    A drought is a run of months below 0 that reaches `onset` [-]; a month without a value ends it.
    """
    below = np.nan_to_num(index, nan=1.0) < 0.0
    run = np.cumsum(np.diff(below, prepend=False))
    worst = np.full(int(run.max(initial=0)) + 1, np.inf)
    np.minimum.at(worst, run[below], index[below])
    return np.asarray(below & (worst[run] <= onset), dtype=np.bool_)


def longest_run(flags: Flags) -> int:
    """Return the length of the longest run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def thornthwaite(temperature: Floats, month: NDArray[np.int64], *, latitude: float) -> Floats:
    """Return potential evapotranspiration of each month [mm] from its mean temperature [degC].

    Thornthwaite (1948): 16 (10 T / I)^a of a month of 30 days of 12 hours, times the
    month's days and daylight at `latitude` [degree]; I and a from the record's mean of each calendar
    month; above HOT Willmott et al. (1985), eq. 8; none at or below 0 °C. `month` is 0 for January.
    """
    mean = np.array([np.nanmean(temperature[month == each]) for each in range(YEAR)])
    heat = float(((np.maximum(mean, 0.0) / 5.0) ** 1.514).sum())
    if heat <= 0.0:
        return np.where(np.isfinite(temperature), 0.0, np.nan)
    power = 6.75e-7 * heat**3 - 7.71e-5 * heat**2 + 1.792e-2 * heat + 0.49239
    warm = np.maximum(temperature, 0.0)
    plain = np.where(warm < HOT, 16.0 * (10.0 * warm / heat) ** power, -415.85 + 32.24 * warm - 0.43 * warm**2)
    return np.asarray(plain * (daylight(latitude) / STANDARD_DAY * DAYS / STANDARD_MONTH)[month], dtype=np.float64)


def daylight(latitude: float) -> Floats:
    """Return the mean daylight hours of the twelve months from daily values, FAO-56 eq. 24, 25 and 34."""
    day = np.arange(1.0, 366.0)
    declination = 0.409 * np.sin(2.0 * np.pi / 365.0 * day - 1.39)
    sunset = np.arccos(np.clip(-np.tan(np.deg2rad(latitude)) * np.tan(declination), -1.0, 1.0))
    owner = np.repeat(np.arange(YEAR), DAYS.astype(np.int64))
    return np.asarray(np.bincount(owner, weights=24.0 / np.pi * sunset) / DAYS, dtype=np.float64)


class SoilWater(NamedTuple):
    """Monthly soil water balance, one value a month [mm]."""

    evaporated: Floats
    stored: Floats
    """At the end of the month."""
    deficit: Floats
    surplus: Floats


def soil_water(rain: Floats, demand: Floats, *, capacity: float, start: float) -> SoilWater:
    """Return the Thornthwaite-Mather balance of a soil with a `capacity` [mm] and initial storage `start` [mm].

    A month with more rain than demand fills the soil; the excess over capacity is surplus. In a drier month
    storage declines by the factor exp(-(demand - rain) / capacity) (Thornthwaite and Mather 1957;
    Alley 1984, eq. 3); unmet demand is deficit.
    """
    evaporated, stored, surplus = (np.zeros(rain.size) for _ in range(3))
    storage = start
    for month in range(rain.size):
        net_rain = rain[month] - demand[month]
        if net_rain >= 0.0:
            new_storage = min(storage + net_rain, capacity)
            evaporated[month], surplus[month] = demand[month], storage + net_rain - new_storage
        else:
            new_storage = storage * np.exp(net_rain / capacity)
            evaporated[month] = rain[month] + storage - new_storage
        storage = stored[month] = new_storage
    return SoilWater(evaporated, stored, demand - evaporated, surplus)
