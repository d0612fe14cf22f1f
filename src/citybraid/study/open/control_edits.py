"""Controls of parcels that a returned table changed: rows beside the study file, put over what the files state."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.finding import Finding
from citybraid.core.layer import Layer
from citybraid.core.text import Phrase, csv_safe, known
from citybraid.core.var import Var
from citybraid.sources.land_use.land_use import guide
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.store.store import Store
from citybraid.study.plan.homes import content_key

COLUMNS = ("parcel", "number", "quantity", "value", "before", "author", "when", "file")
PARCELS, LAND_USE = "parcels", "land_use"
LARGEST_BYTES = 8 * 2**20
"""Largest file of edits [byte]."""
UNITLESS: Mapping[str, str] = {"1": "", "": ""}
"""What stands for the units of plain numbers."""


class ControlEdit(NamedTuple):
    """A changed control: parcel, its plot number, quantity, new value and the one before, who, when, by which file.

    Values are in the unit of the quantity, '' for none.
    """

    parcel: str
    number: str
    quantity: str
    value: str
    before: str
    author: str
    when: str
    file: str


def read_edits(path: Path) -> tuple[ControlEdit, ...]:
    """Return the rows of a file of edits; raises InputErrors with every problem of it."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError("edits.unreadable", file=path.name, why=f"> {LARGEST_BYTES} B")
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError("edits.unreadable", file=path.name, why=str(fault)) from fault
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise InputError("edits.columns", file=path.name, missing=missing)
    rows = [ControlEdit(*(str(line[name] or "") for name in COLUMNS)) for line in reader]
    if problems := list(edit_problems(rows, file=path.name)):
        raise InputErrors(problems)
    return tuple(rows)


def edit_problems(rows: Iterable[ControlEdit], *, file: str) -> Iterable[PlanError]:
    """Yield an error for each row whose quantity or value cannot be a parcel's control."""
    for row in rows:
        var = vocabulary().get(row.quantity)
        title = Phrase(f"var.{row.quantity}", {}) if known(f"var.{row.quantity}") else row.quantity
        where = {"file": file, "parcel": row.number or row.parcel, "quantity": title, "got": row.value}
        if var is None or var.on != PARCELS:
            yield InputError("edits.quantity", **where)
        elif row.quantity == LAND_USE:
            if row.value not in guide():
                yield InputError("edits.code", **where)
        elif var.kind == "float" and row.value and not _within(var, row.value):
            yield InputError(
                "edits.range", **where, least=var.ge, most=var.le, unit=UNITLESS.get(var.unit, f" {var.unit}")
            )


def _within(var: Var, text: str) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return math.isfinite(value) and var.ge <= value <= var.le


def write_edits(path: Path, rows: Sequence[ControlEdit]) -> None:
    """Write rows after those that the file has, whole or not at all."""
    kept = read_edits(path) if path.is_file() else ()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([csv_safe(str(cell)) for cell in row] for row in (*kept, *rows))
    partial = path.with_name(f"{path.name}.part")
    partial.write_text(text.getvalue(), encoding="utf-8")
    partial.replace(path)


def edited(
    layers: Sequence[Layer], rows: Sequence[ControlEdit], store: Store, *, file: str
) -> tuple[list[Layer], list[Finding]]:
    """Return layers with the edits in their parcels' columns, and a finding per quantity: how many, who, by which file.

    Later rows win. Raises InputErrors for parcels that the plan does not have.
    """
    shapes = next((layer for layer in layers if layer.var.name == PARCELS), None)
    index = pd.Index([]) if shapes is None else store.get(shapes.key).index
    kept = {layer.var.name: layer for layer in layers if not layer.at}
    columns = {row.quantity: store.get(kept[row.quantity].key) for row in rows if row.quantity in kept}
    changed, findings = edited_columns(columns, index, rows, file=file)
    put = [_put(store, vocabulary()[name], column) for name, column in changed.items()]
    return [*(layer for layer in layers if layer.at or layer.var.name not in changed), *put], findings


def edited_columns(
    columns: Mapping[str, pd.Series], index: pd.Index, rows: Sequence[ControlEdit], *, file: str
) -> tuple[dict[str, pd.Series], list[Finding]]:
    """Return the columns that edits change, new ones too, and a finding per quantity; later rows win.

    Raises InputErrors for parcels that are not in the index.
    """
    names: dict[str, Any] = {str(name): name for name in index}
    if unknown := sorted({row.parcel for row in rows} - set(names)):
        raise InputErrors([InputError("edits.parcel", file=file, parcels=unknown)])
    changed: dict[str, dict[str, ControlEdit]] = {}
    for row in rows:
        changed.setdefault(row.quantity, {})[row.parcel] = row
    findings = [
        Finding("found", "edits.taken", name, len(cells), _values(cells.values())) for name, cells in changed.items()
    ]
    return {name: _edited(columns.get(name), name, cells, names, index) for name, cells in changed.items()}, findings


def _edited(
    column: pd.Series | None, name: str, cells: Mapping[str, ControlEdit], names: Mapping[str, Any], index: pd.Index
) -> pd.Series:
    number = vocabulary()[name].kind == "float"
    empty: object = np.nan if number else None
    column = column.copy() if column is not None else pd.Series(empty, index=index)
    for parcel, row in cells.items():
        column.loc[names[parcel]] = (float(row.value) if row.value else np.nan) if number else row.value
    return column


def _put(store: Store, var: Var, column: pd.Series) -> Layer:
    key = content_key(var, column, None)
    store.put(key, column)
    return Layer(var, key)


def _values(cells: Iterable[ControlEdit]) -> dict[str, object]:
    rows = list(cells)
    authors = sorted({row.author for row in rows if row.author})
    return {
        "authors": ", ".join(authors) or "-", "files": ", ".join(sorted({row.file for row in rows})),
        "parcels": ", ".join(row.number or row.parcel for row in rows[:8]) + (" …" if len(rows) > 8 else ""),  # noqa: PLR2004  (a line)
    }  # fmt: skip
