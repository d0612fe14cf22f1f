"""The average year: expected damage and people exposed by alternative, with uncertainty bands and changes."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Block, Column, Figure, Paragraph, Quantity, Table, Text, cells, in_words, words
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.risk_charts import ranges
from citybraid.report.drawing.units import convert, label, number
from citybraid.report.view import View, named

DAMAGE, PEOPLE, EVENT_DAMAGE = "expected_annual_damage", "expected_annual_exposed", "building_damage"
UNITS: Mapping[str, str] = {DAMAGE: "{currency} year-1", PEOPLE: "person year-1"}
PERCENT = 100.0
MUCH = 0.25
"""Share of an average year that floods more frequent than any that was run must bring before a warning is given [-]."""


def average_year(view: View) -> Iterator[Block]:
    """Yield a table of the average year with its assumptions, and a warning about frequent events."""
    rows = [row for name in view.run.alternatives if len(row := _means(view, name)) > 1]
    if not rows:
        return
    frame = pd.DataFrame(rows)
    frame["alternative"] = cells(frame["alternative"])
    columns = [
        Column("alternative", words("explorer.alternative")),
        *(Column(var, named("var", var), view.money(unit), None if var == DAMAGE else 1) for var, unit in UNITS.items()
          if var in frame),
    ]  # fmt: skip
    yield Table("risk_year", words("risk.year"), frame, columns, _assumptions(view))
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
            row[var] = float(np.nansum(view.run.value(layer).to_numpy(np.float64)))
    return row


def _params(view: View) -> Mapping[str, Any]:
    """Return the parameters of the average year in the first alternative, nothing where it has none."""
    layer = view.layer(view.base, DAMAGE)
    maker = None if layer is None else view.run.maker(view.base, layer)
    return {} if maker is None else maker.params


def _assumptions(view: View) -> Text:
    params = _params(view)
    if not {"onset", "tail"} <= set(params):
        return ""
    tail = words("risk.tail_as_rarest" if params["tail"] else "risk.tail_nothing")
    return words("risk.year_note", onset=number(float(params["onset"])), tail=tail)


def _frequent_events_warning(view: View) -> Iterator[Paragraph]:
    """Warn where much of the damage of a year comes from between the onset and the most frequent event that was run."""
    params, layer = _params(view), view.layer(view.base, DAMAGE)
    events = [name for name in view.events(view.base, EVENT_DAMAGE) if view.return_period(view.base, name)]
    if not events or layer is None or params.get("rule") != "linear":
        return
    year, first = view.return_period(view.base, events[0]), view.layers[view.base][EVENT_DAMAGE][events[0]]
    total, first_loss = (float(np.nansum(view.run.value(each).to_numpy(np.float64))) for each in (layer, first))
    part = 0.5 * first_loss * max(1.0 / float(params["onset"]) - 1.0 / year, 0.0)
    if total > 0.0 and part > MUCH * total:
        yield Paragraph(
            words(
                "risk.year_unrun", share=Quantity(PERCENT * part / total, "%", 0), years=number(year),
                onset=number(float(params["onset"])),
            ),
            "warning",
        )  # fmt: skip


def _drawn(view: View, years: Mapping[str, pd.Series], language: str) -> Drawing:
    scale = convert(1.0, view.money(UNITS[DAMAGE]), "planning")
    frame = pd.DataFrame(
        {end: [float(year[end]) * scale for year in years.values()] for end in ("low", "median", "high", "screening")},
        index=[in_words(view.name(name), language) for name in years],
    )
    unit = label(view.money("10k {currency} year-1"), language)
    labels = Labels(words("risk.year_bands").say(language), x=f"{in_words(named('var', DAMAGE), language)} ({unit})")
    names = (words("risk.nine_in_ten"), words("risk.median"), words("risk.at_values"))
    return ranges(frame, labels, names=tuple(each.say(language) for each in names))
