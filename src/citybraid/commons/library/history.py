"""History of a case in a library: one file per act, never changed, each with the hash of the one before."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from citybraid.commons.form.card import Words
from citybraid.commons.form.lessons import CasePart
from citybraid.core.errors import InputError

Act = Literal["drafted", "returned", "reviewed", "published", "retracted"]
State = Literal["draft", "reviewed", "published", "retracted", "shipped"]
STATES: Mapping[Act, State] = {
    "drafted": "draft", "returned": "draft", "reviewed": "reviewed", "published": "published", "retracted": "retracted",
}  # fmt: skip
"""State that an act leaves a version in."""
FOLDER = "history"
FIRST = ""


class Entry(CasePart):
    """An act on a version of a case."""

    at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$")
    by: Annotated[str, Field(min_length=1, max_length=100)]
    act: Act
    version: int = Field(ge=1)
    case: str
    """Id of the case."""
    title: Words
    note: Annotated[str, Field(max_length=4000)] = ""
    """What was said: the reason of a retraction above all."""
    checklist: Mapping[str, bool] = Field(default_factory=dict)
    """Answers of a review, by question."""
    previous: str
    """SHA-256 of the entry before; '' of the first."""


def read_history(folder: Path) -> tuple[Entry, ...]:
    """Return the entries of a case, the oldest first; raises InputError where one was changed, taken out or put in."""
    entries: list[Entry] = []
    previous = FIRST
    for at, path in enumerate(_files(folder), start=1):
        try:
            content = path.read_bytes()
            entry = Entry.model_validate(json.loads(content))
        except (OSError, ValueError, ValidationError, RecursionError) as fault:
            raise InputError("case.history_damaged", case=folder.name, file=path.name) from fault
        if entry.previous != previous or path.stem != f"{at:04d}":
            raise InputError("case.history_changed", case=folder.name, file=path.name)
        entries.append(entry)
        previous = hashlib.sha256(content).hexdigest()
    return tuple(entries)


def append(folder: Path, entry: Entry) -> None:
    """Add an entry; raises InputError where another was added at the same time."""
    files = _files(folder)
    previous = hashlib.sha256(files[-1].read_bytes()).hexdigest() if files else FIRST
    content = entry.model_copy(update={"previous": previous}).model_dump(mode="json")
    path = folder / FOLDER / f"{len(files) + 1:04d}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{uuid.uuid4().hex}.part")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8", newline="\n")
    try:
        path.hardlink_to(draft)
    except FileExistsError as fault:
        raise InputError("case.history_busy", case=folder.name) from fault
    except OSError:  # a disk without hard links, such as a stick
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def state_of(entries: Sequence[Entry], version: int) -> State:
    """Return the state of a version."""
    return STATES[[each.act for each in entries if each.version == version][-1]]


def _files(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.json"))
