"""The studies of a workspace: folders with a study file, each a row of the database."""

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
    found = [path.parent for path in [workspace / STUDY, *sorted(workspace.glob(f"*/{STUDY}"))] if path.is_file()]
    inside = [each for each in found if each.resolve().is_relative_to(workspace.resolve())]
    return [each.relative_to(workspace).as_posix() for each in inside]


def known_folders(session: Session) -> set[str]:
    """Return the folders that the database has studies of, whether they are there or not."""
    return set(session.scalars(select(StudyRow.path)))


def take_up(session: Session, workspace: Path, owner: User) -> None:
    """Enter the studies that stand in the workspace's folder and not yet in its database; they are the owner's.

    Each folder keeps the id of its study, so that one that was renamed is found again with its drafts, comments, jobs
    and people. A copy beside its original is a study of its own.
    """
    known = {row.path: row for row in session.scalars(select(StudyRow))}
    gone = {row.id: row for row in known.values() if not (workspace / row.path).is_dir()}
    found = folders(workspace)
    for path in found:
        if path in known:
            continue
        known[path] = gone.pop(_kept_id(workspace / path), None) or StudyRow(owner=owner.id)
        known[path].path = path
        session.add(known[path])
    session.flush()
    for path in found:
        _keep_id(workspace / path, known[path].id)


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


def take_up_new(session: Session, workspace: Path, owner: User) -> None:
    """Enter studies that were put into the folder since, unless another request does so at this moment."""
    with suppress(IntegrityError), session.begin_nested():
        take_up(session, workspace, owner)
