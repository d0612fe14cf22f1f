"""Room on the disk: what a person's studies and uploads take, and what they and the disk still have."""

import os
import shutil
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from citybraid.core.errors import CapacityError
from citybraid.web.access.refusals import TooMany
from citybraid.web.configuration.settings import OWN
from citybraid.web.database.tables import StudyRow, User

MIB = 1 << 20
RESERVE = 512 * MIB
"""Room of the disk that uploads leave free [byte]."""


def size_of(folder: Path) -> int:
    """Return the size of all files below a folder, links not followed [byte]."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(root, name)).st_size  # noqa: PTH118  (a hundred thousand files)
            except FileNotFoundError:
                continue
    return total


def used(session: Session, workspace: Path, user: User) -> int:
    """Return what the studies and uploads of a person take [byte]; a workspace that is a study itself counts whole."""
    paths = session.scalars(select(StudyRow.path).where(StudyRow.owner == user.id))
    return sum(size_of(workspace / path) for path in paths) + size_of(uploads_of(workspace, user))


def uploads_of(workspace: Path, user: User) -> Path:
    """Return the folder of a person's uploads under way."""
    return workspace / OWN / "uploads" / user.id


def room_of(session: Session, workspace: Path, user: User) -> int:
    """Return how many bytes more a person's quota and the disk hold."""
    free = shutil.disk_usage(workspace).free - RESERVE
    return free if user.space_mib is None else min(free, user.space_mib * MIB - used(session, workspace, user))


def require_room(session: Session, workspace: Path, study: StudyRow) -> None:
    """Raise TooMany where the quota of a study's owner is used up, CapacityError where the disk is: runs need room."""
    owner = session.get_one(User, study.owner)
    if owner.space_mib is not None and (taken := used(session, workspace, owner)) >= owner.space_mib * MIB:
        raise TooMany("web.quota_of_owner", owner=owner.name, quota=owner.space_mib, used=round(taken / MIB))
    free = shutil.disk_usage(workspace).free - RESERVE
    if free <= 0:
        raise CapacityError("web.disk_full", needs=0, free=0)


def require_space(session: Session, workspace: Path, user: User, more: int) -> None:
    """Raise TooMany where a person's quota does not hold so many bytes more, CapacityError where the disk does not."""
    if user.space_mib is not None and (taken := used(session, workspace, user)) + more > user.space_mib * MIB:
        raise TooMany("web.quota", quota=user.space_mib, used=round(taken / MIB), needs=round(more / MIB, 1))
    free = shutil.disk_usage(workspace).free - RESERVE
    if more > free:
        raise CapacityError("web.disk_full", needs=round(more / MIB, 1), free=max(0, round(free / MIB)))
