"""What a draft would do: feasibility while typing, what-if values with their band, and the alternative written."""

from math import isfinite
from typing import Any

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import update

from citybraid.core.errors import StudyError
from citybraid.web.access.permits import Database, Editing, Viewing
from citybraid.web.access.refusals import Conflict
from citybraid.web.database.tables import StudyRow
from citybraid.web.plans.answers import Samples, answer, unlearned
from citybraid.web.plans.changes import Id, Values
from citybraid.web.plans.feasible import MOST, conflicts, ranges, refuse_values
from citybraid.web.plans.parcels import Parcels, study_of
from citybraid.web.plans.writing import write
from citybraid.web.routes.plans import MOST_VERSION, PATH, Body, opened

router = APIRouter(tags=["plans"])

samples = Samples()
"""Learned samples that are kept in memory."""


class Typed(Body):
    """Values that are being typed for parcels, not yet a change."""

    parcels: list[Id] = Field(default_factory=list, max_length=MOST)
    values: Values = Field(default_factory=dict)


class WhatIfRequest(Body):
    """The parcel that is asked about."""

    parcel: Id


class Written(Body):
    """The version of the study file that was seen, and whether an alternative of the draft's name is replaced."""

    version: int = Field(ge=1, le=MOST_VERSION)
    replace: bool = False


@router.post(PATH + "/{draft}/feasibility")
def feasibility(draft: str, wanted: Typed, permitted: Viewing, session: Database) -> dict[str, Any]:
    """Tell what stands against typed values of some parcels, or, where none are named, against the draft's own."""
    opened_draft, plan = opened(draft, permitted, session), Parcels.of(permitted.folder)
    if wanted.parcels:
        refuse_values(plan, tuple(wanted.parcels), wanted.values)
    edited = opened_draft.drawn.parcels
    names = wanted.parcels or [name for name in list(edited) if name in plan.shapes.index][:MOST]
    changed = {name: {**edited.get(name, {}), **wanted.values} for name in names}
    first = ranges(plan, opened_draft.row.base, names[0], changed[names[0]]) if names else {}
    ends = {name: [end if isfinite(end) else None for end in both] for name, both in first.items()}
    return {"conflicts": conflicts(plan, opened_draft.row.base, changed), "ranges": ends}


@router.post(PATH + "/{draft}/whatif")
def whatif(draft: str, wanted: WhatIfRequest, permitted: Viewing, session: Database) -> dict[str, Any]:
    """Tell what the draft does on one parcel, with a band, all else as in the base; or that it is not learned yet."""
    opened_draft = opened(draft, permitted, session)
    try:
        sample = samples.of(permitted.folder, opened_draft.row.base)
    except StudyError as fault:
        asked_for = study_of(permitted.folder).asked.alternatives.get(opened_draft.row.base)
        return unlearned(fault, opened_draft.row.base, asked_for.title if asked_for else {})
    return {"learned": True, **answer(sample, opened_draft.drawn, wanted.parcel)}


@router.post(PATH + "/{draft}/alternative")
def write_alternative(draft: str, wanted: Written, permitted: Editing, session: Database) -> dict[str, Any]:
    """Write a draft into the study file as an alternative; 409 where that has changed since, or has a namesake."""
    opened_draft = opened(draft, permitted, session)
    raised = session.execute(
        update(StudyRow).where(StudyRow.id == permitted.study.id, StudyRow.version == wanted.version)
        .values(version=wanted.version + 1).execution_options(synchronize_session=False)
    )  # fmt: skip
    if raised.rowcount != 1:  # type: ignore[attr-defined]  # the result of an update has it
        raise Conflict("web.plan.study_moved")
    write(Parcels.of(permitted.folder), permitted.folder, opened_draft, replace=wanted.replace)
    return {"alternative": opened_draft.row.name, "version": wanted.version + 1}
