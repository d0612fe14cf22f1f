"""Unpacking of a case by the fenced process: every claim of the archive is checked before and while it is written."""

import hashlib
import re
import stat
import tomllib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from citybraid.commons.form.card import CARD, LARGEST_CARD, Card, read_card
from citybraid.commons.form.paths import acceptable, folded_twice, inner
from citybraid.core.errors import PlanError

MOST_PARTS = 20_000
"""Most parts of a case."""
LARGEST_PART = 1 << 30
"""Largest part once unpacked [byte]."""
LARGEST_CASE = 4 << 30
"""Largest case once unpacked [byte]."""
MOST_RATIO = 200.0
"""Largest ratio of unpacked to packed size [-]: zeros deflate to a thousandth, tables to a fiftieth."""
SMALL = 1 << 20
"""Parts up to this size may have any ratio [byte]."""
BLOCK = 1 << 18
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
"""What XML of a case may not have: entities grow without bound and name files of the machine."""
XML = (".xml", ".gml", ".kml", ".svg", ".xsd", ".qml", ".rels", ".vrt", ".gpx")
OFFICE = (".docx", ".xlsx", ".xlsm", ".kmz", ".zip", ".odt", ".ods")
"""Archives within the archive: looked into, not unpacked."""
ACTIVE = (
    ".js",
    ".mjs",
    ".exe",
    ".dll",
    ".so",
    ".bat",
    ".cmd",
    ".ps1",
    ".sh",
    ".py",
    ".pyc",
    ".lnk",
    ".desktop",
    ".hta",
)
"""Suffixes of programs, which no case holds."""
STUDY = "study/study.toml"
LARGEST_STUDY = 2 << 20
STUDY_DATA = "../inputs"
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Refused(Exception):  # noqa: N818  (an answer, not an error)
    """What is wrong with a case, as a text with its values."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text, self.values = text, values


def unpack_case(
    path: Path, folder: Path, *, keep: bool, tell: Callable[[int, int], None] = lambda _read, _of: None
) -> bytes:  # fmt: skip
    """Check a case, write its parts into a folder where they are kept, and return its card as it stands in the file.

    `tell` is given the bytes read and those of all parts, after each part.

    Raises Refused where anything of it is not as the format says.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _checked(archive, path)
            content = _bytes(archive, entries, CARD, LARGEST_CARD)
            try:
                card = read_card(content, file=path.name)
            except PlanError as fault:
                raise Refused(fault.text, **fault.values) from fault
            _compare(card, entries)
            read, of = 0, sum(part.bytes for part in card.parts)
            for part in card.parts:
                size, sha256 = _part(archive, entries[part.path], folder if keep else None)
                if (size, sha256) != (part.bytes, part.sha256):
                    raise Refused("case.part_changed", path=part.path)
                read += size
                tell(read, of)
            _check_study(archive, entries)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, UnicodeDecodeError, RuntimeError) as fault:
        raise Refused("case.no_archive", file=path.name) from fault
    except (OSError, ValueError, MemoryError, RecursionError) as fault:
        raise Refused("case.unreadable", file=path.name, why=type(fault).__name__) from fault
    if keep:
        (folder / CARD).write_bytes(content)
    return content


def _checked(archive: zipfile.ZipFile, path: Path) -> Mapping[str, zipfile.ZipInfo]:
    """Return the entries by path; raises Refused for what an archive of a case may not claim."""
    listed = archive.infolist()
    if len(listed) > MOST_PARTS:
        raise Refused("case.many_parts", got=len(listed), limit=MOST_PARTS)
    if CARD not in {entry.filename for entry in listed}:  # a stranger's archive, not a case with a strange part
        raise Refused("case.no_card", file=path.name)
    for entry in listed:
        _check_entry(entry)
    if sum(entry.file_size for entry in listed) > LARGEST_CASE:
        raise Refused("case.large", limit=LARGEST_CASE >> 20)
    if twice := folded_twice([entry.filename for entry in listed]):
        raise Refused("case.part_twice", path=twice[0])
    entries = {entry.filename: entry for entry in listed}
    _refuse_overlap(listed)
    if CARD not in entries:
        raise Refused("case.no_card", file=path.name)
    return entries


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Raise Refused for an entry of a forbidden path, kind, method or size."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if not acceptable(entry.filename) or entry.orig_filename != entry.filename:
        raise Refused("case.part_path", path=entry.orig_filename[:200])
    if kind not in (0, stat.S_IFREG) or entry.is_dir():
        raise Refused("case.part_kind", path=entry.filename)
    if entry.flag_bits & ENCRYPTED or entry.compress_type not in METHODS:
        raise Refused("case.part_method", path=entry.filename)
    if entry.filename.lower().endswith(ACTIVE):
        raise Refused("case.part_program", path=entry.filename)
    if entry.file_size > LARGEST_PART:
        raise Refused("case.part_large", path=entry.filename, limit=LARGEST_PART >> 20)
    if entry.file_size > SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
        raise Refused("case.part_ratio", path=entry.filename, limit=MOST_RATIO)


