"""The plan's table of indicators: what is handed down, what is stated, what the layers hold, and whether they agree."""

from collections.abc import Iterator

from citybraid.planning.master import master_indicators
from citybraid.report.chapter import Block, Column, Table, Text, cells, words
from citybraid.report.indicators import unit_text
from citybraid.report.review.adopted import adopted
from citybraid.report.view import View, named

VALUES = ("handed_down", "stated", "layers")


def plan_figures(view: View) -> Iterator[Block]:
    """Yield a row for each figure that the study states of its plan; nothing where it states none."""
    table = view.run.table(f"plan_figures/{adopted(view)}")
    if table is None or table.empty:
        return
    rows = [master_indicators()[str(name)] for name in table["indicator"]]
    frame = table[list(VALUES)].copy()
    frame = frame.astype(float)
    frame["indicator"] = cells(named("master_indicator", row.id) for row in rows)
    frame["unit"] = cells(unit_text(row.unit) for row in rows)
    frame["attribute"] = cells(words(f"master.{row.attribute}") if row.attribute else "–" for row in rows)
    for name in ("against_above", "against_layers"):
        frame[name] = cells(_state(str(state)) for state in table[name])
    frame["source"] = cells(str(source) or "–" for source in table["source"])
    columns = [
        Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
        Column("attribute", words("master.attribute")),
        *(Column(name, words(f"plan_figures.{name}"), told=True) for name in VALUES),
        Column("against_above", words("plan_figures.against_above")),
        Column("against_layers", words("plan_figures.against_layers")),
        Column("source", words("plan_figures.source")),
    ]  # fmt: skip
    title = words("plan_figures.table", alternative=view.name(adopted(view)))
    yield Table("plan_figures", title, frame, columns, words("plan_figures.note"))


def _state(state: str) -> Text:
    return words(f"plan_figures.{state}") if state else "–"
