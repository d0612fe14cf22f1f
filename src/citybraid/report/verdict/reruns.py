"""Predicted against computed: the chosen portfolio run in full, and the rounds that led to it."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Amount, Block, Column, Paragraph, Table, TextList, Words, cells, words
from citybraid.report.drawing.units import number, significant
from citybraid.report.indicators import unit_text
from citybraid.report.view import View, measure_title, named
from citybraid.study.run.manifest import ChoiceRecord

MOST_LISTED = 4
"""Indicators outside their band that are listed above the table, the furthest few."""
BANDS = frozenset({"low", "high", "within"})
ENDS = {"agrees": "loop.agrees", "same": "loop.same", "none_better": "loop.none_better", "rounds": "loop.rounds_spent"}
"""Sentence of each reason why no further portfolio was run."""


def changed(view: View) -> pd.DataFrame | None:
    """Return the whole area's indicators that were predicted or computed to change; None where no portfolio was run.

    Runs of earlier versions have no bands.
    """
    table = view.run.table("rerun")
    if table is None:
        return None
    totals = table[(table["unit"] == WHOLE_AREA) & table["indicator"].isin(list(indicators()))]
    return totals[(totals["predicted"].abs() > 0) | (totals["computed"].abs() > 0)]


def first_page_sentence(view: View) -> Words | None:
    """Return how much of what was predicted of the portfolio came true; None where no bands were predicted."""
    rows = changed(view)
    if rows is None or not set(rows) >= BANDS or (judged := _judged(rows)).empty:
        return None
    exact = int(_banded(rows).sum()) - len(judged)
    return words("loop.first_page", within=int(judged["within"].sum()), count=len(judged), exact=exact)


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators that were predicted, not computed on the full grid before the re-run."""
    banded = _banded(rows)
    return rows[banded & ((rows["high"] > rows["low"]) | (rows["predicted"] != rows["computed"]))]


def _banded(rows: pd.DataFrame) -> pd.Series:
    """Tell of which indicators a run told the error; runs of earlier versions do not say, and took a guess for it."""
    return rows["banded"].astype(bool) if "banded" in rows else pd.Series(data=True, index=rows.index)


def reruns(view: View, choice: ChoiceRecord) -> Iterator[Block]:
    """Yield whether the effects came as predicted, how the portfolio was found, and the tables of both."""
    rows = changed(view)
    if rows is None:
        return
    if set(rows) >= BANDS and not (judged := _judged(rows)).empty:
        came = _came_true(view, judged, exact=int(_banded(rows).sum()) - len(judged))
        yield Paragraph(came, "text" if bool(judged["within"].all()) else "warning")
    if untold := int((~_banded(rows)).sum()):
        yield Paragraph(words("loop.unbanded", count=untold))
    if choice.rounds:
        tried = sum(each.tried for each in choice.rounds)
        cell = number(view.run.manifest.screening_grid.cell)
        end = words(ENDS[choice.end])
        yield Paragraph(words("loop.rounds", tried=tried, cell=cell, count=len(choice.rounds), end=end))
    if len(choice.rounds) > 1:
        yield _rounds(view, choice)
    yield _compared(view, rows)
    refits = view.run.table("refits")
    if refits is not None and len(refits):
        yield from _refits(refits)


def _came_true(view: View, rows: pd.DataFrame, *, exact: int) -> Words:
    outside = rows[~rows["within"].astype(bool)]
    if outside.empty:
        return words("loop.all_within", count=len(rows), exact=exact)
    off = (outside["computed"] - outside["predicted"]).abs() / outside[["computed", "predicted"]].abs().max(axis=1)
    worst = outside.loc[off.sort_values(ascending=False, kind="stable").index[:MOST_LISTED]]
    parts = [
        words("loop.outside", indicator=named("indicator", str(row["indicator"])), **{
            name: Amount(_shown(view, row[name], str(row["indicator"])), view.unit_of(str(row["indicator"])))
            for name in ("computed", "low", "high")
        })
        for row in worst.to_dict("records")
    ]  # fmt: skip
    listed = TextList(tuple(parts), "; ")
    return words("loop.some_within", within=len(rows) - len(outside), count=len(rows), exact=exact, parts=listed)


