"""Prediction of a portfolio's effects before its floods are run on the full grid, with bands."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA, EvaluateInPart, Portfolio
from citybraid.integrate.learn.effects import read_rows
from citybraid.integrate.learn.two_grids import Agreement

CLOSE = 0.1
"""Share of the computed change by which a prediction may be off besides its band [-]."""
ROUNDING = 1e-6
"""Share of an indicator's value that is not told from 0 [-]."""


class Prediction(NamedTuple):
    """Changes with the half-width of their bands: a row per unit and one for the whole area, a column per indicator.

    `banded` tells of which indicators a run tells the error: that of others is a guess, by which the loop decides.
    """

    change: pd.DataFrame
    half: pd.DataFrame
    banded: pd.Series

    def holds(self, computed: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
        """Tell where a computed change lies within the band, or within a tenth of itself; True where either is NaN."""
        off = (self.change - computed).abs()
        allowed = np.maximum(self.half, CLOSE * computed.abs()) + ROUNDING * base.reindex_like(computed).abs().fillna(0)
        return ~(off > allowed)


class Bases(NamedTuple):
    """Indicators without measures on the full and on the screening grid."""

    full: pd.DataFrame
    screening: pd.DataFrame


class Known(NamedTuple):
    """A portfolio that was computed on the full grid: present cost by cell, and changes on both grids."""

    amounts: pd.DataFrame
    full: pd.DataFrame
    screening: pd.DataFrame


class Alone(NamedTuple):
    """A measure that ran alone on the full grid: present cost by unit, and changes on both grids, at full adoption."""

    amounts: pd.Series
    full: pd.DataFrame
    screening: pd.DataFrame


def predict(
    evaluate: EvaluateInPart, members: Portfolio, amounts: pd.DataFrame, *, bases: Bases, fit: Agreement,
    alone: Mapping[str, Alone], known: Sequence[Known] = (), only: Collection[str] | None = None,
) -> tuple[Prediction, pd.DataFrame]:  # fmt: skip
    """Return the prediction of a portfolio, and its changes on the screening grid.

    Indicators without a simulation of events behind them are those of the full grid itself and have no band; others are
    the screening grid's change of this very portfolio times the slope, and what the slope leaves of measures that ran
    `alone` on both, by their adoption. Where a portfolio like it was computed before,
    by present cost (`amounts`: unit by measure), the prediction departs from that one, and its band narrows as far as
    the two are the same. `only` limits the indicators.
    """
    rows, columns = list(bases.full.index), list(bases.full.columns if only is None else only)
    coarse = evaluate(members) if only is None else evaluate.part(members, columns, grid="screening")
    base = bases.screening.reindex(columns=columns)
    screening = read_rows(coarse, rows).reindex(columns=columns) - base
    amount = float(amounts.to_numpy().sum())
    slope = fit.slope.reindex(columns)
    change, half = _raw(screening, amounts, slope, alone), fit.half(screening, amount)
    near, shared = _nearest(amounts, known)
    if near is not None:
        before = _raw(near.screening.reindex(columns=columns), near.amounts, slope, alone)
        change = change + shared * (near.full.reindex(columns=columns) - before).fillna(0.0)
        half = half * (1.0 - shared)
    exact = _exact(evaluate, members, rows, only)
    exact = (exact - bases.full).reindex(columns=[name for name in exact if name in columns])
    change[exact.columns], half[exact.columns] = exact, 0.0
    banded = fit.told(change.columns) | change.columns.isin(exact.columns)
    return Prediction(change, half, banded), screening


def _raw(screening: pd.DataFrame, amounts: pd.DataFrame, slope: pd.Series, alone: Mapping[str, Alone]) -> pd.DataFrame:
    """Return the corrected change of a portfolio, before it is set against those that were computed."""
    change = screening * slope
    for name, each in alone.items():
        adopted = (amounts[name] / each.amounts.where(each.amounts > 0.0)).fillna(0.0) if name in amounts else 0.0
        share = pd.Series(adopted, index=each.amounts.index, dtype=np.float64)
        total = float(each.amounts.sum())
        share[WHOLE_AREA] = float(amounts[name].sum()) / total if name in amounts and total > 0.0 else 0.0
        left = (each.full - each.screening * slope).reindex(index=change.index, columns=change.columns).fillna(0.0)
        change = change + left.mul(share.reindex(change.index).fillna(0.0), axis=0)
    return change


def _exact(evaluate: EvaluateInPart, members: Portfolio, rows: list[str], only: Collection[str] | None) -> pd.DataFrame:
    """Return the indicators on the full grid that take no simulation of events, of those asked for where any are."""
    values = evaluate.at_once(members) if only is None else evaluate.at_once(members, only)
    return read_rows(values, rows)


def _nearest(amounts: pd.DataFrame, known: Sequence[Known]) -> tuple[Known | None, float]:
    """Return the computed portfolio most like one, and what they share of both together, by present cost."""
    best: tuple[Known | None, float] = (None, 0.0)
    wanted = amounts.to_numpy(np.float64)
    for each in known:
        there = each.amounts.reindex(index=amounts.index, columns=amounts.columns).to_numpy(np.float64)
        both = float(np.maximum(wanted, there).sum())
        shared = float(np.minimum(wanted, there).sum()) / both if both > 0.0 else 1.0
        if best[0] is None or shared > best[1]:
            best = each, shared
    return best


def whole(frame: pd.DataFrame) -> pd.Series:
    """Return the row of the whole area."""
    return pd.Series(frame.loc[WHOLE_AREA].to_numpy(np.float64), index=frame.columns)
