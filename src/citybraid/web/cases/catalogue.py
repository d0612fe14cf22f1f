"""The library of cases as pages show it: searched in both languages, narrowed by facets, one case told in full."""

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel

from citybraid.commons.form.card import Card
from citybraid.commons.form.lessons import TOPICS
from citybraid.commons.library.effects import case_effect, without_effect
from citybraid.commons.library.facets import FACETS, facets
from citybraid.commons.library.index import Opened, find
from citybraid.commons.library.library import Library, Version
from citybraid.commons.library.shipped import shipped_text, shown, shown_one
from citybraid.core.errors import InputError
from citybraid.web.access.refusals import NotFound
from citybraid.web.cases.packed import HeldState, held
from citybraid.web.cases.words import (
    Said,
    all_said,
    facet_said,
    feature_said,
    indicator_said,
    measure_said,
    said,
    unit_said,
    value_said,
)

REPORT = "report/report.html"
"""The report's page among the parts of a case."""
MOST = 500
"""Cases that a list shows; how many there are is told."""


class LineState(BaseModel):
    """A case in a list: names, place, year, and where the words that were looked for stand."""

    name: str
    title: Said
    version: int
    region: str
    year: int
    synthetic: bool
    complete: bool
    about: Said
    excerpt: str
    measures: list[Said]
    hazards: list[Said]
    pilot: str
    """The pilot whose case comes with the program, "" for a case of the library."""
    run: Said
    """Of what run a case is that comes with the program."""


class ValueState(BaseModel):
    """A value of a facet and the number of cases found that have it."""

    value: str
    title: Said
    count: int


class FacetState(BaseModel):
    """A facet with its values."""

    facet: str
    title: Said
    values: list[ValueState]


class CatalogueState(BaseModel):
    """Whether there is a library; the cases found, how many are published in all, and facets of those found."""

    there: bool
    folder: str
    published: int
    found: int
    cases: list[LineState]
    facets: list[FacetState]


class FeatureState(BaseModel):
    """A feature of a case's place."""

    feature: str
    title: Said
    unit: Said
    value: float | Said


class IndicatorState(BaseModel):
    """An indicator of the whole area in every alternative that has it."""

    indicator: str
    title: Said
    unit: Said
    values: dict[str, float]


class EffectState(BaseModel):
    """Effect of a single measure on an indicator, against the state without it, with its band."""

    measure: str
    measure_title: Said
    indicator: Said
    unit: Said
    change: float
    low: float | None
    high: float | None
    guessed: bool
    """Whether no run tells the error, so that there is no band."""


class LessonState(BaseModel):
    """What the authors tell of one topic."""

    topic: Said
    text: Said


class CaseState(BaseModel):
    """A case in full: its line, id and authors, lessons, place, alternatives, indicators, effects, what it holds."""

    line: LineState
    id: str
    authors: list[str]
    licence: str
    date: str
    program: str
    area: float | None
    lessons: list[LessonState]
    features: list[FeatureState]
    alternatives: dict[str, Said]
    indicators: list[IndicatorState]
    effects: list[EffectState]
    together: list[Said]
    """Measures that were computed with others alone, so that the case tells no effect of them."""
    held: HeldState
    size: int | None
    """Size of the file [byte]; None for a case that comes with the program, without its file."""
    report: bool
    """Whether the case holds the report's page, which can be opened."""


def library_of(folder: Path) -> Library | None:
    """Return the library of a folder, None where there is none yet; raises InputError where it holds other things."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return None
    return Library.open(folder)


def library(folder: Path) -> Library:
    """Return the library of a folder; raises NotFound where there is none yet."""
    cases = library_of(folder)
    if cases is None:
        raise NotFound("web.cases.no_library")
    return cases


def published(folder: Path, name: str) -> tuple[Version, Card, Path]:
    """Return the published version of a case with its card and file; raises NotFound where there is none."""
    version, card = told_of(folder, name)
    if version.file is None:
        raise NotFound("web.cases.no_file")
    return version, card, version.file


def told_of(folder: Path, name: str) -> tuple[Version, Card]:
    """Return a case with its card, published or of the program's own; raises NotFound where there is none."""
    version = shown_one(library_of(folder), name)
    if version is None or version.card is None:
        raise NotFound("web.cases.no_case")
    return version, version.card


