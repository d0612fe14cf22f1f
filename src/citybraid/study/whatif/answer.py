"""What an edit does: values of every indicator and of the parcel's controls after it, with bands and decisions."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.currency import in_currency
from citybraid.core.errors import InputError, PlanError
from citybraid.kernels.compiled import collection_paused
from citybraid.planning.rows import controls, indicators
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.whatif.at_once import ALLOWED, AtOnce, run_at_once
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.contradictions import contradictions
from citybraid.study.whatif.edit import Edit
from citybraid.study.whatif.learning import AREA, PARCEL, UNIT, Learned, run_edit, values
from citybraid.study.whatif.placing import refuse_unbuildable

WIDE = 0.15
"""Width of a band over the range of the indicator from which it is told to be wide [-]."""
COLUMNS = (
    "scope", "name", "unit", "before", "after", "low", "high", "width", "how", "target", "decision",
)  # fmt: skip
HOW = ("computed", "predicted", "wide", "unknown", "run")
"""How a value after an edit is known: from the edit, predicted within a band, a wide one, not, or by its models."""
DECISIONS = ("met", "missed", "within", "unknown")


class Target(NamedTuple):
    """What a value is to reach, in which direction (at most or at least), and the share of it that is not counted."""

    value: float
    at_most: bool
    tolerance: float = 0.0


@dataclass(frozen=True)
class WhatIf:
    """The table of an edit, and why it has no bands where it lies outside what was learned.

    Columns: `scope` (area, unit, parcel), `name` of the indicator or control, `unit`, `before`, `after`, `low`, `high`,
    `width` of the band over the range of the indicator over the sample, `how` (one of HOW), `target`, and
    `decision` (one of DECISIONS, '' without a target).
    """

    edit: Edit
    table: pd.DataFrame
    outside: tuple[PlanError, ...]
    _learned: Learned = field(repr=False, compare=False)

    @property
    def undecided(self) -> bool:
        """Whether a full run is needed: a target lies within a band, or there is no band for it."""
        return bool(self.table["decision"].isin(["within", "unknown"]).any())

    @property
    def contradictions(self) -> pd.DataFrame:
        """Controls of the parcel that cannot be built together, a row each with the smallest change."""
        return contradictions(self.bench, self.edit)

    @property
    def parcel(self) -> pd.Series:
        """What is known of the parcel before the edit."""
        return self._learned.bench.parcel(self.edit.parcel)

    @property
    def bench(self) -> Bench:
        """What the edit was made on."""
        return self._learned.bench

    def run_full(self) -> "WhatIf":
        """Run every model with the edit, and return the table of what was computed."""
        learned = self._learned
        answer = run_edit(learned.bench, self.edit)
        before = _before(learned, self.edit)
        rows = [
            _row(learned, self.edit, name, was, _Value(now, now, now, 0.0, "run"))
            for name, was in before.items()
            if np.isfinite(now := answer.get(name, np.nan)) or np.isfinite(was)
        ]
        return WhatIf(self.edit, pd.DataFrame(rows, columns=list(COLUMNS)), (), learned)


class _Value(NamedTuple):
    """A value after an edit: the value, its band, the band's width over the indicator's range, and how it is known."""

    after: float
    low: float
    high: float
    width: float
    how: str


def what_if(learned: Learned, edit: Edit, *, seconds: float = ALLOWED, about: Collection[str] = ()) -> WhatIf:
    """Return what an edit does, from what was learned.

    Where a band is wide, holds a target or is not known, the models behind it are run if all that are run take at most
    `seconds` on the engine's threads (two at most, `at_once.PARALLEL`), by their measured costs; with 0 no model is
    run. They compute only the buildings that an edit changes: those of the alternative are kept from when it was
    learned, else computed before the first answer. Garbage is collected after the answer, not in it: to look at all
    that a session remembers takes a quarter of a second.

    `about` are indicators and controls that the question is about: their models come before all others, if they fit.

    Raises InputError where the parcel is unknown, what is to be built on it is not stated, or there is no indicator or
    control of a name that the question is about.
    """
    with collection_paused():
        return _answer(learned, edit, seconds, about)


def _answer(learned: Learned, edit: Edit, seconds: float, about: Collection[str]) -> WhatIf:
    refuse_unbuildable(learned.bench, edit)
    refuse_unknown(about)
    outside = learned.ranges.outside(edit)
    before = _before(learned, edit)
    values = dict(_values(learned, edit, before, known=not outside))
    undecided = {name for name, value in values.items() if _undecided(learned, edit, name, value)}
    indicators_asked = {
        name for name, value in values.items() if value.how != "computed" and name.partition("/")[2] in about
    }
    needed = {
        name: _worth(value) for name, value in values.items()
        if value.how in ("wide", "unknown") or name in undecided | indicators_asked
    }  # fmt: skip
    if needed and seconds > 0.0:
        quick = AtOnce(learned.bench, edit, learned.quick_work)
        for name, now in run_at_once(quick, needed, first=(indicators_asked, undecided), seconds=seconds).items():
            values[name] = _Value(now, now, now, 0.0, "run")
    rows = [_row(learned, edit, name, was, values[name]) for name, was in before.items() if name in values]
    return WhatIf(edit, pd.DataFrame(rows, columns=list(COLUMNS)), outside, learned)


def refuse_unknown(about: Iterable[str]) -> None:
    """Raise InputError for a name that is no indicator and no control."""
    known = [*indicators(), *controls()]
    for name in about:
        if name not in known:
            near = get_close_matches(name, known, n=5, cutoff=0.5)
            raise InputError("what_if.unknown_about", got=name, near=near or "-")


def _before(learned: Learned, edit: Edit) -> dict[str, float]:
    unit = str(learned.bench.parcel(edit.parcel)["unit"])
    return {name: value for name, value in values(learned.state, edit.parcel, unit).items() if np.isfinite(value)}


def _values(learned: Learned, edit: Edit, before: Mapping[str, float], *, known: bool) -> Iterator[tuple[str, _Value]]:
    """Yield each column with its value: computed where it follows from the edit, predicted where it was learned."""
    computed = learned.features.computed(edit)
    band = learned.band(edit) if known else None
    spans = learned.span
    at = {name: number for number, name in enumerate(learned.columns)}
    for name, was in before.items():
        if edit.empty:
            yield name, _Value(was, was, was, 0.0, "computed")
        elif name in learned.exact and not edit.measures and np.isfinite(computed[name]):
            now = was + computed[name]
            yield name, _Value(now, now, now, 0.0, "computed")
        elif band is None or name not in at or np.isnan(band.middle[at[name]]):
            yield name, _Value(np.nan, np.nan, np.nan, np.nan, "unknown")
        else:
            number, span = at[name], spans[at[name]]
            low, high = (float(end[number]) for end in (band.low, band.high))
            width = (high - low) / span if span > 0.0 else 0.0
            low = max(low, _least(name) - was)
            high = max(high, low)
            how = "wide" if width > WIDE else "predicted"
            middle = min(max(float(band.middle[number]), low), high)
            yield name, _Value(was + middle, was + low, was + high, width, how)


def _worth(value: _Value) -> float:
    """Return what it is worth to run a value's models: the width of its band over its range, 1 at most or unknown."""
    return min(value.width, 1.0) if np.isfinite(value.width) else 1.0


