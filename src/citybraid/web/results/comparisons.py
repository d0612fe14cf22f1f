"""Two runs of a study side by side: indicators that differ, those that left their band, and what lies behind it."""

import math

from pydantic import BaseModel

from citybraid.planning.rows import indicators
from citybraid.report.view import named
from citybraid.study.explain.comparison import compare
from citybraid.study.explain.drift import Drift, drift
from citybraid.web.results.opened import Opened
from citybraid.web.wording import Said, amount_said, known, said, titled, told_unit, unit_said

CLOSE = 1e-9
"""Relative difference up to which two values differ by how sums are rounded alone [-]."""
MOST_CAUSES = 500
"""Differing inputs that are listed; how many there are is told."""
ABSENT = "-"
"""What stands for an input that one run does not have."""


class ChangeState(BaseModel):
    """An indicator of the whole area in both runs, and what is behind its change."""

    alternative: str
    alternative_title: Said
    indicator: str
    title: Said
    strand: str
    unit: Said
    one: float | None
    other: float | None
    difference: float | None
    one_said: Said
    other_said: Said
    beyond: bool
    """Whether the later value lies outside the earlier run's band, or there is no band to excuse the change."""
    worse: bool
    band: Said
    layers: list[Said]
    factors: list[str]
    models: list[Said]


class CauseState(BaseModel):
    """An input that differs: its part, its name, and what it is in either run; '' where one lacks it."""

    part: str
    name: str
    one: str
    other: str


class ComparisonState(BaseModel):
    """What differs between two runs."""

    one: str
    other: str
    alternatives: dict[str, Said]
    changes: list[ChangeState]
    causes: list[CauseState]
    causes_all: int


def compared(one: Opened, other: Opened) -> ComparisonState:
    """Compare two runs of a study, the earlier first; raises InputError where they share no alternative."""
    comparison = compare(one.run, other.run)
    drifted = {(each.alternative, each.indicator): each for each in drift(one.run, other.run)}
    changes = [
        _change(one, str(row["alternative"]), str(row["indicator"]), (float(row["one"]), float(row["other"])),
                drifted.get((str(row["alternative"]), str(row["indicator"]))))
        for row in comparison.indicators.to_dict("records")
        if str(row["indicator"]) in indicators()
    ]  # fmt: skip
    causes = [_cause(name, pair) for name, pair in comparison.causes.items()]
    return ComparisonState(
        one=one.run.folder.name, other=other.run.folder.name,
        alternatives={name: titled(one.run.title(name)) for name in one.run.alternatives
                      if name in other.run.alternatives},
        changes=changes, causes=causes[:MOST_CAUSES], causes_all=len(causes),
    )  # fmt: skip


def _change(one: Opened, alternative: str, name: str, values: tuple[float, float], moved: Drift | None) -> ChangeState:
    unit = told_unit(values, one.view.unit_of(name))
    difference = 0.0 if math.isclose(*values, rel_tol=CLOSE) else values[1] - values[0]
    low, high = (amount_said(end, unit) for end in ((moved.low, moved.high) if moved else (float("nan"),) * 2))
    return ChangeState(
        alternative=alternative, alternative_title=titled(one.run.title(alternative)), indicator=name,
        title=said(named("indicator", name)), strand=indicators()[name].strand, unit=unit_said(unit),
        one=known(values[0]), other=known(values[1]), difference=known(difference),
        one_said=amount_said(values[0], unit), other_said=amount_said(values[1], unit),
        beyond=moved is not None and moved.beyond,
        worse=moved is not None and moved.worse,
        band={each: f"{low[each]} – {high[each]}" for each in low} if moved is not None and moved.banded else {},
        layers=[said(named("var", each)) for each in moved.layers] if moved else [],
        factors=list(moved.factors) if moved else [],
        models=[said(named("model", each)) for each in moved.models] if moved else [],
    )  # fmt: skip


def _cause(name: str, pair: tuple[str, str]) -> CauseState:
    part, _, what = name.partition(": ")
    one, other = ("" if each == ABSENT else each for each in pair)
    return CauseState(part=part, name=what, one=one, other=other)
