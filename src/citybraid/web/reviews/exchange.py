"""Comments of a run as a table that goes out to reviewers and comes back."""

import tempfile
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from citybraid.report.annex.places import Places
from citybraid.study.review.exchange import MOST_BYTES, import_rows, write_comments
from citybraid.web.access.refusals import TooLarge
from citybraid.web.foreign.apart import comment_rows

Suffix = Literal["xlsx", "csv"]


class ConflictState(BaseModel):
    """A row that was left as it is here, because both sides changed it."""

    id: str
    part: str
    here: str
    there: str


class MergedState(BaseModel):
    """What a table has added, and what was left."""

    added: int
    replied: int
    conflicts: list[ConflictState]


def exported(places: Places, suffix: Suffix) -> bytes:
    """Return the comments as a table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"comments.{suffix}"
        write_comments(places.view.run, path)
        return path.read_bytes()


def imported(places: Places, suffix: Suffix, data: bytes) -> MergedState:
    """Merge a table, read by a process apart, into a run's comments.

    Raises TooLarge, InputError where it is no table of comments, InputErrors with all rows that are wrong, before
    anything is added.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge("web.review.too_large", most=MOST_BYTES // 2**20)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"comments.{suffix}"
        path.write_bytes(data)
        merged = import_rows(places.view.run, comment_rows(path), file=path.name, places=places)
    conflicts = [ConflictState(**each._asdict()) for each in merged.conflicts]
    return MergedState(added=merged.added, replied=merged.replied, conflicts=conflicts)
