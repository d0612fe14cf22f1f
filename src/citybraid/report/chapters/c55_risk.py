"""Flood risk: losses by event, exceedance curves with their band, sources of variance, and facilities."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from citybraid.core.currency import PLACEHOLDER
from citybraid.report.chapter import (
    Block,
    Chapter,
    Column,
    Figure,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    cells,
    in_words,
    words,
)
from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.risk_charts import index_bars, loss_curve
from citybraid.report.drawing.units import convert, counted, label
from citybraid.report.remarks.inside import of_area
from citybraid.report.risk_depth import damage_by_depth
from citybraid.report.risk_year import average_year, bands
from citybraid.report.view import View, named

DAMAGE, PEOPLE, DEPTH = "building_damage", "people_exposed", "building_depth"
SUMS: Mapping[str, str] = {
    DAMAGE: PLACEHOLDER, "structure_damage": PLACEHOLDER, "contents_damage": PLACEHOLDER, PEOPLE: "person",
    "children_exposed": "person", "elderly_exposed": "person", "limited_mobility_exposed": "person",
    "facility_flooded": "count",
}  # fmt: skip
"""Columns summed by event, and the unit of the sum."""
BANDS: Mapping[str, Mapping[str, str]] = {
    DAMAGE: {"low": "low", "median": "median", "high": "high"},
    PEOPLE: {"people_low": "low", "people_screening": "median", "people_high": "high"},
}
"""Columns of the table of uncertainty that give a curve's band."""
FACILITIES = "facility_flooded"
LIMIT = 0.15
"""Depth from which a building counts as flooded [m], as the indicator flooded_buildings has it."""
FEW = 2
"""Events with a return period below which there is no curve."""


def chapter(view: View) -> Chapter:
    """Return the chapter of flood risk."""
    blocks: list[Block] = [
        *_losses(view), *_curve(view, DAMAGE), *damage_by_depth(view), *_curve(view, PEOPLE), *average_year(view),
        *_uncertainty(view), *bands(view), *_facilities(view),
    ]  # fmt: skip
    return Chapter("risk", words("risk.title"), blocks)


def _entered(view: View, name: str, event: str) -> float:
    """Return how many buildings are flooded: deeper than LIMIT, and than a stated ground floor or barrier."""
    depth = of_area(view, name, "buildings", view.run.value(view.layers[name][DEPTH][event]))
    level = np.full(len(depth), LIMIT)
    for kept_out in ("floor_height", "protection_height"):
        if (column := view.column(name, kept_out)) is not None:
            level = np.fmax(level, column.reindex(depth.index).to_numpy(np.float64))
    return float((depth.to_numpy(np.float64) > level).sum())


def _losses(view: View) -> Iterator[Block]:
    """A row for each alternative and event: damage, and the buildings, people and facilities that are flooded."""
    rows: list[dict[str, Any]] = []
    for name in view.run.alternatives:
        for event in view.events(name, DEPTH):
            row: dict[str, Any] = {
                "alternative": view.name(name),
                "event": view.event_name(name, event) if event else words("event.stated"),
            }
            row |= {var: total for var in SUMS if (total := _sum(view, name, var, event)) is not None}
            rows.append(row | {"buildings": _entered(view, name, event)})
    if not rows:
        return
    frame = pd.DataFrame(rows)
    for column in ("alternative", "event"):
        frame[column] = cells(frame[column])
    columns = [
        Column("alternative", words("explorer.alternative")), Column("event", words("risk.event")),
        Column("buildings", words("risk.buildings", depth=LIMIT), digits=0),
        *(Column(var, _heading(var), view.money() if unit == PLACEHOLDER else "", None if unit == PLACEHOLDER else 0)
          for var, unit in SUMS.items() if var in frame),
    ]  # fmt: skip
    yield Table("risk_events", words("risk.events"), frame, columns, words("risk.events_note"))
    every = dict.fromkeys(event for name in view.run.alternatives for event in view.events(name, DEPTH))
    if apart := [event for event in every if event and not view.return_period(view.base, event)]:
        names = TextList(tuple(view.event_name(view.base, event) for event in apart), ", ")
        yield Paragraph(words("risk.events_apart", events=names))


def _heading(var: str) -> Text:
    return words("risk.facilities_flooded") if var == FACILITIES else named("var", var)


def _sum(view: View, alternative: str, var: str, event: str) -> float | None:
    """Return the sum of a column in an event over the study area, None where no row has a value."""
    layer = view.layers[alternative].get(var, {}).get(event)
    if layer is None:
        return None
    table = "facilities" if var == FACILITIES else "buildings"
    values = of_area(view, alternative, table, view.run.value(layer)).to_numpy(np.float64)
    return float(np.nansum(values)) if np.isfinite(values).any() else None


def _lines(view: View, var: str) -> Mapping[str, pd.Series]:
    """Return losses by return period of each alternative that has two events or more with one."""
    lines = {}
    for name in view.run.alternatives:
        points = {
            view.return_period(name, event): total
            for event in view.events(name, var)
            if view.return_period(name, event) and (total := _sum(view, name, var, event)) is not None
        }
        if len(points) >= FEW:
            lines[name] = pd.Series(points).sort_index(kind="stable")
    return lines


