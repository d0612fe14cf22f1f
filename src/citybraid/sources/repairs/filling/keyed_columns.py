"""Join columns from sheets to their table by names or ids."""

from dataclasses import replace

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers, missing_mask
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.text.row_keys import Partners, partners

STAGE: Stage = "join"
READS: tuple[str, ...] = ()
FENCED = True
VERSION = 4
SHOWN = 4
PEOPLE = frozenset({"population", "parcel_residents", "residents"})
"""Numbers of people: those of a name that several rows bear are shared out, not given to each."""
LONGEST = 40
"""Letters of a name in a message."""
ALIKE = 1e-6
"""Share by which numbers of a row that are told twice may differ [-]."""


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
        if keys is None or not len(column.value) or partners(column.value.index, keys).of:
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
    matched = partners(column.value.index, keys)
    values = keys.astype(str).map(
        {matched.of[str(key)]: value for key, value in column.value.items() if key in matched.of}
    )
    values = values.fillna("") if var.kind == "text" else values.astype(float)
    notes = _findings(matched, column)
    if var.name in PEOPLE and keys[values.notna()].duplicated().any():
        values, split = _split(values, keys, geometry.value.area, var.name, table)
        notes.append(split)
    old = layers.get(var.name, on=table)
    gap = missing_mask(old, geometry.value.index)
    merged = values if old is None else old.value.mask(gap, values)
    if old is not None:
        notes += _stated_twice(old.value.mask(gap), values, keys, column)
    present = merged.ne("") if var.kind == "text" else merged.notna()
    if not present.any():
        return layers, notes
    origin = column.origin | geometry.origin | (old.origin if old is not None else frozenset())
    joined = SourceLayer(var, merged.rename(var.name), stated=present, origin=origin)
    finding = Finding(
        "found", "intake.names_joined", var.name, int(present.sum()), {"table": table, "rows": len(present)}
    )
    return layers.put(joined), [*notes, finding]


def _findings(matched: Partners, column: SourceLayer) -> list[Finding]:
    """Return findings on keys that the two sides write differently, and on those without a partner."""
    name, table, notes = column.var.name, column.var.on, list[Finding]()
    if matched.reworded:
        examples = [f"{mine} = {theirs}" for mine, theirs in sorted(matched.reworded.items())[:SHOWN]]
        notes.append(
            Finding(
                "found", "intake.keys_reworded", name, len(matched.reworded), {"table": table, "examples": examples}
            )
        )
    if unmatched := sorted(str(each) for each in set(column.value.index) if str(each) not in matched.of):
        values = {"table": table, "examples": unmatched[:SHOWN]}
        notes.append(Finding("rejected", "intake.names_lost", name, len(unmatched), values))
    return notes


def _stated_twice(first: pd.Series, second: pd.Series, keys: pd.Series, column: SourceLayer) -> list[Finding]:
    """Return a warning where a row of the table and the sheet state other values; the table's stand."""
    text = column.var.kind == "text"
    one, two = (each.fillna("").astype(str) if text else each.astype(float) for each in (first, second))
    both = one.ne("") & two.ne("") if text else one.notna() & two.notna()
    same = one == two if text else pd.Series(np.isclose(one, two, rtol=ALIKE, atol=0.0), index=one.index)
    other = both & ~same
    if not other.any():
        return []
    shown = str if text else "{:g}".format
    examples = (f"{keys[row]}: {shown(one[row])} / {shown(two[row])}" for row in one.index[other][:SHOWN])
    values = {"table": column.var.on, "files": sorted(column.origin), "examples": list(examples)}
    return [Finding("warning", "intake.stated_twice", column.var.name, int(other.sum()), values)]


def _split(values: pd.Series, keys: pd.Series, area: pd.Series, name: str, table: str) -> tuple[pd.Series, Finding]:
    """Return people of a name that several rows bear, by their areas, and what is told of it."""
    shared = keys.duplicated(keep=False) & values.notna()
    share = (area / area.groupby(keys).transform("sum")).where(shared, 1.0)
    examples = sorted(set(keys[shared].astype(str)))[:SHOWN]
    finding = Finding(
        "guessed", "intake.people_shared", name, int(shared.sum()), {"table": table, "examples": examples}
    )
    return values * share, finding


def _keys(layers: Layers, table: str, key: str, ids: pd.Index) -> pd.Series | None:
    """The key of each row of the table, None where the table has no such key column."""
    layer = layers.get(key, on=table)
    if layer is not None:
        names: pd.Series = layer.value
        return names
    return pd.Series(ids, index=ids, dtype=object) if key in ("id", "plot_number", "unit_name") else None
