"""A library: a folder of cases with versions, drafts, review by experts, and retractions that leave a trace."""

import json
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from citybraid.commons.form.archive import file_digest, write_beside
from citybraid.commons.form.card import CARD, Card, case_id, read_card
from citybraid.commons.library.history import Act, Entry, State, append, read_history, state_of
from citybraid.commons.opening.opened import Checked, check
from citybraid.commons.packing.metadata import stac_item
from citybraid.core.errors import InputError, StoreError
from citybraid.core.rows.cases import CaseWord
from citybraid.core.tables import read_table
from citybraid.study.review.comment import now

FILE = "library.json"
FORMAT, VERSION = "citybraid-library", 1
CASES = "cases"
SUFFIX = ".case.zip"


class Origin(NamedTuple):
    """Of what run a case is that comes with the program: its day, pilot, and cells beside the pilot's own [m]."""

    day: str
    pilot: str
    cells: float
    own_cells: float
    changed: bool
    """Whether the pilot has changed since."""


class Version(NamedTuple):
    """A version of a case: its number, id and state; its card and file, None once it is retracted.

    One that comes with the program has a card and its origin, and no file.
    """

    name: str
    number: int
    id: str
    state: State
    title: Mapping[str, str]
    card: Card | None
    file: Path | None
    origin: Origin | None = None


