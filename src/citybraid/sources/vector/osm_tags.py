"""Tags of OpenStreetMap: which layer and keys a role wants, and the tags that stand together in one text."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from citybraid.core.rows.intake import OsmKey
from citybraid.core.tables import read_table

PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
"""One tag of a text in PostgreSQL's hstore form."""
ESCAPED = re.compile(r"\\(.)")
OTHER = "other_tags"
"""The column in which the tags stand that have none of their own."""
NOTHING = frozenset({"", "no"})


class Wanted(NamedTuple):
    """What a role takes from OpenStreetMap: the layer, keys of which a feature has one, keys that go with it."""

    layer: str
    selects: tuple[str, ...]
    carries: tuple[str, ...]


def wanted(role: str) -> Wanted | None:
    """Return what a role takes, None where OpenStreetMap has nothing for it."""
    mine = [row for row in read_table(OsmKey) if row.role == role]
    if not mine:
        return None
    keys = {use: tuple(row.key for row in mine if row.use == use) for use in ("selects", "carries")}
    return Wanted(mine[0].layer, keys["selects"], keys["carries"])


def roles() -> tuple[str, ...]:
    """Return the roles that OpenStreetMap can serve."""
    return tuple(dict.fromkeys(row.role for row in read_table(OsmKey)))


def condition(keys: Sequence[str], fields: Sequence[str]) -> str:
    """Return the filter of features that have one of these keys, as a column or within the other tags."""
    parts = (f'"{key}" IS NOT NULL' if key in fields else f"{OTHER} LIKE '%\"{key}\"=>%'" for key in keys)
    return " OR ".join(parts)


def tagged(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return one column of texts for each key, '' where a feature has no such tag."""
    others = [_pairs(text) for text in frame[OTHER]] if OTHER in frame.columns else [{} for _ in range(len(frame))]
    columns = {
        key: _texts(frame[key]) if key in frame.columns else [tags.get(key, "") for tags in others] for key in keys
    }
    return pd.DataFrame(columns, index=frame.index, dtype=object)


def selected(tags: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Tell which features have one of these keys with a value other than 'no'."""
    return (~tags[list(keys)].isin(NOTHING)).any(axis=1)


def _pairs(text: object) -> dict[str, str]:
    if not isinstance(text, str):
        return {}
    return {_plain(key): _plain(value) for key, value in PAIR.findall(text)}


def _plain(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def _texts(column: pd.Series) -> list[str]:
    return [each if isinstance(each, str) else "" for each in column]
