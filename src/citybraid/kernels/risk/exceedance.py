"""Annual loss: weights of events, expected loss from a few return periods, the exceedance curve from many."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def annual_weights(period: Floats, *, onset: float, tail: bool) -> Floats:
    """Return weights [1/year] of events with rising return periods [year]: their product with losses is the trapezoid.

    From `onset` to the first event loss rises from 0, linear in annual probability; omitted where the
    onset is not below the first event. With `tail`, rarer events have the loss of the rarest.
    """
    probability = 1.0 / period
    step = np.abs(np.diff(probability))
    weights = np.zeros(period.size)
    weights[:-1] += 0.5 * step
    weights[1:] += 0.5 * step
    if onset < period[0]:
        weights[0] += 0.5 * (1.0 / onset - probability[0])
    if tail:
        weights[-1] += probability[-1]
    return weights


def expected_annual(
    period: Floats,
    loss: Floats,
    *,
    onset: float | None = None,
    tail: bool = False,
    rule: Literal["linear", "logarithmic"] = "linear",
) -> Floats:
    """Return the loss averaged over all years, the integral of loss over annual probability p = 1/T.

    `period` holds n return periods [year], rising; `loss` is n × m for m assets. Between two periods loss is
    linear in p (trapezoid) or in ln T. `onset` is the period up to which there is no loss: from there
    to the first event loss rises linearly in p (left out where None or not below the first
    period). With `tail`, events rarer than the last have its loss: + L_n / T_n.
    """
    p = 1.0 / period
    step = p[:-1] - p[1:]
    lower, upper = loss[:-1], loss[1:]
    if rule == "linear":
        parts = 0.5 * (lower + upper) * step[:, None]
    else:
        # L = a + b ln(1/p): the integral from p2 to p1 is [a p + b p (1 - ln p)]
        slope = (upper - lower) / np.log(period[1:] / period[:-1])[:, None]
        start = lower - slope * np.log(period[:-1])[:, None]
        ends = p * (1.0 - np.log(p))
        parts = start * step[:, None] + slope * (ends[:-1] - ends[1:])[:, None]
    total = parts.sum(axis=0)
    if onset is not None and onset < period[0]:
        total = total + 0.5 * loss[0] * (1.0 / onset - p[0])
    if tail:
        total = total + loss[-1] * p[-1]
    annual: Floats = total
    return annual


def reached_frequency(frequency: Floats, loss: Floats) -> Floats:
    """Return how often a loss as bad as each event's is reached: frequencies of all events at least as bad [1/year]."""
    worst_first = np.argsort(-loss, kind="stable")
    reached = np.empty(frequency.size)
    reached[worst_first] = np.cumsum(frequency[worst_first])
    return reached


def exceedance_curve(frequency: Floats, loss: Floats) -> tuple[Floats, Floats]:
    """Return increasing return periods [year] and the losses of these return periods.

    `frequency` [1/year] and `loss` belong to single events; the return period of a loss
    is one over the frequency of all events at least as bad.
    """
    worst_first = np.argsort(-loss, kind="stable")
    period = 1.0 / np.cumsum(frequency[worst_first])
    return period[::-1], loss[worst_first][::-1]


def loss_at(at_period: Floats, period: Floats, loss: Floats) -> Floats:
    """Return the loss at return periods, linear between the known ones; 0 below the smallest, the last above."""
    return np.interp(at_period, period, loss, left=0.0)
