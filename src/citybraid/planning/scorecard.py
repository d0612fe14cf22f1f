"""Evaluation: objectives against results, with the main cause of each missed target."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.currency import in_currency
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import Indicator, indicators


class Target(NamedTuple):
    """An objective as planning sees it: an indicator and the value it must reach."""

    objective: str
    indicator: str
    value: float
    measures: tuple[str, ...] = ()


def scorecard(
    targets: Sequence[Target],
    tables: Mapping[str, pd.DataFrame],
    bands: Mapping[str, pd.DataFrame] | None = None,
    *,
    currency: str,
) -> pd.DataFrame:
    """Return a row per objective and alternative.

    `state` is green where the target is reached, red where not, grey where the
    indicator could not be computed. `cause` is the zone that adds most to the miss, and
    `cause_share` its part: for a sum, the zone's share of the total; for a mean, the
    zone furthest on the wrong side of the target. `low` and `high` are the range due to values
    that no file states (from `bands`: zone, indicator, low, high), `firm` whether the
    state is the same at both; no value and True where all values are stated.
    """
    rows = []
    for target in targets:
        indicator = indicators()[target.indicator]
        for alternative, table in tables.items():
            value = float(table[target.indicator][WHOLE_AREA]) if target.indicator in table else np.nan
            state = _state(indicator, value, target.value)
            low, high = _open(indicator.id, (bands or {}).get(alternative))
            firm = all(_state(indicator, end, target.value) == state for end in (low, high) if np.isfinite(end))
            cause, share = _cause(indicator, table, target.value) if state == "red" else ("", np.nan)
            rows.append(
                {
                    "objective": target.objective, "indicator": target.indicator,
                    "unit": in_currency(indicator.unit, currency), "alternative": alternative,
                    "target": target.value, "value": value, "state": state,
                    "cause": cause, "cause_share": share, "instrument": indicator.instrument,
                    "low": low, "high": high, "firm": firm,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _open(indicator: str, bands: pd.DataFrame | None) -> tuple[float, float]:
    if bands is None:
        return np.nan, np.nan
    band = bands[(bands["indicator"] == indicator) & (bands["zone"] == WHOLE_AREA)]
    return (float(band["low"].iloc[0]), float(band["high"].iloc[0])) if len(band) else (np.nan, np.nan)


def _state(indicator: Indicator, value: float, target: float) -> str:
    if not np.isfinite(value):
        return "grey"
    reached = value <= target if indicator.direction == "lower" else value >= target
    return "green" if reached else "red"


def _cause(indicator: Indicator, table: pd.DataFrame, target: float) -> tuple[str, float]:
    zones = table[indicator.id].drop(WHOLE_AREA).dropna()
    if zones.empty:
        return "", np.nan
    at = int(np.argmax(zones) if indicator.direction == "lower" else np.argmin(zones))
    worst, value = str(zones.index[at]), float(zones.iloc[at])
    if not indicator.extensive:
        return worst, value - target
    total = float(zones.abs().sum())
    return worst, abs(value) / total if total else np.nan
