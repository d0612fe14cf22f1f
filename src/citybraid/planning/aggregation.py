"""How an indicator of small zones adds up to that of larger ones: by the rule of its row."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, cast

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning import weights
from citybraid.planning.rows import Indicator, Reading, indicators
from citybraid.planning.zones import Floats, MissingQuantity, Zones

Rule = Literal["sum", "mean", "largest", "recomputed", "whole"]
"""Zones are added; averaged by what their mean divides by; the largest counts; its parts are joined and it is computed
again; or it is a value of the whole area alone."""
EXTREMES = frozenset({"column_max", "grid_max"})
WHOLES = frozenset({"number", "total_ratio", "grid_spread"})
Weigh = Callable[[Zones, Reading], Floats]


class Parts(NamedTuple):
    """Indicators of zones that make up a whole, and what their means are weighted with; a row for each zone."""

    table: pd.DataFrame
    weights: pd.DataFrame


def rule_of(indicator: Indicator) -> Rule:
    """Return how an indicator adds up over zones."""
    statistic = indicator.reading.statistic
    if statistic == "quotient":
        return "recomputed"
    if statistic in EXTREMES:
        return "largest"
    if statistic in WHOLES:
        return "whole"
    return "sum" if indicator.extensive else "mean"


def rule_across(indicator: Indicator) -> Rule:
    """Return how an indicator adds up over areas that were computed each as a whole, as jurisdictions are."""
    rule = rule_of(indicator)
    return "sum" if rule == "whole" and indicator.extensive else rule


def weigh(zones: Zones, table: pd.DataFrame) -> pd.DataFrame:
    """Return what the means of a table are weighted with, by zone and indicator, the whole area last."""
    columns: dict[str, Floats] = {}
    for name in table.columns:
        indicator = indicators().get(str(name))
        if indicator is None or rule_of(indicator) != "mean":
            continue
        function = cast("Weigh", getattr(weights, indicator.reading.statistic))
        try:
            columns[indicator.id] = function(zones, indicator.reading)
        except MissingQuantity:
            continue
    return pd.DataFrame(columns, index=table.index)


def joined(parts: Parts, *, across: bool = False) -> Mapping[str, float]:
    """Return the indicators of the whole that zones make up; NaN where a rule gives none, or a part has no value.

    `across` joins areas that were each computed as a whole. A mean leaves out zones of no weight.
    """
    whole: dict[str, float] = {}
    for name in parts.table.columns:
        indicator = indicators().get(str(name))
        if indicator is not None:
            rule = rule_across(indicator) if across else rule_of(indicator)
            whole[indicator.id] = _joined(indicator, rule, parts, whole)
    return whole


def _joined(indicator: Indicator, rule: Rule, parts: Parts, whole: Mapping[str, float]) -> float:
    values = parts.table[indicator.id].to_numpy(np.float64)
    if rule == "sum":
        return float(values.sum()) if len(values) else np.nan
    if rule == "largest":
        known = values[np.isfinite(values)]
        return float(known.max()) if known.size else np.nan
    if rule == "recomputed":
        above, below = (whole.get(each, np.nan) for each in (indicator.reading.var, indicator.reading.second))
        return above / below * indicator.reading.scale if below else np.nan
    if rule == "mean" and indicator.id in parts.weights:
        weight = parts.weights[indicator.id].to_numpy(np.float64)
        if not np.isfinite(weight).all():
            return np.nan
        counts = weight > 0.0
        return float((values[counts] * weight[counts]).sum() / weight[counts].sum()) if counts.any() else np.nan
    return np.nan


def without_whole(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of zones without the row of the whole area."""
    return table.drop(index=WHOLE_AREA, errors="ignore")
