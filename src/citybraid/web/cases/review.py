"""Cases on their way into the library: handed in as drafts, reviewed by the checklist, published, withdrawn."""

import threading
from pathlib import Path

from pydantic import BaseModel

from citybraid.commons.library.library import Library, Version
from citybraid.commons.opening.opened import Checked, check
from citybraid.core.rows.cases import CaseWord
from citybraid.core.tables import read_table
from citybraid.web.access.refusals import Conflict, NotFound
from citybraid.web.cases.catalogue import library, library_of
from citybraid.web.cases.opening import file_of
from citybraid.web.cases.words import Said, said
from citybraid.web.studies.uploads import Upload, give_up

MOST_WAITING, MOST_OF_ONE = 200, 20
"""Drafts that may wait for review in a library, and of one person."""
_adding = threading.Lock()
"""Lets one case at a time into a library: each looks first at what is there."""


class EntryState(BaseModel):
    """An act on a case: when, by whom, what, on which version, and what was said."""

    at: str
    by: str
    act: Said
    version: int
    note: str


class VersionState(BaseModel):
    """The latest version of a case that is kept: its state, authors, and history."""

    name: str
    title: Said
    number: int
    state: str
    state_said: Said
    authors: list[str]
    licence: str
    history: list[EntryState]


class SentState(BaseModel):
    """A case that one has handed in: its version, id and state, and what its reviewer last said."""

    name: str
    number: int
    id: str
    state: str
    state_said: Said
    note: str


class QuestionState(BaseModel):
    """A question of the checklist."""

    question: str
    said: Said


def hand_in(folder: Path, checked: Checked, *, by: str) -> VersionState:
    """Add a case to the library, which is made where there is none, as a draft.

    Raises InputError where the library has this very case already, Conflict where too many wait for review.
    """
    with _adding:
        kept = library_of(folder) or Library.open(folder, create=True)
        drafts = [each for name in kept.names for each in kept.versions(name) if each.state == "draft"]
        waiting = [_handed_in_by(kept, each) == by for each in drafts]
        for got, limit in ((len(waiting), MOST_WAITING), (sum(waiting), MOST_OF_ONE)):
            if got >= limit:
                raise Conflict("web.cases.many_wait", got=got, limit=limit)
        return _state(kept, kept.add(checked.file, by=by))


def hand_in_upload(folder: Path, upload: Upload, *, by: str) -> VersionState:
    """Add the case of an upload to the library as a draft, checked by a fenced process; the upload is given up then.

    Raises Refused where the upload is not one file, InputError where that is no case, or one that is there already.
    """
    file, _ = file_of(upload)
    draft = hand_in(folder, check(file), by=by)
    give_up(upload)
    return draft


def send(folder: Path, upload: Upload, *, by: str) -> SentState:
    """Add the case of an upload as a draft, as `hand_in_upload` does, and return what stands in the library then."""
    made = hand_in_upload(folder, upload, by=by)
    return next(each for each in sent_by(folder, by) if (each.name, each.number) == (made.name, made.number))


def sent_by(folder: Path, by: str) -> list[SentState]:
    """Return every version of a case that somebody has handed in."""
    kept = library_of(folder)
    if kept is None:
        return []
    return [
        SentState(
            name=name, number=each.number, id=each.id, state=each.state, state_said=said(f"case.state_{each.state}"),
            note=_last_note(kept, each),
        )
        for name in kept.names
        for each in kept.versions(name)
        if _handed_in_by(kept, each) == by
    ]  # fmt: skip


def settled(folder: Path) -> list[VersionState]:
    """Return the latest version of every case that is published or withdrawn, with its history."""
    kept = library_of(folder)
    if kept is None:
        return []
    return [_state(kept, each) for each in _latest(kept) if each.state in ("published", "retracted")]


def under_way(folder: Path) -> list[VersionState]:
    """Return the latest version of every case that is no published one."""
    kept = library_of(folder)
    if kept is None:
        return []
    return [_state(kept, each) for each in _latest(kept) if each.state in ("draft", "reviewed")]


def questions() -> list[QuestionState]:
    """Return the questions of the checklist."""
    rows = [row for row in read_table(CaseWord) if row.kind == "check"]
    return [QuestionState(question=row.id, said=said(f"case_check.{row.id}")) for row in rows]


def review(folder: Path, name: str, answers: dict[str, bool], *, by: str, note: str) -> VersionState:
    """Answer the checklist of a draft; raises InputError as `Library.review` does."""
    kept = _with(folder, name)
    return _state(kept, kept.review(name, answers, by=by, note=note))


def release(folder: Path, name: str, *, by: str) -> VersionState:
    """Publish a reviewed case."""
    kept = _with(folder, name)
    return _state(kept, kept.release(name, by=by))


def retract(folder: Path, name: str, *, by: str, reason: str) -> VersionState:
    """Withdraw a case: its file goes, a trace with the reason stays."""
    kept = _with(folder, name)
    return _state(kept, kept.retract(name, by=by, reason=reason))


def _handed_in_by(kept: Library, version: Version) -> str:
    return next(each.by for each in kept.history(version.name) if each.version == version.number)


def _last_note(kept: Library, version: Version) -> str:
    notes = [each.note for each in kept.history(version.name) if each.version == version.number and each.note]
    return notes[-1] if notes else ""


def _latest(kept: Library) -> list[Version]:
    return [kept.versions(name)[-1] for name in kept.names]


def _with(folder: Path, name: str) -> Library:
    kept = library(folder)
    if name not in kept.names:
        raise NotFound("web.cases.no_case")
    return kept


def _state(kept: Library, version: Version) -> VersionState:
    lessons = None if version.card is None else version.card.lessons
    return VersionState(
        name=version.name, title=dict(version.title), number=version.number, state=version.state,
        state_said=said(f"case.state_{version.state}"), authors=[] if lessons is None else list(lessons.authors),
        licence="" if lessons is None else lessons.licence,
        history=[
            EntryState(at=each.at, by=each.by, act=said(f"case.act_{each.act}"), version=each.version, note=each.note)
            for each in kept.history(version.name)
        ],
    )  # fmt: skip
