"""Names of an archive's members: decoded from any encoding, and refused where they lead out of the folder."""

import struct
import unicodedata
import zipfile
from pathlib import PurePosixPath

from citybraid.core.errors import InputError

UTF8 = 0x800
"""The flag that says a name is UTF-8."""
UNICODE_PATH = 0x7075
"""Extra field that gives a name in UTF-8 beside the old one (Info-ZIP, APPNOTE 4.6.9)."""
SAID = 5
"""Bytes of that field before the name: its version and a check sum."""
LONGEST = 200
"""Longest name of a member that any file system takes [byte]."""
DEEPEST = 24
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
"""Names that mean devices on Windows."""


def decoded_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name as its maker wrote it: UTF-8 where flagged or valid, else GB18030, else as it stands."""
    if member.flag_bits & UTF8:
        return member.filename
    if beside := _unicode_path(member.extra):
        return beside
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _unicode_path(extra: bytes) -> str:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == UNICODE_PATH and size > SAID:
            return extra[at + 4 + SAID : at + 4 + size].decode("utf-8", "ignore")
        at += 4 + size
    return ""


def place(said: str, *, name: str) -> PurePosixPath:
    """Return a member's place below the folder it is unpacked to.

    Raises InputError where the name is absolute, climbs out with '..', holds a drive, a
    control character or a device's name, or is too long or too deep: no program that packs data writes such names.
    """
    every = unicodedata.normalize("NFC", said).replace("\\", "/").split("/")
    parts = [part for part in every if part != "."]
    if said.startswith(("/", "\\")) or not all(_is_plain(part) for part in parts) or not 0 < len(parts) <= DEEPEST:
        raise InputError("intake.zip_path", name=name, member=said[:120])
    return PurePosixPath(*parts)


def _is_plain(part: str) -> bool:
    stem = part.split(".", maxsplit=1)[0].casefold()
    return (
        part not in ("", "..")
        and ":" not in part
        and part.isprintable()
        and not part.endswith((" ", "."))
        and len(part.encode("utf-8", "surrogatepass")) <= LONGEST
        and stem not in RESERVED
    )
