"""Rank regression: the share of a result's variance that each of many inputs carries."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


class RankShares(NamedTuple):
    """Share of the variance of the ranks that each input carries [-], with its sign, and of all together."""

    share: F64
    sign: F64
    explained: float


def rank_shares(inputs: F64, result: F64) -> RankShares:
    """Return each input's share of the variance of the result's ranks; inputs (runs, inputs), result (runs).

    Standardised rank regression coefficient times rank correlation (Pratt 1987): for independent inputs the squared
    coefficient (Saltelli et al. 2008, Global Sensitivity Analysis, ch. 1.2.5), and for a finite sample still a part of
    the coefficient of determination, to which the shares add up. A part below 0, which is chance, counts 0. A result
    that does not move has no shares. Needs more runs than inputs.
    """
    count = inputs.shape[1]
    if np.ptp(result) == 0.0 or count == 0:
        return RankShares(np.zeros(count), np.zeros(count), 0.0)
    x, y = _standard(np.column_stack([_ranks(column) for column in inputs.T])), _standard(_ranks(result)[:, None])[:, 0]
    coefficients, *_ = np.linalg.lstsq(x, y, rcond=None)
    parts = np.maximum(coefficients * (x.T @ y) / len(y), 0.0)
    explained = 1.0 - float(np.mean((y - x @ coefficients) ** 2))
    return RankShares(parts * explained / max(float(parts.sum()), 1e-12), np.sign(coefficients), explained)


def _ranks(values: F64) -> F64:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.float64)


def _standard(values: F64) -> F64:
    standard: F64 = (values - values.mean(axis=0)) / values.std(axis=0)
    return standard
