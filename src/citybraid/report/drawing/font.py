"""The font of figures and of the HTML report: an OFL subset with Chinese, without missing-glyph boxes."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import matplotlib as mpl
from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from matplotlib import font_manager

FAMILY = "Citybraid Sans"
FALLBACK = "DejaVu Sans"
WEIGHTS = ("Regular", "Bold")
MISSING = "〓"
"""Geta mark, shown in place of a character that no available font can draw."""
SUBSETS = 16
"""Subsets of the font that a process keeps: the page of a check that is made again has the same characters."""

LETTER = 0.54
"""Width of a Latin letter over the size of its type; a hanzi is twice as wide."""
CJK = 0x2E80
"""Where the blocks of Chinese characters begin."""
CLOSING = "，。；：、）》”’％℃"
"""Signs that never begin a line."""
OPENING = "（《“‘"
"""Signs that never end one."""


@cache
def registered() -> tuple[str, ...]:
    """Make the font known to matplotlib, once, and return the families to draw with, best first."""
    for weight in WEIGHTS:
        font_manager.fontManager.addfont(str(face(weight)))
    return (FAMILY, FALLBACK)


@contextmanager
def typeface() -> Iterator[None]:
    """Draw with the report's font inside this block; nothing outside it changes."""
    # rc_context would copy all of matplotlib's parameters, twice for every map
    family, minus = mpl.rcParams["font.family"], mpl.rcParams["axes.unicode_minus"]
    mpl.rcParams["font.family"], mpl.rcParams["axes.unicode_minus"] = list(registered()), True
    try:
        yield
    finally:
        mpl.rcParams["font.family"], mpl.rcParams["axes.unicode_minus"] = family, minus


@cache
def characters() -> frozenset[str]:
    """Return every character that the font or its fallback can draw."""
    codepoints: set[int] = set()
    for family in registered():
        font = font_manager.get_font(font_manager.findfont(family))
        codepoints |= set(font.get_charmap())
    return frozenset(map(chr, codepoints))


def drawable(text: str) -> str:
    """Return a text in which characters that no font can draw are shown as 〓."""
    supported = characters()
    if supported.issuperset(text):
        return text
    return "".join(char if char in supported or char == "\n" else MISSING for char in text)


def wrapped(text: str, width: int) -> str:
    """Return a text broken into lines of a width counted in Latin letters; a hanzi counts as two."""
    lines, line, used = [], "", 0
    for word in _words(text):
        size = sum(1 if _latin(char) else 2 for char in word)
        if used + size > width and line.strip():
            lines.append(line.rstrip())
            line, used = "", 0
            word = word.lstrip()  # noqa: PLW2901  (a line never begins with the blank that broke it)
        line, used = line + word, used + size
    return "\n".join([*lines, line.rstrip()])


def _words(text: str) -> list[str]:
    words: list[str] = []
    for char in text:
        if words and _glued(words[-1][-1], char):
            words[-1] += char
        else:
            words.append(char)
    return words


def _glued(before: str, char: str) -> bool:
    same_word = _latin(char) and _latin(before) and before != " "
    return same_word or char in CLOSING or before in OPENING


def _latin(char: str) -> bool:
    return ord(char) < CJK


def subset_font(texts: Iterable[str], *, weight: str = "Regular") -> bytes:
    """Return a WOFF subset font with only the characters of some texts, small enough to embed in a page."""
    return _subset(_characters(texts), weight, "woff")


def subset_face(texts: Iterable[str], *, weight: str = "Regular") -> bytes:
    """Return an OpenType subset font with only the characters of some texts, to embed in a PDF file."""
    return _subset(_characters(texts), weight, None)


def _characters(texts: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*texts)


@lru_cache(maxsize=SUBSETS)
def _subset(characters: frozenset[str], weight: str, flavor: str | None) -> bytes:
    """Return a subset of the report's font.

    It has no hints to remove; its bounds stay those of all characters, as measuring each costs most.
    """
    options = subset.Options(hinting=True, layout_features=[], notdef_outline=True, name_IDs=["*"])
    with face(weight).open("rb") as file, TTFont(file, recalcBBoxes=False) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=sorted(map(ord, characters)))
        cutter.subset(font)
        font.flavor = flavor
        font.recalcTimestamp = False
        out = io.BytesIO()
        font.save(out)
    return out.getvalue()


def face(weight: str) -> Path:
    """Return the font file of a weight."""
    resource = files("citybraid.report").joinpath("fonts", f"CitybraidSans-{weight}.otf")
    if not isinstance(resource, Path):
        message = "fonts need citybraid installed as files"
        raise TypeError(message)
    return resource
