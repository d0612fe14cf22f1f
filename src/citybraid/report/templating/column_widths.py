"""Widths of the columns of a printed table: no word is broken, and the table takes as few lines as its page allows."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WIDEST_CHARACTERS, LEAST_CHARACTERS, LONGEST_WORD, UNBROKEN, MARGIN = 46, 5, 18, 4, 1.75
"""Bounds of a column's share of the page [characters]."""
HANZI = 1.65
"""Width of a Chinese character in a cell [characters]."""
TIGHT = 1.0
"""Margins of a column where many stand side by side [characters]."""
BOLD = 1.1
"""Width of a head's letters over that of a cell's: they are set bold."""
RAGGED = 1.5
"""Room at the end of a line that the next word does not fit in [characters]."""
TALL_ROWS = 3
"""Power of a cell's lines by which the height of a table is weighed: a row is as tall as its tallest cell."""
MOST_LINES, FEW_LINES = 12, 3
"""Lines that a head, and any other row, may have where all rows of a table are to be low."""
CHARACTER = 68_000
"""Width of a character in a table [EMU]."""
TWIP = 635
"""A twentieth of a point [EMU]: widths are whole ones, whose sum stays within the page."""
CHINESE = "⺀"
"""The first of the Chinese characters and their punctuation, all twice as wide as a Latin letter."""
WIDE, NARROW = frozenset("mwMW%@"), frozenset("iltfjrI.,:;'!|()[]{}/-·²³")
"""Letters and signs that are half as wide again as others, and two thirds as wide."""
HYPHEN = re.compile(r"(?<=[a-z]-)(?=[a-z])")
"""Where a word may be broken: at a hyphen between letters, not in the number of a parcel."""
WORDS = re.compile(r"[⺀-鿿豈-﫿＀-￯　-〿]+|[^\s⺀-鿿豈-﫿＀-￯　-〿]+")
"""Parts of a text: runs of Chinese, and words of letters, figures and units, which stay whole."""

UNIT = re.compile(r"（([^（）]{1,4})）$")
"""A short unit between Chinese brackets at the end of a head, which may not be broken from either."""


class ColumnSize(NamedTuple):
    """A column's least width, how many of its cells are how long, its head among them, and its margins [characters].

    `lengths` has the length of its head and then of each cell, in the order of rows.
    """

    least: float
    texts: Mapping[float, int]
    margin: float
    lengths: tuple[float, ...] = ()


class _Step(NamedTuple):
    """A column made wider: lines saved for each character, weighed by how tall they make a row, and the characters."""

    saved: float
    column: int
    wider: int


def column_groups(sizes: Sequence[ColumnSize], room: int) -> list[list[int]]:
    """Return the columns of each part of a table that is set in parts, so that no word is broken to fit.

    Every part begins with the first column, which names the rows.
    """
    room_left, rest = room / CHARACTER - sizes[0].least, list(range(1, len(sizes)))
    parts = max(1, len(_filled(sizes, rest, room_left)))
    even = [part.tolist() for part in np.array_split(np.array(rest, dtype=np.int64), parts)]
    fits = all(sum(sizes[at].least for at in part) <= room_left for part in even)
    return [[0, *part] for part in (even if fits else _filled(sizes, rest, room_left))] or [[0]]


def _filled(sizes: Sequence[ColumnSize], columns: Sequence[int], room: float) -> list[list[int]]:
    """Return columns in their order, as many in each part as its room holds [characters]."""
    parts: list[list[int]] = []
    used = math.inf
    for at in columns:
        if used + sizes[at].least > room:
            parts.append([])
            used = 0.0
        parts[-1].append(at)
        used += sizes[at].least
    return parts


def column_widths(sizes: Sequence[ColumnSize], room: int) -> list[int]:
    """Widths of columns [EMU]: each fits its longest word; what is left goes where it saves most lines of tall rows."""
    widths = [size.least for size in sizes]
    spare = room / CHARACTER - sum(widths)
    steps = sorted((step for at, size in enumerate(sizes) for step in _steps(size, at)), reverse=True)
    for _, at, wider in steps:
        if wider <= spare:
            widths[at] += wider
            spare -= wider
    widths = _low(sizes, room / CHARACTER, widths)
    return [int(room * width / sum(widths) / TWIP) * TWIP for width in widths]


