"""The parent's side of opening a case: a fenced process unpacks it, and only whole and checked cases are kept."""

import os
import shutil
import stat
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from citybraid.commons.form.archive import file_digest
from citybraid.commons.form.card import CARD, Card, case_id, read_card
from citybraid.core.errors import CapacityError, InputError, StoreError
from citybraid.isolation.arrays import DecodeError
from citybraid.isolation.child import OUT_OF_TIME, Child, missing_fences
from citybraid.isolation.message import Message
from citybraid.isolation.values import unpack

WORKER = "citybraid.commons.opening.worker"
SECONDS, MEMORY_MIB = 900.0, 1536.0
"""Longest time [s] and most memory [MiB] of the process."""
ANSWER_MIB = 64
PAGES = (".html", ".htm", ".xhtml", ".svg")
POLICY = (
    b'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    b"script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
    b"form-action 'none'; base-uri 'none'\">\n"
)
"""What pages of others begin with once opened: they may show what they hold, and ask nothing of any host or file."""
LARGEST_FILE = 4 << 30
"""Largest case [byte]."""
MIB = 1 << 20
Tell = Callable[[int, int], None]
"""Is given the bytes of a case that are read, and those of all its parts."""


def untold(_read: int, _of: int) -> None:
    """Tell nobody."""


class Checked(NamedTuple):
    """A case that was checked: its file, id and card, fences that this system could not set, and the card's bytes."""

    file: Path
    id: str
    card: Card
    unfenced: tuple[str, ...]
    content: bytes


def check(file: Path) -> Checked:
    """Check a case of unknown origin without keeping anything of it.

    Raises InputError with what is wrong: no such file, no case, a part that is changed, missing, added, too large,
    of a forbidden name or kind.
    """
    with _unpacked(file, keep=False) as (checked, _):
        return checked


def open_case(file: Path, folder: Path, *, tell: Tell = untold, room: int | None = None) -> Checked:
    """Unpack a case of unknown origin into a new folder: whole, or nothing.

    Raises InputError as `check` does, CapacityError where its parts need more than `room` [byte]. Pages get a policy
    by which they can reach no host; every other part has the hash that the card tells.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("case.folder_taken", folder=folder.name)
    with _unpacked(file, keep=True, tell=tell) as (checked, unpacked):
        needs = sum(part.bytes for part in checked.card.parts)
        if room is not None and needs > room:
            raise CapacityError("case.no_room", needs=round(needs / MIB, 1), free=max(round(room / MIB, 1), 0))
        draft = folder.parent / f".{uuid.uuid4().hex}.part"
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            _copy(unpacked, draft, checked.card)
            if folder.is_dir():
                folder.rmdir()
            draft.rename(folder)
        except OSError as fault:
            raise StoreError("case.unwritable", file=folder.name, why=fault.strerror or str(fault)) from fault
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return checked


@contextmanager
def unpacked_case(file: Path) -> Iterator[tuple[Checked, Path]]:
    """Lend a checked case's parts in a temporary folder that is deleted at the end."""
    with _unpacked(file, keep=True) as lent:
        yield lent


@contextmanager
def _unpacked(file: Path, *, keep: bool, tell: Tell = untold) -> Iterator[tuple[Checked, Path]]:
    if not file.is_file():
        raise InputError("case.no_file", file=file.name)
    if file.stat().st_size > LARGEST_FILE:
        raise InputError("case.large", limit=LARGEST_FILE >> 20)
    with Child(WORKER, arguments=[str(file.resolve())]) as child:
        greeting = child.greeting()
        if greeting is None:
            raise InputError("case.crashed", file=file.name)
        kind, value = _answer(child, file, keep=keep, tell=tell)
        if kind == "refused":
            text, values = value
            raise InputError(str(text), **{str(name): each for name, each in values.items()})
        content = bytes(value)
        fences = missing_fences(tuple(map(str, greeting.body["fences"])))
        card = read_card(content, file=file.name)
        yield Checked(file, case_id(content), card, fences, content), child.folder / "unpacked"


def _answer(child: Child, file: Path, *, keep: bool, tell: Tell) -> tuple[str, Any]:
    try:
        with child.watched(seconds=SECONDS, mib=MEMORY_MIB) as watch:
            child.send(Message({"file": str(file.resolve()), "keep": keep}))
            while (answer := child.receive(most_mib=ANSWER_MIB)) is not None:
                kind, value = unpack(answer, _no_records)
                if kind != "read":
                    return str(kind), value
                read, of = value
                tell(int(read), int(of))
    except (DecodeError, ValueError, TypeError) as fault:
        raise InputError("case.crashed", file=file.name) from fault
    if watch.reason == "time" or child.close() in OUT_OF_TIME:
        raise InputError("case.slow", file=file.name, seconds=SECONDS)
    raise InputError("case.crashed", file=file.name)


def _no_records(module: str, _: str) -> type:
    raise DecodeError(module)


def _copy(unpacked: Path, draft: Path, card: Card) -> None:
    """Copy the parts that a card lists, plain files with the hash that it tells; pages get their policy."""
    draft.mkdir()
    for part in card.parts:
        source, target = unpacked / part.path, draft / part.path
        if not stat.S_ISREG(os.lstat(source).st_mode) or file_digest(source) != (part.bytes, part.sha256):
            raise InputError("case.part_changed", path=part.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix.lower() in PAGES:
            target.write_bytes(POLICY + source.read_bytes())
        else:
            shutil.copyfile(source, target)
    shutil.copyfile(unpacked / CARD, draft / CARD)
