"""What is behind an indicator: formula, models, factors with status and source, inputs with files, instrument."""

from pydantic import BaseModel

from citybraid.core.catalogue import method_page
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.factor import UNSURE
from citybraid.core.text import LANGUAGES
from citybraid.core.text import known as is_text
from citybraid.planning.rows import Reading, indicators
from citybraid.report.chapter import Text, TextList, words
from citybraid.report.remarks.citing import cited
from citybraid.report.remarks.factor_key import key_title
from citybraid.report.remarks.result_limits import limit_notes
from citybraid.report.view import named
from citybraid.study.explain.explanation import Explanation, InputQuantity, explain
from citybraid.study.run.run import StepRun
from citybraid.web.results.indicators import BandState, band_state
from citybraid.web.results.opened import Opened
from citybraid.web.wording import Said, amount_said, known, said, titled, told_unit, unit_said

MOST_ROWS = 400
"""Rows of factors that are listed; how many there are is told."""


class ShareState(BaseModel):
    """A value in an alternative, its code and its range."""

    title: Said
    value: float | None
    said: Said
    code: str
    band: BandState | None


class ResidualState(BaseModel):
    """What a balance of a model does not close by."""

    id: str
    title: Said
    value: float


class StepState(BaseModel):
    """A model that took part: title, version, citation, time [s], residuals."""

    model: str
    title: Said
    version: int
    cite: Said
    seconds: float
    page: Said
    """File of its method page in the documentation; empty for Steps of no model."""
    residuals: list[ResidualState]


class FactorState(BaseModel):
    """A factor row behind the value, as it was resolved; its key as tables have it and in words."""

    title: Said
    factor: str
    key: str
    key_said: Said
    value: float
    unit: Said
    low: float | None
    high: float | None
    status: str
    status_said: Said
    unsure: bool
    source: Said
    note: Said
    region: str
    origin: str


class InputState(BaseModel):
    """A quantity from files: share that they state [-], native pixel [m], names of the files."""

    var: str
    title: Said
    completeness: float | None
    native: float | None
    files: Said


class ObjectiveState(BaseModel):
    """An objective that uses the indicator."""

    id: str
    title: Said
    target: Said
    status: str
    source: Said


class ExplanationState(BaseModel):
    """Everything behind an indicator in one place, and the instrument that it leads to."""

    id: str
    title: Said
    unit: Said
    direction: str
    zone: str
    values: dict[str, ShareState]
    formula: Said
    steps: list[StepState]
    factors: list[FactorState]
    factors_all: int
    unsure: float
    """Share of the factor rows that are recalled, unverified or assumed [-]."""
    inputs: list[InputState]
    instrument: Said
    level: str
    clause: Said
    source: Said
    status: str
    status_said: Said
    objectives: list[ObjectiveState]
    partial: list[Said]
    limits: list[Said]


def explained(opened: Opened, name: str, zone: str = WHOLE_AREA) -> ExplanationState:
    """Explain an indicator of a run in the whole area or a planning unit; raises InputError as `explain` does."""
    explanation = explain(opened.run, name, zone=zone)
    row, run = explanation.indicator, opened.run
    unit = told_unit(explanation.values.values(), row.unit)
    of_area = row.id in indicators()
    return ExplanationState(
        id=row.id, title=said(named("indicator" if of_area else "var", row.id)), unit=unit_said(unit),
        direction=row.direction, zone=zone,
        values={each: _value(opened, explanation, each, zone, unit) for each in explanation.values},
        formula=formula(row.reading),
        steps=[_step(explanation, each) for each in explanation.steps], factors=_factors(explanation),
        factors_all=len(explanation.rows), unsure=explanation.unsure,
        inputs=[_input(opened, each) for each in explanation.homes],
        instrument=said(named("instrument", row.instrument)) if row.instrument else {}, level=row.level,
        clause=said(cited(row.clause)), source=said(cited(row.source)), status=row.status,
        status_said=said(named("status", row.status)) if row.status else {},
        objectives=[
            ObjectiveState(
                id=each.id, title=titled({str(key): text for key, text in each.title.items()}),
                target=amount_said(each.target, unit), status=each.status,
                source=said(cited(each.source)),
            )
            for each in explanation.objectives
        ],
        partial=[said(named("indicator", part)) for part in explanation.partial],
        limits=[said(each) for each in limit_notes(opened.view, [name])] if of_area and run.alternatives else [],
    )  # fmt: skip


