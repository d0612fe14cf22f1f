"""Uploads under way: what was announced, what has come; files become visible to a study only once all are whole."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from citybraid.core.errors import PlanError
from citybraid.sources.intake.guess import BYSTANDERS
from citybraid.sources.protocol.discovery import folder_suffixes, reader_for
from citybraid.sources.protocol.limits import Limits
from citybraid.web.access.refusals import Conflict, NotFound, Refused
from citybraid.web.database.tables import ID, new_id
from citybraid.web.studies.names import upload_path

LASTS = 24 * 3600
"""How long an upload without news is kept [s]."""
MOST_FILES = 5000
"""Files of one upload."""
MOST_PER_PERSON = 8
"""Uploads that a person may have under way."""
MIB = 1 << 20
MANIFEST, DATA, PARTS = "upload.json", "data", "parts"
PASSENGERS = frozenset({".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".xml", ".tfw", ".ige"})
"""Files that belong to another one, which readers open beside it."""


@dataclass(frozen=True)
class Piece:
    """A file of an upload: its path below the folder of data, its size [byte], and why it is not wanted."""

    path: str
    size: int
    refused: str = ""
    values: dict[str, str] | None = None

    @property
    def wanted(self) -> bool:
        """Whether the file is taken."""
        return not self.refused


@dataclass(frozen=True)
class Upload:
    """An upload: its folder, and the files that were announced."""

    folder: Path
    pieces: tuple[Piece, ...]

    @property
    def id(self) -> str:
        """Its id."""
        return self.folder.name

    @property
    def data(self) -> Path:
        """Folder of the files that are whole."""
        return self.folder / DATA

    def received(self, number: int) -> int:
        """Return how much of a file has come [byte]."""
        place = self.place(number)
        if place.is_file():
            return self.pieces[number].size
        part = self._part(number)
        return part.stat().st_size if part.is_file() else 0

    def place(self, number: int) -> Path:
        """Return where a file stands once it is whole."""
        return self.data.joinpath(*PurePosixPath(self.pieces[number].path).parts)

    def missing(self) -> list[str]:
        """Return the files that have not come whole."""
        return [
            each.path for number, each in enumerate(self.pieces) if each.wanted and not self.place(number).is_file()
        ]

    def _part(self, number: int) -> Path:
        return self.folder / PARTS / str(number)

    @contextmanager
    def receiving(self, number: int, offset: int) -> Iterator["Receiving"]:
        """Provide what takes the next bytes of a file; once they are all there it moves into place.

        Raises NotFound for a file that was not announced, Conflict where another request sends it or bytes before
        `offset` are missing.
        """
        if not (0 <= number < len(self.pieces) and self.pieces[number].wanted):
            raise NotFound("web.no_upload_file")
        part = self._part(number)
        with _alone(part):
            if (came := self.received(number)) != offset:
                raise Conflict("web.upload_offset", got=offset, needs=came)
            if not self.place(number).is_file():
                with part.open("ab") as sink:
                    yield Receiving(sink, self.pieces[number], offset)
                if part.stat().st_size == self.pieces[number].size:
                    self.place(number).parent.mkdir(parents=True, exist_ok=True)
                    part.replace(self.place(number))
            else:
                yield Receiving(None, self.pieces[number], offset)


@dataclass
class Receiving:
    """Takes the bytes of a file, and no more than were announced."""

    sink: BinaryIO | None
    piece: Piece
    at: int

    def take(self, block: bytes) -> None:
        """Write bytes; raises Refused where they are more than announced."""
        if self.at + len(block) > self.piece.size:
            raise Refused("web.upload_longer", name=self.piece.path, size=self.piece.size)
        if self.sink is not None:
            self.sink.write(block)
        self.at += len(block)


_busy: set[Path] = set()
_guard = threading.Lock()


@contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Let one request at a time write a file."""
    with _guard:
        if part in _busy:
            raise Conflict("web.upload_busy")
        _busy.add(part)
    try:
        yield
    finally:
        with _guard:
            _busy.discard(part)


