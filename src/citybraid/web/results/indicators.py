"""Indicators of a run by strand: every alternative's value with unit, published range, band, light and target."""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES
from citybraid.core.text import known as is_text
from citybraid.planning.rows import Indicator, indicators
from citybraid.report.chapter import words
from citybraid.report.drawing.units import counted
from citybraid.report.remarks.basis import unsure_share
from citybraid.report.remarks.citing import cited
from citybraid.report.verdict.question import question
from citybraid.report.view import View, named, need_title
from citybraid.web.results.blocks import BlockState, block_states
from citybraid.web.results.opened import Opened, changed_at, opened
from citybraid.web.studies.runs import OPEN, open_run
from citybraid.web.wording import Said, amount_said, known, said, titled, told_unit, unit_said

PLAUSIBILITY = "plausibility"


class BandState(BaseModel):
    """A range of a value, and whether filled values or the ranges of factors leave it open."""

    low: float
    high: float
    said: Said
    source: str


class ValueState(BaseModel):
    """A value in an alternative: as computed and as written, its code, its range, what its light says."""

    value: float | None
    said: Said
    code: str
    band: BandState | None
    light: str
    outside: bool
    state: str
    """State of the objective on it in the run's scorecard: green, red or grey; '' where there is none."""


class RangeState(BaseModel):
    """The published range of an indicator, in its unit; an end that is open is None."""

    low: float | None
    high: float | None
    low_said: Said
    high_said: Said
    source: Said
    status: str
    status_said: Said


class TargetState(BaseModel):
    """An objective on an indicator."""

    id: str
    title: Said
    target: float
    said: Said
    code: str
    status: str
    source: Said


class IndicatorState(BaseModel):
    """An indicator of the whole area: what it is, and its value in every alternative that has one."""

    id: str
    title: Said
    strand: str
    unit: Said
    scale: dict[str, float]
    """What values are multiplied by as each language counts the unit: money in ten thousands or in millions."""
    direction: str
    level: str
    instrument: Said
    clause: str
    values: dict[str, ValueState]
    range: RangeState | None
    target: TargetState | None
    unsure: float | None
    """Share of the factor rows behind it that are recalled, unverified or assumed [%]; None without rows."""
    partial: list[Said]
    """Parts of a combined indicator that the run lacks."""


class GapState(BaseModel):
    """An indicator or a model that was not computed, in which alternatives, and what it needs."""

    kind: str
    id: str
    title: Said
    needs: list[Said]
    alternatives: list[str]


class ResultsState(BaseModel):
    """What a run found: alternatives, the question with its answers, indicators, gaps, lights by name."""

    run: str
    synthetic: bool
    year: int
    currency: str
    alternatives: dict[str, Said]
    question: list[BlockState]
    indicators: list[IndicatorState]
    gaps: list[GapState]
    zones: dict[str, Said]
    """Planning units, the whole area first."""
    lights: dict[str, Said]


def results_of(study: Path, number: str) -> ResultsState:
    """Return what a run of a study found, kept while its manifest stays; raises NotFound where there is no such run."""
    folder = open_run(study, number).folder
    return _kept(study, folder.name, changed_at(folder))


@lru_cache(maxsize=OPEN)
def _kept(study: Path, number: str, _changed: int) -> ResultsState:
    return results(opened(study, number))


def results(opened: Opened) -> ResultsState:
    """Return what a run found."""
    view, run = opened.view, opened.run
    tables = opened.codes.unit_tables
    shown = [row for row in indicators().values() if any(row.id in table for table in tables.values())]
    return ResultsState(
        run=run.folder.name, synthetic=run.synthetic, year=run.about.year, currency=run.currency,
        alternatives={name: titled(run.title(name)) for name in run.alternatives},
        question=block_states(_question_blocks(view)), indicators=[_indicator(opened, row, tables) for row in shown],
        gaps=[*_lacking(view, {row.id for row in shown}), *_gaps(view)], zones=zones(opened),
        lights={name: said(words(f"light.{name}")) for name in ("outside", "unsure", "verified", "stated", "missing")},
    )  # fmt: skip


def _question_blocks(view: View) -> Iterator[Any]:
    """Yield the blocks of the study's question but the line that leads on to the report's next table."""
    blocks = list(question(view))
    yield from blocks[:-1]


def zones(opened: Opened) -> dict[str, Said]:
    """Return the planning units of a run with their names, the whole area first."""
    names = opened.view.column(opened.view.base, "unit_name")
    titles = {} if names is None else {str(key): str(name) for key, name in names.items()}
    return {
        zone: said(words("plan.whole")) if zone == WHOLE_AREA else said(titles.get(zone, zone))
        for zone in opened.codes.zones
    }


