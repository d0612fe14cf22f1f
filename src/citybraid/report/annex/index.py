"""The index of provenance codes: value, unit, place, Steps and the status of the factors behind each."""

import math
from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import known
from citybraid.report.annex.content import Part
from citybraid.report.annex.evidence import Evidence, short
from citybraid.report.annex.provenance import Codes, Value
from citybraid.report.chapter import Column, Table, Text, TextList, UnitName, cells, words
from citybraid.report.drawing.units import half_up
from citybraid.report.indicators import as_told


def index_part(codes: Codes, evidence: Evidence) -> Part:
    """Return the index of the codes that a document states, as an appendix: values in the very words of its clauses."""
    values = [codes.used[code] for code in sorted(codes.used)]
    table = index_table(codes, evidence, values)
    frame = table.frame.assign(amount=cells(each.plain for each in values))
    columns = [
        replace(each, title=words("annex_index.as_stated"), told=False) if each.key == "amount" else each
        for each in table.columns
        if each.key != "unit"
    ]
    table = replace(table, frame=frame.drop(columns="unit"), columns=columns, title=words("annex.index_table"))
    return Part(words("annex.index"), [table], across=True)


def index_table(codes: Codes, evidence: Evidence, values: Iterable[Value]) -> Table:
    """Return the index of some values, in their units; of controls, what was computed beside what holds."""
    index_rows = list(values)
    rows = [_row(codes, evidence, each) for each in index_rows]
    keys = ("title", "where", "unit", "light", "basis", "step")
    frame = pd.DataFrame({key: cells(row[at] for row in rows) for at, key in enumerate(keys)})
    frame.insert(0, "code", [each.code for each in index_rows])
    frame["amount"] = [_amount(each) for each in index_rows]
    frame["computed"] = [_computed(codes, each) for each in index_rows]
    columns = [
        Column(key, words(f"annex_index.{key}"), told=key in {"amount", "computed"})
        for key in ("code", "title", "where", "amount", "computed", "unit", "light", "basis", "step")
    ]
    if not frame["computed"].notna().any():
        columns = [each for each in columns if each.key != "computed"]
    return Table("annex_index", words("annex.index"), frame, columns, words("annex.index_note"))


def _row(codes: Codes, evidence: Evidence, value: Value) -> tuple[Text, ...]:
    basis = evidence.basis(value)
    rows = words("annex.basis_rows", sure=basis.sure, unsure=basis.unsure) if basis.sure or basis.unsure else "–"
    light = words(f"light.{evidence.light(value)}")
    step = short(basis.steps[:1]) or origin(value.address.kind)
    unit: Text = "–" if value.unit in {"1", "count"} else UnitName(value.unit)
    return value.title, _where(codes, value), unit, light, rows, step


def _amount(value: Value) -> float:
    """Return a value as it is told elsewhere: an indicator's by its unit, others with the decimals of their own."""
    if value.address.kind == "indicator":
        return as_told(value.amount, value.unit)
    return value.amount if value.digits is None else half_up(value.amount, value.digits)


def origin(kind: str) -> Text:
    """Return where a value without a Step stands, in words."""
    text = f"annex_origin.{kind}"
    return words(text if known(text) else "annex_origin.table")


def _computed(codes: Codes, value: Value) -> float:
    """Return what was computed of a control, NaN for any other value."""
    if value.address.kind != "control":
        return math.nan
    row = codes.control_rows(value.address.alternative).get((value.address.place, value.address.name), {})
    return float(row.get("computed", math.nan))


def _where(codes: Codes, value: Value) -> Text:
    """Return the alternative and the place of a value."""
    view, (kind, _, alternative, place) = codes.view, value.address
    parts: list[Text] = [view.name(alternative)] if alternative else []
    if kind == "control":
        parts.append(view.parcel_name(place))
    elif kind in {"indicator", "installed"}:
        names = view.column(view.base, "unit_name")
        own = place if names is None else str(names.get(place, place))
        parts.append(words("plan.whole") if place == WHOLE_AREA else own)
    return TextList(tuple(parts), ", ") if parts else words("plan.whole")