def report_page(folder: Path, name: str) -> bytes:
    """Return the report's page of a published case, which the card vouches for.

    Raises NotFound where the case holds none, InputError where it is not what the card says.
    """
    _, card, file = published(folder, name)
    part = next((part for part in card.parts if part.path == REPORT), None)
    if part is None:
        raise NotFound("web.cases.no_report")
    with zipfile.ZipFile(file) as packed, packed.open(REPORT) as stream:
        content = stream.read(part.bytes + 1)
    if len(content) != part.bytes or hashlib.sha256(content).hexdigest() != part.sha256:
        raise InputError("case.part_changed", path=REPORT)
    return content


def catalogue(
    folder: Path, words: str, wanted: Mapping[str, Sequence[str]], *, opened: Opened | None = None
) -> CatalogueState:
    """Return the cases that hold every word and match every facet wanted; `opened` opens a server's index."""
    kept = library_of(folder)
    known = shown(kept)
    if kept is None and not known:
        return CatalogueState(there=False, folder=folder.name, published=0, found=0, cases=[], facets=[])
    plain = "".join(each if each.isprintable() else " " for each in words)
    matching = find(kept, plain, wanted, opened=opened)
    cards = [each.version.card for each in matching if each.version.card is not None]
    lines = [
        _line(each.version, each.version.card, each.excerpt if plain.strip() else "")
        for each in matching
        if each.version.card is not None
    ]
    return CatalogueState(
        there=True, folder=folder.name, published=len(known), found=len(lines), cases=lines[:MOST],
        facets=[_facet(name, values) for name, values in facets(cards).items() if values],
    )  # fmt: skip


def _facet(facet: str, values: Mapping[str, int]) -> FacetState:
    states = [ValueState(value=each, title=facet_said(facet, each), count=count) for each, count in values.items()]
    return FacetState(facet=facet, title=said(f"case.facet_{facet}"), values=states)


def _line(version: Version, card: Card, excerpt: str = "") -> LineState:
    about = card.lessons.problem or card.lessons.context or card.note or {}
    return LineState(
        name=version.name, title=dict(card.title), version=version.number, region=card.region, year=card.year,
        synthetic=card.synthetic, complete=card.complete, about=dict(about), excerpt=excerpt,
        measures=[measure_said(each) for each in card.measures], hazards=all_said("case_hazard", card.hazards),
        pilot="" if version.origin is None else version.origin.pilot, run=_run_said(version),
    )  # fmt: skip


def _run_said(version: Version) -> Said:
    """Tell of what run a case is that comes with the program; nothing of others."""
    text = shipped_text(version)
    return {} if text is None else said(text.text, **text.values)


def case_state(folder: Path, name: str) -> CaseState:
    """Return a case in full."""
    version, card = told_of(folder, name)
    lessons = card.lessons
    return CaseState(
        line=_line(version, card), id=version.id, authors=list(lessons.authors), licence=lessons.licence,
        date=lessons.date, program=card.program, area=card.area,
        lessons=[
            LessonState(topic=said(f"case_topic.{topic}"), text=dict(topic_text))
            for topic in TOPICS if (topic_text := getattr(lessons, topic))
        ],
        features=[
            FeatureState(
                feature=each, title=feature_said(each), unit=unit_said(value.unit), value=value_said(each, value.value)
            )
            for each, value in card.features.items()
        ],
        alternatives={each: dict(title) for each, title in card.alternatives.items()},
        indicators=[
            IndicatorState(
                indicator=each, title=indicator_said(each), unit=unit_said(shown.unit), values=dict(shown.values)
            )
            for each, shown in card.indicators.items()
        ],
        effects=_effects(card), together=[measure_said(each) for each in without_effect(card)], held=held(card),
        size=None if version.file is None else version.file.stat().st_size,
        report=any(part.path == REPORT for part in card.parts),
    )  # fmt: skip


def _effects(card: Card) -> list[EffectState]:
    """Return effects by measure, the largest of each first."""
    rows = sorted(
        (case_effect(card, each) for each in card.effects), key=lambda each: (each.effect.measure, -each.size)
    )
    return [
        EffectState(
            measure=each.effect.measure.rpartition(".")[2], measure_title=measure_said(each.effect.measure),
            indicator=indicator_said(each.effect.indicator), unit=unit_said(each.unit), change=each.relative,
            low=each.low, high=each.high, guessed=each.guessed,
        )
        for each in rows
        if each.relative
    ]  # fmt: skip


def wanted_facets(**told: Sequence[str]) -> dict[str, Sequence[str]]:
    """Return the facets that are wanted, those without a value left out."""
    return {name: told[name] for name in FACETS if told.get(name)}
