"""User-facing texts: one catalogue of rows (id, en, zh), and a file (id, text) for every additional language."""

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from string import Formatter
from typing import NamedTuple

from citybraid.core.wording.spacing import SPACED, filled

CATALOGUE_LANGUAGES = ("en", "zh")
"""Languages of the catalogue's columns, in which every text exists."""
LANGUAGE_FOLDER = files("citybraid").joinpath("languages")
"""Folder of additional languages: `<code>.csv` with the columns id and text."""
LANGUAGES = (
    *CATALOGUE_LANGUAGES,
    *sorted(each.name.removesuffix(".csv") for each in LANGUAGE_FOLDER.iterdir() if each.name.endswith(".csv")),
)
INTERFACE_FOLDER = LANGUAGE_FOLDER.joinpath("interface")
"""Folder of languages that begin with words of the browser's pages alone: `<code>.csv`, these with a status."""
INTERFACE_LANGUAGES = tuple(
    sorted(each.name.removesuffix(".csv") for each in INTERFACE_FOLDER.iterdir() if each.name.endswith(".csv"))
)
REVIEWED = "reviewed"
"""Status of an interface's text that a native speaker has read; the others are `unreviewed`."""
UNTRANSLATED = "{text} [en]"
"""Format of an English text that replaces a missing translation."""
CITED = "cited."
"""Beginning of the texts whose English is the source of a factor, an indicator or a control."""
NOTED = "noted."
"""Beginning of the texts whose English is the note of a factor."""
PERCENT_APART = re.compile(r"(?<=\d) %(?!\w)")
"""A percent sign apart from its number, as tables of factors have it; pages have it beside."""
BLANKS = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]+")
INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""Control, bidirectional, zero-width and surrogate characters, which are invisible or change the display."""
INVISIBLE_PREFIX = "⟨U+"
"""Prefix of such a character's code point when it is escaped."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""Characters with which a spreadsheet formula begins."""


PLURAL = "|"
SEPARATORS = {"zh": "、"}
"""What stands between the parts of a list of texts, by language; a comma elsewhere."""
"""Between the singular and the plural of a noun that follows a number: {count} {count:parcel|parcels}."""
ONE = ("1", "+1", "−1")
"""Numbers that a noun in the singular follows; a change of one has a sign."""


class Phrase(NamedTuple):
    """A text as a value of another text, formatted in the same language."""

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
    """Yield the CSV files of a folder and its subfolders."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _tables(entry)
        elif entry.name.endswith(".csv"):
            yield entry


def known(text: str) -> bool:
    """Tell whether the catalogue holds a text."""
    return text in catalogue()


def cited_as(source: str) -> str | None:
    """Return the text that says a source or a note in both languages; None where it is the same in both."""
    return _cited().get(PERCENT_APART.sub("%", source))


def say_cited(source: str, language: str) -> str:
    """Return a source or a note in a language."""
    text = cited_as(source)
    return source if text is None else say(text, language)


@cache
def _cited() -> Mapping[str, str]:
    return {texts["en"]: text for text, texts in catalogue().items() if text.startswith((CITED, NOTED))}


def say(text: str, language: str = "en", **values: object) -> str:
    """Return a text in a language with its placeholders filled.

    Raises KeyError for a text that the catalogue does not hold: a missing text is a
    defect of the program, found by the tests, never shown half-made. Where an added
    language has none the English one is marked as such.
    """
    sentence = unfilled(text, language)
    texts = {name: _format_value(value, language) for name, value in values.items()}
    if language in SPACED:
        return filled(sentence, texts)
    return _Numbered().format(sentence, **texts) if PLURAL in sentence else sentence.format(**texts)


def interface_words(language: str) -> Mapping[str, str]:
    """Return the texts that a language of the interface alone has, by id."""
    return {row["id"]: row["text"] for row in _interface_rows(language)}


def unreviewed_words(language: str) -> int:
    """Return how many texts of a language of the interface alone no native speaker has read."""
    return sum(row["status"] != REVIEWED for row in _interface_rows(language))


@cache
def _interface_rows(language: str) -> tuple[Mapping[str, str], ...]:
    table = INTERFACE_FOLDER.joinpath(f"{language}.csv").read_text(encoding="utf-8-sig")
    return tuple(row for row in csv.DictReader(StringIO(table)) if row["text"].strip())


def unfilled(text: str, language: str) -> str:
    """Return a text in a language with its placeholders as they stand, for an interface that fills them itself."""
    row = catalogue()[text]
    return row[language] if language in CATALOGUE_LANGUAGES else _added(text, row["en"], language)


class _Numbered(Formatter):
    """Fills placeholders, those of nouns with the singular or the plural that their number asks for."""

    def format_field(self, value: str, format_spec: str) -> str:
        if PLURAL not in format_spec:
            return value
        singular, _, plural = format_spec.partition(PLURAL)
        return singular if value in ONE else plural


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return texts outside the catalogue in a language, with the English text, marked, as fallback."""
    return words[language] if language in words else UNTRANSLATED.format(text=words["en"])


