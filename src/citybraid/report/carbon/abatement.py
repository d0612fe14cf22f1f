"""The marginal abatement cost curve of the measures: a table and a chart."""

from collections.abc import Iterator

import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Block, Column, Figure, Table, cells, in_words, words
from citybraid.report.drawing.abatement_curve import Bar, abatement_chart
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.units import label
from citybraid.report.view import View, measure_title, named


def abatement(view: View) -> Iterator[Block]:
    """Yield the curve in its order; nothing where the run has no measures or none of them abates."""
    table = view.run.table("abatement")
    if table is None or not (table["abatement"] > 0.0).any():
        return
    yield Figure("abatement_curve", words("abatement.caption"), lambda language: _chart(view, table, language))
    frame = table.copy()
    frame["measure"] = cells(measure_title(str(name)) for name in table["measure"])
    frame["status"] = cells(named("status", str(status)) for status in table["status"])
    yearly = view.money("{currency} year-1")
    columns = [
        Column("measure", words("measures.measure")), Column("alone", words("abatement.alone"), "t CO2e year-1", 1),
        Column("abatement", words("abatement.beside"), "t CO2e year-1", 1),
        Column("cumulative", words("abatement.cumulative"), "t CO2e year-1", 1),
        Column("alone_cost", words("abatement.alone_cost"), yearly),
        *([Column("saved", words("abatement.saved"), yearly)] if _billed(table) else []),
        Column("cost", words("abatement.cost"), yearly),
        Column("marginal", words("abatement.marginal"), view.money("{currency} t-1 CO2e"), 0),
        Column("status", words("method.status")),
    ]  # fmt: skip
    yield Table(
        "abatement", words("abatement.title"), frame, columns, words("abatement.note", bills=words(_bills(table))),
        appendix=True,
    )  # fmt: skip


def _bills(table: pd.DataFrame) -> str:
    """Return the sentence on whether the energy that measures save is in their cost."""
    return "abatement.with_bills" if _billed(table) else "abatement.without_bills"


def _billed(table: pd.DataFrame) -> bool:
    return "saved" in table and bool((table["saved"] != 0.0).any())


def _chart(view: View, table: pd.DataFrame, language: str) -> Drawing:
    useful = table[table["abatement"] > 0.0]
    bars = [
        Bar(in_words(measure_title(str(row["measure"])), language), float(row["abatement"]), float(row["marginal"]))
        for row in useful.to_dict("records")
    ]
    tonne, yearly = (label(unit, language) for unit in (view.money("{currency} t-1 CO2e"), "t CO2e year-1"))
    marginal = words("abatement.marginal").say(language)
    labels = Labels(
        words("abatement.title").say(language), x=f"{words('abatement.cumulative').say(language)} ({yearly})",
        y=f"{marginal} ({tonne})",
    )  # fmt: skip
    heads = (words("measures.measure").say(language), f"{marginal}\n({tonne})",
             f"{words('abatement.beside').say(language)}\n({yearly})")  # fmt: skip
    return abatement_chart(bars, labels, heads=heads)
