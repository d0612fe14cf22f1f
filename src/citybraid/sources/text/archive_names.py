"""Names of archive members: decoded from any encoding, and refused where they point outside the target folder."""

import struct
import unicodedata
import zipfile
from pathlib import PurePosixPath

from citybraid.core.errors import InputError

UTF8 = 0x800
"""General-purpose flag bit of a UTF-8 name."""
UNICODE_PATH = 0x7075
"""Id of the extra field with a UTF-8 name beside the legacy one (Info-ZIP, APPNOTE 4.6.9)."""
PATH_HEADER = 5
"""Bytes of that field before the name: version and CRC-32."""
LONGEST = 200
"""Longest path component accepted by common file systems [byte]."""
DEEPEST = 24
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
"""Device names reserved on Windows."""


def decoded_name(member: zipfile.ZipInfo) -> str:
    """Return a member's decoded name: UTF-8 where flagged or valid, else GB18030, else unchanged."""
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
        if kind == UNICODE_PATH and size > PATH_HEADER:
            return extra[at + 4 + PATH_HEADER : at + 4 + size].decode("utf-8", "ignore")
        at += 4 + size
    return ""


def safe_member_path(member: str, *, name: str) -> PurePosixPath:
    """Return a member's path relative to the folder it is unpacked to.

    Raises InputError where the name is absolute, contains '..', a drive, a control
    character or a device name, or is too long or too deep: no packing program writes such names.
    """
    components = unicodedata.normalize("NFC", member).replace("\\", "/").split("/")
    parts = [part for part in components if part != "."]
    if member.startswith(("/", "\\")) or not all(_is_plain(part) for part in parts) or not 0 < len(parts) <= DEEPEST:
        raise InputError("intake.zip_path", name=name, member=member[:120])
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
