"""ZIP archives unpacked without harm: limits counted while unpacking, into a folder that is always removed."""

import errno
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.text.archive_names import decoded_name, place
from citybraid.sources.text.file_signature import refuse_disguised

MIB = 1 << 20
BLOCK = 1 << 18
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, OSError, ValueError,
)  # fmt: skip
"""What the library raises for damaged archives and for members that stand in each other's way."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Errors of a disk without room."""
HARMLESS = 16 * MIB
"""Size up to which a high ratio does no harm: tables of blanks pack that well [byte]."""
METHODS = {zipfile.ZIP_STORED: "Stored", zipfile.ZIP_DEFLATED: "Deflate"}
OTHERS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 12: "BZIP2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
"""Ways of packing that are told by name; their memory cannot be bounded, or nothing reads them."""
ENCRYPTED = 0x1
NESTED = frozenset(
    {".zip", ".kmz", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst", ".lzma", ".cab", ".iso"}
)
END, END_SIZE, LONGEST_REMARK = b"PK\x05\x06", 22, 65_535
ENTRY = 46 + 3 * 1024
"""Bytes that the list of members takes for one of them, generously [byte]."""
CLUTTER = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")
"""What systems add to an archive unasked."""


@dataclass(frozen=True)
class Member:
    """One file of an archive: its place below the folder, and how the archive lists it."""

    place: PurePosixPath
    info: zipfile.ZipInfo


@dataclass(frozen=True)
class Unpacked:
    """What was unpacked to `folder`: places of files below it, and members left out or archives themselves."""

    folder: Path
    places: tuple[PurePosixPath, ...]
    left_out: tuple[str, ...]
    nested: tuple[str, ...]


@contextmanager
def unpacked(path: Path, limits: Limits, *, wanted: Callable[[PurePosixPath], bool]) -> Iterator[Unpacked]:
    """Unpack the wanted members of a ZIP to a folder that is removed in the end, whatever happens.

    The folder lies where the process keeps temporary files; a worker's parent gives it a
    place of its own and removes that too. Members are checked before anything is
    written, and bytes are counted as they come, not as the archive states them.

    Raises InputError where the file is no ZIP, is encrypted or damaged, leads out of the
    folder, holds links, repeats a place, or unpacks beyond the limits.
    """
    with tempfile.TemporaryDirectory(prefix="unpacked-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        try:
            _refuse_crowded(path, limits)
            with zipfile.ZipFile(path) as archive:
                members = _members(archive, limits, name=path.name)
                chosen = [each for each in members if wanted(each.place)]
                _refuse_unfit(chosen, name=path.name)
                _unpack(archive, chosen, folder, limits, path)
        except DAMAGE as fault:
            if isinstance(fault, OSError) and fault.errno in FULL:
                raise InputError("intake.zip_no_room", name=path.name) from fault
            raise InputError("intake.zip_broken", name=path.name, why=_why(fault, path)) from fault
        kept = {each.place for each in chosen}
        rest = [each.place for each in members if each.place not in kept]
        nested = tuple(str(each) for each in rest if each.suffix.lower() in NESTED)
        left = tuple(str(each) for each in rest if str(each) not in nested)
        yield Unpacked(folder, tuple(sorted(kept)), left, nested)


def _refuse_crowded(path: Path, limits: Limits) -> None:
    """Raise InputError for no ZIP, and for one with more members than the limit, before the list of them is read."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - END_SIZE - LONGEST_REMARK))
        tail = stream.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        with path.open("rb") as stream:
            if stream.read(2) == b"PK":
                raise InputError("intake.zip_broken", name=path.name, why="no end of archive")
        refuse_disguised(path, "ZIP")
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    listing = int.from_bytes(tail[at + 12 : at + 16], "little")
    if entries > limits.packed_entries or listing > limits.packed_entries * ENTRY:
        raise InputError("intake.zip_entries", name=path.name, got=entries, limit=limits.packed_entries)


def _members(archive: zipfile.ZipFile, limits: Limits, *, name: str) -> list[Member]:
    """The files of an archive at their places; folders and what systems add aside."""
    listed = archive.infolist()
    if len(listed) > limits.packed_entries:
        raise InputError("intake.zip_entries", name=name, got=len(listed), limit=limits.packed_entries)
    found: dict[str, Member] = {}
    for info in listed:
        said = decoded_name(info)
        where = place(said.rstrip("/"), name=name)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise InputError("intake.zip_link", name=name, member=str(where))
        if said.endswith("/") or where.parts[0].casefold() in CLUTTER or where.name.casefold() in CLUTTER:
            continue
        folded = str(where).casefold()
        if folded in found:
            raise InputError("intake.zip_repeated", name=name, member=str(where))
        found[folded] = Member(where, info)
    return list(found.values())


def _refuse_unfit(chosen: Sequence[Member], *, name: str) -> None:
    """Raise InputError for members that are encrypted or packed in a way that is not read."""
    locked = [each for each in chosen if each.info.flag_bits & ENCRYPTED]
    if locked:
        raise InputError("intake.zip_encrypted", name=name, member=str(locked[0].place))
    for each in chosen:
        if each.info.compress_type not in METHODS:
            method = OTHERS.get(each.info.compress_type, str(each.info.compress_type))
            raise InputError("intake.zip_method", name=name, member=str(each.place), got=method)


def _unpack(archive: zipfile.ZipFile, chosen: Sequence[Member], folder: Path, limits: Limits, path: Path) -> None:
    packed = max(1, path.stat().st_size)
    most = min(limits.unpacked_mib * MIB, max(HARMLESS, limits.unpacked_ratio * packed))
    written = 0
    for each in chosen:
        goal = folder.joinpath(*each.place.parts)
        goal.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(each.info) as source, goal.open("xb") as sink:
            while block := source.read(BLOCK):
                written += len(block)
                if written > most:
                    raise InputError("intake.zip_large", name=path.name, limit=most / MIB, got=packed / MIB)
                sink.write(block)


def _why(fault: Exception, path: Path) -> str:
    said = str(fault).replace(str(path.parent), "")
    return (said.splitlines() or [type(fault).__name__])[0][:160]
