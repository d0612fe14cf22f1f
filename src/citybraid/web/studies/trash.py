"""Deleted studies: their folders lie in the workspace's own trash until they are put back or removed by hand."""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from citybraid.web.access.audit import record
from citybraid.web.access.permits import Permit
from citybraid.web.access.refusals import Conflict, NotFound, Refused
from citybraid.web.configuration.settings import OWN
from citybraid.web.database.tables import ID, Job, StudyRow, User, new_id, now
from citybraid.web.studies.listing import STUDY, known_folders
from citybraid.web.studies.names import OPENING, free_folder
from citybraid.web.studies.study_file import write

TRASH, STUDY_FOLDER, ABOUT = "trash", "study", "deleted.json"
DELETED, RESTORED = "study.deleted", "study.restored"
"""What the audit calls it."""


@dataclass(frozen=True)
class Deleted:
    """A deleted study: its id in the trash, the name of its folder, when it was deleted."""

    id: str
    folder: str
    at: datetime


def throw_away(session: Session, workspace: Path, permitted: Permit) -> Deleted:
    """Move a study into the trash; one that was never opened whole, or whose folder is gone, leaves nothing there.

    Raises Refused for a study that is the workspace's own folder, Conflict where a job of it is under way.
    """
    row = permitted.study
    if permitted.folder.resolve() == workspace.resolve():
        raise Refused("web.workspace_itself")
    waiting = select(Job.id).where(Job.study == row.id, Job.state.in_(("queued", "running")))
    if session.scalar(waiting.limit(1)) is not None:
        raise Conflict("web.study_busy")
    deleted = Deleted(new_id(), permitted.folder.name, now())
    place = workspace / OWN / TRASH / deleted.id
    place.mkdir(parents=True)
    about = {"folder": deleted.folder, "owner": row.owner, "at": deleted.at.isoformat()}
    write(place / ABOUT, json.dumps(about, ensure_ascii=False))
    record(session, DELETED, user=permitted.user, study=row.id, detail={"trash": deleted.id})
    session.delete(row)
    session.flush()
    if not permitted.folder.is_dir():
        shutil.rmtree(place, ignore_errors=True)
        return deleted
    permitted.folder.replace(place / STUDY_FOLDER)
    if not (place / STUDY_FOLDER / STUDY).is_file() and (place / STUDY_FOLDER / OWN / OPENING).is_dir():
        shutil.rmtree(place, ignore_errors=True)
    return deleted


def thrown_away(workspace: Path, user: User) -> list[Deleted]:
    """Return a person's deleted studies, the newest first."""
    thrown = [_read(each) for each in (workspace / OWN / TRASH).glob("*") if (each / STUDY_FOLDER).is_dir()]
    own = [deleted for deleted, owner in thrown if owner == user.id or user.admin]
    return sorted(own, key=lambda each: each.at, reverse=True)


def put_back(session: Session, workspace: Path, user: User, trash: str) -> StudyRow:
    """Move a deleted study back into the workspace, under a free name.

    Raises NotFound where the person has none of this id.
    """
    place = workspace / OWN / TRASH / trash
    if len(trash) != ID or not trash.isalnum() or not (place / STUDY_FOLDER).is_dir():
        raise NotFound("web.no_trash")
    deleted, owner = _read(place)
    if owner != user.id and not user.admin:
        raise NotFound("web.no_trash")
    folder = free_folder(workspace, deleted.folder, known=known_folders(session))
    row = StudyRow(path=folder.name, owner=owner)
    session.add(row)
    session.flush()
    record(session, RESTORED, user=user, study=row.id, detail={"trash": trash})
    (place / STUDY_FOLDER).replace(folder)
    (place / ABOUT).unlink(missing_ok=True)
    place.rmdir()
    return row


def _read(place: Path) -> tuple[Deleted, str]:
    about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
    return Deleted(place.name, str(about["folder"]), datetime.fromisoformat(about["at"])), str(about["owner"])
