"""Figures that a plan states in its table of indicators, beside those handed down to it and those of its layers."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.rows.plan import PlanReviewCheck
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.master import master_indicators

COMPARE: Mapping[str, Callable[[float, float, float], bool]] = {
    "at_least": lambda value, limit, slack: value >= limit - slack,
    "at_most": lambda value, limit, slack: value <= limit + slack,
}
COLUMNS = (
    "indicator", "unit", "binding", "handed_down", "stated", "layers", "against_above", "against_layers", "source",
)  # fmt: skip
KEPT, BROKEN, OPEN = "passed", "failed", ""


class PlanFigure(NamedTuple):
    """What a plan states of an indicator, and what the plan above hands down, in the indicator's unit; NaN: nothing.

    `source` tells where the values stand.
    """

    indicator: str
    stated: float
    handed_down: float
    source: str = ""


@cached_with_tables
def review_checks() -> Mapping[str, PlanReviewCheck]:
    """Return the examinations by indicator."""
    return {row.indicator: row for row in read_table(PlanReviewCheck)}


def figure_table(figures: Iterable[PlanFigure], layers: Mapping[str, float]) -> pd.DataFrame:
    """Return a row for each stated figure with the value of the plan's layers and how it stands the examinations.

    `against_above` compares what is stated with what is handed down, `against_layers` the layers' sum with what is
    stated: passed, failed, or empty where a value is missing or nothing asks for it.
    """
    rows = []
    for figure in figures:
        known, check = master_indicators()[figure.indicator], review_checks().get(figure.indicator)
        layer = layers.get(figure.indicator, np.nan)
        above, below, slack = ("", "", 0.0) if check is None else (check.handed_down, check.layers, check.tolerance)
        rows.append((
            figure.indicator, known.unit, known.attribute == "binding", figure.handed_down, figure.stated, layer,
            _stands(figure.stated, above, figure.handed_down, slack), _stands(layer, below, figure.stated, slack),
            figure.source,
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _stands(value: float, comparison: str, limit: float, slack: float) -> str:
    if not comparison or not (np.isfinite(value) and np.isfinite(limit)):
        return OPEN
    return KEPT if COMPARE[comparison](value, limit, slack) else BROKEN
