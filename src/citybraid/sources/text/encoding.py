"""Encodings of Chinese files: the declared one, then strict trial decoding, never silent mojibake."""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

from citybraid.core.errors import InputError
from citybraid.sources.text.encoding_detection import detect_encoding

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DRIVER_IDS = {
    0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "cp950", 0x78: "cp950",
    0x13: "cp932", 0x7B: "cp932", 0x4E: "cp949", 0x79: "cp949",
}  # fmt: skip
"""dBASE language driver ids of double-byte encodings; western ids are a default without information."""


@dataclass(frozen=True)
class Encoding:
    """An encoding and its source: named by the study, stated by the file, tried, or plain (ASCII)."""

    name: str
    how: str


def canonical_encoding(text: str, *, name: str) -> str:
    """Return the canonical encoding name, GB18030 for its subsets GBK and GB2312; raises InputError if unknown."""
    label = {"ansi 936": "gbk", "oem 936": "gbk", "936": "gbk", "ansi": "gbk"}.get(
        text.strip().casefold(), text.strip()
    )
    label = {"65001": "utf-8"}.get(label, label)
    try:
        codec = codecs.lookup(label).name
    except LookupError as fault:
        raise InputError("intake.encoding_unknown", name=name, got=text) from fault
    return "gb18030" if codec in ("gbk", "gb2312", "hz") else codec


def tried(content: bytes, *, name: str, pieces: Sequence[bytes] = ()) -> Encoding:
    """Return the encoding of bytes by strict trials: a byte-order mark, ASCII, UTF-8, then GB18030.

    Big5 or Windows-1252 are used instead of GB18030 where the characters indicate it.
    `pieces` are the texts of a fixed-width format, whose last character may be truncated.
    Raises InputError where no encoding fits.
    """
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return Encoding(encoding, "stated")
    if content.isascii():
        return Encoding("utf-8", "plain")
    if decodes(content, "utf-8", pieces=pieces):
        return Encoding("utf-8", "tried")
    if likely := detect_encoding(content, lambda encoding: decodes(content, encoding, pieces=pieces)):
        return Encoding(likely, "tried")
    raise InputError("intake.encoding_lost", name=name)


def decodes(content: bytes, encoding: str, *, pieces: Sequence[bytes] = ()) -> bool:
    """Tell whether bytes decode in an encoding, or every piece does, except for a truncated last character."""
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return bool(pieces) and all(_begins(piece, encoding) for piece in pieces)
    return True


def _begins(piece: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(piece, final=False)
    except UnicodeDecodeError:
        return False
    return True
