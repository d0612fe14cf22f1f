"""Words and codes in columns that Python gives: those that intake would read otherwise, while models do not."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from citybraid.core.factor import SHIPPED, FactorBook
from citybraid.core.model import Need
from citybraid.core.rows.land import BuildingUseWord
from citybraid.core.tables import read_table
from citybraid.core.text import Phrase
from citybraid.core.var import Var
from citybraid.sources.land_use.building_uses import WORDINGS, use_of
from citybraid.sources.land_use.column import to_guide
from citybraid.sources.land_use.land_use import guide

SHOWN = 6
"""Words of a column that a message lists."""


def unread_words(model: str, needs: Mapping[str, Need], values: Mapping[str, Any], book: FactorBook) -> list[Phrase]:
    """Return a phrase for each column with words that intake would read as others, or not at all.

    Models read what stands in the column: 'R2' or a word that none knows is the code of nothing there.
    """
    own = {part for row in book.rows if row.origin != SHIPPED for part in row.key.split("/")}
    return [
        phrase
        for name, need in needs.items()
        for var, column in _columns(need, values.get(name))
        for phrase in _phrases(f"{model}.{name}", var, column, own)
    ]


def _columns(need: Need, value: Any) -> Iterator[tuple[str, pd.Series]]:
    """Yield the columns of an input by the name of their quantity."""
    if isinstance(need.what, Var) and isinstance(value, pd.Series):
        yield need.what.name, value
    elif isinstance(value, pd.DataFrame):
        yield from ((each, value[each]) for each in need.columns if each in value)


def _phrases(where: str, var: str, column: pd.Series, own: set[str]) -> Iterator[Phrase]:
    read = READ.get(var)
    if read is None:
        return
    cells = column.dropna().astype(str)
    words = pd.Series([*dict.fromkeys(each for each in cells if each and each not in own)], dtype=object)
    meant = dict(zip(words, read(words), strict=True)) if len(words) else {}
    other = {word: code for word, code in meant.items() if word != code}
    if other:
        shown = [
            Phrase("api.word_meant", {"word": word, "code": code}) if code else word
            for word, code in [*other.items()][:SHOWN]
        ]
        count = int(cells.isin(list(other)).sum())
        yield Phrase("api.unread_words", {"where": where, "column": var, "count": count, "words": shown})


def _codes(words: pd.Series) -> list[str]:
    """Return the code of the 2023 guide for each word, '' where it is none."""
    meant = to_guide(words, layer="").codes
    return [word if word in guide() else code for word, code in zip(words, meant, strict=True)]


def _uses(words: pd.Series) -> list[str]:
    """Return the use of a building for each word, '' where it is none."""
    known = {row.building_use for row in read_table(BuildingUseWord)}
    return [word if word in known else use_of(word) for word in words]


def _worded(words: pd.Series, *, var: str) -> list[str]:
    """Return what intake makes of each word, '' where it knows none."""
    read = (WORDINGS[var](pd.Series([word]), layer="") for word in words)
    return ["" if findings and column.iloc[0] == word else str(column.iloc[0])
            for word, (column, findings) in zip(words, read, strict=True)]  # fmt: skip


READ: Mapping[str, Callable[[pd.Series], list[str]]] = {
    "land_use": _codes, "building_use": _uses, **{var: partial(_worded, var=var) for var in WORDINGS},
}  # fmt: skip
"""What intake makes of the words of a column, by quantity."""
