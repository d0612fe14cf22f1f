"""What the chosen portfolio gains in other climates, and what a robust one would."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import (
    Block,
    Column,
    Figure,
    Paragraph,
    Table,
    Text,
    TextList,
    TranslatedText,
    cells,
    in_words,
    words,
)
from citybraid.report.drawing.charts import Labels, clustered_bars
from citybraid.report.drawing.units import counted, label
from citybraid.report.portfolio.about import About
from citybraid.report.view import View, measure_title

MOVED = 0.01
"""Share of a measure in a unit that counts as a difference [-]."""
PROMISED = 0.05
"""Share of the largest gain by which an estimate differs from its run [-]."""
LISTED = 3
"""Differences named in a sentence."""
MISSED = 0.05
"""Share of the best gain in a climate that the chosen portfolio may miss untold on page one [-]."""
PORTFOLIOS = ("chosen", "robust", "best")


def robust_blocks(view: View) -> Iterator[Block]:
    """Yield the gains by climate, with their picture, and what the robust portfolio does otherwise."""
    rows, rules, choice = view.run.table("robust"), view.run.table("robust_rule"), view.run.choice
    if rows is None or rules is None or rows.empty or choice is None or choice.budget.robust is None:
        return
    rule = {str(name): rules[name].iloc[0] for name in rules}
    about = About.of(view, {**rule, "amount": choice.budget.total})
    titles = _titles(view)
    rows = rows.assign(scenario=rows["scenario"].fillna(""), missed=rows["best"] - rows["chosen"])
    regret = rule["rule"] == "min_max_regret"
    worst = _worst(rows, "chosen", regret=regret)
    yield Paragraph(words("robust.title"), "heading")
    values = {
        "count": len(rows), "tried": int(rule["tried"]), "indicator": about.name,
        "climate": titles[str(worst["scenario"])],
        "chosen": about.gain(float(worst["chosen"])), "best": about.gain(float(worst["best"])),
        "worst": about.gain(float(rule["worst"])), "mine": about.gain(max(0.0, float(worst["missed"]))),
    }  # fmt: skip
    alone = "robust.alone" if rule["tried"] == 1 else f"robust.{rule['rule']}"
    yield Paragraph(words(alone, **values), "item")
    yield from _estimated(about, rows, titles)
    if not rule["targets_held"]:
        yield Paragraph(words("robust.targets"), "warning")
    yield from _otherwise(about)
    yield _figure(about, rows, titles)


def elsewhere(view: View, alternative: str) -> Iterator[Block]:
    """Yield in which climate an alternative of the chosen portfolio gains least of what the same money could, if less.

    Nothing for other alternatives, and where it misses next to nothing in every climate.
    """
    rows, rules, alternatives = (
        view.run.table("robust"),
        view.run.table("robust_rule"),
        view.run.manifest.asked.alternatives,
    )
    if (
        rows is None
        or rules is None
        or rows.empty
        or alternative not in alternatives
        or not alternatives[alternative].portfolio
    ):
        return
    worst = _worst(rows.assign(scenario=rows["scenario"].fillna("")), "chosen", regret=True)
    if float(worst["best"] - worst["chosen"]) <= MISSED * float(worst["best"]):
        return
    about = About.of(view, {str(name): rules[name].iloc[0] for name in rules})
    yield Paragraph(
        words(
            "robust.elsewhere", alternative=view.name(alternative), climate=_titles(view)[str(worst["scenario"])],
            indicator=about.name, chosen=about.gain(float(worst["chosen"])), best=about.gain(float(worst["best"])),
        ), "warning",
    )  # fmt: skip


def _titles(view: View) -> dict[str, Text]:
    """Return the titles of the climates, '' being that of the study itself."""
    choice = view.run.choice
    settings = None if choice is None else choice.budget.robust
    others = () if settings is None else settings.scenarios
    return {"": words("robust.own"), **{each.name: TranslatedText.of(each.title) for each in others}}


def _worst(rows: pd.DataFrame, name: str, *, regret: bool) -> "pd.Series[Any]":
    """Return the row of the climate that is a portfolio's worst."""
    value = rows["best"] - rows[name] if regret else -rows[name]
    return rows.iloc[int(np.argmax(value.to_numpy(np.float64)))]


def _estimated(about: About, rows: pd.DataFrame, titles: dict[str, Text]) -> Iterator[Block]:
    """Tell where effects of single measures would have promised the robust portfolio something else than its runs."""
    off = (rows["estimate"] - rows["robust"]).abs()
    size = max(float(rows[["robust", "best"]].abs().to_numpy().max()), 1e-12)
    if float(off.max()) <= PROMISED * size:
        return
    row = rows.iloc[int(np.argmax(off.to_numpy(np.float64)))]
    yield Paragraph(
        words(
            "robust.estimate", climate=titles[str(row["scenario"])], promised=about.gain(float(row["estimate"])),
            found=about.gain(float(row["robust"])),
        ), "item",
    )  # fmt: skip


def _figure(about: About, rows: pd.DataFrame, titles: dict[str, Text]) -> Figure:
    def draw(language: str) -> Drawing:
        frame = pd.DataFrame(
            {words(f"robust.{name}").say(language): rows[name].to_numpy(dtype=float) for name in PORTFOLIOS},
            index=[in_words(titles[str(name)], language) for name in rows["scenario"]],
        )
        title = words("robust.figure", indicator=about.name).say(language)
        unit = label(about.unit, language)
        return clustered_bars(counted(1.0, about.unit, language) * frame, Labels(title, y=unit))

    return Figure("robust", words("robust.caption", indicator=about.name), draw)


def _otherwise(about: About) -> Iterator[Block]:
    """Yield what the robust portfolio builds more or less of, and the table of shares."""
    table = about.table("robust_adoption")
    moved = table.assign(change=table["robust"] - table["chosen"])
    moved = moved[moved["change"].abs() > MOVED].sort_values("change", key=abs, ascending=False, kind="stable")
    if moved.empty:
        yield Paragraph(words("robust.same"), "item")
        return
    parts = tuple(
        words(
            "robust.more" if row["change"] > 0.0 else "robust.less",
            measure=measure_title(str(row["measure"])), zone=about.zone(str(row["unit"])),
            before=f"{100.0 * row['chosen']:.0f}%", after=f"{100.0 * row['robust']:.0f}%",
        )
        for row in moved.head(LISTED).to_dict("records")
    )  # fmt: skip
    yield Paragraph(words("robust.otherwise", count=len(moved), parts=TextList(parts, "; ")), "item")
    frame = pd.DataFrame(
        {
            "measure": cells(measure_title(str(name)) for name in moved["measure"]),
            "zone": cells(about.zone(str(unit)) for unit in moved["unit"]),
            "chosen": 100.0 * moved["chosen"].to_numpy(dtype=float),
            "robust": 100.0 * moved["robust"].to_numpy(dtype=float),
        }
    )
    columns = [
        Column("measure", words("measures.measure")), Column("zone", words("plan.unit")),
        Column("chosen", words("robust.chosen"), "%", 0), Column("robust", words("robust.robust"), "%", 0),
    ]  # fmt: skip
    yield Table("robust_adoption", words("robust.table"), frame, columns, words("robust.note"), appendix=True)
