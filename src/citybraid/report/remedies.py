"""The table of page one: the parcels that fail most, what each misses, and the measures that would fix it."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from citybraid.planning.failing import change_needed
from citybraid.planning.rows import controls
from citybraid.report.chapter import Column, PlacedText, Quantity, Table, Text, TextList, TranslatedText, words
from citybraid.report.drawing.palettes import code_names
from citybraid.report.drawing.units import label, number
from citybraid.report.view import LANGUAGES, View, measure_title, named

HECTARE = 1e4


class _Parcels(NamedTuple):
    """Area [m2] and land-use code by parcel."""

    areas: Mapping[str, float]
    uses: Mapping[str, str]


def remedies(view: View, failing: pd.DataFrame, controls_table: pd.DataFrame) -> Table:
    """Return the table of the parcels that fail most: a row for each control missed, the binding ones first."""
    fixes, parcels = view.run.table("fixes"), _parcels(view, controls_table)
    rows, previous = [], ""
    for row in failing.to_dict("records"):
        parcel = str(row["parcel"])
        fix = None if fixes is None else fixes[(fixes["parcel"] == parcel) & (fixes["control"] == row["control"])]
        first = parcel != previous
        rows.append(
            {
                "rank": str(row["rank"]) if first else "", "parcel": _about(view, parcel, parcels) if first else "",
                "why": _missed(row), "measure": "" if fix is None else _measure(fix, view),
                "change": _change(row, fix, parcels.areas.get(parcel, math.nan)),
            }
        )  # fmt: skip
        previous = parcel
    columns = [
        Column("rank", words("first.rank")), Column("parcel", words("explorer.parcel")),
        Column("why", words("first.why")), Column("measure", words("first.fix")),
        Column("change", words("first.change")),
    ]  # fmt: skip
    if fixes is None:
        columns = [column for column in columns if column.key != "measure"]
    note = TextList((words("first.ranking"), words("first.fix_note" if fixes is not None else "first.no_fixes")), " ")
    return Table("failing", words("first.table"), pd.DataFrame(rows), columns, note)


def why_of(row: Mapping[Any, Any]) -> Text:
    """Return why a row of a control table is missed."""
    computed, limit = float(row["computed"]), float(row["limit"])
    return why(str(row["control"]), computed, limit, str(row["unit"]), over=computed > limit)


def why(control: str, computed: float, limit: float, unit: str, *, over: bool) -> Text:
    """Return why a control is missed, in a sentence."""
    digits = 2 if unit in ("1", "m") else 1
    values: dict[str, object] = {
        "control": named("control", control),
        "computed": Quantity(computed, unit, digits), "limit": Quantity(limit, unit, digits),
    }  # fmt: skip
    return words("first.above" if over else "first.below", **values)


def _missed(row: Mapping[Any, Any]) -> Text:
    """A missed control in short: computed value and limit."""
    unit = str(row["unit"])
    digits = 2 if unit in ("1", "m") else 1
    computed, limit = float(row["computed"]), float(row["limit"])
    values: dict[str, object] = {
        "control": named("control", str(row["control"])), "sign": "≤" if computed > limit else "≥",
        "computed": Quantity(computed, unit, digits), "limit": Quantity(limit, unit, digits),
    }  # fmt: skip
    return words("first.missed", **values)


def _parcels(view: View, table: pd.DataFrame) -> _Parcels:
    plots = table[table["control"] == "area"]
    areas = {str(name): HECTARE * float(size) for name, size in zip(plots["parcel"], plots["computed"], strict=True)}
    uses = view.column(view.base, "land_use")
    return _Parcels(areas, {} if uses is None else {str(name): str(code) for name, code in uses.items()})


def _about(view: View, parcel: str, parcels: _Parcels) -> Text:
    """A parcel's number, its use and its area."""
    parts: list[Text] = [view.parcel_name(parcel)]
    code = parcels.uses.get(parcel, "")
    names = {language: code_names("land_use", language).get(code, "") for language in LANGUAGES}
    if all(names.values()):
        parts.append(TranslatedText(names))
    if math.isfinite(parcels.areas.get(parcel, math.nan)):
        parts.append(Quantity(parcels.areas[parcel], "m2"))
    return PlacedText(TextList(tuple(parts), ", "), parcel)


def _measure(rows: pd.DataFrame, view: View) -> Text:
    """The cheapest measures that reach the limit, else the nearest measure and the value it reaches."""
    known = rows[rows["measure"] != ""]
    if known.empty:
        return words("first.fix_none")
    shares = [
        (measure_title(str(row["measure"])), number(100 * row["adoption"], digits=0))
        for row in known.to_dict("records")
    ]
    parts = TextList(tuple(words("first.adoption", measure=name, share=share) for name, share in shares), ", ")
    first = known.iloc[0]
    unit = controls()[str(first["control"])].unit
    values: dict[str, object] = {
        "measures": parts, "cost": Quantity(float(first["cost"]), view.money()),
        "value": Quantity(float(first["value"]), unit, 2),
        "price": words("first.assumed_price") if bool(first["assumed"]) else "",
    }  # fmt: skip
    return words("first.fix_reaches" if bool(first["reaches"]) else "first.fix_near", **values)


def _change(row: Mapping[Any, Any], rows: pd.DataFrame | None, area: float) -> Text:
    """The change that the plan needs: without a measure, and with the nearest one where that does not suffice."""
    control, computed, limit = str(row["control"]), float(row["computed"]), float(row["limit"])
    alone = change_needed(control, computed=computed, limit=limit, area=area)
    if alone is None:
        return words("first.change_unknown")
    change = words(f"change.{alone.change}", amount=_amount(alone.amount, alone.unit))
    if rows is None or rows.empty or str(rows["measure"].iloc[0]) == "":
        return change
    if bool(rows["reaches"].iloc[0]):
        return words("first.change_else", change=change)
    rest = change_needed(control, computed=float(rows["value"].iloc[0]), limit=limit, area=area)
    if rest is None or rest.amount >= alone.amount:
        return change
    return words("first.change_with", change=change, rest=_amount(rest.amount, rest.unit))


def _amount(amount: float, unit: str) -> Text:
    digits = 0 if unit == "m2" else 2
    return TranslatedText(
        {language: f"{number(amount, digits=digits)} {label(unit, language)}" for language in LANGUAGES}
    )
