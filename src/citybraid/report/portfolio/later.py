"""When the portfolio is built, and which inputs would turn the choice."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.report.chapter import (
    Block,
    Column,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    TranslatedText,
    cells,
    words,
)
from citybraid.report.drawing.units import brief, significant
from citybraid.report.indicators import unit_text, whole
from citybraid.report.portfolio.about import DIGITS, About
from citybraid.report.remarks.unseen import percent
from citybraid.report.view import measure_title

LISTED, LEAST = 3, 0.01
"""Inputs named in a sentence where there are many; the least gap that is told [%]."""
ALL_LISTED = 6
"""Inputs up to which a sentence names all."""
FARTHER = 0.05
"""Share by which effects of measures alone may exceed that of all together before the difference is told [-]."""
TELLING = 0.005
"""Share of what works change by which their interactions are told [-]."""


def phase_blocks(about: About) -> Iterator[Block]:
    """Yield when works start and what is spent and gained by year; nothing without phases."""
    works, years = about.table("phases"), about.table("phase_years")
    if works.empty or years.empty:
        return
    never, first, last = int(works["start"].isna().sum()), works["start"].min(), works["start"].max()
    text = "why.phased_part" if never else "why.phased"
    if never == len(works):
        yield Paragraph(words("why.phased_none"), "item")
        yield from _too_long(about, works)
        return
    when = words("why.start_in", year=int(first))
    if last > first:
        when = words("why.start_span", first=int(first), last=int(last))
    yield Paragraph(
        words(
            text, rest=never, when=when,
            spent=about.money(float(years["spent"].sum())),
            gap=f"{max(LEAST, 100.0 * float(years['gap'].iloc[0])):.2g}%",
        ), "item",
    )  # fmt: skip
    yield from _too_long(about, works)
    frame = pd.DataFrame(
        {
            "start": [words("why.not_started") if np.isnan(year) else str(int(year)) for year in works["start"]],
            "measure": cells(measure_title(str(name)) for name in works["measure"]),
            "zone": cells(about.zone(str(unit)) for unit in works["unit"]),
            "cost": works["cost"].to_numpy(dtype=float),
        }
    )
    columns = [
        Column("start", words("why.start")), Column("measure", words("measures.measure")),
        Column("zone", words("plan.unit")), Column("cost", words("measures.cost"), about.view.money()),
    ]  # fmt: skip
    yield Table("phases", words("why.phases"), frame, columns, words("why.phases_note"), appendix=True)
    frame = pd.DataFrame(
        {
            "year": [str(int(year)) for year in years["year"]],
            "budget": years["budget"].to_numpy(dtype=float),
            "spent": years["spent"].to_numpy(dtype=float),
            **{
                name: [significant(float(value), about.unit) for value in years[name]]
                for name in ("alone", "gained") if name in years
            },
        }
    )  # fmt: skip
    columns = [
        Column("year", words("why.year")), Column("budget", words("why.budget"), about.view.money()),
        Column("spent", words("why.spent"), about.view.money()),
        Column("alone", words("why.gained_alone", unit=about.unit_name)),
        Column("gained", words("why.gained", unit=about.unit_name)),
    ]  # fmt: skip
    columns = [each for each in columns if each.key in frame]
    yield Table("phase_years", words("why.phase_years"), frame, columns, _years_note(about, years), appendix=True)


def _years_note(about: About, years: pd.DataFrame) -> Text:
    """Return what the effects of years are, what pairs do to their sum, and what the run of all gives where less."""
    note = words("why.phase_years_note", indicator=about.name)
    added = float(years["gained"].iloc[-1])
    if "alone" in years:
        note = words("question.joined", first=note, others=_pairs_note(about, years))
    before, after = (whole(about.view, end, about.indicator) for end in about.view.ends)
    if before is None or after is None or added <= abs(after - before) * (1.0 + FARTHER):
        return note
    values = {"added": Quantity(significant(added, about.unit), about.unit),
            "run": Quantity(significant(abs(after - before), about.unit), about.unit)}  # fmt: skip
    return words("question.joined", first=note, others=words("why.phase_years_sum", **values))


def _pairs_note(about: About, years: pd.DataFrame) -> Text:
    """Return what measures that meet in a planning unit add to or take from the sum of the last year."""
    choice = about.view.run.choice
    if choice is None or not choice.budget.pairs:
        return words("why.phase_no_pairs")
    last = years.iloc[-1]
    alone, together = float(last["alone"]), float(last["gained"])
    if abs(together - alone) < TELLING * abs(alone):
        return words("why.phase_additive")
    values = {name: Quantity(significant(value, about.unit), about.unit) for name, value in
            (("alone", alone), ("together", together), ("by", abs(together - alone)))}  # fmt: skip
    return words(
        "why.phase_pairs_less" if together < alone else "why.phase_pairs_more", year=int(last["year"]), **values
    )


def _too_long(about: About, works: pd.DataFrame) -> Iterator[Block]:
    """Name the measures that no money would get done: building them takes more years than there are."""
    budget = about.view.run.manifest.asked.budget
    if budget is None or budget.phases is None:
        return
    count = len(budget.phases.budgets)
    waiting = dict.fromkeys(str(name) for name in works.loc[works["start"].isna(), "measure"])
    late = [name for name in waiting if budget.phases.build_years.get(name, 0) > count]
    if late:
        titles = TextList(tuple(measure_title(name) for name in late))
        yield Paragraph(words("why.phased_late", measures=titles, count=count), "item")


def milestone_blocks(about: About) -> Iterator[Block]:
    """Yield whether the objectives' milestones are reached on the way; nothing where none is stated."""
    settings = about.view.run.manifest.asked
    stated = [each for each in settings.objectives if each.milestones]
    if not stated:
        return
    table = about.table("milestones")
    known = set(table["objective"]) if len(table) else set()
    unknown = [TranslatedText.of(each.title) for each in stated if each.id not in known]
    if unknown:
        yield Paragraph(words("milestone.unknown", objectives=TextList(tuple(unknown), "; ")), "warning")
    if table.empty:
        return
    titles = {each.id: TranslatedText.of(each.title) for each in stated}
    missed = table[~table["met"].astype(bool)]
    parts: list[Text] = [
        words(
            "milestone.missed_one", objective=titles[str(row["objective"])], year=int(row["year"]),
            asked=_level(about, row, "asked"), reached=_level(about, row, "reached"),
        )
        for row in missed.to_dict("records")
    ]  # fmt: skip
    if parts:
        text = words(
            "milestone.missed", of=len(table), met=len(table) - len(missed), parts=TextList(tuple(parts), "; ")
        )
        yield Paragraph(text, "warning")
    else:
        last = int(table["year"].max())
        yield Paragraph(words("milestone.met", count=len(table), last=last), "item")
    yield from _together(about, table, titles)
    frame = pd.DataFrame(
        {
            "year": [str(int(year)) for year in table["year"]],
            "objective": cells(titles[str(name)] for name in table["objective"]),
            "unit": [unit_text(about.view.unit_of(str(name))) for name in table["indicator"]],
            **{
                name: [
                    significant(value, about.view.unit_of(str(row)), digits=3)
                    for value, row in zip(table[name], table["indicator"], strict=True)
                ]
                for name in ("before", "asked", "reached")
            },
            "met": cells(words("milestone.yes" if met else "milestone.no") for met in table["met"]),
        }
    )
    columns = [
        Column("year", words("why.year")), Column("objective", words("milestone.objective")),
        Column("unit", words("explorer.unit")), Column("before", words("milestone.before")),
        Column("asked", words("milestone.asked")), Column("reached", words("milestone.reached")),
        Column("met", words("milestone.is_met")),
    ]  # fmt: skip
    yield Table("milestones", words("milestone.title"), frame, columns, words("milestone.note"), appendix=True)


