"""Values of factor rows: at a level of probability, from the row's own spread; and by use and year of construction."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, Resolved, range_of

Floats = NDArray[np.float64]
LEVEL_MARGIN = 0.01
"""Levels are clipped this far from 0 and 1, so that no draw lies outside the range of the ensemble's runs [-]."""

MEDIAN = 0.5
"""Level of the median [-]."""

ANY = "any"
"""Use of the rows for uses without one of their own."""
Vintages = tuple[tuple[float, str], ...]
"""First year of construction and key of each row of a use, the earliest first."""

MIN_RUNS = 8
"""Minimum runs of an ensemble for cross-validation of a quadratic fit of two sources."""

MIN_FACTOR_RUNS = 30
"""Minimum runs of a band from factors: below, its ends are those of single runs."""


def has_distribution(row: Factor) -> bool:
    """Tell whether a row states a distribution with distinct bounds."""
    return row.low is not None and row.high is not None and row.distribution in QUANTILES and row.low < row.high


def value_at(row: Factor, level: Floats) -> Floats:
    """Return a row's quantile at each probability level; its plain value where it states no distribution.

    `uniform` and `triangular` reach from low to high; of `normal`, low and high are one
    standard deviation below and above the value, each side with its own. A tail of `normal` that leaves the range of
    the factor is at its end (`within`), so that median and all other quantiles stay as stated; below an end that
    cannot be reached itself (0 of what is divided by) the lower half is truncated there instead.
    """
    if not has_distribution(row) or row.low is None or row.high is None:
        return np.full(np.shape(level), row.value)
    kept = np.clip(level, LEVEL_MARGIN, 1.0 - LEVEL_MARGIN)
    if row.distribution == "normal":
        kept = _above_open_end(row, row.low, kept)
    return within(row, QUANTILES[row.distribution](row.value, row.low, row.high, kept))


def within(row: Factor, values: Floats) -> Floats:
    """Return values of a factor's row, those beyond the range of the factor at its end (`codes/factor_ranges.csv`)."""
    known = range_of(row)
    return values if known is None else np.clip(values, known.least, known.most)


def _above_open_end(row: Factor, low: float, level: Floats) -> Floats:
    """Return levels whose normal quantiles stay above an end that is not in the range itself.

    Where the least level drawn would reach it, the levels below the median are spread evenly over those above the
    end's: a truncated lower half, with the median where it was.
    """
    known = range_of(row)
    if known is None or not known.above or low == row.value:
        return level
    end = float(ndtr((known.least - row.value) / (row.value - low)))
    return np.where(level < MEDIAN, end + (MEDIAN - end) * level / MEDIAN, level) if end >= LEVEL_MARGIN else level


def _uniform(value: float, low: float, high: float, level: Floats) -> Floats:  # noqa: ARG001  (all take the value)
    return low + (high - low) * level


def _triangular(value: float, low: float, high: float, level: Floats) -> Floats:
    rising = (value - low) / (high - low)
    below = low + np.sqrt(level * (high - low) * (value - low))
    above = high - np.sqrt((1.0 - level) * (high - low) * (high - value))
    return np.where(level < rising, below, above)


def _normal(value: float, low: float, high: float, level: Floats) -> Floats:
    score = ndtri(level)
    return np.asarray(value + score * np.where(score > 0.0, high - value, value - low), np.float64)


QUANTILES = {"uniform": _uniform, "triangular": _triangular, "normal": _normal}


def stated_or_of_use(
    stated: Floats, rows: Mapping[str, float], *, factor: str, uses: Iterable[str], years: Floats,
    level: float | None = None,
) -> Floats:  # fmt: skip
    """Return the stated values, and the factor's row of the use and year where there is none (NaN).

    The one rule for what a building does not state. Rows are "residential", or "residential/1990" for buildings
    completed in 1990 or later; "any" where the use has none. A user's rows win over shipped ones. With a
    probability level the rows have their quantile instead of their value. Raises InputError where no row fits.
    """
    keys = _row_keys(rows, factor, uses, years)
    value = {key: _at_level(rows, key, level) for key in set(keys)}
    return np.where(np.isfinite(stated), stated, np.array([value[key] for key in keys], np.float64))


def _row_keys(rows: Mapping[str, float], factor: str, uses: Iterable[str], years: Floats) -> list[str]:
    """Return the key of the row that holds for each use and year."""
    tiers = _tiers(rows, factor)
    known: dict[tuple[str, float], str] = {}
    keys = []
    for use, year in zip(uses, np.nan_to_num(years, nan=-np.inf), strict=True):
        if (use, year) not in known:
            known[use, year] = _row_key(use, year, tiers, factor)
        keys.append(known[use, year])
    return keys


def _row_key(use: str, year: float, tiers: tuple[Mapping[str, Vintages], ...], factor: str) -> str:
    for rows in tiers:
        for name in (use, ANY):
            if fitting := [key for first, key in rows.get(name, ()) if first <= year]:
                return fitting[-1]
    raise InputError("factor.use_missing", factor=factor, use=use)


def _tiers(rows: Mapping[str, float], factor: str) -> tuple[Mapping[str, Vintages], ...]:
    """Return the rows by use, the user's first, then the shipped ones."""
    resolved = rows.rows.values() if isinstance(rows, Resolved) else ()
    shipped = {row.key for row in resolved if row.origin == "citybraid"}
    return tuple(
        {use: _vintages(keys, use, factor) for use in {key.partition("/")[0] for key in keys}}
        for keys in ([key for key in rows if key not in shipped], [key for key in rows if key in shipped])
    )


def _vintages(keys: list[str], use: str, factor: str) -> Vintages:
    return tuple(sorted((_first_year(key, factor), key) for key in keys if key.partition("/")[0] == use))


def _first_year(key: str, factor: str) -> float:
    """Return the first year of construction in a key, minus infinity where it names none."""
    _, _, year = key.partition("/")
    if not year:
        return -np.inf
    try:
        return float(int(year))
    except ValueError as fault:
        raise InputError("factor.key_year", factor=factor, key=key) from fault


def _at_level(rows: Mapping[str, float], key: str, level: float | None) -> float:
    if level is None or not isinstance(rows, Resolved):
        return rows[key]
    return float(value_at(rows.rows[key], np.array([level]))[0])
