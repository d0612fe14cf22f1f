"""Join columns from sheets to their table by names or ids."""

from dataclasses import replace

import pandas as pd

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers, missing_mask
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "join"
READS: tuple[str, ...] = ()
FENCED = True
VERSION = 2
SHOWN = 4
LONGEST = 40
"""Letters of a name in a message."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Join each keyed column by the ids or names of its table; unmatched rows are reported.

    Raises InputErrors naming each file none of whose rows has a partner in its table.
    """
    del rules
    refuse_strangers(layers)
    findings: list[Finding] = []
    for column in layers.keyed:
        layers, notes = _joined(layers, column)
        findings += notes
    return RepairResult(replace(layers, keyed=()), tuple(findings))


def refuse_strangers(layers: Layers) -> None:
    """Raise InputErrors for sheets of which no row matches a row of the table that they belong to."""
    problems: dict[tuple[object, ...], InputError] = {}
    for column in layers.keyed:
        table = column.var.on
        geometry = layers.get(table, on=table)
        keys = None if geometry is None else _keys(layers, table, str(column.value.index.name), geometry.value.index)
        if keys is None or not len(column.value) or set(column.value.index) & set(keys):
            continue
        where: dict[str, object] = {"files": sorted(column.origin), "table": table, "count": len(column.value)}
        examples = {
            "got": [str(each)[:LONGEST] for each in column.value.index[:SHOWN]],
            "known": sorted(set(map(str, keys)))[:SHOWN],
        }
        problems.setdefault((column.origin, table), InputError("intake.names_none", **where, **examples))
    if problems:
        raise InputErrors(problems.values())


def _joined(layers: Layers, column: SourceLayer) -> tuple[Layers, list[Finding]]:
    table, var = column.var.on, column.var
    geometry_var = geometry_of(table)
    geometry = layers.get(table, on=table) if geometry_var is not None else None
    if geometry is None:
        return layers, [Finding("rejected", "intake.no_table", var.name, len(column.value), {"table": table})]
    keys = _keys(layers, table, str(column.value.index.name), geometry.value.index)
    if keys is None:
        return layers, [
            Finding(
                "rejected",
                "intake.no_names",
                var.name,
                len(column.value),
                {"table": table, "key": column.value.index.name},
            )
        ]
    values = keys.map(column.value.to_dict())
    values = values.fillna("") if var.kind == "text" else values.astype(float)
    unmatched = sorted(set(column.value.index) - set(keys))
    notes = (
        [
            Finding(
                "rejected", "intake.names_lost", var.name, len(unmatched), {"table": table, "examples": unmatched[:4]}
            )
        ]
        if unmatched
        else []
    )
    old = layers.get(var.name, on=table)
    gap = missing_mask(old, geometry.value.index)
    merged = values if old is None else old.value.mask(gap, values)
    present = merged.ne("") if var.kind == "text" else merged.notna()
    if not present.any():
        return layers, notes
    origin = column.origin | geometry.origin | (old.origin if old is not None else frozenset())
    joined = SourceLayer(var, merged.rename(var.name), stated=present, origin=origin)
    finding = Finding(
        "found", "intake.names_joined", var.name, int(present.sum()), {"table": table, "rows": len(present)}
    )
    return layers.put(joined), [*notes, finding]


def _keys(layers: Layers, table: str, key: str, ids: pd.Index) -> pd.Series | None:
    """The key of each row of the table, None where the table has no such key column."""
    layer = layers.get(key, on=table)
    if layer is not None:
        names: pd.Series = layer.value
        return names
    return pd.Series(ids, index=ids, dtype=object) if key in ("id", "plot_number", "unit_name") else None
