"""Heat in homes: a row for each alternative, without cooling and in the blackout."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from citybraid.report.carbon.hotter_homes import why_hotter
from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, cells, words
from citybraid.report.view import View, named

HOURS = (
    "hours_above_26", "hours_above_28", "hours_above_30", "hours_above_32", "top_hours_above_30",
    "middle_hours_above_30", "adaptive_hours", "hot_night_hours",
)  # fmt: skip
PEAK = "blackout_peak"
MAIN = ("hours_above_30", "top_hours_above_30", PEAK, "blackout_people", "blackout_elderly")
"""What the body shows."""
TOLERATED = 0.01 * 8760
"""Hours above 30 degC in a year from which homes overheat [h] (CIBSE TM59, criterion b: 1 % of the year)."""
PEOPLE = ("people_overheated", "blackout_people", "blackout_elderly")


def overheated_homes(view: View) -> Iterator[Block]:
    """Yield how hot homes of the base alternative become, and the main numbers by alternative, where homes overheat."""
    rows = _rows(view)
    base = rows.get(view.base)
    if base is None or max(row["hours_above_30"] for row in rows.values()) <= TOLERATED:
        return
    top = base["top_hours_above_30"]
    values: dict[str, object] = {
        "hours": Quantity(base["hours_above_30"], "h", 0), "peak": Quantity(base[PEAK], "degC", 1),
        "top": Quantity(base["hours_above_30"] if np.isnan(top) else top, "h", 0),
    }  # fmt: skip
    people = base["blackout_people"]
    exposed = "" if np.isnan(people) else words("overheating.people", people=Quantity(people, "person", 0))
    yield Paragraph(words("overheating.told", exposed=exposed, **values))
    yield from why_hotter(view)
    seen = pd.DataFrame.from_dict(rows, orient="index", columns=list(MAIN)).drop_duplicates().index
    table = _table(view, {name: rows[name] for name in seen}, MAIN)
    title, note = words("overheating.main"), words("overheating.main_note")
    yield replace(table, name="overheated_homes", title=title, note=note, appendix=True)


def heat_in_homes(view: View) -> Iterator[Block]:
    """Yield the table of hours by residents (by homes where nobody is counted), peak and people too hot."""
    if rows := _rows(view):
        yield _table(view, rows, (*HOURS, PEAK, *PEOPLE))


def _rows(view: View) -> dict[str, dict[str, float]]:
    return {name: row for name in view.run.alternatives if (row := _row(view, name)) is not None}


def _table(view: View, rows: Mapping[str, dict[str, float]], names: tuple[str, ...]) -> Table:
    frame = pd.DataFrame(list(rows.values()))
    kept = [name for name in names if name in frame and frame[name].notna().any()]
    shown = frame[kept].assign(alternative=cells([view.name(name) for name in rows]))
    units = dict.fromkeys(HOURS, "h") | {PEAK: "degC"} | dict.fromkeys(PEOPLE, "person")
    columns = [
        Column("alternative", words("explorer.alternative")),
        *(Column(name, named("var", name), units[name], 1 if name == PEAK else 0) for name in kept),
    ]
    counted = view.column(view.base, "residents") is not None
    note = words("overheating.note" if counted else "overheating.note_homes")
    return Table("heat_in_homes", words("overheating.table"), shown, columns, note)


def _row(view: View, alternative: str) -> dict[str, float] | None:
    """Return the means and sums of an alternative's homes; None without any."""
    hours = view.column(alternative, HOURS[0])
    if hours is None or not hours.notna().any():
        return None
    residents = view.column(alternative, "residents")
    weight = pd.Series(1.0, hours.index) if residents is None else residents.reindex(hours.index).fillna(0.0)
    if not weight[hours.notna()].sum() > 0:
        weight = pd.Series(1.0, hours.index)
    row: dict[str, float] = {}
    for name in (*HOURS, PEAK):
        values = view.column(alternative, name)
        row[name] = np.nan if values is None else _mean(values, weight)
    for name in PEOPLE:
        people = view.column(alternative, name)
        row[name] = np.nan if people is None or not people.notna().any() else float(people.sum())
    return row


def _mean(values: pd.Series, weight: pd.Series) -> float:
    """Return a mean over the homes that have a value."""
    there = values.notna()
    total = float(weight[there].sum())
    return float((values * weight)[there].sum()) / total if total > 0 else float("nan")
