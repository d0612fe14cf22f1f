"""Places alike, two cases side by side, and what a measure did across cases with the limits of carrying it over."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from citybraid.commons.form.card import Card, FeatureValue
from citybraid.commons.library import comparison, effects, likeness
from citybraid.commons.library.shipped import shown
from citybraid.web.cases.catalogue import library_of
from citybraid.web.cases.words import (
    Said,
    feature_said,
    indicator_said,
    limit_said,
    measure_said,
    name_said,
    unit_said,
    value_said,
)

NEAREST = 10


class TermState(BaseModel):
    """One feature of both places, and the distance that they make [-]."""

    feature: str
    title: Said
    group: Said
    unit: Said
    here: float | Said
    there: float | Said
    distance: float


class AlikeState(BaseModel):
    """A case with its distance [-], the terms that it is made of, and features that one side lacks."""

    name: str
    title: Said
    synthetic: bool
    measures: list[tuple[str, Said]]
    distance: float
    terms: list[TermState]
    lacking: list[Said]


class SideState(BaseModel):
    """A line of a comparison; None where one of both lacks it."""

    title: Said
    unit: Said
    one: float | Said | None
    other: float | Said | None


class ComparedState(BaseModel):
    """Two cases: their names, features, indicators of the first alternative, effects of shared measures."""

    one: Said
    other: Said
    features: list[SideState]
    indicators: list[SideState]
    effects: list[SideState]
    not_both: int


class PointState(BaseModel):
    """Effect of the measure in one case, with its band."""

    case: str
    title: Said
    synthetic: bool
    value: float
    low: float | None
    high: float | None
    guessed: bool
    """Whether no run tells the error, so that there is no band."""


class SpreadState(BaseModel):
    """Effects on an indicator across cases; quartiles only where there are cases enough (`few` is False)."""

    indicator: str
    title: Said
    unit: Said
    n: int
    few: bool
    same_sign: bool
    least: float
    lower: float | None
    median: float | None
    upper: float | None
    most: float
    cases: list[PointState]


class TransferState(BaseModel):
    """What a measure did across cases, and what limits carrying it over."""

    measure: str
    title: Said
    effects: list[SpreadState]
    limits: list[Said]


def alike(folder: Path, here: Mapping[str, FeatureValue], *, without: str = "") -> list[AlikeState]:
    """Return the published cases most like a place, the nearest first; `without` is the place itself."""
    others = [each for each in shown(library_of(folder)) if each.name != without]
    return [_alike(each) for each in likeness.alike(here, others)[:NEAREST]]


def _alike(each: likeness.Likeness) -> AlikeState:
    card = each.version.card
    terms = [
        TermState(
            feature=term.feature, title=feature_said(term.feature), group=name_said(f"case_group.{term.group}"),
            unit=unit_said(term.unit), here=value_said(term.feature, term.here),
            there=value_said(term.feature, term.there), distance=term.distance,
        )
        for term in each.terms
    ]  # fmt: skip
    return AlikeState(
        name=each.version.name, title=dict(each.version.title), synthetic=card is not None and card.synthetic,
        measures=[] if card is None else [(name, measure_said(name)) for name in card.measures],
        distance=each.distance, terms=terms, lacking=[feature_said(name) for name in each.lacking],
    )  # fmt: skip


def compared(one: Card, other: Card) -> ComparedState:
    """Compare two cases."""
    rows = comparison.compare(one, other)
    return ComparedState(
        one=dict(one.title), other=dict(other.title),
        features=[_side(feature_said(each.name), each) for each in rows.features],
        indicators=[_side(indicator_said(each.name), each) for each in rows.indicators],
        effects=[
            SideState(title=_joined(each), unit=unit_said(each.unit), one=each.one, other=each.other)
            for each in rows.effects
        ],
        not_both=len(rows.not_both),
    )  # fmt: skip


def _side(title: Said, row: comparison.Row) -> SideState:
    one, other = (None if each is None else value_said(row.name, each) for each in (row.one, row.other))
    return SideState(title=title, unit=unit_said(row.unit), one=one, other=other)


def _joined(row: comparison.EffectRow) -> Said:
    measure, indicator = measure_said(row.measure), indicator_said(row.indicator)
    return {language: f"{measure[language]} → {indicator[language]}" for language in measure}


def transfer(folder: Path, measure: str, here: Mapping[str, FeatureValue] | None = None) -> TransferState:
    """Return what a measure did across published cases; with a place (`here`), also where it lies outside of them."""
    versions = shown(library_of(folder))
    titles = {each.name: dict(each.title) for each in versions}
    rows = effects.effects_of(measure, versions, here)
    return TransferState(
        measure=measure, title=measure_said(measure),
        effects=[_spread(each, titles) for each in sorted(rows.distributions, key=lambda one: one.size, reverse=True)],
        limits=[limit_said(each, titles) for each in rows.limits],
    )  # fmt: skip


def _spread(each: effects.Distribution, titles: Mapping[str, Said]) -> SpreadState:
    lower, median, upper = (None, None, None) if each.few else (each.lower, each.median, each.upper)
    return SpreadState(
        indicator=each.indicator, title=indicator_said(each.indicator), unit=unit_said(each.unit), n=each.n,
        few=each.few, same_sign=each.same_sign, least=each.least, lower=lower, median=median, upper=upper,
        most=each.most,
        cases=[
            PointState(
                case=one.case, title=titles.get(one.case, {}), synthetic=one.synthetic, value=one.relative,
                low=one.low, high=one.high, guessed=one.guessed,
            )
            for one in each.cases
        ],
    )  # fmt: skip
