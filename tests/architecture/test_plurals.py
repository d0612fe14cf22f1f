"""English messages agree with their numbers: each is rendered with 1 and with 2 of everything it counts."""

import re
import string
from collections.abc import Callable, Iterator, Mapping

import pytest

from citybraid.core.text import catalogue, say

NAMES = frozenset({
    "alternative", "avoided", "cell", "chosen", "column", "columns", "crest", "crs", "declared", "duration", "east",
    "end", "error", "events", "exchange_saving", "factor", "field", "file", "folder", "format", "high", "horizon",
    "ids", "indicator", "kept", "kilometres", "kind", "le", "likely", "line", "low", "measure", "measures", "method",
    "model", "modelled", "month", "name", "native", "needs", "onset", "option", "other", "param", "part", "percent",
    "pixel", "plan", "product", "region", "role", "row", "scale", "scheme", "seconds", "section", "side", "size",
    "source", "step", "stops", "taken", "this", "unit", "value", "volume", "way", "year",
})  # fmt: skip
"""Placeholders of names, lists and amounts with their units, which no noun follows."""
VERBS = frozenset({
    "as", "belongs", "breaches", "comes", "counts", "differs", "does", "exists", "has", "is", "its", "lacks", "leads",
    "less", "lies", "lives", "meets", "misses", "needs", "plus", "rests", "rises", "runs", "says", "series", "stands",
    "states", "supplies", "this", "wants", "was",
})  # fmt: skip
"""Words in -s after a number that are no plural nouns."""
IRREGULAR = ("people", "vertices", "children")
QUALIFIER = r"(?:(?!(?:a|and|at|from|h|in|is|m|of|on|or|per|s|the|to|with|without) )[a-z-]+ )"
"""An adjective or a noun in its place, between a number and its noun."""
NUMBER = r"(?<![\w.,:°#-])"


Wrong = Callable[[str, Mapping[str, str]], list[str]]


def counted() -> Mapping[str, str]:
    """Return every noun that a message counts, {singular: plural}; forms of verbs and pronouns are no nouns."""
    messages = " ".join(row["en"] for row in catalogue().values())
    forms = {(one.split()[0], many.split()[0]) for one, many in re.findall(r"\{\w+:([^}|]+)\|([^}]+)\}", messages)}
    nouns = {one: many for one, many in forms if many.endswith("s") or many in IRREGULAR}
    return {one: many for one, many in nouns.items() if one not in VERBS}


def messages(number: int) -> Iterator[tuple[str, str]]:
    """Yield id and English text of every message with placeholders, those of numbers filled with a number."""
    for name, row in catalogue().items():
        fields = {field for _, field, _, _ in string.Formatter().parse(row["en"]) if field}
        if fields:
            yield name, say(name, "en", **{field: "…" if field in NAMES else number for field in fields})


def plurals_of_one(text: str, nouns: Mapping[str, str]) -> list[str]:
    """Return the plurals that stand after a 1."""
    found = re.findall(rf"{NUMBER}1 ({QUALIFIER}{{0,2}}?)([a-z]+s|{'|'.join(IRREGULAR)})\b", text)
    return [word for before, word in found if word not in {*VERBS, *nouns} and not {*before.split()} & {*nouns}]


def singulars_of_two(text: str, nouns: Mapping[str, str]) -> list[str]:
    """Return the singulars that stand after a 2."""
    found = re.findall(rf"{NUMBER}2 ({QUALIFIER}?)({'|'.join(map(re.escape, nouns))})\b(?! [a-z-]+s\b)", text)
    return [word for before, word in found if not {*before.split()} & {*nouns.values()}]


@pytest.mark.parametrize(("number", "wrong"), [(1, plurals_of_one), (2, singulars_of_two)])
def test_every_message_agrees_with_its_numbers(number: int, wrong: Wrong) -> None:
    nouns = counted()
    assert [f"{name}: {text}" for name, text in messages(number) if wrong(text, nouns)] == []


def test_numbers_that_do_not_agree_are_seen() -> None:
    nouns = {"row": "rows", "land use": "land uses", "person": "people", "use": "uses"}
    for text in ("1 rows read", "1 land uses are unknown", "x (1 people)", "of 1 small rows"):
        assert plurals_of_one(text, nouns), text
    for text in ("2 row read", "2 land use are unknown", "2 person"):
        assert singulars_of_two(text, nouns), text
    assert not plurals_of_one("1 row of 'x' holds sums", nouns)
    assert not singulars_of_two("2 row heads", nouns)
