"""Whether a decision changes where a number moves: an objective reached or missed, the alternative recommended."""

import math
from typing import NamedTuple

import pandas as pd

from citybraid.planning.recommendation import Recommendation
from citybraid.planning.rows import indicators
from citybraid.report.annex.evidence import Evidence, Span
from citybraid.report.annex.provenance import Codes, Value
from citybraid.report.verdict.summary import beyond_budget, candidates, recommendation
from citybraid.report.view import View

MET, MISSED, UNKNOWN = "green", "red", "grey"


class Decision(NamedTuple):
    """An objective in an alternative: its value and target, its range, and what changes within it.

    `turns` tells whether the state turns within the range; None where no range is known. `margin` is how far the value
    is from its target as a share of it, NaN where either is 0 or unknown. `recommended` tells whether what stands first
    if the state turned is recommended, as it meets all objectives within the budget, or only comes nearest; `instead`
    is its name, '' where that changes nothing.
    """

    objective: str
    alternative: str
    value: Value
    target: Value
    state: str
    light: str
    span: Span | None
    turns: bool | None
    margin: float
    instead: str
    recommended: bool

    @property
    def rank(self) -> tuple[int, float]:
        """Order of what matters: what turns within its range, then what is implausible, then the nearest to turn."""
        if not self.value.known:
            return 0, 0.0
        if self.turns:
            return (1 if self.instead else 2), self.margin
        if self.light == "outside":
            return 3, self.margin
        weak = self.light == "unsure" and self.turns is None
        return (4 if weak else 5), math.inf if math.isnan(self.margin) else self.margin


def decisions(codes: Codes, evidence: Evidence) -> list[Decision]:
    """Return each objective in each alternative, what matters most first."""
    score = codes.table("scorecard")
    if score is None:
        return []
    now = recommendation(codes.view, score)
    rows = [_decision(codes, evidence, score, at, now) for at in range(len(score))]
    return sorted(rows, key=lambda each: each.rank)


def _decision(codes: Codes, evidence: Evidence, score: pd.DataFrame, at: int, now: Recommendation | None) -> Decision:
    row = score.iloc[at]
    name, where, state = str(row["indicator"]), str(row["alternative"]), str(row["state"])
    value, target = codes.indicator(name, where), codes.target(str(row["objective"]))
    span = evidence.span(value)
    ends = [] if span is None else [_state(name, end, target.amount) for end in span[:2]]
    raw = float(row["value"])
    margin = abs(target.amount - raw) / abs(raw) if value.known and raw else math.nan
    instead, recommended = _instead(codes.view, score, at, now)
    return Decision(
        str(row["objective"]), where, value, target, state, evidence.light(value), span,
        any(end != state for end in ends) if ends else None, margin, instead, recommended,
    )  # fmt: skip


def _state(indicator: str, value: float, target: float) -> str:
    if not math.isfinite(value):
        return UNKNOWN
    return MET if (value <= target if indicators()[indicator].direction == "lower" else value >= target) else MISSED


def _instead(view: View, score: pd.DataFrame, at: int, now: Recommendation | None) -> tuple[str, bool]:
    """Return the alternative that stands first where one state of the scorecard turns, and whether it is recommended.

    Its name is '' where the same one stands first as before, in the same way.
    """
    row = score.iloc[at]
    if now is None or row["state"] == UNKNOWN or row["alternative"] not in candidates(view):
        return "", _recommended(view, score, now)
    turned = score.copy()
    met = row["state"] != MET
    turned.loc[turned.index[at], "state"] = MET if met else MISSED
    if met:
        turned.loc[turned.index[at], "value"] = float(row["target"])
    then = recommendation(view, turned)
    before, after = _recommended(view, score, now), _recommended(view, turned, then)
    same = then is None or (then.alternative == now.alternative and before == after)
    return "" if then is None or same else then.alternative, after


def _recommended(view: View, score: pd.DataFrame, first: Recommendation | None) -> bool:
    return first is not None and first.meets_all and not beyond_budget(view, score)