def _indicator(opened: Opened, row: Indicator, tables: Mapping[str, pd.DataFrame]) -> IndicatorState:
    view = opened.view
    unit = unit_together(opened, row.id)
    target, states = _target(opened, row.id, unit), _states(opened, row.id)
    values = {name: _value(opened, row, name, states) for name, table in tables.items() if row.id in table}
    lacking = {part for parts in view.run.manifest.partial.values() for part in parts.get(row.id, ())}
    return IndicatorState(
        id=row.id, title=said(named("indicator", row.id)), strand=row.strand, unit=unit_said(unit),
        scale={each: counted(1.0, unit, each) for each in LANGUAGES}, direction=row.direction, level=row.level,
        instrument=said(named("instrument", row.instrument)) if row.instrument else {}, clause=row.clause,
        values=values, range=_range(opened, row.id, unit), target=target, unsure=known(unsure_share(view, row.id)),
        partial=[said(named("indicator", part)) for part in sorted(lacking)],
    )  # fmt: skip


def unit_together(opened: Opened, name: str) -> str:
    """Return the unit in which the whole area's values of an indicator are told: one for all alternatives."""
    unit, tables = opened.view.unit_of(name), opened.codes.unit_tables
    return told_unit([float(str(each.loc[WHOLE_AREA, name])) for each in tables.values() if name in each], unit)


def _states(opened: Opened, name: str) -> Mapping[str, str]:
    """Return the states of the objective on an indicator, by alternative."""
    score = opened.codes.table("scorecard")
    rows = [] if score is None else score[score["indicator"] == name].to_dict("records")
    return {str(row["alternative"]): str(row["state"]) for row in rows}


def _value(opened: Opened, row: Indicator, alternative: str, states: Mapping[str, str]) -> ValueState:
    value, unit = opened.codes.indicator(row.id, alternative), unit_together(opened, row.id)
    light = opened.evidence.light(value)
    return ValueState(
        value=known(value.raw), said=amount_said(value.raw, unit), code=value.code,
        band=band_state(opened, row.id, alternative, unit=unit), light=light, outside=light == "outside",
        state=states.get(alternative, ""),
    )  # fmt: skip


def band_state(opened: Opened, name: str, alternative: str, zone: str = WHOLE_AREA, *, unit: str) -> BandState | None:
    """Return the range of a value as it is told in a unit, None where none is known."""
    value = opened.codes.indicator(name, alternative, zone)
    span = opened.evidence.span(value)
    if span is None or not (math.isfinite(span.low) and math.isfinite(span.high)):
        return None
    ends = tuple(amount_said(end, unit) for end in (span.low, span.high))
    band = {language: f"{ends[0][language]} – {ends[1][language]}" for language in ends[0]}
    return BandState(low=span.low, high=span.high, said=band, source=span.source)


def _range(opened: Opened, name: str, unit: str) -> RangeState | None:
    table = opened.codes.table(PLAUSIBILITY)
    rows = None if table is None else table[(table["quantity"] == name) & (table["use"] == "")]
    if rows is None or rows.empty:
        return None
    row: Any = rows.iloc[0]
    low, high = float(row["low"]), float(row["high"])
    return RangeState(
        low=known(low), high=known(high), low_said=amount_said(low, unit), high_said=amount_said(high, unit),
        source=said(cited(str(row["source"] or ""))), status=str(row["status"]),
        status_said=said(named("status", str(row["status"]))),
    )  # fmt: skip


def _target(opened: Opened, name: str, unit: str) -> TargetState | None:
    objective = next((each for each in opened.run.manifest.asked.objectives if each.indicator == name), None)
    if objective is None:
        return None
    value = opened.codes.target(objective.id)
    return TargetState(
        id=objective.id, title=said(value.title), target=objective.target,
        said=amount_said(objective.target, unit), code=value.code, status=objective.status,
        source=said(cited(objective.source)),
    )  # fmt: skip


def _lacking(view: View, shown: set[str]) -> list[GapState]:
    """Return the indicators that no alternative has, and the quantity that each lacks."""
    needs: dict[str, dict[str, str]] = {}
    for alternative, lacks in view.run.manifest.lacking.items():
        for name, need in lacks.items():
            if name not in shown:
                needs.setdefault(name, {})[alternative] = need
    return [
        GapState(
            kind="indicator", id=name, title=said(named("indicator", name)), alternatives=list(where),
            needs=[said(need_title(need)) for need in sorted(set(where.values()))],
        )
        for name, where in needs.items()
    ]  # fmt: skip


def _gaps(view: View) -> list[GapState]:
    """Return the models that could not run, those of several alternatives once."""
    where: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for alternative in view.run.alternatives:
        for gap in view.run.gaps(alternative):
            where.setdefault((gap.model, gap.needs), []).append(alternative)
    return [
        GapState(
            kind="model", id=model, title=said(named("model", model)), alternatives=names,
            needs=[said(need_title(need)) for need in needs],
        )
        for (model, needs), names in where.items()
        if is_text(f"model.{model}")
    ]  # fmt: skip
