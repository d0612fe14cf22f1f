"""Recommendation among alternatives: objectives met, distance to the rest, cost; and objectives that a plan worsens."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.planning.rows import indicators

MET, UNKNOWN = "green", "grey"


class Standing(NamedTuple):
    """An alternative against the objectives.

    `met` of `of` are reached, `unknown` could not be computed, `worse` are further from the target than in the
    reference. `shortfall` is the mean distance to the targets that are missed, each as a share of the larger of the
    target and the reference's value; objectives that are met count as 0.
    """

    alternative: str
    met: int
    of: int
    unknown: int
    worse: tuple[str, ...]
    shortfall: float


class Recommendation(NamedTuple):
    """The alternative to choose, and whether it meets every objective: if not, it only comes nearest."""

    alternative: str
    meets_all: bool


def standings(score: pd.DataFrame, reference: str) -> tuple[Standing, ...]:
    """Return how each alternative of a scorecard stands, the reference included, in the scorecard's order."""
    before = score[score["alternative"] == reference].set_index("objective")["value"]
    return tuple(
        _standing(str(name), rows, before)
        for name, rows in score.groupby("alternative", sort=False)
    )  # fmt: skip


def _standing(alternative: str, rows: pd.DataFrame, before: pd.Series) -> Standing:
    misses, worse = list[float](), list[str]()
    for row in rows.to_dict("records"):
        sign = 1.0 if indicators()[str(row["indicator"])].direction == "lower" else -1.0
        old, value, target = float(before.get(row["objective"], np.nan)), float(row["value"]), float(row["target"])
        scale = max((abs(each) for each in (target, old) if np.isfinite(each)), default=0.0) or 1.0
        if np.isfinite(value):
            misses.append(max(sign * (value - target), 0.0) / scale)
        if sign * (value - old) > 0.0 and row["state"] != MET:
            worse.append(str(row["objective"]))
    return Standing(
        alternative, int((rows["state"] == MET).sum()), len(rows), int((rows["state"] == UNKNOWN).sum()), tuple(worse),
        float(np.mean(misses)) if misses else np.nan,
    )  # fmt: skip


def recommend(
    standings: Sequence[Standing], costs: Mapping[str, float], *, budget: float = np.inf
) -> Recommendation | None:
    """Return the alternative to choose: the cheapest of those that meet every objective.

    Where none does, one within the budget rather than beyond it; then the one that meets most, then comes nearest,
    then costs least: shortfalls that are the same in whole percents count as equal. An unknown cost counts as the
    highest, but not as beyond the budget. None without alternatives.
    """

    def rank(each: Standing) -> tuple[bool, bool, int, float, float]:
        whole, cost = each.met == each.of, costs.get(each.alternative, np.nan)
        short = 0.0 if whole else float(np.nan_to_num(round(each.shortfall, 2), nan=np.inf))
        return not whole, not whole and cost > budget, -each.met, short, float(np.nan_to_num(cost, nan=np.inf))

    first = min(standings, key=rank, default=None)
    return None if first is None else Recommendation(first.alternative, first.met == first.of)
