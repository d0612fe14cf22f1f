"""The plan that drafts start from, and drafts: made, copied, renamed, deleted, changed, undone."""

import math
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from citybraid.core.rows.land import LandUse
from citybraid.core.text import LANGUAGES, say
from citybraid.integrate.measures.form.parcel_edit import CONTROLS
from citybraid.report.drawing.palettes import land_use_shades
from citybraid.report.levels.names import unit_names
from citybraid.report.view import View
from citybraid.sources.land_use.land_use import guide
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.web.access.permits import Database, Editing, Permit, Viewing
from citybraid.web.access.refusals import NotFound, Refused
from citybraid.web.plans import drafts as room
from citybraid.web.plans.changes import Change, Controls, Placing, Turn
from citybraid.web.plans.drafts import Open
from citybraid.web.plans.feasible import refuse_values
from citybraid.web.plans.parcels import Parcels, plain
from citybraid.web.plans.placeable import placeable, refuse_placing
from citybraid.web.wording import said

router = APIRouter(tags=["plans"])

MOST_VERSION = 2**31 - 1
"""Largest version that every database keeps [-]."""
PATH = "/api/studies/{study}/drafts"
Said = dict[str, str]
Short = Annotated[str, StringConstraints(pattern=r"^\w[\w-]{0,39}$")]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class Body(BaseModel):
    """A closed body of a request."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Titles(Body):
    """A draft's title in both languages."""

    zh: Title
    en: Title


class NewDraft(Body):
    """A draft that is asked for: its name as an alternative, title, and what it starts from."""

    name: Short
    title: Titles
    base: str = Field("", max_length=80)
    source: str = Field("", max_length=32)
    """A draft to copy, instead of a base."""


class Renamed(Body):
    """Another name and title of a draft."""

    name: Short
    title: Titles


class Entry(Body):
    """A change or a turn, and the version of the draft that it was made on."""

    version: int = Field(ge=0, le=MOST_VERSION)
    change: Change | None = None
    turn: Turn | None = None


class DraftState(BaseModel):
    """A draft: what it draws, its log with who and when, and what of the log counts."""

    id: str
    name: str
    title: Said
    base: str
    version: int
    changed: str
    parcels: dict[str, dict[str, str | float]]
    placed: list[dict[str, Any]]
    removed: list[str]
    log: list[dict[str, Any]]
    counting: list[int]
    undone: list[int]


class DraftEntry(BaseModel):
    """A draft in the list."""

    id: str
    name: str
    title: Said
    base: str
    version: int
    changed: str


@router.get("/api/studies/{study}/plan")
def plan(permitted: Viewing) -> dict[str, Any]:
    """Return what drafts can change: parcels, land uses, controls with ranges, measures, units, alternatives."""
    parcels = Parcels.of(permitted.folder)
    table, degrees = parcels.stated, parcels.in_degrees
    area, unit = parcels.shapes.area, parcels.unit_of
    features = [
        {
            "id": name, "unit": unit[name], "area": round(float(area[name]), 1),
            "values": plain(table.loc[name].to_dict()), "shape": _rounded(degrees[name].__geo_interface__),
        }
        for name in map(str, parcels.shapes.index)
    ]  # fmt: skip
    settings = parcels.study.asked
    return {
        "parcels": features, "bounds": [float(each) for each in degrees.total_bounds],
        "land_uses": [_land_use(each) for each in guide().values()],
        "controls": [_control(name) for name in CONTROLS], "measures": placeable(parcels.study),
        "units": [] if parcels.units is None else [str(name) for name in parcels.units.index],
        "unit_names": {name: said(title) for name, title in unit_names(View(parcels.run)).items() if title},
        "alternatives": {name: _alternative(parcels, name) for name in settings.alternatives},
        "run": parcels.run.folder.name, "version": permitted.study.version,
    }  # fmt: skip


def _rounded(shape: Any) -> dict[str, Any]:
    def number(part: Any) -> Any:
        return round(part, 7) if isinstance(part, float) else [number(each) for each in part]

    return {"type": shape["type"], "coordinates": number(shape["coordinates"])}


def _control(name: str) -> dict[str, Any]:
    var = vocabulary()[name]
    most = None if math.isinf(var.le) else var.le
    return {"name": name, "unit": var.unit, "least": var.ge, "most": most,
            "title": {each: say(f"var.{name}", each) for each in LANGUAGES}}  # fmt: skip


def _land_use(use: LandUse) -> dict[str, Any]:
    return {"code": use.code, "title": {"en": use.name_en, "zh": use.name_zh}, "colour": land_use_shades()[use.code]}


