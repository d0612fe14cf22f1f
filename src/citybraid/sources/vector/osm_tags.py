"""Tags of OpenStreetMap: the layer and keys for a role, and the tags that share one hstore column."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from citybraid.core.rows.intake import OsmKey
from citybraid.core.tables import read_table

PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
"""One tag in PostgreSQL's hstore notation."""
ESCAPED = re.compile(r"\\(.)")
OTHER = "other_tags"
"""The column of tags that have no column of their own."""
NOTHING = frozenset({"", "no"})


class OsmSelection(NamedTuple):
    """OpenStreetMap data for a role: the layer, the keys that select features, the further keys to read."""

    layer: str
    selects: tuple[str, ...]
    carries: tuple[str, ...]


def osm_selection(role: str) -> OsmSelection | None:
    """Return the layer and keys for a role, None where OpenStreetMap has no data for it."""
    rows = [row for row in read_table(OsmKey) if row.role == role]
    if not rows:
        return None
    keys = {use: tuple(row.key for row in rows if row.use == use) for use in ("selects", "carries")}
    return OsmSelection(rows[0].layer, keys["selects"], keys["carries"])


def roles() -> tuple[str, ...]:
    """Return the roles that OpenStreetMap has data for."""
    return tuple(dict.fromkeys(row.role for row in read_table(OsmKey)))


def attribute_filter(keys: Sequence[str], fields: Sequence[str]) -> str:
    """Return the filter of features that have one of these keys, as a column or within the other tags."""
    parts = (f'"{key}" IS NOT NULL' if key in fields else f"{OTHER} LIKE '%\"{key}\"=>%'" for key in keys)
    return " OR ".join(parts)


def tag_columns(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Return one column of texts for each key, '' where a feature has no such tag."""
    others = [_pairs(text) for text in frame[OTHER]] if OTHER in frame.columns else [{} for _ in range(len(frame))]
    columns = {
        key: _texts(frame[key]) if key in frame.columns else [tags.get(key, "") for tags in others] for key in keys
    }
    return pd.DataFrame(columns, index=frame.index, dtype=object)


def has_tag(tags: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Return which features have one of these keys with a value other than 'no'."""
    return (~tags[list(keys)].isin(NOTHING)).any(axis=1)


def _pairs(text: object) -> dict[str, str]:
    if not isinstance(text, str):
        return {}
    return {_unescaped(key): _unescaped(value) for key, value in PAIR.findall(text)}


def _unescaped(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def _texts(column: pd.Series) -> list[str]:
    return [each if isinstance(each, str) else "" for each in column]
