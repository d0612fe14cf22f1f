"""Turnover of a stock: what survives of each vintage, and what must be built to reach a given stock each year."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gamma

Array = NDArray[np.float64]
SHAPES = (0.2, 60.0)
"""Weibull shapes between which one is sought: spreads of 71 to 0.02 of the mean."""


class Lifetime(NamedTuple):
    """Weibull distribution of lifetimes: scale [year] and shape [-]."""

    scale: float
    shape: float


class Turnover(NamedTuple):
    """Stock of each year from the start (a column each): survivors by vintage, and what is built and torn down."""

    surviving: Array
    """Of each vintage of the start; (vintages, years)."""
    built: Array
    demolished: Array
    stock: Array


def lifetime(mean: float, spread: float) -> Lifetime:
    """Return the Weibull distribution of a mean lifetime [year] and a standard deviation over the mean [-]."""
    from scipy.optimize import brentq

    def excess(shape: float) -> float:
        return float(gamma(1 + 2 / shape) / gamma(1 + 1 / shape) ** 2 - 1 - spread**2)

    shape = float(brentq(excess, *SHAPES))
    return Lifetime(mean / float(gamma(1 + 1 / shape)), shape)


def survival(age: Array, life: Lifetime) -> Array:
    """Return the share of a vintage that stands at an age [year]; all of it stands before it is a year old."""
    return np.asarray(np.exp(-((np.maximum(age, 0.0) / life.scale) ** life.shape)), dtype=np.float64)


def standing(age: Array, years: Array, life: Lifetime) -> Array:
    """Return the share of what stands at an age that still stands some years later; (vintages, years)."""
    power = ((np.maximum(age, 0.0)[:, None] + years) / life.scale) ** life.shape
    return np.asarray(np.exp((np.maximum(age, 0.0)[:, None] / life.scale) ** life.shape - power), dtype=np.float64)


def turnover(vintage: Array, target: Array, age: Array, life: Lifetime) -> Turnover:
    """Return the turnover of vintages [any unit] of an age [year] so that the stock is the target of each year.

    The target's first year is the start and equals the vintages' sum. What is built ages like the rest (Müller 2006,
    stock-driven). Where survivors exceed the target, the excess is torn down, in proportion to all that stands.
    """
    count = target.size
    surviving = vintage[:, None] * standing(age, np.arange(count, dtype=np.float64), life)
    new, built, demolished = np.zeros((count, count)), np.zeros(count), np.zeros(count)
    ages = np.arange(count, dtype=np.float64)
    left = survival(ages, life)
    step = np.ones(count)
    step[1:] = left[1:] / np.where(left[:-1] > 0.0, left[:-1], 1.0)
    excess = 1.0
    for year in range(1, count):
        new[:year, year] = new[:year, year - 1] * step[year - np.arange(year)]
        surviving[:, year] *= excess
        before = surviving[:, year].sum() + new[:year, year].sum()
        cut = min(1.0, target[year] / before) if before > 0.0 else 1.0
        excess *= cut
        surviving[:, year] *= cut
        new[:year, year] *= cut
        built[year] = max(target[year] - cut * before, 0.0)
        demolished[year] = target[year - 1] - cut * before
        new[year, year] = built[year]
    return Turnover(surviving, built, demolished, surviving.sum(axis=0) + new.sum(axis=0))
