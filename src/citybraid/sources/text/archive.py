"""Safe unpacking of ZIP archives: limits are enforced while unpacking, into a temporary folder."""

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
from citybraid.sources.protocol.dataset import is_clutter
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.text.archive_names import decoded_name, safe_member_path
from citybraid.sources.text.file_signature import raise_wrong_format

MIB = 1 << 20
BLOCK = 1 << 18
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, OSError, ValueError,
)  # fmt: skip
"""Exceptions for damaged archives and for members with conflicting paths."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Error numbers of a full disk."""
HARMLESS = 16 * MIB
"""Size up to which a high compression ratio is harmless: sparse tables compress that well [byte]."""
METHODS = {zipfile.ZIP_STORED: "Stored", zipfile.ZIP_DEFLATED: "Deflate"}
OTHERS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 12: "BZIP2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
"""Unsupported compression methods by id: their memory is unbounded, or no library reads them."""
ENCRYPTED = 0x1
NESTED = frozenset(
    {".zip", ".kmz", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst", ".lzma", ".cab", ".iso"}
)
END, END_SIZE, LONGEST_REMARK = b"PK\x05\x06", 22, 65_535
ENTRY = 46 + 3 * 1024
"""Upper bound on the size of a central directory entry [byte]."""


@dataclass(frozen=True)
class Member:
    """One file of an archive: its path below the target folder, and its directory entry."""

    place: PurePosixPath
    info: zipfile.ZipInfo


@dataclass(frozen=True)
class Unpacked:
    """Files unpacked to `folder`: relative paths, skipped members, and nested archives."""

    folder: Path
    places: tuple[PurePosixPath, ...]
    left_out: tuple[str, ...]
    nested: tuple[str, ...]


@contextmanager
def unpack_zip(path: Path, limits: Limits, *, wanted: Callable[[PurePosixPath], bool]) -> Iterator[Unpacked]:
    """Unpack the wanted members of a ZIP to a temporary folder that is always removed on exit.

    The folder is created in the process's temporary directory; the parent of a worker
    gives it a directory of its own and removes that too. Members are checked before
    anything is written, and actual bytes are counted, not the sizes stated in the archive.

    Raises InputError where the file is not a ZIP, is encrypted or damaged, has paths
    outside the folder, links or duplicate paths, or exceeds the limits.
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
        unpacked_places = {each.place for each in chosen}
        skipped = [each.place for each in members if each.place not in unpacked_places]
        nested = tuple(str(each) for each in skipped if each.suffix.lower() in NESTED)
        left_out = tuple(str(each) for each in skipped if str(each) not in nested)
        yield Unpacked(folder, tuple(sorted(unpacked_places)), left_out, nested)


def _refuse_crowded(path: Path, limits: Limits) -> None:
    """Raise InputError if not a ZIP or with too many members, before the central directory is parsed."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - END_SIZE - LONGEST_REMARK))
        tail = stream.read()
    start = tail.rfind(END)
    if start < 0 or len(tail) - start < END_SIZE:
        with path.open("rb") as stream:
            if stream.read(2) == b"PK":
                raise InputError("intake.zip_broken", name=path.name, why="no end of archive")
        raise_wrong_format(path, "ZIP")
    entries = int.from_bytes(tail[start + 10 : start + 12], "little")
    directory_size = int.from_bytes(tail[start + 12 : start + 16], "little")
    if entries > limits.packed_entries or directory_size > limits.packed_entries * ENTRY:
        raise InputError("intake.zip_entries", name=path.name, got=entries, limit=limits.packed_entries)


def _members(archive: zipfile.ZipFile, limits: Limits, *, name: str) -> list[Member]:
    """Return the files of an archive, without folders and operating-system clutter."""
    listed = archive.infolist()
    if len(listed) > limits.packed_entries:
        raise InputError("intake.zip_entries", name=name, got=len(listed), limit=limits.packed_entries)
    members: dict[str, Member] = {}
    for info in listed:
        member_name = decoded_name(info)
        member_place = safe_member_path(member_name.rstrip("/"), name=name)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise InputError("intake.zip_link", name=name, member=str(member_place))
        if member_name.endswith("/") or is_clutter(member_place.parts[0]) or is_clutter(member_place.name):
            continue
        folded = str(member_place).casefold()
        if folded in members:
            raise InputError("intake.zip_repeated", name=name, member=str(member_place))
        members[folded] = Member(member_place, info)
    return list(members.values())


def _refuse_unfit(chosen: Sequence[Member], *, name: str) -> None:
    """Raise InputError for members that are encrypted or use an unsupported compression method."""
    encrypted = [each for each in chosen if each.info.flag_bits & ENCRYPTED]
    if encrypted:
        raise InputError("intake.zip_encrypted", name=name, member=str(encrypted[0].place))
    for each in chosen:
        if each.info.compress_type not in METHODS:
            method = OTHERS.get(each.info.compress_type, str(each.info.compress_type))
            raise InputError("intake.zip_method", name=name, member=str(each.place), got=method)


def _unpack(archive: zipfile.ZipFile, chosen: Sequence[Member], folder: Path, limits: Limits, path: Path) -> None:
    packed = max(1, path.stat().st_size)
    limit = min(limits.unpacked_mib * MIB, max(HARMLESS, limits.unpacked_ratio * packed))
    written = 0
    for each in chosen:
        target = folder.joinpath(*each.place.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(each.info) as source, target.open("xb") as sink:
            while block := source.read(BLOCK):
                written += len(block)
                if written > limit:
                    raise InputError("intake.zip_large", name=path.name, limit=limit / MIB, got=packed / MIB)
                sink.write(block)


def _why(fault: Exception, path: Path) -> str:
    message = str(fault).replace(str(path.parent), "")
    return (message.splitlines() or [type(fault).__name__])[0][:160]
