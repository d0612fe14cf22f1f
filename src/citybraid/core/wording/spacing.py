"""Spaces between Chinese characters and numbers, also where values are put into a sentence.

One rule for all texts: a space between a Chinese character and a number or a Latin word, none between Chinese
characters. Rows of texts hold it; where a value is put in it follows from both sides, as a value is "407 个" or "53%".
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter

SPACED = ("zh",)
"""Languages whose characters stand apart from numbers and Latin words."""
HAN = "\u3400-\u9fff"
WIDE = "，。、；：？！“”（）《》「」…"
"""Marks with no space on either side."""
ORDINAL = re.compile(r"(?:第|表|图|式|附录)$")
"""What a number follows without a space: 第3章, 表4.1.4."""
TIGHT = re.compile(rf"[{HAN}](?=[0-9A-Za-z])|[0-9A-Za-z%‰℃°²³](?=[{HAN}])")
CITED = re.compile(rf"(?:第|表|图|式|附录)[0-9A-Z][0-9.]*[{HAN}]?")
"""Articles, tables and appendices, which are written without a space."""

_HAN_END, _HAN_START = re.compile(rf"[{HAN}]$"), re.compile(rf"^[{HAN}]")
_NUMBER_END = re.compile(r"(?:[0-9A-Za-z%‰℃°²³₀-₉∞]|[0-9].*\))$", re.DOTALL)
_NUMBER_START = re.compile(r"^(?:[0-9A-Za-z∞]|[−+±<≤≥≈-]\s?[0-9])")
_LOOSE_END, _LOOSE_START = re.compile(rf"(?<=[{HAN}]) $"), re.compile(rf"^ (?=[{HAN}])")
_CHARACTER_END, _CHARACTER_START = re.compile(rf"[{HAN}{WIDE}]$"), re.compile(rf"^[{HAN}{WIDE}]")


def tight(text: str) -> list[str]:
    """Return the characters after which a space is missing, citations left out."""
    return TIGHT.findall(CITED.sub("", text))


@cache
def _parts(sentence: str) -> tuple[tuple[str, str | None], ...]:
    """Return what stands before each placeholder, and its name; the last has none."""
    return tuple((before, name) for before, name, _, _ in Formatter().parse(sentence))


def filled(sentence: str, values: Mapping[str, str]) -> str:
    """Return a sentence with its values put in and spaced."""
    done: list[str] = []
    ordinal = False
    for text, is_value in _pieces(sentence, values):
        if not text:
            continue
        bound, ordinal = ordinal, is_value and bool(done) and ORDINAL.search(done[-1]) is not None
        if done and not bound and not ordinal:
            done[-1], text = _met(done[-1], text)  # noqa: PLW2901  (without the space that it began with)
        done.append(text)
    return "".join(done)


def _pieces(sentence: str, values: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield texts of a sentence and values in turn, each with whether it is a value."""
    for before, name in _parts(sentence):
        yield before, False
        if name is not None:
            yield values[name], True


def _met(left: str, right: str) -> tuple[str, str]:
    """Return two texts as they meet: a space at the end of the left one where it is missing, none where it is loose."""
    number_follows = _HAN_END.search(left) and _NUMBER_START.search(right)
    number_before = _NUMBER_END.search(left) and _HAN_START.search(right)
    if number_follows or number_before:
        return f"{left} ", right
    if _LOOSE_END.search(left) and _CHARACTER_START.search(right):
        return left[:-1], right
    if _LOOSE_START.search(right) and _CHARACTER_END.search(left):
        return left, right[1:]
    return left, right