def _low(sizes: Sequence[ColumnSize], room: float, widths: list[float]) -> list[float]:
    """Return widths with which all rows keep to a few lines and the head to some, where the table is lower so.

    Each column by itself gives its room where a long head asks for it: sixteen names of two lines stood below a head
    that was one line lower for it, and the last of them on a page of its own.
    """
    if not all(size.lengths[1:] for size in sizes):
        return widths
    lengths = np.array([size.lengths for size in sizes])
    margins, least = (np.array([getattr(size, name) for size in sizes]) for name in ("margin", "least"))

    def height(wide: NDArray[np.float64]) -> int:
        within = (wide * room / wide.sum() - margins)[:, None]
        lines = np.where(lengths <= within, 1.0, np.ceil(lengths / np.maximum(within - RAGGED, 1.0)).clip(2.0))
        return int(lines.max(axis=0).sum())

    best, lowest = np.array(widths), height(np.array(widths))
    for head, row in product(range(1, MOST_LINES + 1), range(1, FEW_LINES + 1)):
        needed = np.maximum(_fitting(lengths[:, 0], head), _fitting(lengths[:, 1:].max(axis=1), row)) + margins
        wide = np.maximum(needed, least)
        if wide.sum() <= room and (tall := height(wide)) < lowest:
            best, lowest = wide, tall
    return [float(width) for width in best]


def _fitting(lengths: NDArray[np.float64], lines: int) -> NDArray[np.float64]:
    """Return the room in which texts take so many lines at most [characters]."""
    return lengths if lines == 1 else np.minimum(lengths, lengths / lines + RAGGED)


def _steps(size: ColumnSize, column: int) -> Iterator[_Step]:
    """Yield how a column is made wider, each step saving less for a character than the one before (a convex hull)."""
    room = np.arange(max(math.ceil(WIDEST_CHARACTERS - size.least), 0) + 1) + size.least - size.margin
    lengths, counts = np.array(list(size.texts), float)[:, None], np.array(list(size.texts.values()), float)[:, None]
    lines = np.where(lengths <= room, 1.0, np.ceil(lengths / np.maximum(room - RAGGED, 1.0)).clip(2.0))
    heights = (counts * lines**TALL_ROWS).sum(axis=0)
    at, last = 0, len(heights) - 1
    while at < last:
        slopes = (heights[at] - heights[at + 1 :]) / np.arange(1, last - at + 1)
        wider = len(slopes) - int(slopes[::-1].argmax())
        if slopes[wider - 1] <= 0:
            return
        yield _Step(float(slopes[wider - 1]), column, wider)
        at += wider


def column_sizes(heads: Sequence[str], rows: Sequence[Sequence[str]], *, tight: bool = False) -> list[ColumnSize]:
    """Return the size of each column: its least width is that of its longest word, between margins, `tight` or not."""
    margin = TIGHT if tight else MARGIN
    sizes = []
    for head, cells in zip(heads, zip(*rows, strict=True) if rows else ((),) * len(heads), strict=True):
        word = max(word_room(head) * BOLD, _unit_room(head) * BOLD, *map(word_room, cells), LEAST_CHARACTERS - margin)
        texts = Counter[float](map(_printed_size, cells))
        texts[_printed_size(head) * BOLD] += 1
        lengths = (_printed_size(head) * BOLD, *map(_printed_size, cells))
        sizes.append(ColumnSize(min(word, LONGEST_WORD) + margin, texts, margin, lengths))
    return sizes


def word_room(text: str) -> float:
    """Length of the longest part of a text that must not be broken; Chinese may break after a few characters."""
    parts = (part for word in WORDS.findall(text) for part in HYPHEN.split(word))
    return max((min(2 * len(part), UNBROKEN) if part[0] >= CHINESE else _breadth(part) for part in parts), default=0.0)


def _unit_room(head: str) -> float:
    """Length of the unit that ends a head with its brackets, 0 where it has none or a long one."""
    unit = UNIT.search(head)
    return 0.0 if unit is None else _printed_size(unit[0])


def _breadth(word: str) -> float:
    """Width of a word [characters]: capitals are wider than other letters, l and i are narrower."""
    return sum(1.55 if char in WIDE else 0.66 if char in NARROW else 1.25 if char.isupper() else 1.0 for char in word)


def text_size(text: str) -> int:
    """Length of a text [characters]; a Chinese one is twice as wide as a Latin one."""
    return 2 * len(text) - len(text.encode("ascii", "ignore"))


def _printed_size(text: str) -> float:
    """Length of a text in a cell [characters], which are wider there than most Latin letters."""
    latin = len(text.encode("ascii", "ignore"))
    return latin + HANZI * (len(text) - latin)


def with_unit(title: str, unit: str) -> str:
    """Return a column's title with its unit; between Chinese signs where the title ends in Chinese."""
    if not unit:
        return title
    return f"{title}（{unit}）" if title[-1:] >= CHINESE else f"{title} ({unit})"