def titled(kind: str, code: str) -> Phrase | str:
    """Return the title of a quantity ("var") or a model ("model") with its code in study files, or the code alone."""
    text = f"{kind}.{code}"
    return Phrase("plan.titled", {"title": Phrase(text, {}), "code": code.rpartition(".")[2]}) if known(text) else code


def row_name(row: Mapping[str, str], column: str, language: str, *, table: str) -> str:
    """Return the name of a code table row in a language: from its column, else from the added language's texts.

    In an added language its text id is `code.<table>.<English name>`.
    """
    if language in CATALOGUE_LANGUAGES:
        return row.get(f"{column}_{language}", "")
    english = row.get(f"{column}_en", "")
    return _added(f"code.{table}.{english}", english, language) if english else ""


@cache
def translations(language: str) -> Mapping[str, str]:
    """Return the texts of an added language by id."""
    table = LANGUAGE_FOLDER.joinpath(f"{language}.csv").read_text(encoding="utf-8-sig")
    return {row["id"]: row["text"] for row in csv.DictReader(StringIO(table))}


def _added(text: str, english: str, language: str) -> str:
    translation = translations(language).get(text, "").strip()
    return translation or UNTRANSLATED.format(text=english)


def required_texts() -> Mapping[str, str]:
    """Return every text that an added language needs, {id: English}: those of the catalogue and the names of codes."""
    english = {text: row["en"] for text, row in catalogue().items()}
    for table in sorted(files("citybraid").joinpath("codes").iterdir(), key=lambda each: each.name):
        if table.name.endswith(".csv"):
            english |= _names(table)
    return english


def _names(table: Traversable) -> dict[str, str]:
    rows = csv.DictReader(StringIO(table.read_text(encoding="utf-8")))
    columns = [name for name in rows.fieldnames or () if name.endswith("_en")]
    names = [row[column] for row in rows for column in columns if row[column]]
    return {f"code.{table.name.removesuffix('.csv')}.{name}": name for name in names}


def untranslated(language: str) -> tuple[str, ...]:
    """Return the ids of the missing texts of an added language; none for a language of the catalogue."""
    if language in CATALOGUE_LANGUAGES:
        return ()
    translated = translations(language)
    return tuple(text for text in required_texts() if not translated.get(text, "").strip())


def _format_value(value: object, language: str) -> str:
    """Format a value; a mapping holds a user's own words by language, as titles of the study file."""
    value = _kept(value)
    if isinstance(value, list | tuple) and not isinstance(value, Phrase):
        value = [_kept(part) for part in value]
    if isinstance(value, list) and any(isinstance(part, Phrase) for part in value):
        return SEPARATORS.get(language, ", ").join(_format_value(part, language) for part in value)
    if isinstance(value, Mapping) and "en" in value:
        return visible(in_language(value, language))
    return say(value.text, language, **value.values) if isinstance(value, Phrase) else formatted(value)


def _kept(value: object) -> object:
    """Return a phrase that a file kept as a list of its id and values as a phrase again, any other value as it is."""
    match value:
        case [str(text), Mapping() as values]:
            return Phrase(text, values)
    return value


def formatted(value: object) -> str:
    """Format a value for display: numbers with up to six significant digits, lists with commas."""
    if isinstance(value, float):
        return f"{value:.6g}".replace("inf", "∞")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(formatted(part) for part in value)
    return visible(str(value))


def visible(text: str) -> str:
    """Return a user's text safe for printing: on one line, with invisible characters escaped (⟨U+202E⟩)."""
    if text.isprintable():
        return text
    return INVISIBLE.sub(lambda match: f"{INVISIBLE_PREFIX}{ord(match[0]):04X}⟩", BLANKS.sub(" ", text))


def csv_safe(text: str) -> str:
    """Return a text safe for CSV: a leading apostrophe prevents spreadsheets from evaluating it as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