def _rounds(view: View, choice: ChoiceRecord) -> Table:
    """Return a row per portfolio that was run in full: what it costs, how it came as predicted, and the goals."""
    rounds = view.run.table("rounds")
    goals = _goals(view, choice)
    frame = pd.DataFrame({
        "round": [str(number) for number in range(1, len(choice.rounds) + 1)],
        "cost": [each.cost for each in choice.rounds],
        "tried": [each.tried for each in choice.rounds],
        "within": cells(words("loop.of", within=each.within, count=each.indicators) for each in choice.rounds),
        "kept": cells(words("loop.yes" if each.kept else "loop.no") for each in choice.rounds),
    })  # fmt: skip
    columns = [
        Column("round", words("loop.round")), Column("cost", words("measures.cost"), view.money()),
        Column("tried", words("loop.tried"), "", 0), Column("within", words("loop.within_of")),
    ]  # fmt: skip
    for goal in goals if rounds is not None else ():
        values = (
            rounds[rounds["indicator"] == goal].set_index("round")["computed"] if rounds is not None else pd.Series()
        )
        frame[goal] = [_shown(view, float(values[at]), goal) for at in range(1, len(choice.rounds) + 1)]
        columns.append(Column(goal, named("indicator", goal), view.unit_of(goal)))
    columns.append(Column("kept", words("loop.kept")))
    return Table("rounds", words("loop.table"), frame, columns, words("loop.table_note"))


def _goals(view: View, choice: ChoiceRecord) -> list[str]:
    """Return the indicators that the budget serves."""
    objectives = {each.id: each.indicator for each in view.run.manifest.asked.objectives}
    names = choice.budget.trade_off or (choice.budget.maximise,)
    return list(dict.fromkeys(objectives[name] for name in names if name in objectives))


def _compared(view: View, rows: pd.DataFrame) -> Table:
    names = [name for name in ("base", "predicted", "low", "high", "computed") if name in rows]
    frame = pd.DataFrame({
        "indicator": [named("indicator", str(name)) for name in rows["indicator"]],
        "unit": [unit_text(view.unit_of(str(name))) for name in rows["indicator"]],
        **{
            name: [
                _shown(view, value, str(row)) for value, row in zip(rows[name], rows["indicator"], strict=True)
            ]
            for name in names
        },
    })  # fmt: skip
    titles = {
        "base": "measures.base", "predicted": "measures.predicted", "low": "loop.low", "high": "loop.high",
        "computed": "measures.computed",
    }  # fmt: skip
    columns = [
        Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
        *(Column(name, words(titles[name]), told=True) for name in names),
    ]  # fmt: skip
    if "within" in rows:
        frame["within"] = cells(
            words("loop.no_band" if not band else "loop.yes" if inside else "loop.no")
            for band, inside in zip(_banded(rows), rows["within"], strict=True)
        )
        columns.append(Column("within", words("loop.in_band")))
    return Table("rerun", words("measures.rerun"), frame, columns, words("loop.rerun_note"), appendix=True)


def _refits(refits: pd.DataFrame) -> Iterator[Table]:
    known = refits[refits["indicator"].isin(list(indicators())) & ~np.isclose(refits["scale"], 1.0)]
    if known.empty:
        return
    frame = pd.DataFrame({
        "round": [str(each) for each in known["round"]],
        "measure": [measure_title(str(name)) for name in known["measure"]],
        "indicator": [named("indicator", str(name)) for name in known["indicator"]],
        "scale": [float(f"{scale:.3g}") for scale in known["scale"]],
    })  # fmt: skip
    columns = [
        Column("round", words("loop.round")), Column("measure", words("measures.measure")),
        Column("indicator", words("plan.indicator")), Column("scale", words("loop.scale"), "", 2),
    ]  # fmt: skip
    yield Table("refits", words("loop.refits"), frame, columns, words("loop.refits_note"), appendix=True)


def _shown(view: View, value: float, indicator: str) -> float:
    return significant(float(value), view.unit_of(indicator))