def _refuse_overlap(listed: list[zipfile.ZipInfo]) -> None:
    """Raise Refused where parts share packed bytes: a small file could then unpack to any size."""
    end = 0
    for entry in sorted(listed, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise Refused("case.part_overlap", path=entry.filename)
        end = entry.header_offset + entry.compress_size


def _compare(card: Card, entries: Mapping[str, zipfile.ZipInfo]) -> None:
    """Raise Refused where the archive holds more, less or other parts than the card lists."""
    listed = [part.path for part in card.parts]
    if len(set(listed)) != len(listed):
        raise Refused("case.card_twice")
    if extra := sorted(set(entries) - set(listed) - {CARD}):
        raise Refused("case.part_extra", path=extra[0])
    if gone := sorted(set(listed) - set(entries)):
        raise Refused("case.part_gone", path=gone[0])
    packed = {piece.path for each in card.inputs if each.packed for piece in each.pieces}
    inputs = {path.removeprefix("inputs/") for path in listed if path.startswith("inputs/")}
    beside = {path.removeprefix("study/") for path in listed if path.startswith("study/")}
    if odd := sorted((inputs - packed) | (packed - inputs - beside)):
        raise Refused("case.part_extra", path=f"inputs/{odd[0]}")


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path | None) -> tuple[int, str]:
    """Return size and hash of a part, written below a folder where there is one."""
    if entry.filename.lower().endswith(OFFICE):
        _check_office(archive, entry)
    sha256, size = hashlib.sha256(), 0
    target = None if folder is None else folder / entry.filename
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    scan = _Declarations(entry.filename)
    with archive.open(entry) as source:
        for block in _blocks(source, entry):
            size += len(block)
            sha256.update(block)
            scan.see(block)
            if target is not None:
                with target.open("ab") as stream:
                    stream.write(block)
        if target is not None and not size:
            target.touch()
    return size, sha256.hexdigest()


def _blocks(source: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of a part, no more than it claims."""
    left = entry.file_size
    while block := source.read(BLOCK):
        left -= len(block)
        if left < 0:
            raise Refused("case.part_large", path=entry.filename, limit=entry.file_size >> 20)
        yield block


class _Declarations:
    """Looks for declarations of entities in XML while it passes, across the edges of blocks."""

    def __init__(self, path: str) -> None:
        self._path, self._tail = path, b""
        self._xml = path.lower().endswith(XML)
        self._first = True

    def see(self, block: bytes) -> None:
        if self._first:
            self._first = False
            start = block.lstrip(b"\xef\xbb\xbf \t\r\n")[:5].lower()
            self._xml = self._xml or start == b"<?xml"
            if self._xml and block.startswith(UTF16):
                raise Refused("case.part_entities", path=self._path)
        if self._xml:
            window = self._tail + block
            if DECLARATION.search(window):
                raise Refused("case.part_entities", path=self._path)
            self._tail = window[-16:]


def _check_office(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Raise Refused where an archive within the archive is a bomb, leads out of its folder, or declares entities."""
    with archive.open(entry) as packed:
        try:
            with zipfile.ZipFile(packed) as within:
                inside = within.infolist()
                total = sum(each.file_size for each in inside)
                if len(inside) > MOST_PARTS or total > max(SMALL, MOST_RATIO * entry.file_size) or total > LARGEST_PART:
                    raise Refused("case.part_ratio", path=entry.filename, limit=MOST_RATIO)
                for each in inside:
                    if ".." in each.filename.split("/") or each.filename.startswith("/"):
                        raise Refused("case.part_path", path=f"{entry.filename}/{each.filename}"[:200])
                    scan = _Declarations(each.filename)
                    with within.open(each) as source:
                        for block in _blocks(source, each):
                            scan.see(block)
        except zipfile.BadZipFile as fault:
            raise Refused("case.part_unreadable", path=entry.filename) from fault


def _check_study(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> None:
    """Raise Refused where the study file is none, or names files outside the case."""
    if STUDY not in entries:
        raise Refused("case.part_gone", path=STUDY)
    for path in entries:
        if path.startswith("study/") and path.endswith(".toml"):
            _check_toml(path, _bytes(archive, entries, path, LARGEST_STUDY))


def _check_toml(path: str, content: bytes) -> None:
    try:
        document = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise Refused("case.part_unreadable", path=path) from fault
    about = document.get("study", {})
    if path == STUDY and (not isinstance(about, dict) or about.get("data") != STUDY_DATA):
        raise Refused("case.study_leads_out", path=path, got=str(about)[:80])
    for name in _named_files(document):
        if not inner(name):
            raise Refused("case.study_leads_out", path=path, got=name[:80])


def _named_files(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield every file that a study names."""
    for word in ("factors", "extends"):
        if record.get(word):
            yield str(record[word])
    annex = record.get("annex", {})
    yield from (str(each) for each in (annex.values() if isinstance(annex, dict) else ()) if each)
    files = record.get("files", {})
    for entry in files.values() if isinstance(files, dict) else ():
        if not isinstance(entry, dict):
            continue
        paths = entry.get("path", ())
        yield from ([paths] if isinstance(paths, str) else map(str, paths))
        if isinstance(entry.get("mapping"), str) and entry["mapping"]:
            yield entry["mapping"]


def _bytes(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], path: str, most: int) -> bytes:
    """Return a part's bytes; raises Refused where there are more than allowed."""
    entry = entries[path]
    if entry.file_size > most:
        raise Refused("case.part_large", path=path, limit=most >> 20)
    with archive.open(entry) as source:
        return b"".join(_blocks(source, entry))
