"""The journal of a run's review: a folder beside its manifest, to which each act adds a file and changes none.

Files are written apart and renamed, so that a reader sees whole ones alone, and have names of their own, so that
reviewers who write at the same time lose nothing. Results and their keys are not touched.
"""

import json
import uuid
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from citybraid.core.errors import InputError, StoreError
from citybraid.study.review.changes import change_of
from citybraid.study.review.comment import Comment, Entry, Status, comments_of, now
from citybraid.study.run.run import Run

FOLDER = "review"


def entries(run: Run) -> tuple[Entry, ...]:
    """Return all entries of a run's journal; raises InputError for a file that cannot be read."""
    entries_read: list[Entry] = []
    for path in journal_files(run.folder):
        try:
            entries_read += [Entry.model_validate(each) for each in json.loads(path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError, RecursionError) as fault:
            raise InputError("review.damaged", folder=run.folder.name, file=path.name) from fault
    return tuple(entries_read)


def journal_files(folder: Path) -> list[Path]:
    """Return the files of the journal beside a manifest, by name."""
    return sorted((folder / FOLDER).glob("*.json"))


def comments(run: Run) -> tuple[Comment, ...]:
    """Return the comments on a run, the oldest first."""
    return comments_of(entries(run))


def append(run: Run, added: Sequence[Entry]) -> None:
    """Add entries to the journal, all in one file or none; raises StoreError where it cannot be written."""
    if not added:
        return
    stamp = added[-1].at.replace(":", "").replace(".", "").replace("-", "")
    path = run.folder / FOLDER / f"{stamp}-{uuid.uuid4().hex[:8]}.json"
    draft = path.with_suffix(".part")
    content = json.dumps([each.model_dump() for each in added], ensure_ascii=False, indent=1)
    try:
        path.parent.mkdir(exist_ok=True)
        draft.write_text(content, encoding="utf-8", newline="\n")
        draft.rename(path)
    except OSError as fault:
        draft.unlink(missing_ok=True)
        raise StoreError("review.unwritable", folder=run.folder.name, why=fault.strerror or str(fault)) from fault


def add(run: Run, text: str, *, author: str, about: str = "") -> Comment:
    """Add a comment and return it; `about` is an address. Raises InputError for an empty or too long text or author."""
    entry = entered(at=now(), author=author, text=text, about=about)
    if not entry.text:
        raise InputError("review.no_text")
    append(run, [entry])
    return next(each for each in comments(run) if each.id == entry.id)


def answer(
    run: Run, comment: str, text: str = "", *, author: str, status: Status = "answered", change: str = ""
) -> Comment:  # fmt: skip
    """Reply to a comment, name the change that resolves it, or change its state alone, and return it.

    Raises:
        InputError: there is no such comment or change, nothing is said and the state stays, or the author is empty.
    """
    by_id = {each.id: each for each in comments(run)}
    if comment not in by_id:
        raise InputError("review.unknown", id=comment, known=list(by_id)[:20] or ["-"])
    about = change_of(run, change)
    entry = entered(at=now(), author=author, text=text, status=status, about=about, answers=comment)
    if not entry.text and not about and by_id[comment].status == status:
        raise InputError("review.no_text")
    append(run, [entry])
    return next(each for each in comments(run) if each.id == comment)


def entered(**values: str) -> Entry:
    """Return an entry; raises InputError with the field that is wrong."""
    try:
        return Entry.model_validate(values)
    except ValidationError as fault:
        first = fault.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else "-"
        raise InputError("review.field", field=field, got=str(first.get("input", ""))[:80]) from fault
