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
    """Return squared standardised rank regression coefficients of inputs (runs, inputs) on a result (runs).

    Saltelli et al. (2008), Global Sensitivity Analysis, ch. 1.2.5: for independent inputs the squares add up to the
    coefficient of determination. Each coefficient's square is less what chance alone gives it, its squared standard
    error, never below 0. A result that does not move has no shares. Needs more runs than inputs + 2.
    """
    runs, count = inputs.shape
    if np.ptp(result) == 0.0 or count == 0:
        return RankShares(np.zeros(count), np.zeros(count), 0.0)
    x, y = _standard(np.column_stack([_ranks(column) for column in inputs.T])), _standard(_ranks(result)[:, None])[:, 0]
    coefficients, *_ = np.linalg.lstsq(x, y, rcond=None)
    left = y - x @ coefficients
    noise = float(left @ left) / (runs - count - 1) * np.diag(np.linalg.inv(x.T @ x))
    explained = 1.0 - float(left @ left) / float(y @ y)
    return RankShares(np.maximum(coefficients**2 - noise, 0.0), np.sign(coefficients), explained)


def _ranks(values: F64) -> F64:
    return np.argsort(np.argsort(values, kind="stable"), kind="stable").astype(np.float64)


def _standard(values: F64) -> F64:
    standard: F64 = (values - values.mean(axis=0)) / values.std(axis=0)
    return standard
