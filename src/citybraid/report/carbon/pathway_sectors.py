"""Pathways without life cycles of buildings: sectors that have one, the scenario asked for by name, what is missing."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.report.carbon.inventory import TONNE
from citybraid.report.chapter import Block, Column, Figure, Paragraph, Quantity, Table, TextList, words
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.pathway_charts import year_lines
from citybraid.report.drawing.units import label
from citybraid.report.view import View, model_title, need_title

PATHWAY, LIFE_CYCLE = "lowcarbon.pathway", "lowcarbon.life_cycle"
OTHERS, HELD, TOTAL, WHOLE = "pathway_other_sectors", "constant_stationary", "constant_emissions", "pathway_emissions"
SHOWN = {
    OTHERS: "pathway.other_sectors", HELD: "pathway.constant_stationary", TOTAL: "pathway.constant_total",
    WHOLE: "pathway.life_cycle_total",
}  # fmt: skip
"""Courses of the table and the chart, and what they are called."""


def sector_pathways(view: View) -> Iterator[Block]:
    """Yield what is known of an alternative's years where its total is missing, or where 'constant' is asked for."""
    name = next((each for each in view.run.alternatives if _course(view, each, OTHERS) is not None), None)
    if name is None:
        return
    courses = {key: course for key in SHOWN if (course := _course(view, name, key)) is not None}
    if WHOLE in courses and TOTAL not in courses:
        return
    if WHOLE not in courses:
        yield Paragraph(_without_total(view, name, courses[OTHERS]))
        if TOTAL not in courses:
            yield Paragraph(words("pathway.may_state"))
    if TOTAL in courses:
        yield Paragraph(
            words(
                "pathway.constant",
                alternative=view.name(name),
                **_ends("", courses[TOTAL]),
                **_ends("held_", courses[HELD]),
            )
        )
    yield _chart(view, name, courses)
    yield _table(view)


def _course(view: View, alternative: str, name: str) -> pd.Series | None:
    values = view.column(alternative, name)
    return None if values is None or values.empty else values / TONNE


def _ends(prefix: str, course: pd.Series) -> dict[str, Any]:
    """Return the first and last year of a course and what it is then, as text arguments."""
    return {
        f"{prefix}start": str(course.index[0]), f"{prefix}horizon": str(course.index[-1]),
        f"{prefix}first": Quantity(float(course.iloc[0]), "t CO2e year-1", 0),
        f"{prefix}last": Quantity(float(course.iloc[-1]), "t CO2e year-1", 0),
    }  # fmt: skip


def _without_total(view: View, alternative: str, course: pd.Series) -> Any:
    gap = next((each for each in view.run.gaps(alternative) if each.model == LIFE_CYCLE), None)
    needs = tuple(need_title(need) for need in gap.needs) if gap is not None else (model_title(LIFE_CYCLE),)
    return words(
        "pathway.without_total", alternative=view.name(alternative), needs=TextList(needs, ", "), **_ends("", course)
    )


def _chart(view: View, alternative: str, courses: Mapping[str, pd.Series]) -> Figure:
    def draw(language: str) -> Drawing:
        lines = {words(SHOWN[key]).say(language): course for key, course in courses.items()}
        title = words("pathway.sectors", alternative=view.name(alternative)).say(language)
        return year_lines(lines, Labels(title, y=label("t CO2e year-1", language)))

    return Figure("pathway_sectors", words("pathway.sectors_caption"), draw)


def _table(view: View) -> Table:
    """Return a row for each alternative and course: first year, last year and sum."""
    rows = [
        {
            "alternative": view.name(name), "course": words(headings), "start": course.iloc[0],
            "horizon": course.iloc[-1], "budget": course.sum() / TONNE,
        }
        for name in view.run.alternatives
        for key, headings in SHOWN.items()
        if (course := _course(view, name, key)) is not None
    ]  # fmt: skip
    columns = [
        Column("alternative", words("explorer.alternative")), Column("course", words("pathway.course")),
        Column("start", words("pathway.start"), "t CO2e year-1", 0),
        Column("horizon", words("pathway.horizon"), "t CO2e year-1", 0),
        Column("budget", words("pathway.budget"), "kt CO2e", 1),
    ]  # fmt: skip
    caption = words("pathway.sector_figures")
    return Table("pathway_sectors", caption, pd.DataFrame(rows), columns, words("pathway.sector_note"), appendix=True)
