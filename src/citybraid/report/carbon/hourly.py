"""The hourly balance of electricity: weeks, months, self-consumption and self-sufficiency, and what is overloaded."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.report.chapter import Block, Column, Figure, Paragraph, Table, Text, TextList, cells, words
from citybraid.report.drawing.charts import Labels, monthly
from citybraid.report.drawing.energy_charts import Week, weeks
from citybraid.report.drawing.units import label
from citybraid.report.view import View

FLOWS = ("load", "generation", "self_used", "import", "export")
DRAWN = {"used": "self_used", "taken": "import", "given": "export", "made": "generation"}
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
SEASONS = {"winter": (0, 59), "summer": (151, 243)}
"""First and last day (exclusive) of January and February, and of June to August."""
DAY, WEEK = 24, 7
MEGAWATT = 1000.0
MOST = 12
"""Overloaded parcels that are named."""


def hours(view: View, alternative: str) -> pd.DataFrame | None:
    """Return the hourly flows of an alternative's area [kW]; None where the run has no hourly balance."""
    columns = {name: view.column(alternative, f"area_{name}") for name in FLOWS}
    if any(column is None for column in columns.values()):
        return None
    return pd.DataFrame(columns).reset_index(drop=True)


def fullest_week(load: pd.Series, season: str) -> int:
    """Return the first hour of the week of seven whole days with the most load in a season."""
    first, last = SEASONS[season]
    days = load.to_numpy(dtype=np.float64).reshape(-1, DAY).sum(axis=1)[first:last]
    return DAY * (first + int(np.argmax(np.convolve(days, np.ones(WEEK), mode="valid"))))


def hourly_balance(view: View) -> Iterator[Block]:
    """Yield the balance's table, weeks and months; where there is generation without a balance, that it is missing."""
    flows = {name: table for name in view.run.alternatives if (table := hours(view, name)) is not None}
    if not flows:
        yield from _without_balance(view)
        return
    yield _shares(view, flows)
    made = {name: float(table["generation"].sum()) for name, table in flows.items()}
    shown = view.base if made.get(view.base) else max(made, key=lambda name: made[name])
    if made[shown] > 0:
        table = flows[shown]
        yield Figure(
            "hourly_weeks", words("supply.weeks_caption"), lambda language: _weeks(view, shown, table, language)
        )
        yield Figure(
            "monthly_balance", words("supply.months_caption"), lambda language: _months(view, shown, table, language)
        )
    yield from _overloaded(view)


def _without_balance(view: View) -> Iterator[Block]:
    generation = [view.column(name, "pv_generation") for name in view.run.alternatives]
    if any(column is not None and float(column.sum()) > 0 for column in generation):
        yield Paragraph(words("supply.no_balance"), "warning")


def _shares(view: View, flows: dict[str, pd.DataFrame]) -> Table:
    """Return a row for each alternative: flows, self-consumption, self-sufficiency, alone and if neighbours share."""
    rows = []
    for name, table in flows.items():
        sums = table.sum()
        shared = float(np.minimum(table["load"], table["generation"]).sum())
        generation, load = float(sums["generation"]), float(sums["load"])
        rows.append({
            "alternative": view.name(name),
            **{flow: float(sums[flow]) for flow in FLOWS},
            "self_consumption": _percent(float(sums["self_used"]), generation),
            "self_sufficiency": _percent(float(sums["self_used"]), load),
            "shared": _percent(shared, load),
            "export_peak": float((table["export"] - table["import"]).clip(lower=0).max()),
        })  # fmt: skip
    frame = pd.DataFrame(rows).assign(alternative=cells([view.name(name) for name in flows]))
    columns = [
        Column("alternative", words("explorer.alternative")),
        *(Column(flow, words(f"supply.{flow}"), "kWh year-1", 0) for flow in FLOWS),
        *(Column(name, words(f"supply.{name}"), "%", 1) for name in ("self_consumption", "self_sufficiency", "shared")),
        Column("export_peak", words("supply.export_peak"), "kW", 0),
    ]  # fmt: skip
    return Table("hourly_balance", words("supply.balance"), frame, columns, words("supply.balance_note"))


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole > 0 else np.nan


def _weeks(view: View, alternative: str, table: pd.DataFrame, language: str) -> Drawing:
    panels = []
    for season in SEASONS:
        start = fullest_week(table["load"], season)
        part = table.iloc[start : start + DAY * WEEK] / MEGAWATT
        days = pd.date_range("2023-01-01", periods=365)[start // DAY : start // DAY + WEEK]
        names = [words("supply.day", month=day.month, day=day.day).say(language) for day in days]
        series = {name: part[flow] for name, flow in DRAWN.items()}
        panels.append(Week(words(f"supply.{season}").say(language), series, names))
    title = words("supply.weeks", alternative=view.name(alternative)).say(language)
    names_of = {name: words(f"supply.{flow}").say(language) for name, flow in DRAWN.items()}
    return weeks(panels, Labels(title, y="MW"), names=names_of)


def _months(view: View, alternative: str, table: pd.DataFrame, language: str) -> Drawing:
    month = np.repeat(np.arange(12), np.array(MONTH_DAYS) * DAY)
    sums = table[list(FLOWS)].groupby(month).sum() / MEGAWATT
    frame = sums.rename(columns={flow: words(f"supply.{flow}").say(language) for flow in FLOWS})
    frame.index = pd.Index([words("supply.month", month=at + 1).say(language) for at in range(12)])
    title = words("supply.months", alternative=view.name(alternative)).say(language)
    return monthly(frame, Labels(title, y=f"{label('MWh', language)}"))


def _overloaded(view: View) -> Iterator[Block]:
    """Yield, for each alternative with transformer capacities, which parcels export more than those carry."""
    for name in view.run.alternatives:
        margin = view.column(name, "hosting_margin")
        if margin is None:
            continue
        short = margin[margin < 0].sort_values(kind="stable")
        stated = int(margin.notna().sum())
        if short.empty:
            yield Paragraph(words("supply.hosted", alternative=view.name(name), stated=stated))
            continue
        listed: list[Text] = [
            words("supply.short_parcel", parcel=str(parcel), by=round(-float(value), 1))
            for parcel, value in short.head(MOST).items()
        ]
        if len(short) > MOST:
            listed.append(words("supply.more_parcels", count=len(short) - MOST))
        yield Paragraph(
            words(
                "supply.overloaded", alternative=view.name(name), count=len(short), stated=stated,
                parcels=TextList(tuple(listed), ", "),
            ),
            "warning",
        )  # fmt: skip
