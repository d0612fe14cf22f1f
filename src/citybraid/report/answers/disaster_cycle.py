"""How a place stands through the four phases of one disaster, and in which phase a plan changes most."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.rows.report import DisasterPhase
from citybraid.core.tables import read_table
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Column, Quantity, Table, Text, cells, words
from citybraid.report.disaster.phase import PHASES, Phase
from citybraid.report.drawing.units import significant
from citybraid.report.indicators import of_whole, unit_tables, unit_text, whole
from citybraid.report.levels.answer_map import sheet_map
from citybraid.report.verdict.question import Answer, Lacking
from citybraid.report.view import View, named

SHOWN = 3
"""Indicators of a phase in the table, the first of its list that were computed."""
TOLD = (
    "people_exposed", "people_unsheltered", "clearance_time", "people_reached_in_time", "isolated_at_once",
    "people_unserved", "main_recovery",
)  # fmt: skip
"""Indicators that sentences tell of where a plan changes them, in order of the phases; of the first in any case."""
SCREENED = "quake_"
"""How indicators of the earthquake screening begin: another event than the one that is followed, where there is one."""
PERCENT = 100.0


class Change(NamedTuple):
    """An indicator of a phase in the first alternative and in the last."""

    phase: Phase
    indicator: str
    before: float
    after: float

    @property
    def gain(self) -> float:
        """Improvement as a share of the larger of both values, so that none counts more than whole; 0 for none [-]."""
        larger = max(abs(self.before), abs(self.after))
        if larger == 0.0:
            return 0.0
        better = -1.0 if indicators()[self.indicator].direction == "lower" else 1.0
        return better * (self.after - self.before) / larger


def answer(view: View) -> Answer | Lacking:
    """Return a table of the phases' indicators by alternative, and sentences on people and on what changes most."""
    changes = _changes(view)
    phases = list(dict.fromkeys(each.phase for each in changes))
    if len(phases) < 2:  # noqa: PLR2004  (a cycle has more than one phase)
        return Lacking([words("disaster_cycle.needs")])
    best = [_most(view, changes)] if len(view.ends) > 1 else []
    sentences = [*best, *_weakest(view), _phases(phases), *_sentences(view, changes), *_no_promise(view, changes)]
    return Answer(sentences, _table(view, changes), [sheet_map(view, "disaster_cycle", "max_depth")])


def _changes(view: View) -> list[Change]:
    """Return the first indicators of each phase that the first and the last alternative have."""
    moves: list[Change] = []
    rows = [row for row in read_table(DisasterPhase) if row.kind == "indicator"]
    for phase in PHASES:
        names = [row.name for row in rows if row.phase == phase]
        values = {name: tuple(whole(view, end, name) for end in (view.ends[0], view.ends[-1])) for name in names}
        known = [Change(phase, name, a, b) for name, (a, b) in values.items() if a is not None and b is not None]
        own = [each for each in known if not each.indicator.startswith(SCREENED)] or known
        moved = sorted(own, key=lambda each: (each.indicator not in TOLD, each.before == 0.0 and each.after == 0.0))
        moves += moved[:SHOWN]
    return moves


def _phases(phases: list[Phase]) -> Text:
    return words("disaster_cycle.all" if len(phases) == len(PHASES) else "disaster_cycle.some", count=len(phases))


def _sentences(view: View, changes: list[Change]) -> list[Text]:
    by_name: Mapping[str, Change] = {each.indicator: each for each in changes}
    base = view.name(view.ends[0])
    return [
        words(f"disaster_cycle.{name}", base=base, before=_shown(view, by_name[name].before, name),
              after=_shown(view, by_name[name].after, name))
        for name in TOLD
        if name in by_name and (name == TOLD[0] or by_name[name].before != by_name[name].after)
    ]  # fmt: skip


def _shown(view: View, value: float, indicator: str) -> Quantity:
    """Return a value as the table shows it: four significant digits, counts whole."""
    return Quantity(significant(value, indicators()[indicator].unit), view.unit_of(indicator))


def _weakest(view: View) -> Iterator[Text]:
    """Say which lifeline most residents are without before repairs, in the first alternative and in the last."""
    lost = {name: view.column(name, "system_unserved") for name in view.ends}
    first = lost[view.base]
    if first is None or not float(first.max()) > 0.0:
        return
    worst = str(first.idxmax())
    last = lost[view.ends[-1]]
    yield words(
        "disaster_cycle.weakest", system=named("lifeline", worst), base=view.name(view.base),
        before=Quantity(significant(float(first[worst]), "person"), "person"), plan=view.name(view.ends[-1]),
        after=Quantity(0.0 if last is None else significant(float(last.get(worst, 0.0)), "person"), "person"),
    )  # fmt: skip


def _no_promise(view: View, changes: list[Change]) -> Iterator[Text]:
    """Say that no failed lifeline is what the model sees, where the plan leaves nobody without one."""
    if any(each.indicator == "people_unserved" and each.before > 0.0 and each.after == 0.0 for each in changes):
        yield words("disaster_cycle.no_promise", plan=view.name(view.ends[-1]))


def _most(view: View, changes: list[Change]) -> Text:
    """Say in which phase the plan gains most and in which least: the mean of what each indicator gains."""
    gains = pd.Series({phase: np.mean([each.gain for each in changes if each.phase == phase]) for phase in
                       dict.fromkeys(each.phase for each in changes)})  # fmt: skip
    best, least = str(gains.idxmax()), str(gains.idxmin())
    if not float(gains.max()) > 0.0:
        return words("disaster_cycle.none", plan=view.name(view.ends[-1]))
    return words(
        "disaster_cycle.most", plan=view.name(view.ends[-1]), best=words(f"disaster_cycle.{best}"),
        gain=Quantity(PERCENT * float(gains[best]), "%", 0), least=words(f"disaster_cycle.{least}"),
        other=Quantity(PERCENT * float(gains[least]), "%", 0),
    )  # fmt: skip


def _table(view: View, changes: list[Change]) -> Table:
    tables = unit_tables(view)
    rows = [indicators()[each.indicator] for each in changes]
    frame = pd.DataFrame(
        {
            "phase": cells(words(f"disaster_cycle.{each.phase}") for each in changes),
            "indicator": cells(named("indicator", row.id) for row in rows),
            "unit": cells(unit_text(view.unit_of(row.id)) for row in rows),
            **{name: [of_whole(table, row) for row in rows] for name, table in tables.items()},
        }
    )  # fmt: skip
    columns = [
        Column("phase", words("disaster_cycle.phase")), Column("indicator", words("plan.indicator")),
        Column("unit", words("explorer.unit")), *(Column(name, view.name(name), told=True) for name in tables),
    ]  # fmt: skip
    return Table("disaster_cycle", words("disaster_cycle.table"), frame, columns, words("disaster_cycle.note"))
