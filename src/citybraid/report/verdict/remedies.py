"""Tables of failing parcels: what each misses, the cheapest measure that fixes it, and the change it needs else."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from citybraid.core.text import known
from citybraid.planning.failing import change_needed, limit_needed
from citybraid.planning.rows import controls
from citybraid.report.chapter import Column, PlacedText, Quantity, Table, Text, TextList, TranslatedText, words
from citybraid.report.drawing.palettes import code_names
from citybraid.report.drawing.units import label, number
from citybraid.report.view import LANGUAGES, View, measure_title, named

HECTARE = 1e4
COUNTED, PARTS = "count", 6
"""Unit of controls that are counted, and decimals below which a part of one is rounding."""


class _Parcels(NamedTuple):
    """Area [m2], land-use code and storage of runoff that is lacking [m3] by parcel."""

    areas: Mapping[str, float]
    uses: Mapping[str, str]
    storage: Mapping[str, float]

    def size(self, parcel: str) -> tuple[float, float]:
        """Return a parcel's area and the storage that it lacks, NaN where unknown."""
        return self.areas.get(parcel, math.nan), self.storage.get(parcel, math.nan)


def remedies(
    view: View, failing: pd.DataFrame, controls_table: pd.DataFrame, *, name: str, title: Text, chosen: Sequence[str],
    note: Text | None = None,
) -> Table:  # fmt: skip
    """Return the table of some failing parcels: a row for each control missed, the binding ones first.

    Without a note of its own the table tells how parcels were ranked and fixes sought.
    """
    fixes, parcels = view.run.table("fixes"), _parcels(view, controls_table)
    order = {parcel: at for at, parcel in enumerate(chosen)}
    listed = failing[failing["parcel"].isin(list(order))]
    listed = listed.sort_values("parcel", key=lambda column: column.map(order), kind="stable")
    by_control = {} if fixes is None else dict(list(fixes.groupby(["parcel", "control"], sort=False)))
    rows, previous = [], ""
    for row in listed.to_dict("records"):
        parcel = str(row["parcel"])
        fix = None if fixes is None else by_control.get((parcel, str(row["control"])), fixes.iloc[:0])
        first = parcel != previous
        rows.append(
            {
                "parcel": _about(view, parcel, parcels) if first else "", "why": _missed(row),
                "measure": "" if fix is None else _measure(fix, view),
                "change": _change(row, fix, parcels.size(parcel)),
            }
        )  # fmt: skip
        previous = parcel
    columns = [
        Column("parcel", words("explorer.parcel")), Column("why", words("verdict.breached")),
        Column("measure", words("verdict.fix")), Column("change", words("verdict.change")),
    ]  # fmt: skip
    if fixes is None:
        title, columns = words("verdict.changes_table"), [each for each in columns if each.key != "measure"]
    notes = TextList((words("verdict.parcel_order"), *search_notes(view)), " ") if note is None else note
    return Table(name, title, pd.DataFrame(rows, columns=[each.key for each in columns]), columns, notes)


def search_notes(view: View) -> tuple[Text, ...]:
    """Return how fixes were sought, and which measures had no price."""
    fixes = view.run.table("fixes")
    if fixes is None:
        return (words("first.no_fixes"),)
    notes: list[Text] = [words("verdict.fix_note")]
    if (fixes["control"] == "runoff").any():
        notes.append(words("verdict.fix_storage"))
    sought = view.run.table("fix_measures")
    if sought is not None:
        priced = [measure_title(str(name)) for name in sought.loc[sought["present"].notna(), "measure"]]
        notes.append(words("verdict.fix_among", measures=TextList(tuple(priced), ", ")))
        unpriced = [measure_title(str(name)) for name in sought.loc[sought["lacks"] != "", "measure"]]
        if unpriced:
            notes.append(words("verdict.fix_unpriced", measures=TextList(tuple(unpriced), ", ")))
        out = [measure_title(str(name)) for name in sought.loc[sought[LANGUAGES[0]] != "", "measure"]]
        if out:
            notes.append(words("verdict.fix_left_out", measures=TextList(tuple(out), ", ")))
    return tuple(notes)


def storage_lacking(view: View, alternative: str) -> Mapping[str, float]:
    """Return the storage that each parcel lacks to keep the runoff asked for [m3], none where the run has none."""
    lacking = view.column(alternative, "storage_shortfall")
    return {} if lacking is None else {str(name): float(volume) for name, volume in lacking.items()}


