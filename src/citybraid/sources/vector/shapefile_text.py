"""The encoding of a shapefile's texts: what is said of it, what the bytes say, and what to do where they differ."""

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.text.encoding import DRIVER_IDS, Encoding, decodes, named, tried
from citybraid.sources.text.encoding_likeness import COMMON, FEWEST, commonness, holds_utf8_words
from citybraid.sources.vector.shapefile_dbf import Dbf

BYTEWISE = "cp437"
"""Keeps every byte as it is: a last character may be cut in two, which strict decoders refuse."""
WESTERN = frozenset({"iso8859-1", "cp1252", "cp437", "cp850", "latin_1"})
"""Encodings of one byte in which every text is valid; programs write them without looking."""
CPG_READ = 40
MIXED = "mixed"


def encoding_of(dbf: Dbf, cpg: Path | None, said: str, role: str, *, name: str) -> tuple[Encoding, list[Finding]]:
    """Return the encoding of a .dbf's texts, and how it was found.

    What the study says holds. Then .cpg, then the language byte, where the texts agree:
    Chinese words in UTF-8 refute every other statement, everyday Chinese characters a
    western one. Else strict UTF-8, then what is likeliest. Texts of which some are
    UTF-8 and some GB18030 are read one by one. Raises InputError where nothing fits.
    """
    pieces = dbf.words()
    words = b"\n".join(pieces)
    notes: list[Finding] = []
    if said:
        stated: Encoding | None = Encoding(named(said, name=name), "named")
    else:
        stated, notes = _stated(dbf, cpg, role)
    if stated is not None and (stated.how == "named" or _agrees(stated.name, words, pieces)):
        return stated, [*notes, _found("found", "intake.encoding_stated", role, name=name, encoding=stated.name)]
    found = Encoding("gb18030", MIXED) if _is_mixed(pieces) else tried(words, name=name, pieces=pieces)
    if found.how == MIXED:
        return found, [*notes, _found("guessed", "intake.dbf_mixed", role, name=name)]
    if stated is not None:
        told = {"name": name, "stated": stated.name, "encoding": found.name}
        return found, [*notes, Finding("repaired", "intake.encoding_wrong", role, values=told)]
    if found.how != "plain":
        guessed = found.how == "tried"
        text = "intake.encoding_guessed" if guessed else "intake.encoding_stated"
        notes.append(_found("guessed" if guessed else "found", text, role, name=name, encoding=found.name))
    return found, notes


def _stated(dbf: Dbf, cpg: Path | None, role: str) -> tuple[Encoding | None, list[Finding]]:
    notes: list[Finding] = []
    if cpg is not None:
        text = cpg.read_bytes()[:CPG_READ].decode("ascii", "replace").strip("\x00\ufeff \r\n\t")
        try:
            return Encoding(named(_bare(text), name=cpg.name), "stated"), []
        except InputError:
            notes = [_found("found", "intake.cpg_unknown", role, name=cpg.name, encoding=text[:20])]
    stated = DRIVER_IDS.get(dbf.driver)
    return (None if stated is None else Encoding(stated, "stated")), notes


def _bare(text: str) -> str:
    """A code page as ESRI's programs write it ('936', 'OEM 950', 'ISO 88591'), as Python knows it."""
    said = text.casefold().removeprefix("oem").removeprefix("ansi").strip(" _-")
    if said.startswith("iso") and said.replace(" ", "").replace("-", "").startswith("iso8859"):
        return f"iso8859-{said.replace(' ', '').replace('-', '')[7:] or '1'}"
    return f"cp{said}" if said.isdigit() and said not in ("936", "65001") else said


def _agrees(stated: str, words: bytes, pieces: Sequence[bytes]) -> bool:
    """Tell whether texts can be in the stated encoding; that they decode is not enough for Chinese."""
    if words.isascii():
        return True
    if stated != "utf-8" and holds_utf8_words(words) and decodes(words, "utf-8", pieces=pieces):
        return False
    if stated in WESTERN and decodes(words, "gb18030", pieces=pieces):
        share, count = commonness(words, "gb18030")
        if count >= FEWEST and share >= COMMON:
            return False
    return decodes(words, stated, pieces=pieces) and not _is_mixed(pieces)


def _is_mixed(pieces: Sequence[bytes]) -> bool:
    """Tell whether some texts hold words in UTF-8 while others can only be GB18030."""
    marked = [piece for piece in pieces if not piece.isascii()]
    some = [_is_utf8(piece) for piece in marked]
    others = [piece for piece, utf8 in zip(marked, some, strict=True) if not utf8]
    return (
        any(some)
        and any(not decodes(piece, "utf-8", pieces=[piece]) for piece in others)
        and all(decodes(piece, "gb18030", pieces=[piece]) for piece in others)
    )


def _is_utf8(piece: bytes) -> bool:
    return holds_utf8_words(piece) and decodes(piece, "utf-8", pieces=[piece])


def decoded(frame: gpd.GeoDataFrame, encoding: Encoding) -> gpd.GeoDataFrame:
    """Return a frame read byte by byte with its names and texts in their encoding, cut-off last characters dropped."""
    texts = [name for name in frame.columns if name != frame.geometry.name and frame[name].dtype.kind not in "fiubM"]
    for name in texts:
        frame[name] = pd.Series([text_of(cell, encoding) for cell in frame[name]], index=frame.index, dtype=object)
    return frame.rename(
        columns={name: text_of(name, encoding) for name in frame.columns if name != frame.geometry.name}
    )


def text_of(cell: object, encoding: Encoding) -> object:
    """Return a text that was read byte by byte in its encoding; what is no text stays as it is."""
    if not isinstance(cell, str) or cell.isascii():
        return cell
    raw = cell.encode(BYTEWISE)
    utf8 = encoding.how == MIXED and _is_utf8(raw)
    return raw.decode("utf-8" if utf8 else encoding.name, "ignore")


def _found(kind: str, text: str, role: str, **values: object) -> Finding:
    return Finding("guessed" if kind == "guessed" else "found", text, role, values=values)