@dataclass(frozen=True)
class Library:
    """A library's folder."""

    folder: Path

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> "Library":
        """Open a library, or create one in an empty folder; raises InputError where the folder is none."""
        path = folder / FILE
        if not path.is_file():
            empty = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
            if not create or not empty:
                raise InputError("case.no_library", folder=folder.name)
            write_beside(folder, {FILE: (json.dumps({"format": FORMAT, "version": VERSION}) + "\n").encode()})
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as fault:
            raise InputError("case.no_library", folder=folder.name) from fault
        if record != {"format": FORMAT, "version": VERSION}:
            raise InputError("case.no_library", folder=folder.name)
        return cls(folder)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all cases."""
        return tuple(sorted(path.name for path in (self.folder / CASES).glob("*") if path.is_dir()))

    def history(self, name: str) -> tuple[Entry, ...]:
        """Return the history of a case; raises InputError where there is no such case."""
        if name not in self.names:
            raise InputError("case.unknown", name=name, known=list(self.names)[:20] or ["-"])
        return read_history(self._place(name))

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return the versions of a case, the oldest first."""
        entries = self.history(name)
        return tuple(self._version(name, number, entries) for number in sorted({each.version for each in entries}))

    def current(self, name: str) -> Version:
        """Return the latest published version of a case, else its latest that is not retracted, else its latest."""
        versions = self.versions(name)
        published = [each for each in versions if each.state == "published"]
        kept = [each for each in versions if each.card is not None]
        return (published or kept or list(versions))[-1]

    def published(self) -> tuple[Version, ...]:
        """Return the published version of each case that has one."""
        current = map(self.current, self.names)
        return tuple(each for each in current if each.state == "published" and each.card is not None)

    def add(self, file: Path, *, by: str) -> Version:
        """Check a case of unknown origin and add it as a draft; raises InputError where the library has it already."""
        checked = check(file)
        card = checked.card
        entries = self.history(card.name) if card.name in self.names else ()
        same = next((each.version for each in entries if each.case == checked.id), None)
        if same is not None:
            raise InputError("case.known_version", name=card.name, version=same)
        number = max((*(each.version for each in entries), *self._kept(card.name)), default=0) + 1
        self._keep(checked, number)
        self._note(card.name, Entry(
            at=now(), by=by, act="drafted", version=number, case=checked.id, title=card.title, previous="",
        ))  # fmt: skip
        return self.versions(card.name)[-1]

    def review(self, name: str, answers: Mapping[str, bool], *, by: str, note: str = "") -> Version:
        """Review the latest draft by the checklist: reviewed where every answer is yes, else returned to its authors.

        Raises InputError where a question is not answered, there is no draft, or the reviewer is one of its authors or
        who handed it in.
        """
        checklist = [row.id for row in read_table(CaseWord) if row.kind == "check"]
        if set(answers) != set(checklist):
            missing = sorted(set(checklist) ^ set(answers))
            raise InputError("case.checklist", questions=missing, known=checklist)
        draft = self._latest(name, "draft", "reviewed")
        handed_in = {each.by for each in self.history(name) if each.version == draft.number and each.act == "drafted"}
        if draft.card is not None and by in {*draft.card.lessons.authors, *handed_in}:
            raise InputError("case.own_review", by=by)
        return self._act(draft, "reviewed" if all(answers.values()) else "returned", by, note, answers)

    def release(self, name: str, *, by: str) -> Version:
        """Publish the latest version; raises InputError unless it is reviewed and has a licence."""
        reviewed = self._latest(name, "reviewed")
        if reviewed.card is not None and not reviewed.card.lessons.licence:
            raise InputError("case.no_licence", name=name)
        return self._act(reviewed, "published", by, "", {})

    def retract(self, name: str, *, by: str, reason: str, version: int | None = None) -> Version:
        """Withdraw a version: its file goes, its title, id and the reason stay. Raises InputError without a reason."""
        if not reason.strip():
            raise InputError("case.no_reason", name=name)
        versions = self.versions(name)
        chosen = (
            self.current(name) if version is None else next((one for one in versions if one.number == version), None)
        )
        if chosen is None or chosen.state == "retracted":
            raise InputError("case.nothing_to_retract", name=name)
        after = self._act(chosen, "retracted", by, reason.strip(), {})
        folder = self._folder(name, chosen.number)
        try:
            shutil.rmtree(folder)
        except OSError as fault:
            why = fault.strerror or str(fault)
            raise StoreError("case.file_stays", name=name, folder=folder.name, why=why) from fault
        return after._replace(card=None, file=None)

    def _latest(self, name: str, *states: State) -> Version:
        latest = self.versions(name)[-1]
        if latest.state not in states:
            raise InputError("case.wrong_state", name=name, state=latest.state, needs=states)
        return latest

    def _act(self, version: Version, act: Act, by: str, note: str, answers: Mapping[str, bool]) -> Version:
        self._note(version.name, Entry(
            at=now(), by=by, act=act, version=version.number, case=version.id, title=version.title, note=note,
            checklist=answers, previous="",
        ))  # fmt: skip
        return self._version(version.name, version.number, self.history(version.name))

    def _note(self, name: str, entry: Entry) -> None:
        append(self._place(name), entry)

    def _keep(self, checked: Checked, number: int) -> None:
        """Copy a case, its card and its STAC item into the folder of a version; whole or not at all."""
        card = checked.card
        draft = self._place(card.name) / f".{uuid.uuid4().hex}.part"
        try:
            draft.mkdir(parents=True)
            target = draft / f"{card.name}{SUFFIX}"
            shutil.copyfile(checked.file, target)
            size, sha256 = file_digest(target)
            item = stac_item(card, file=target.name, size=size, sha256=sha256)
            write_beside(draft, {CARD: checked.content, "stac-item.json": item})
            draft.rename(self._folder(card.name, number))
        except OSError as fault:
            raise StoreError("case.unwritable", file=card.name, why=fault.strerror or str(fault)) from fault
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _kept(self, name: str) -> list[int]:
        """Return the numbers of the version folders of a case, those without a history among them."""
        numbers = [path.name[1:] for path in self._place(name).glob("v*")]
        return [int(number) for number in numbers if number.isdecimal()]

    def _version(self, name: str, number: int, entries: tuple[Entry, ...]) -> Version:
        latest = [each for each in entries if each.version == number][-1]
        state = state_of(entries, number)
        path = self._folder(name, number) / CARD
        card = None if state == "retracted" else self._card(path, name, latest.case)
        file = None if card is None else path.with_name(f"{name}{SUFFIX}")
        return Version(name, number, latest.case, state, latest.title, card, file)

    def _card(self, path: Path, name: str, case: str) -> Card:
        """Return the card of a version; raises InputError where it is not the one that the history names."""
        content = path.read_bytes() if path.is_file() else b""
        if case_id(content) != case:
            raise InputError("case.other_file", name=name)
        return read_card(content, file=name)

    def _place(self, name: str) -> Path:
        return self.folder / CASES / name

    def _folder(self, name: str, number: int) -> Path:
        return self._place(name) / f"v{number}"
