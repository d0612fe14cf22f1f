"""Portfolios that ran on the full grid for another purpose, run on the screening grid too: how both agree."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from citybraid.core.evaluate import Portfolio
from citybraid.integrate.choose.prediction import Bases
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.learn.effects import read_rows
from citybraid.integrate.learn.two_grids import Sample
from citybraid.study.run.evaluation import Evaluator


class Computed(NamedTuple):
    """All measures of an alternative, and its indicators by zone on the full grid."""

    measures: Portfolio
    by_zone: pd.DataFrame


def known_on_both(
    evaluator: Evaluator, computed: Iterable[Computed], prices: Mapping[str, Price], bases: Bases
) -> Iterator[Sample]:
    """Yield, on both grids, what the measures of each alternative change that a portfolio adds to the same base.

    Only indicators with a simulation of events behind them, such as a flood, are run on the screening grid: others are
    computed on the full grid before anything is decided. An alternative without the measures of the base is left out,
    and one that changes none of these indicators.
    """
    rows, before = list(bases.full.index), None
    for each in computed:
        added = tuple(use for use in each.measures if use not in evaluator.base)
        if not added or any(use not in each.measures for use in evaluator.base):
            continue
        hidden = evaluator.behind_events(evaluator.plan(added, grid="full")) & set(bases.full)
        names = [name for name in bases.full if name in hidden]
        if not names:
            continue
        full = read_rows(each.by_zone, rows).reindex(columns=bases.full.columns) - bases.full
        screened = read_rows(evaluator.part(added, names, grid="screening"), rows)
        screening = (screened - bases.screening[list(screened)]).reindex(columns=bases.full.columns)
        before = evaluator.installed(()) if before is None else before
        total = (evaluator.installed(added) - before).drop(index=rows[:-1]).iloc[0]
        amount = sum(
            float(total[use.model.quantity.name]) * prices[use.model.name].present
            for use in added if use.model.quantity is not None and use.model.name in prices
        )  # fmt: skip
        yield Sample(full, screening, amount)