def _together(about: About, table: pd.DataFrame, titles: Mapping[str, Text]) -> Iterator[Block]:
    """Tell what the works built by a milestone's year take from each other or add, or that pairs were not run."""
    choice = about.view.run.choice
    if choice is None or "alone" not in table:
        return
    if not choice.budget.pairs:
        yield Paragraph(words("milestone.no_pairs"), "item")
        return
    change = (table["reached"] - table["alone"]).abs()
    size = (table["alone"] - table["before"]).abs()
    share = (change / size.where(size > 0.0)).fillna(0.0)
    row = table.to_dict("records")[int(np.argmax(share.to_numpy(np.float64)))]
    if float(share.max()) < TELLING:
        yield Paragraph(words("milestone.additive"), "item")
        return
    yield Paragraph(
        words(
            "milestone.together", objective=titles[str(row["objective"])], year=int(row["year"]),
            alone=_level(about, row, "alone"), reached=_level(about, row, "reached"),
        ), "item",
    )  # fmt: skip


def _level(about: About, row: Mapping[Any, Any], name: str) -> Text:
    return about.gain(float(row[name]), str(row["indicator"]))


def flip_blocks(about: About) -> Iterator[Block]:
    """Yield the inputs that turn the choice, and what knowing them is worth; nothing without a search."""
    table = about.table("flips")
    if table.empty:
        return
    inputs, every = table[table["measure"] != ""], table[table["measure"] == ""]
    turning = inputs[inputs["turn"].notna()]
    listed = turning if len(turning) <= ALL_LISTED else turning.head(LISTED)
    parts: tuple[Text, ...] = tuple(
        words(f"why_flip.{row['kind']}", measure=measure_title(str(row["measure"])), turn=percent(float(row["turn"])))
        for row in listed.to_dict("records")
    )
    if len(turning) > len(listed):
        parts += (words("why_flip.more", count=len(turning) - len(listed)),)
    known = about.gain(float(every["information"].iloc[0]))
    if parts:
        parts_said = TextList(parts, "; ")
        yield Paragraph(
            words("why.flips", count=len(turning), parts=parts_said, indicator=about.name, known=known), "item"
        )
    else:
        yield Paragraph(words("why.no_flip", count=len(inputs), indicator=about.name), "item")
    yield _flip_table(about, inputs)


def _flip_table(about: About, inputs: pd.DataFrame) -> Table:
    def share(value: float) -> Text:
        return percent(value) if np.isfinite(value) else "–"

    frame = pd.DataFrame(
        {
            "input": cells(
                words(f"why_input.{row['kind']}", measure=measure_title(str(row["measure"])))
                for row in inputs.to_dict("records")
            ),
            "range": [f"{share(low)}–{share(high)}" for low, high in zip(inputs["low"], inputs["high"], strict=True)],
            "turn": [share(float(value)) for value in inputs["turn"]],
            "moved": 100.0 * inputs["moved"].to_numpy(dtype=float),
            "information": [brief(value, DIGITS) for value in inputs["information"]],
        }
    )
    columns = [
        Column("input", words("why.input")), Column("range", words("why.range")), Column("turn", words("why.turn")),
        Column("moved", words("why.moved"), "%", 0),
        Column("information", words("why.information", unit=about.unit_name)),
    ]  # fmt: skip
    return Table("flips", words("why.flip_table"), frame, columns, words("why.flip_note"), appendix=True)