def why_of(row: Mapping[Any, Any]) -> Text:
    """Return why a row of a control table is missed."""
    computed, limit = float(row["computed"]), float(row["limit"])
    return why(str(row["control"]), computed, limit, str(row["unit"]), over=computed > limit)


def why(control: str, computed: float, limit: float, unit: str, *, over: bool) -> Text:
    """Return why a control is missed, in a sentence."""
    values: dict[str, object] = {
        "control": named("control", control), "computed": _told(computed, unit), "limit": _told(limit, unit),
    }  # fmt: skip
    return _sentence("first.above" if over else "first.below", control, values)


def _told(value: float, unit: str) -> Quantity:
    """Return a value of a control; what is counted is whole, and a part of one asks for one."""
    if unit == COUNTED:
        return Quantity(float(math.ceil(round(value, PARTS))), unit, 0)
    return Quantity(value, unit, 2 if unit in ("1", "m") else 1)


def _sentence(text: str, control: str, values: Mapping[str, object]) -> Text:
    """Return a sentence on a control, its own where one stands in the catalogue."""
    own = f"{text}.{control}"
    return words(own if known(own) else text, **values)


def _missed(row: Mapping[Any, Any]) -> Text:
    """A missed control in short: computed value and limit."""
    unit = str(row["unit"])
    computed, limit = float(row["computed"]), float(row["limit"])
    values: dict[str, object] = {
        "control": named("control", str(row["control"])), "sign": "≤" if computed > limit else "≥",
        "computed": _told(computed, unit), "limit": _told(limit, unit),
    }  # fmt: skip
    return _sentence("first.missed", str(row["control"]), values)


def _parcels(view: View, table: pd.DataFrame) -> _Parcels:
    plots = table[table["control"] == "area"]
    areas = {str(name): HECTARE * float(size) for name, size in zip(plots["parcel"], plots["computed"], strict=True)}
    uses = view.column(view.base, "land_use")
    lacking = storage_lacking(view, view.run.manifest.failing_in or view.base)
    return _Parcels(areas, {} if uses is None else {str(name): str(code) for name, code in uses.items()}, lacking)


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
        return words("verdict.out_of_reach")
    shares = [
        (measure_title(str(measure)), number(100 * adoption, digits=0))
        for measure, adoption in zip(known["measure"], known["adoption"], strict=True)
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


def _change(row: Mapping[Any, Any], rows: pd.DataFrame | None, size: tuple[float, float]) -> Text:
    """The change that the plan needs: without a measure, and with the nearest one where that does not suffice."""
    control, computed, limit = str(row["control"]), float(row["computed"]), float(row["limit"])
    area, storage = size
    alone = change_needed(control, computed=computed, limit=limit, area=area, storage=storage)
    change: Text | None = None
    if alone is not None:
        change = words(f"change.{alone.change}", amount=_amount(alone.amount, alone.unit))
    rule = controls()[control]
    opposite = (computed < limit) if rule.rule == "at_most" else (computed > limit)
    new = limit_needed(rule, computed=computed, limit=limit, opposite=opposite)
    if new is not None:
        digits = {"%": 1, "m": 1}.get(new.unit, 2)
        values = {"old": Quantity(limit, new.unit, digits), "new": Quantity(new.value, new.unit, digits)}
        text = "verdict.only_limit" if change is None else "verdict.or_limit"
        change = words(text, change=change, control=named("control", control), **values)
    if change is None:
        change = words("first.change_unknown")
    if rows is None or rows.empty or str(rows["measure"].iloc[0]) == "":
        return change
    if bool(rows["reaches"].iloc[0]):
        return words("first.change_else", change=change)
    if alone is None:
        return change
    rest = change_needed(control, computed=float(rows["value"].iloc[0]), limit=limit, area=area)
    if rest is None or rest.amount >= alone.amount:
        return change
    return words("first.change_with", change=change, rest=_amount(rest.amount, rest.unit))


def _amount(amount: float, unit: str) -> Text:
    digits = 2 if unit == "m" else 0
    amounts = {each: f"{number(amount, digits=digits)} {label(unit, each)}".rstrip() for each in LANGUAGES}
    return TranslatedText(amounts)