def _alternative(parcels: Parcels, name: str) -> dict[str, Any]:
    stated, under = parcels.stated, parcels.under(name)
    changed = {} if under is stated else {
        str(each): plain(under.loc[each].to_dict()) for each in under.index
        if plain(under.loc[each].to_dict()) != plain(stated.loc[each].to_dict())
    }  # fmt: skip
    alternative = parcels.study.asked.alternatives[name]
    measures = [
        {"placement": f"base:{number}:{entry.measure}", "measure": entry.measure, "params": dict(entry.params),
         "title": {each: say(f"model.{parcels.study.measures[entry.measure].id}", each) for each in LANGUAGES}}
        for number, entry in enumerate(alternative.measures) if entry.measure != "changed_parcels"
    ]  # fmt: skip
    return {
        "title": dict(alternative.title), "builds": parcels.builds(name), "portfolio": alternative.portfolio,
        "changed": changed, "measures": measures,
    }  # fmt: skip


@router.get(PATH)
def list_drafts(permitted: Viewing, session: Database) -> list[DraftEntry]:
    """List the drafts of a study, the one changed last first."""
    return [
        DraftEntry(id=each.id, name=each.name, title=each.title, base=each.base, version=each.version,
                   changed=each.changed.isoformat())
        for each in room.drafts(session, permitted.study.id)
    ]  # fmt: skip


@router.post(PATH, status_code=201)
def make_draft(wanted: NewDraft, permitted: Editing, session: Database) -> DraftState:
    """Begin a draft from an alternative of the study, or copy one."""
    title = wanted.title.model_dump()
    if wanted.source:
        source = room.opened(session, room.draft(session, permitted.study.id, wanted.source))
        row = room.copy(session, source, name=wanted.name, title=title, user=permitted.user)
    else:
        if wanted.base not in Parcels.of(permitted.folder).study.asked.alternatives:
            raise NotFound("web.plan.no_alternative", name=wanted.base)
        row = room.make(session, permitted.study.id, name=wanted.name, title=title, base=wanted.base)
    return state(room.opened(session, row))


@router.get(PATH + "/{draft}")
def draft_state(draft: str, permitted: Viewing, session: Database) -> DraftState:
    """Return a draft."""
    return state(opened(draft, permitted, session))


@router.patch(PATH + "/{draft}")
def rename_draft(draft: str, wanted: Renamed, permitted: Editing, session: Database) -> DraftState:
    """Give a draft another name and title."""
    opened_draft = opened(draft, permitted, session)
    room.rename(session, opened_draft.row, name=wanted.name, title=wanted.title.model_dump())
    return state(opened_draft)


@router.delete(PATH + "/{draft}", status_code=204)
def delete_draft(draft: str, permitted: Editing, session: Database) -> None:
    """Delete a draft; an alternative written from it stays in the study file."""
    room.remove(session, room.draft(session, permitted.study.id, draft))


@router.post(PATH + "/{draft}/entries")
def enter(draft: str, change: Entry, permitted: Editing, session: Database) -> DraftState:
    """Add a change, undo the last one or make it again; answered by 409 with what others changed meanwhile."""
    row = room.draft(session, permitted.study.id, draft)
    entry = change.change or change.turn
    if entry is None or (change.change and change.turn):
        raise Refused("web.plan.one_entry")
    if isinstance(entry, Controls):
        refuse_values(Parcels.of(permitted.folder), entry.parcels, entry.values)
    elif isinstance(entry, Placing):
        refuse_placing(Parcels.of(permitted.folder), entry)
    return state(room.enter(session, row, permitted.user, entry.model_dump(mode="json"), version=change.version))


def opened(draft: str, permitted: Permit, session: Database) -> Open:
    """Return a draft of the permitted study with its log; raises NotFound where the study has none such."""
    return room.opened(session, room.draft(session, permitted.study.id, draft))


def state(opened_draft: Open) -> DraftState:
    """Return a draft as it stands."""
    row, drawn, past = opened_draft.row, opened_draft.drawn, opened_draft.history
    return DraftState(
        id=row.id, name=row.name, title=row.title, base=row.base, version=row.version, changed=row.changed.isoformat(),
        parcels={name: dict(values) for name, values in drawn.parcels.items()},
        placed=[each.model_dump(mode="json") for each in drawn.placed.values()], removed=sorted(drawn.removed),
        log=[vars(each) for each in opened_draft.log], counting=list(past.counting), undone=list(past.undone),
    )  # fmt: skip