def _undecided(learned: Learned, edit: Edit, name: str, value: _Value) -> bool:
    """Tell whether a value has a target that its band holds, or no band at all."""
    return _decision(_target(learned, edit, name), value) in ("within", "unknown")


def _least(name: str) -> float:
    """Return the least value that a column can have: 0 where its quantity has none below, as counts and areas."""
    scope, _, word = name.partition("/")
    reading = controls()[word].reading if scope == PARCEL.rstrip("/") else indicators()[word].reading
    if reading is None or reading.statistic in ("combined", "quotient"):
        return -np.inf
    known = [vocabulary().get(each) for each in reading.var.split()]
    return 0.0 if all(var is not None and var.ge >= 0.0 for var in known) else -np.inf


def _row(learned: Learned, edit: Edit, name: str, was: float, value: _Value) -> tuple[object, ...]:
    scope, _, word = name.partition("/")
    target = _target(learned, edit, name)
    unit = controls()[word].unit if name.startswith(PARCEL) else indicators()[word].unit
    return (
        scope, word, in_currency(unit, learned.bench.study.currency), was, value.after, value.low, value.high,
        value.width, value.how, np.nan if target is None else target.value, _decision(target, value),
    )  # fmt: skip


def _target(learned: Learned, edit: Edit, name: str) -> Target | None:
    """Return the target of an objective for an indicator of the whole area, or the limit of a control."""
    scope, _, word = name.partition("/")
    if scope == UNIT.rstrip("/"):
        return None
    if scope == AREA.rstrip("/"):
        targets = [each.target for each in learned.bench.study.asked.objectives if each.indicator == word]
        return Target(targets[0], indicators()[word].direction == "lower") if targets else None
    control = controls()[word]
    limit = learned.state["parcels"].get(edit.parcel, {}).get(word, [np.nan, np.nan])[1]
    scale = 100.0 if control.unit == "%" else 1.0
    limit = dict(edit.controls).get(control.stated, limit / scale) * scale
    return Target(limit, control.rule == "at_most", control.tolerance) if control.rule and np.isfinite(limit) else None


def _decision(target: Target | None, value: _Value) -> str:
    """Return whether a band meets a target, misses it, or holds it."""
    if target is None:
        return ""
    if not np.isfinite(value.after):
        return "unknown"
    best, worst = (value.low, value.high) if target.at_most else (-value.high, -value.low)
    limit = (target.value if target.at_most else -target.value) + target.tolerance * abs(target.value)
    if worst <= limit:
        return "met"
    return "missed" if best > limit else "within"
