"""Codes of control boundaries (三区三线) and the words that stand for them."""

from collections.abc import Mapping

import pandas as pd

from citybraid.core.rows.levels import ZoneWord
from citybraid.core.tables import cached_with_tables, read_table


@cached_with_tables
def boundary_codes() -> Mapping[str, str]:
    """Return the code of each word, without case."""
    return {row.word.casefold(): row.code for row in read_table(ZoneWord)}


def coded(column: pd.Series) -> pd.Series:
    """Return the codes of a column of codes or names, '' where a word is unknown."""
    words = boundary_codes()
    return column.fillna("").astype(str).str.strip().str.casefold().map(lambda word: words.get(word, ""))
