"""The studies of a workspace: folders with a study file, each a row of the database."""

from contextlib import suppress
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from citybraid.web.database.tables import StudyRow, User

STUDY = "study.toml"


def folders(workspace: Path) -> list[str]:
    """Return the folders that hold a study, relative to the workspace: itself, or those one below it."""
    found = [path.parent for path in [workspace / STUDY, *sorted(workspace.glob(f"*/{STUDY}"))] if path.is_file()]
    inside = [each for each in found if each.resolve().is_relative_to(workspace.resolve())]
    return [each.relative_to(workspace).as_posix() for each in inside]


def known_folders(session: Session) -> set[str]:
    """Return the folders that the database has studies of, whether they are there or not."""
    return set(session.scalars(select(StudyRow.path)))


def take_up(session: Session, workspace: Path, owner: User) -> None:
    """Enter the studies that stand in the workspace's folder and not yet in its database; they are the owner's."""
    known = known_folders(session)
    session.add_all(StudyRow(path=path, owner=owner.id) for path in folders(workspace) if path not in known)


def take_up_new(session: Session, workspace: Path, owner: User) -> None:
    """Enter studies that were put into the folder since, unless another request does so at this moment."""
    with suppress(IntegrityError), session.begin_nested():
        take_up(session, workspace, owner)
