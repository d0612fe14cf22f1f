"""Imputed values in the store: the method of each row, and the columns of every draw."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from citybraid.core.layer import Layer
from citybraid.core.var import Var
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.store.store import Store
from citybraid.study.plan.homes import content_key


def imputation_record(layers: Sequence[SourceLayer], store: Store) -> dict[str, Any]:
    """Return, by quantity, how its rows were imputed: counts, rules, and keys of the row-by-row columns.

    The columns are `method` (a text id, '' where stated), and `low` and `high` for numbers
    or `share` (of votes for the category) for categories; missing where stated.
    """
    records: dict[str, Any] = {}
    for each in layers:
        spread = each.spread
        if spread is None or not len(spread.rows):
            continue
        rows = each.value.index
        columns: dict[str, pd.Series] = {"method": spread.method.reindex(rows, fill_value="").astype(object)}
        if spread.words:
            columns["share"] = spread.share().reindex(rows)
        else:
            columns["low"], columns["high"] = (end.reindex(rows) for end in spread.ends())
        records[each.var.name] = {
            "rows": len(spread.rows), "of": len(rows),
            "rules": {str(name): int(count) for name, count in spread.method.value_counts().items()},
            "columns": {name: _put(each.var, name, column, store) for name, column in columns.items()},
        }  # fmt: skip
    return records


def _put(var: Var, name: str, column: pd.Series, store: Store) -> str:
    about = Var(f"{var.name}_{name}", var.unit, var.about, on=var.on)
    key = content_key(about, column, None)
    store.put(key, column)
    return key


def draw_records(draws: Sequence[Sequence[SourceLayer]], store: Store) -> list[list[dict[str, str]]]:
    """Return the columns of each draw as plain data, stored by content, so that equal draws share a key."""
    records: list[list[dict[str, str]]] = []
    for columns in draws:
        entries = []
        for column in columns:
            key = content_key(column.var, column.value, column.grid)
            store.put(key, column.value)
            entries.append({"var": column.var.name, "key": key})
        records.append(entries)
    return records


def layers_of(records: Sequence[Mapping[str, str]], known: Mapping[str, Var]) -> tuple[Layer, ...]:
    """Return the layers of a draw."""
    return tuple(Layer(known[each["var"]], each["key"]) for each in records)
