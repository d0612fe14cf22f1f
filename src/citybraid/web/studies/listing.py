"""The studies of a workspace: folders with a study file, each a row of the database."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from citybraid.web.configuration.settings import OWN
from citybraid.web.database.tables import StudyRow, User

STUDY = "study.toml"
KEPT_ID = "study_id"
"""File, in the program's own folder of a study, with the id that the workspace knows it by."""


def folders(workspace: Path) -> list[str]:
    """Return the folders that hold a study, relative to the workspace: itself, or those one below it."""
    paths = [path.parent for path in [workspace / STUDY, *sorted(workspace.glob(f"*/{STUDY}"))] if path.is_file()]
    inside = [each for each in paths if each.resolve().is_relative_to(workspace.resolve())]
    return [each.relative_to(workspace).as_posix() for each in inside]


def known_folders(session: Session) -> set[str]:
    """Return the folders that the database has studies of, whether they are there or not."""
    return set(session.scalars(select(StudyRow.path)))


def take_up(session: Session, workspace: Path, owner: User) -> None:
    """Enter the studies that stand in the workspace's folder and not yet in its database; they are the owner's.

    Each folder keeps the id of its study, so that one that was renamed is found again with its drafts, comments, jobs
    and people. A copy beside its original is a study of its own.
    """
    _enter(session, workspace, _unknown(session, workspace), owner)


def take_up_new(session: Session, workspace: Path, owner: User) -> None:
    """Enter studies that were put into the folder since, unless another request does so at this moment.

    What is read is read before: the embedded database refuses to write behind what others wrote since a first reading.
    """
    if unknown := _unknown(session, workspace):
        with suppress(IntegrityError), session.begin_nested():
            _enter(session, workspace, unknown, owner)


def _unknown(session: Session, workspace: Path) -> dict[str, StudyRow | None]:
    """Return the folders that the database has no study of, each with the study that it was before it was renamed."""
    known = {row.path: row for row in session.scalars(select(StudyRow))}
    gone = {row.id: row for row in known.values() if not (workspace / row.path).is_dir()}
    unknown: dict[str, StudyRow | None] = {}
    for path in folders(workspace):
        if path in known:
            _keep_id(workspace / path, known[path].id)
        else:
            unknown[path] = gone.pop(_kept_id(workspace / path), None)
    return unknown


def _enter(session: Session, workspace: Path, unknown: Mapping[str, StudyRow | None], owner: User) -> None:
    rows = {path: row or StudyRow(owner=owner.id) for path, row in unknown.items()}
    for path, row in rows.items():
        row.path = path
    session.add_all(rows.values())
    session.flush()
    for path, row in rows.items():
        _keep_id(workspace / path, row.id)


def _kept_id(folder: Path) -> str:
    """Return the id that a study's folder keeps, "" for none."""
    with suppress(OSError, UnicodeDecodeError):
        return (folder / OWN / KEPT_ID).read_text(encoding="ascii").strip()
    return ""


def _keep_id(folder: Path, study: str) -> None:
    """Write the id of a study into its folder; a folder that cannot be written goes without."""
    if _kept_id(folder) == study:
        return
    with suppress(OSError):
        (folder / OWN).mkdir(exist_ok=True)
        (folder / OWN / KEPT_ID).write_text(f"{study}\n", encoding="ascii")
