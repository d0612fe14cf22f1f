"""Names of places in the languages that the data have them in; none is translated or romanised."""

from collections.abc import Callable, Mapping
from typing import Self

import pandas as pd

ENDINGS: Mapping[str, str] = {"en": "_en", "zh": "_zh"}
"""What follows the name of a quantity that holds names in another language: unit_name_en."""


class PlaceName(str):
    """A name as the data have it first, with its names in other languages; it is read in the reader's where it exists.

    It is a text like any other: what does not ask for a language writes, sorts and compares the first name.
    """

    __slots__ = ("others",)
    others: Mapping[str, str]

    def __new__(cls, name: str, others: Mapping[str, str]) -> Self:
        """Return a name with its names in other languages."""
        made = super().__new__(cls, name)
        made.others = others
        return made

    def __reduce__(self) -> tuple[type["PlaceName"], tuple[str, Mapping[str, str]]]:
        """Return what a copy is made of."""
        return PlaceName, (self.first, self.others)

    def __str__(self) -> str:
        """Return the name itself, so that its other names are kept."""
        return self

    @property
    def first(self) -> str:
        """The name as the data have it first, without the others."""
        return "".join(self)

    def say(self, language: str, system: str = "si") -> str:
        """Return the name in a language, the first one where the data have none in it."""
        del system
        return self.others.get(language, self.first)

    def within(self, form: Callable[[str], str]) -> "PlaceName":
        """Return a text that holds the name, formed alike in all languages."""
        return PlaceName(form(self.first), {language: form(name) for language, name in self.others.items()})


def in_own_language(name: str, language: str) -> str:
    """Return a name in a language where it has one, else as it is."""
    return name.say(language) if isinstance(name, PlaceName) else name


def with_other_names(names: pd.Series, others: Mapping[str, pd.Series]) -> pd.Series:
    """Return a column of names with the names of the same rows in other languages; empty ones are none."""
    if not others:
        return names
    languages, columns = tuple(others), [column.reindex(names.index).tolist() for column in others.values()]
    made = [
        PlaceName(str(name), {
            language: str(other) for language, other in zip(languages, row, strict=True)
            if isinstance(other, str) and other.strip()
        }) if isinstance(name, str) and name else name
        for name, row in zip(names, zip(*columns, strict=True), strict=True)
    ]  # fmt: skip
    return pd.Series(made, index=names.index, name=names.name, dtype=object)
