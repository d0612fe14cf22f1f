"""The study file of a study as the workspace edits it: versions, what is wrong with it, atomic writing."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from citybraid.core.errors import InputErrors, PlanError
from citybraid.core.text import LANGUAGES
from citybraid.study.open.open_study import open_study
from citybraid.study.open.schema import LARGEST_BYTES
from citybraid.web.access.audit import record
from citybraid.web.access.permits import Permit
from citybraid.web.access.refusals import Conflict, Refused
from citybraid.web.database.tables import Audit, StudyRow, User
from citybraid.web.studies.listing import STUDY
from citybraid.web.studies.study_text import Line, difference

CHANGED = "study.changed"
"""What the audit calls a change of a study file."""


@dataclass(frozen=True)
class Seen:
    """What a reader has seen of a study file: its version in the database, and the digest of its text."""

    version: int
    digest: str


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a study file: the entry that it is about, '' where it is none, and the message by language."""

    where: str
    text: str
    said: dict[str, str]


def read_text(folder: Path) -> str:
    """Return the text of a study file; raises Refused where it cannot be read as text."""
    path = folder / STUDY
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise Refused("web.study_unreadable")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused("web.study_unreadable") from fault


def digest_of(text: str) -> str:
    """Return the digest of a study file's text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def troubles(folder: Path, text: str) -> list[Trouble]:
    """Return all that is wrong with the text of a study file, as opening it would tell.

    It is opened beside the study's own file, since what it extends and its factors count from there.
    """
    path = folder / f".{secrets.token_hex(8)}.toml"
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
        open_study(path)
    except PlanError as fault:
        each = fault.problems if isinstance(fault, InputErrors) else (fault,)
        return [_trouble(problem, path.name) for problem in each]
    finally:
        path.unlink(missing_ok=True)
    return []


def _trouble(fault: PlanError, file: str) -> Trouble:
    values = {name: STUDY if value == file else value for name, value in fault.values.items()}
    named = type(fault)(fault.text, **values) if not isinstance(fault, InputErrors) else fault
    return Trouble(_where(fault), fault.text, {each: named.say(each) for each in LANGUAGES})


def _where(fault: PlanError) -> str:
    """Return the entry that a fault is about: where it says so, else the one that its text is always about."""
    where = fault.values.get("where", "")
    if where:
        return str(where)
    return ENTRIES.get(fault.text, "study.crs" if fault.values.get("name") == "study.crs" else "")


ENTRIES = {
    "intake.crs_not_metric": "study.crs", "study.screening": "study.screening_resolution",
    "study.no_currency": "study.currency", "study.no_region": "study.region",
}  # fmt: skip
"""Entry that a text is about, where its values do not name it."""


def rewrite(
    session: Session, permitted: Permit, seen: Seen, change: Callable[[str], str], *, about: Sequence[str] = ()
) -> list[Line]:
    """Write a study file anew if nobody changed it since it was seen, and return the lines that changed.

    `change` turns the text into the new one; `about` are the entries that it is meant to change, where new faults
    refuse it. The version rises in the same transaction, so that of two writers one is refused.
    Raises Conflict where the file has changed since, naming who changed it.
    """
    row = permitted.study
    risen = StudyRow.id == row.id, StudyRow.version == seen.version
    raised = session.execute(update(StudyRow).where(*risen).values(version=StudyRow.version + 1))
    if cast("CursorResult[Any]", raised).rowcount != 1:
        raise Conflict("web.study_changed", who=_who_changed(session, row))
    before = read_text(permitted.folder)
    if digest_of(before) != seen.digest:
        raise Conflict("web.study_changed_outside")
    after = change(before)
    _refuse_new_faults(permitted.folder, before, after, about)
    record(session, CHANGED, user=permitted.user, study=row.id, detail={"entries": list(about)})
    session.flush()
    write(permitted.folder / STUDY, after)
    session.refresh(row)
    return difference(before, after)


def write(path: Path, text: str) -> None:
    """Write a file at once or not at all."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as sink:
            sink.write(text)
            sink.flush()
            os.fsync(sink.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _refuse_new_faults(folder: Path, before: str, after: str, about: Iterable[str]) -> None:
    """Raise InputErrors for what the change itself makes wrong; faults that were there before do not hinder it."""
    had = {(each.where, each.text, each.said["en"]) for each in troubles(folder, before)}
    new_faults = [each for each in troubles(folder, after) if (each.where, each.text, each.said["en"]) not in had]
    entries = tuple(about)
    new = [each for each in new_faults if any(_concerns(each.where, entry) for entry in entries)]
    if new:
        raise Unfit(new)


def _concerns(where: str, entry: str) -> bool:
    return where == entry or where.startswith(f"{entry}.") or entry.startswith(f"{where}.")


class Unfit(Refused):
    """A change that would make an entry wrong: every message that it would cause."""

    status = 422

    def __init__(self, faults: Sequence[Trouble]) -> None:
        self.found = tuple(faults)
        super().__init__("web.unfit_entry", where=", ".join(dict.fromkeys(each.where for each in faults)))

    def say(self, language: str) -> str:
        """Return every message, one per line."""
        return "\n".join(each.said[language] for each in self.found)


def _who_changed(session: Session, row: StudyRow) -> str:
    person = session.scalar(
        select(Audit).where(Audit.study == row.id, Audit.action == CHANGED).order_by(Audit.id.desc()).limit(1)
    )
    user = None if person is None or person.user is None else session.get(User, person.user)
    return "?" if user is None else user.display or user.name
