"""A study that was opened from a case: what the case tells, and whether runs of it come to the same numbers."""

import math
from pathlib import Path

from pydantic import BaseModel

from citybraid.commons.opening.verification import INDICATORS, computed_by, read_indicators
from citybraid.core.errors import InputError
from citybraid.study.run.run import Run
from citybraid.web.access.refusals import NotFound
from citybraid.web.cases.opening import card_of
from citybraid.web.cases.packed import HeldState, held
from citybraid.web.cases.words import Said, indicator_said
from citybraid.web.studies.names import CASE

SHOWN = 200
"""Differing values that are listed; how many there are is told."""
LARGEST = 64 << 20
"""Largest table of indicators that is read [byte]."""


class OriginState(BaseModel):
    """The case that a study was opened from: name, title, program and authors, and what it holds."""

    name: str
    title: Said
    program: str
    authors: list[str]
    licence: str
    date: str
    held: HeldState


class DifferingState(BaseModel):
    """A value that the run does not come to: alternative, unit ('' for the whole area), both values."""

    alternative: str
    zone: str
    indicator: Said
    told: float
    computed: float | None


class ToldState(BaseModel):
    """Values of the case and of the run: how many there are, how many agree, how many the run does not have."""

    values: int
    same: int
    absent: int
    differing: list[DifferingState]


def origin(study: Path) -> OriginState | None:
    """Return the case that a study was opened from, None where it was begun otherwise."""
    card = card_of(study)
    if card is None:
        return None
    lessons = card.lessons
    return OriginState(
        name=card.name, title=dict(card.title), program=card.program, authors=list(lessons.authors),
        licence=lessons.licence, date=lessons.date, held=held(card),
    )  # fmt: skip


def told_and_computed(study: Path, run: Run) -> ToldState:
    """Hold every indicator of a case against a run of the study that was opened from it.

    Raises NotFound where the study is of no case, InputError where its indicators cannot be read.
    """
    if card_of(study) is None:
        raise NotFound("web.cases.no_origin")
    path = study / CASE / INDICATORS
    if path.is_file() and path.stat().st_size > LARGEST:
        raise InputError("case.part_large", path=INDICATORS, limit=LARGEST >> 20)
    rows = computed_by(run, read_indicators(path))
    apart = [each for each in rows if not each.holds]
    differing = [
        DifferingState(
            alternative=each.alternative, zone=each.zone, indicator=indicator_said(each.indicator), told=each.told,
            computed=None if math.isnan(each.computed) else each.computed,
        )
        for each in apart[:SHOWN]
    ]  # fmt: skip
    absent = sum(math.isnan(each.computed) for each in apart)
    return ToldState(values=len(rows), same=len(rows) - len(apart), absent=absent, differing=differing)
