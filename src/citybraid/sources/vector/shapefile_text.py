"""The encoding of a shapefile's texts: as declared, as the bytes suggest, and which one applies."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.text.encoding import DRIVER_IDS, Encoding, canonical_encoding, decodes, tried
from citybraid.sources.text.encoding_detection import COMMON, FEWEST, common_character_share, holds_utf8_words
from citybraid.sources.vector.shapefile_dbf import Dbf

BYTEWISE = "cp437"
"""Maps every byte to one character: a truncated last character would make a strict decoder fail."""
WESTERN = frozenset({"iso8859-1", "cp1252", "cp437", "cp850", "latin_1"})
"""Single-byte encodings in which every text is valid; programs often declare them wrongly."""
CPG_READ = 40
MIXED = "mixed"


def encoding_of(
    dbf: Dbf, cpg: Path | None, study_encoding: str, role: str, *, name: str
) -> tuple[Encoding, list[Finding]]:
    """Return the encoding of a .dbf's texts, and findings on how it was determined.

    The encoding that the study names takes precedence. Then .cpg, then the language byte, where
    the texts agree: Chinese words in UTF-8 refute every other declaration, everyday Chinese
    characters a western one. Else strict UTF-8, then the likeliest. Texts of which some are
    UTF-8 and some GB18030 are decoded one by one. Raises InputError where nothing fits.
    """
    pieces = dbf.words()
    words = b"\n".join(pieces)
    notes: list[Finding] = []
    if study_encoding:
        stated: Encoding | None = Encoding(canonical_encoding(study_encoding, name=name), "named")
    else:
        stated, notes = _stated(dbf, cpg, role)
    if stated is not None and (stated.how == "named" or _agrees(stated.name, words, pieces)):
        return stated, [*notes, _finding("found", "intake.encoding_stated", role, name=name, encoding=stated.name)]
    encoding = Encoding("gb18030", MIXED) if _is_mixed(pieces) else tried(words, name=name, pieces=pieces)
    if encoding.how == MIXED:
        return encoding, [*notes, _finding("guessed", "intake.dbf_mixed", role, name=name)]
    if stated is not None:
        details = {"name": name, "stated": stated.name, "encoding": encoding.name}
        return encoding, [*notes, Finding("repaired", "intake.encoding_wrong", role, values=details)]
    if encoding.how != "plain":
        guessed = encoding.how == "tried"
        text = "intake.encoding_guessed" if guessed else "intake.encoding_stated"
        notes.append(_finding("guessed" if guessed else "found", text, role, name=name, encoding=encoding.name))
    return encoding, notes


def _stated(dbf: Dbf, cpg: Path | None, role: str) -> tuple[Encoding | None, list[Finding]]:
    notes: list[Finding] = []
    if cpg is not None:
        text = cpg.read_bytes()[:CPG_READ].decode("ascii", "replace").strip("\x00\ufeff \r\n\t")
        try:
            return Encoding(canonical_encoding(_codec_name(text), name=cpg.name), "stated"), []
        except InputError:
            notes = [_finding("found", "intake.cpg_unknown", role, name=cpg.name, encoding=text[:20])]
    stated = DRIVER_IDS.get(dbf.driver)
    return (None if stated is None else Encoding(stated, "stated")), notes


def _codec_name(text: str) -> str:
    """Return Python's name of a code page as ESRI's programs write it ('936', 'OEM 950', 'ISO 88591')."""
    code_page = text.casefold().removeprefix("oem").removeprefix("ansi").strip(" _-")
    if code_page.startswith("iso") and code_page.replace(" ", "").replace("-", "").startswith("iso8859"):
        return f"iso8859-{code_page.replace(' ', '').replace('-', '')[7:] or '1'}"
    return f"cp{code_page}" if code_page.isdigit() and code_page not in ("936", "65001") else code_page


def _agrees(stated: str, words: bytes, pieces: Sequence[bytes]) -> bool:
    """Return whether texts can be in the stated encoding; for Chinese it is not enough that they decode."""
    if words.isascii():
        return True
    if stated != "utf-8" and holds_utf8_words(words) and decodes(words, "utf-8", pieces=pieces):
        return False
    if stated in WESTERN and decodes(words, "gb18030", pieces=pieces):
        share, count = common_character_share(words, "gb18030")
        if count >= FEWEST and share >= COMMON:
            return False
    return decodes(words, stated, pieces=pieces) and not _is_mixed(pieces)


def _is_mixed(pieces: Sequence[bytes]) -> bool:
    """Return whether some texts hold words in UTF-8 while others can only be GB18030."""
    non_ascii = [piece for piece in pieces if not piece.isascii()]
    flags = [_is_utf8(piece) for piece in non_ascii]
    others = [piece for piece, utf8 in zip(non_ascii, flags, strict=True) if not utf8]
    return (
        any(flags)
        and any(not decodes(piece, "utf-8", pieces=[piece]) for piece in others)
        and all(decodes(piece, "gb18030", pieces=[piece]) for piece in others)
    )


def _is_utf8(piece: bytes) -> bool:
    return holds_utf8_words(piece) and decodes(piece, "utf-8", pieces=[piece])


def decoded(frame: gpd.GeoDataFrame, encoding: Encoding) -> gpd.GeoDataFrame:
    """Return a frame read as BYTEWISE with its names and texts decoded, truncated last characters dropped."""
    texts = [name for name in frame.columns if name != frame.geometry.name and frame[name].dtype.kind not in "fiubM"]
    for name in texts:
        frame[name] = pd.Series([text_of(cell, encoding) for cell in frame[name]], index=frame.index, dtype=object)
    return frame.rename(
        columns={name: text_of(name, encoding) for name in frame.columns if name != frame.geometry.name}
    )


def text_of(cell: object, encoding: Encoding) -> object:
    """Return a text read as BYTEWISE in its true encoding; other values unchanged."""
    if not isinstance(cell, str) or cell.isascii():
        return cell
    raw = cell.encode(BYTEWISE)
    utf8 = encoding.how == MIXED and _is_utf8(raw)
    return raw.decode("utf-8" if utf8 else encoding.name, "ignore")


def _finding(kind: str, text: str, role: str, **values: object) -> Finding:
    return Finding("guessed" if kind == "guessed" else "found", text, role, values=values)