def _value(opened: Opened, explanation: Explanation, alternative: str, zone: str, unit: str) -> ShareState:
    value, name = explanation.values[alternative], explanation.indicator.id
    coded = name in indicators()
    return ShareState(
        title=titled(opened.run.title(alternative)), value=known(value),
        said=amount_said(value, unit),
        code=opened.codes.indicator(name, alternative, zone).code if coded else "",
        band=band_state(opened, name, alternative, zone, unit=unit) if coded else None,
    )  # fmt: skip


def formula(reading: Reading) -> Said:
    """Return in words how an indicator is read: the statistic, of what, over what, and the factor to its unit."""
    parts = tuple(_part(each, reading.statistic) for each in reading.var.split())
    second = tuple(_part(each, reading.statistic) for each in reading.second.split())
    statistic = words(f"statistic.{reading.statistic}") if is_text(f"statistic.{reading.statistic}") else (
        reading.statistic)  # fmt: skip
    return said(
        words(
            "web.explain.formula", statistic=statistic, what=TextList(parts, ", "),
            second=words("web.explain.second", what=TextList(second, ", ")) if second else "",
            argument=words("web.explain.argument", value=reading.argument) if reading.argument else "",
            scale=words("web.explain.scale", value=f"{reading.scale:g}") if reading.scale != 1.0 else "",
        )
    )  # fmt: skip


def _part(name: str, statistic: str) -> Text:
    """Return the name of what is read, with the minus of what is taken away."""
    bare = name.lstrip("-")
    group = "indicator" if statistic in ("combined", "quotient") else "var"
    title = named(group, bare)
    return words("web.explain.minus", what=title) if name.startswith("-") else title


def _step(explanation: Explanation, step: StepRun) -> StepState:
    residuals = [
        ResidualState(id=key, title=said(named("var", key)), value=value)
        for key, number in step.residuals.items()
        if (value := known(number)) is not None
    ]
    return StepState(
        model=step.model, title=said(named("model", step.model)), version=step.version,
        cite=said(cited(explanation.cite(step.model))), seconds=round(step.seconds, 3),
        page=_page(step.model), residuals=residuals,
    )  # fmt: skip


def _page(model: str) -> Said:
    pages = {language: method_page(model, language) for language in LANGUAGES}
    return pages if all(pages.values()) else {}


def _factors(explanation: Explanation) -> list[FactorState]:
    """Return the factor rows, the unsure ones first."""
    rows = sorted(explanation.rows, key=lambda row: (row.status not in UNSURE, row.factor, row.key))
    return [
        FactorState(
            title=said(named("factor", row.factor)), factor=row.factor, key=row.key,
            key_said=said(key_title(row.factor, row.key)) if row.key else {}, value=row.value, unit=unit_said(row.unit),
            low=known(row.low), high=known(row.high),
            status=row.status, status_said=said(named("status", row.status)), unsure=row.status in UNSURE,
            source=said(cited(row.source)), note=said(cited(row.note)), region=row.region, origin=row.origin,
        )
        for row in rows[:MOST_ROWS]
    ]  # fmt: skip


def _input(opened: Opened, home: InputQuantity) -> InputState:
    return InputState(
        var=home.var,
        title=said(named("var", home.var)),
        completeness=known(home.completeness),
        native=home.native,
        files=said(opened.view.file_names(home.origin)),
    )
