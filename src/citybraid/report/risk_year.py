"""The average year: expected damage and people exposed by alternative, with uncertainty bands and changes."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Block, Column, Figure, Paragraph, Table, Text, cells, in_words, words
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.risk_charts import ranges
from citybraid.report.drawing.units import MANY, convert, counted, label, number
from citybraid.report.remarks.inside import of_area
from citybraid.report.remarks.onset import DAMAGE, MUCH, annual_params, assumed_onset
from citybraid.report.view import View, named

PEOPLE = "expected_annual_exposed"
UNITS: Mapping[str, str] = {DAMAGE: "{currency} year-1", PEOPLE: "person year-1"}
PERCENT = 100.0


def average_year(view: View) -> Iterator[Block]:
    """Yield a table of the average year with its assumptions, and a warning about frequent events."""
    rows = [row for name in view.run.alternatives if len(row := _means(view, name)) > 1]
    if not rows:
        return
    frame = pd.DataFrame(rows)
    frame["alternative"] = cells(frame["alternative"])
    columns = [
        Column("alternative", words("explorer.alternative")),
        *(Column(var, named("var", var), view.money(unit), _digits(var, frame[var])) for var, unit in UNITS.items()
          if var in frame),
    ]  # fmt: skip
    yield Table("risk_year", words("risk.year"), frame, columns, _assumptions(view), appendix=True)
    yield from _frequent_events_warning(view)


def bands(view: View) -> Iterator[Block]:
    """Yield uncertainty bands of each alternative's average year and of its change; nothing for fewer than two."""
    tables = {name: view.run.table(f"uncertainty/{name}") for name in view.run.alternatives}
    years = {name: table[table["event"] == ""].iloc[0] for name, table in tables.items() if table is not None}
    changes = view.run.table("uncertainty_change")
    if len(years) <= 1 or changes is None:
        return
    yield Figure("risk_year_bands", words("risk.year_bands_caption"), lambda language: _drawn(view, years, language))
    frame = changes.copy()
    frame["alternative"] = cells(view.name(str(name)) for name in changes["alternative"])
    for name in ("share_low", "share_high", "lowered"):
        frame[name] = PERCENT * frame[name]
    money = view.money(UNITS[DAMAGE])
    columns = [
        Column("alternative", words("explorer.alternative")), Column("low", words("risk.change_low"), money),
        Column("median", words("risk.change_median"), money), Column("high", words("risk.change_high"), money),
        Column("share_low", words("risk.share_low"), "%", 0), Column("share_high", words("risk.share_high"), "%", 0),
        Column("lowered", words("risk.lowered"), "%", 0),
    ]  # fmt: skip
    uncertainty = view.run.manifest.uncertainty
    first = next(iter(uncertainty.alternatives if uncertainty is not None else ()), view.base)
    base = words("risk.changes_note", base=view.name(first))
    yield Table("risk_changes", words("risk.changes"), frame, columns, base)


def _means(view: View, name: str) -> dict[str, Any]:
    row: dict[str, Any] = {"alternative": view.name(name)}
    for var in UNITS:
        layer = view.layer(name, var)
        if layer is not None:
            row[var] = float(np.nansum(of_area(view, name, "buildings", view.run.value(layer)).to_numpy(np.float64)))
    return row


def _digits(var: str, values: pd.Series) -> int | None:
    """Return the decimals of a column: none for people unless they are few."""
    if var == DAMAGE:
        return None
    return 0 if float(values.max()) >= MANY else 1


def _assumptions(view: View) -> Text:
    params = annual_params(view)
    if not {"onset", "tail"} <= set(params):
        return ""
    tail = words("risk.tail_as_rarest" if params["tail"] else "risk.tail_nothing")
    return words("risk.year_note", onset=number(float(params["onset"])), tail=tail)


def _frequent_events_warning(view: View) -> Iterator[Paragraph]:
    """Warn where much of the damage of a year comes from between the onset and the most frequent event that was run."""
    onset = assumed_onset(view, view.base)
    if onset is not None and onset.share > MUCH:
        yield Paragraph(onset.say(view, "risk.year_unrun", view.name(view.base)), "warning")


def _drawn(view: View, years: Mapping[str, pd.Series], language: str) -> Drawing:
    unit = view.money("10k {currency} year-1")
    scale = counted(convert(1.0, view.money(UNITS[DAMAGE]), "planning"), unit, language)
    frame = pd.DataFrame(
        {end: [float(year[end]) * scale for year in years.values()] for end in ("low", "median", "high", "screening")},
        index=[in_words(view.name(name), language) for name in years],
    )
    named_unit = f"{in_words(named('var', DAMAGE), language)} ({label(unit, language)})"
    labels = Labels(words("risk.year_bands").say(language), x=named_unit)
    names = (words("risk.nine_in_ten"), words("risk.median"), words("risk.at_values"))
    return ranges(frame, labels, names=tuple(each.say(language) for each in names))
