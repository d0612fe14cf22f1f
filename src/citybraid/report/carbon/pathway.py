"""Pathways of the alternatives: charts with wedges, peak and budget, keep or rebuild, and the abatement curve."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.report.carbon.inventory import TONNE
from citybraid.report.chapter import Block, Column, Figure, Paragraph, Quantity, Table, Text, TextList, in_words, words
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.pathway_charts import wedge_chart, year_lines
from citybraid.report.drawing.units import label
from citybraid.report.view import View, named

PATHWAY = "lowcarbon.pathway"
LEVERS = ("grid", "turnover", "retrofit", "heat_pumps", "electrification", "vehicles", "photovoltaics")
STATED = {
    "retrofit_rate": "% year-1",
    "heat_pump_share": "%",
    "gas_electrified_share": "%",
    "electric_vehicle_share": "%",
    "pv_roof_share": "%",
}
"""Parameters that state a lever, and the units that they are told in."""
SHOWN = 2
"""Alternatives whose wedges are drawn: the first ones; all stand in the table and in the chart of courses."""


def pathways(view: View) -> Iterator[Block]:
    """Yield the pathway of each alternative: what it rests on, its wedges, its peak, budget and test of near zero."""
    nets = {
        name: net for name in view.run.alternatives if (net := _course(view, name, "pathway_emissions")) is not None
    }
    if not nets:
        return
    first = next(iter(nets))
    peaks = tuple(
        words("pathway.peaks_in", alternative=view.name(name), year=_year(view, name, "emissions_peak_year"))
        for name in nets
    )
    yield Paragraph(words("pathway.told", basis=_basis(view, first), peaks=TextList(peaks, "; ")))
    for name in list(nets)[:SHOWN]:
        yield replace(_wedges(view, name), appendix=len(nets) > 1)
    if len(nets) > 1:
        yield _courses(view, nets)
    yield replace(_figures(view, nets), appendix=len(nets) > 1)
    yield replace(_wedge_sums(view, nets), appendix=True)


def _course(view: View, alternative: str, name: str) -> pd.Series | None:
    """Return a course over years [t a year], None where the run has none."""
    values = view.column(alternative, name)
    return None if values is None or values.empty else values / TONNE


def _params(view: View, alternative: str) -> Mapping[str, Any]:
    return next((step.params for step in view.run.steps(alternative) if step.model == PATHWAY), {})


def _basis(view: View, alternative: str) -> Text:
    """Say the years, the grid scenario and its rows' status, and which levers the study states."""
    params = _params(view, alternative)
    levers = [
        words(f"pathway.{key}", value=Quantity(100.0 * params[key], unit, 0 if unit == "%" else None))
        for key, unit in STATED.items()
        if params.get(key)
    ]
    basis = TextList(tuple(levers), "; ") if levers else words("pathway.no_levers")
    return words(
        "pathway.basis", start=str(params.get("start", "")), horizon=str(params.get("horizon", "")),
        scenario=named("factor_key", str(params.get("scenario", ""))), statuses=_statuses(view, alternative),
        levers=basis,
    )  # fmt: skip


def _statuses(view: View, alternative: str) -> TextList:
    """Return the statuses of the scenario's rows."""
    step = next(step for step in view.run.steps(alternative) if step.model == PATHWAY)
    prefix = f"{step.params.get('scenario', '')}/"
    rows = [row for group in step.factors.values() for row in group]
    statuses = dict.fromkeys(
        str(row.status) for row in rows if row.factor == "grid_path" and row.key.startswith(prefix)
    )
    return TextList(tuple(named("status", status) for status in statuses), ", ")


def _wedges(view: View, alternative: str) -> Figure:
    def draw(language: str) -> Drawing:
        net, reference = (_course(view, alternative, f"pathway_{name}") for name in ("emissions", "reference"))
        wedges = {
            in_words(named("var", f"wedge_{lever}"), language): wedge
            for lever in LEVERS
            if (wedge := _course(view, alternative, f"wedge_{lever}")) is not None
        }
        title = words("pathway.wedges", alternative=view.name(alternative)).say(language)
        names = (words("pathway.reference").say(language), words("pathway.net").say(language))
        labels = Labels(title, y=label("t CO2e year-1", language))
        return wedge_chart(_known(net), _known(reference), wedges, labels, names=names)

    return Figure(f"pathway_{alternative}", words("pathway.wedges_caption"), draw)