def _curve(view: View, var: str) -> Iterator[Block]:
    lines = _lines(view, var)
    if not lines:
        return
    unit = view.money() if var == DAMAGE else "person"
    band = _band(view, BANDS[var])

    def draw(language: str) -> Drawing:
        axis_unit = view.money("10k {currency}") if var == DAMAGE else "person"
        shown, scale = label(axis_unit, language), counted(_scale(unit), axis_unit, language)
        labels = Labels(
            words(f"risk.{var}_curve").say(language), x=words("risk.years").say(language),
            y=f"{in_words(named('var', var), language)}{f' ({shown})' if shown else ''}",
        )  # fmt: skip
        drawn = {in_words(view.name(name), language): line * scale for name, line in lines.items()}
        name = words(f"risk.{var}_band", name=view.name(_sampled_alternative(view)))
        labelled_band = None if band is None else (name.say(language), band * scale)
        return loss_curve(drawn, labels, band=labelled_band)

    caption = words("risk.curve_caption") if band is None else words(f"risk.{var}_caption")
    yield Figure(f"risk_{var}", caption, draw, appendix=var != DAMAGE)


def _scale(unit: str) -> float:
    return convert(1.0, unit, "planning")


def _band(view: View, columns: Mapping[str, str]) -> pd.DataFrame | None:
    """Return low, high and, where there is one, median by return period, None where the study requests none."""
    table = view.run.table(f"uncertainty/{_sampled_alternative(view)}")
    if table is None or not set(columns) <= set(table.columns):
        return None
    table = table[table["return_period"].notna()].set_index("return_period").sort_index(kind="stable")
    band = table[list(columns)].rename(columns=dict(columns)).dropna()
    return band if len(band) else None


def _sampled_alternative(view: View) -> str:
    """Return the alternative with Monte Carlo samples of its damage: the existing state, where the study has it."""
    uncertainty = view.run.manifest.uncertainty
    return next(iter(uncertainty.alternatives if uncertainty is not None else ()), view.base)


def _uncertainty(view: View) -> Iterator[Block]:
    table, indices = (view.run.table(f"{name}/{_sampled_alternative(view)}") for name in ("uncertainty", "sobol"))
    record = view.run.manifest.uncertainty
    if record is not None and record.lacking:
        lacking: list[Text] = [named("var", name) for name in record.lacking]
        yield Paragraph(words("risk.uncertainty_lacking", needs=TextList(tuple(lacking), ", ")), "warning")
    if table is None or indices is None or record is None or record.cell is None:
        return
    year = table[table["event"] == ""].iloc[0]
    error = table["emulator_error"].max()
    values: dict[str, object] = {
        name: Quantity(float(year[name]), view.money("{currency} year-1"))
        for name in ("low", "median", "high", "screening", "full")
    }
    yield Paragraph(words("risk.uncertain_year", **values), "lead")
    counts: dict[str, object] = {
        "draws": int(year["draws"]), "runs": record.runs, "cell": Quantity(record.cell, "m", 0),
        "error": Quantity(100.0 * float(error), "%", 1),
    }  # fmt: skip
    yield Paragraph(words("risk.how_uncertain", **counts))
    if record.given:
        yield Paragraph(words("risk.floods_given"), "warning")
    if record.not_varied:
        yield Paragraph(words("risk.not_varied", rows=_factor_rows(record.not_varied)), "warning")
    if np.isfinite(indices["total"]).any():
        yield Figure(
            "risk_sources", words("risk.sources_caption"), lambda language: _sources(indices, language), appendix=True
        )


def _factor_rows(rows: Iterable[str]) -> TextList:
    """Return factors by name, each with the number of its rows."""
    counts = Counter(row.partition(":")[0] for row in rows)
    return TextList(
        tuple(words("risk.factor_rows", factor=named("factor", name), count=count) for name, count in counts.items()),
        ", ",
    )


def _sources(indices: pd.DataFrame, language: str) -> Drawing:
    names = [in_words(_source(name), language) for name in indices["source"]]
    first, total = (pd.Series(indices[column].to_numpy(), index=names) for column in ("first", "total"))
    labels = Labels(words("risk.sources").say(language), x=words("risk.share_of_variance").say(language))
    return index_bars(
        first, total, labels, names=(words("risk.alone").say(language), words("risk.together").say(language))
    )


def _source(name: str) -> Text:
    """Return the name of a source of variance: its own text, or that of its group with the key."""
    group, _, key = name.partition("/")
    return words(f"risk.{group}_source", key=named("risk.sector", key)) if key else words(f"risk.{group}_source")


def _facilities(view: View) -> Iterator[Block]:
    """A row for each facility in the worst event: kind, water depth, and whether it counts as flooded."""
    rows: list[dict[str, Any]] = []
    for name in view.run.alternatives:
        depth, kind = view.layer(name, "facility_depth"), view.column(name, "facility_kind")
        if depth is None or kind is None:
            continue
        flooded = view.run.value(view.layers[name]["facility_flooded"][depth.label])
        rows += [
            {
                "alternative": view.name(name), "event": view.event_name(name, depth.label), "facility": str(facility),
                "kind": named("facility_kind", str(kind[facility])), "depth": float(metres),
                "flooded": words("risk.yes" if flooded[facility] == 1.0 else "risk.no"),
            }
            for facility, metres in view.run.value(depth).items()
            if np.isfinite(metres)
        ]  # fmt: skip
    if not rows:
        return
    frame = pd.DataFrame(rows).sort_values("depth", ascending=False, ignore_index=True, kind="stable")
    for column in ("alternative", "event", "kind", "flooded"):
        frame[column] = cells(frame[column])
    yield Table(
        "risk_facilities", words("risk.facilities"), frame, _facility_columns(), most=20, printed=20, appendix=True
    )


def _facility_columns() -> Sequence[Column]:
    return [
        Column("alternative", words("explorer.alternative")), Column("event", words("risk.event")),
        Column("facility", words("risk.facility")), Column("kind", words("risk.kind")),
        Column("depth", named("var", "facility_depth"), "m", 2), Column("flooded", words("risk.flooded")),
    ]  # fmt: skip
