"""Texts people read: one CSV catalogue of rows (id, en, zh); a language is a column."""

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

LANGUAGES = ("en", "zh")
BLANKS = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]+")
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""Signs that move the cursor, turn the direction of writing, hide, or cannot be printed at all."""
UNSEEN_MARK = "⟨U+"
"""How such a sign is shown, before its number."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet takes for a formula."""


class Phrase(NamedTuple):
    """A text within a text: said in the language of the whole."""

    text: str
    values: Mapping[str, object]


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return every text by id: {id: {language: text}}."""
    rows: dict[str, Mapping[str, str]] = {}
    for table in _tables(files("citybraid").joinpath("texts")):
        for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
            if row["id"] in rows:
                message = f"text '{row['id']}' stands twice, again in {table.name}"
                raise ValueError(message)
            rows[row["id"]] = row
    return rows


def _tables(folder: Traversable) -> Iterator[Traversable]:
    """Yield the CSV files of a folder and of the folders in it: one folder for each floor."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _tables(entry)
        elif entry.name.endswith(".csv"):
            yield entry


def known(text: str) -> bool:
    """Tell whether the catalogue holds a text."""
    return text in catalogue()


def say(text: str, language: str = "en", **values: object) -> str:
    """Return a text in a language with its placeholders filled.

    Raises KeyError for a text that the catalogue does not hold: a missing text is a
    defect of the program, found by the tests, never shown half-made.
    """
    sentence = catalogue()[text][language]
    return sentence.format(**{name: _said(value, language) for name, value in values.items()})


def _said(value: object, language: str) -> str:
    return say(value.text, language, **value.values) if isinstance(value, Phrase) else shown(value)


def shown(value: object) -> str:
    """Return a value as people read it: numbers with up to six digits, lists with commas."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(shown(part) for part in value)
    return visible(str(value))


def visible(text: str) -> str:
    """Return a text of a user's file as it may be printed: one line, unseen signs by number (⟨U+202E⟩)."""
    if text.isprintable():
        return text
    return UNSEEN.sub(lambda found: f"{UNSEEN_MARK}{ord(found[0]):04X}⟩", BLANKS.sub(" ", text))


def inert(text: str) -> str:
    """Return a text as it may stand in a CSV: one that a spreadsheet would take for a formula gets an apostrophe."""
    return f"'{text}" if text.startswith(FORMULA) else text