def _known(course: pd.Series | None) -> pd.Series:
    return pd.Series(dtype=np.float64) if course is None else course


def _courses(view: View, nets: Mapping[str, pd.Series]) -> Figure:
    def draw(language: str) -> Drawing:
        courses = {in_words(view.name(name), language): net for name, net in nets.items()}
        return year_lines(courses, Labels(words("pathway.courses").say(language), y=label("t CO2e year-1", language)))

    return Figure("pathways", words("pathway.courses_caption"), draw)


def _figures(view: View, nets: Mapping[str, pd.Series]) -> Table:
    """Return a row for each alternative: start, peak, horizon, sum, residual and the tests of near zero."""
    rows = [
        {
            "alternative": view.name(name), "start": net.iloc[0], "peak_year": _year(view, name, "emissions_peak_year"),
            "peak": net.max(), "horizon": net.iloc[-1], "budget": net.sum() / TONNE,
            "residual": _percent(view, name, "residual_emissions"), "near_zero": _year(view, name, "near_zero_year"),
            "renewable": _percent(view, name, "renewable_share"),
        }
        for name, net in nets.items()
    ]  # fmt: skip
    columns = [
        Column("alternative", words("explorer.alternative")),
        Column("start", words("pathway.start"), "t CO2e year-1", 0),
        Column("peak_year", words("pathway.peak_year")), Column("peak", words("pathway.peak"), "t CO2e year-1", 0),
        Column("horizon", words("pathway.horizon"), "t CO2e year-1", 0),
        Column("budget", words("pathway.budget"), "kt CO2e", 1),
        Column("residual", words("pathway.residual"), "%", 1), Column("near_zero", words("pathway.near_zero")),
        Column("renewable", words("pathway.renewable"), "%", 1),
    ]  # fmt: skip
    note, settled = words("pathway.figures_note"), _settled(view, next(iter(nets)))
    if settled is not None:
        note = words("pathway.figures_both", begins=words("pathway.begins", settled=settled), note=note)
    return Table("pathways", words("pathway.figures"), pd.DataFrame(rows), columns, note)


def _settled(view: View, alternative: str) -> Text | None:
    """Say by when a plan and its measures are carried out: the year that the study states, else the model's rule.

    None for a run of a version of the model that knew no such rule.
    """
    stated = _params(view, alternative).get("measures_year")
    if stated:
        return words("pathway.settled_year", year=str(stated))
    steps = (step for step in view.run.steps(alternative) if step.model == PATHWAY)
    rows = (row for step in steps for group in step.factors.values() for row in group)
    period = next((float(row.value) for row in rows if row.factor == "plan_period"), None)
    return None if period is None else words("pathway.settled_plan", years=Quantity(period, "year", 0))


def _wedge_sums(view: View, nets: Mapping[str, pd.Series]) -> Table:
    """Return what each lever contributes in all years together, a row for each alternative."""
    rows = [
        {"alternative": view.name(name), "reference": _total(view, name, "pathway_reference"), "net": net.sum() / TONNE,
         **{lever: _total(view, name, f"wedge_{lever}") for lever in LEVERS},
         "construction": _total(view, name, "pathway_construction")}
        for name, net in nets.items()
    ]  # fmt: skip
    columns = [
        Column("alternative", words("explorer.alternative")),
        Column("reference", words("pathway.reference"), "kt CO2e", 1),
        *(Column(lever, named("var", f"wedge_{lever}"), "kt CO2e", 1) for lever in LEVERS),
        Column("net", words("pathway.net"), "kt CO2e", 1),
        Column("construction", words("pathway.construction"), "kt CO2e", 1),
    ]  # fmt: skip
    return Table("pathway_wedges", words("pathway.sums"), pd.DataFrame(rows), columns, words("pathway.sums_note"))


def _total(view: View, alternative: str, name: str) -> float:
    return float(_known(_course(view, alternative, name)).sum()) / TONNE


def _year(view: View, alternative: str, name: str) -> Text:
    year = view.number(alternative, name)
    return words("pathway.never") if year is None or not np.isfinite(year) else f"{year:.0f}"


def _percent(view: View, alternative: str, name: str) -> float:
    value = view.number(alternative, name)
    return float("nan") if value is None else 100.0 * value