def begin(room: Path, files: Sequence[tuple[str, int]], require: Callable[[int], None]) -> Upload:
    """Announce the files of an upload, by path and size, in a person's folder of uploads.

    Files that nothing reads and those that are too large are told and not taken; `require` raises where there is no
    room for so many bytes as the others have. Raises Refused for names that lead elsewhere or stand twice,
    for too many files and uploads, and where no file is left that can be read.
    """
    sweep(room)
    if len(files) > MOST_FILES:
        raise Refused("web.upload_count", got=len(files), limit=MOST_FILES)
    if room.is_dir() and sum(each.is_dir() for each in room.iterdir()) >= MOST_PER_PERSON:
        raise Conflict("web.upload_many", limit=MOST_PER_PERSON)
    pieces = _sorted_out([_piece(name, size) for name, size in files])
    if not any(each.wanted for each in pieces):
        large = next((each for each in pieces if each.refused == "web.upload_large"), None)
        raise Refused("web.upload_nothing") if large is None else Refused(large.refused, **(large.values or {}))
    require(sum(each.size for each in pieces if each.wanted))
    folder = room / new_id()
    (folder / PARTS).mkdir(parents=True)
    (folder / DATA).mkdir()
    upload = Upload(folder, tuple(pieces))
    record = {"pieces": [asdict(each) for each in pieces]}
    (folder / MANIFEST).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    for number, each in enumerate(pieces):
        if each.wanted and each.size == 0:
            upload.place(number).parent.mkdir(parents=True, exist_ok=True)
            upload.place(number).touch()
    return upload


def _piece(name: str, size: int) -> Piece:
    """Return a file of an upload; a hidden one and one that nothing reads says why it is not wanted."""
    try:
        path = upload_path(name)
    except Refused as fault:
        if fault.text == "web.upload_hidden":
            return Piece(name[:200], size, fault.text, {"name": name[:120]})
        raise
    limit = Limits().file_mib
    if size > limit * MIB:
        values = {"name": str(path), "got": f"{size / MIB:.1f}", "limit": f"{limit:g}"}
        return Piece(str(path), size, "web.upload_large", values)
    if any(PurePosixPath(part).suffix.lower() in folder_suffixes() for part in path.parts[:-1]):
        return Piece(str(path), size)
    if path.suffix.lower() in PASSENGERS:
        return Piece(str(path), size)
    if path.suffix.lower() in BYSTANDERS:
        return Piece(str(path), size, "web.upload_not_data", {"name": path.name})
    try:
        reader_for(Path(path.name))
    except PlanError as fault:
        return Piece(str(path), size, fault.text, {key: _plain(value) for key, value in fault.values.items()})
    return Piece(str(path), size)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _sorted_out(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the files; raises Refused where two wanted ones have one name, also where only capitals differ."""
    seen: set[str] = set()
    for each in pieces:
        folded = each.path.casefold()
        if each.wanted and folded in seen:
            raise Refused("web.upload_twice", name=each.path)
        seen |= {folded} if each.wanted else set()
    folders = {str(parent).casefold() for each in pieces if each.wanted for parent in PurePosixPath(each.path).parents}
    clash = next((each.path for each in pieces if each.wanted and each.path.casefold() in folders), None)
    if clash is not None:
        raise Refused("web.upload_twice", name=clash)
    return list(pieces)


def opened(room: Path, upload: str) -> Upload:
    """Return an upload of a person; raises NotFound where they have none of this id."""
    folder = room / upload
    if len(upload) != ID or not upload.isalnum() or not (folder / MANIFEST).is_file():
        raise NotFound("web.no_upload")
    record = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Upload(folder, tuple(Piece(**each) for each in record["pieces"]))


def under_way(room: Path) -> list[Upload]:
    """Return the uploads of a person that are under way, the oldest first."""
    manifests = sorted(room.glob(f"*/{MANIFEST}"), key=lambda path: path.stat().st_mtime) if room.is_dir() else []
    return [opened(room, path.parent.name) for path in manifests]


def give_up(upload: Upload) -> None:
    """Remove an upload and all that has come of it."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def sweep(room: Path) -> None:
    """Remove a person's uploads that had no news for a day."""
    if not room.is_dir():
        return
    for folder in room.iterdir():
        newest = max((each.stat().st_mtime for each in folder.rglob("*")), default=folder.stat().st_mtime)
        if time.time() - newest > LASTS:
            shutil.rmtree(folder, ignore_errors=True)
