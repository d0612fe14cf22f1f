"""The case of a run: what the file holds, what it leaves out and why, as those who open it will find it."""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from citybraid.commons.form.card import Card, InputRecord, Reduction
from citybraid.commons.opening.opened import Checked, check
from citybraid.study.run.run import Run
from citybraid.web.access.refusals import NotFound
from citybraid.web.cases.words import Said, said
from citybraid.web.studies.names import CASE, CASE_FILE

KEPT = 64
"""Checked cases whose cards are remembered while their files stay."""
SUFFIX = ".case.zip"


class AbsentState(BaseModel):
    """An input that is not in the file: its entry, why, how to get it, and its files."""

    entry: str
    why: Said
    obtained: Said
    files: list[str]


class HeldState(BaseModel):
    """What a case holds: parts, inputs, those that are absent, what was left out, and what authors have not told."""

    parts: int
    inputs: int
    absent: list[AbsentState]
    coordinates: str
    metres: float | None
    names: str
    lost: list[Said]
    missing: list[str]


class PackedState(BaseModel):
    """The case of a run: its id, the name of its file, size [byte], when it was packed, and what it holds."""

    id: str
    file: str
    size: int
    at: datetime
    held: HeldState


def packed(run: Run) -> PackedState | None:
    """Return the case of a run, None where it is not packed.

    Raises InputError where the file is damaged.
    """
    checked = checked_case(run)
    if checked is None:
        return None
    state = checked.file.stat()
    return PackedState(
        id=checked.id, file=f"{checked.card.name}{SUFFIX}", size=state.st_size,
        at=datetime.fromtimestamp(state.st_mtime, UTC), held=held(checked.card),
    )  # fmt: skip


def checked_case(run: Run) -> Checked | None:
    """Return the case of a run, its parts checked by a fenced process, None where it is not packed."""
    path = run.folder / CASE / CASE_FILE
    if not path.is_file():
        return None
    state = path.stat()
    return _checked(path, state.st_mtime_ns, state.st_size)


def case_of(run: Run) -> Checked:
    """Return the case of a run; raises NotFound where it is not packed."""
    checked = checked_case(run)
    if checked is None:
        raise NotFound("web.cases.not_packed")
    return checked


@lru_cache(maxsize=KEPT)
def _checked(path: Path, _changed: int, _size: int) -> Checked:
    return check(path)


def held(card: Card) -> HeldState:
    """Return what a case holds and what it does not."""
    reduced: Reduction = card.reduction
    return HeldState(
        parts=len(card.parts), inputs=len(card.inputs),
        absent=[_absent(each) for each in card.inputs if not each.packed], coordinates=reduced.coordinates,
        metres=reduced.metres, names=reduced.names, lost=[said(f"case.lost_{each}") for each in reduced.lost],
        missing=list(card.missing),
    )  # fmt: skip


def _absent(record: InputRecord) -> AbsentState:
    unknown = said("case.obtained_unknown", entry=record.entry)
    return AbsentState(
        entry=record.entry, why=said(f"case.why_{record.why}", entry=record.entry, licence=record.licence),
        obtained=dict.fromkeys(unknown, record.obtained) if record.obtained else unknown,
        files=[each.path for each in record.pieces],
    )  # fmt: skip
