"""Controls by unit and by parcel in the annex: what each unit keeps to, and what holds on each parcel."""

import math
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.intake import ColumnName
from citybraid.core.tables import read_table
from citybraid.core.wording.spacing import SPACED
from citybraid.planning.failing import change_needed
from citybraid.planning.rows import controls, indicators
from citybraid.report.annex.content import Block, Clause, Part
from citybraid.report.annex.integration import unit_name
from citybraid.report.annex.lacking import needed
from citybraid.report.annex.provenance import Codes, Value
from citybraid.report.annex.strands import STATED, STRANDS
from citybraid.report.chapter import SENTENCES, Column, Quantity, Table, Text, TextList, TranslatedText, cells, words
from citybraid.report.controls.control_sheet import control_sheet
from citybraid.report.drawing.units import label, number
from citybraid.report.indicators import column_digits
from citybraid.report.verdict.parcel_states import PLANNED, parcel_states
from citybraid.report.verdict.remedies import storage_lacking
from citybraid.report.view import LANGUAGES, View, named

MOST_COLUMNS, EACH = 7, 2
"""Columns of the table of units: the indicators of objectives, then so many of each strand."""
MOST_CHANGES = 40
"""Rows of the table of changes; the workbook has all parcels."""


def unit_part(codes: Codes) -> Part:
    """Return the controls by planning unit."""
    table = _units(codes)
    if table is None:
        text = words("annex.no_units")
        return Part(words("annex.units"), [Clause(words("annex.units_head"), text, reason=words("annex.units_why"))])
    clause = Clause(words("annex.units_head"), words("annex.units_text"), reason=words("annex.units_why"))
    return Part(words("annex.units"), [clause, table])


def _units(codes: Codes) -> Table | None:
    """Return a row for each unit; a cell's code is its column's, with the unit's number behind."""
    view, where = codes.view, codes.plan
    frame = codes.unit_tables.get(where)
    zones = [zone for zone in codes.zones if zone != WHOLE_AREA]
    if frame is None or not zones:
        return None
    names = _columns(view, frame)
    values = {name: [codes.note(codes.indicator(name, where, zone)).amount for zone in zones] for name in names}
    shown_rows = pd.DataFrame({"zone": cells(unit_name(codes, zone) for zone in zones), **values})
    columns = [Column("zone", words("plan.unit"))]
    for name in names:
        unit = view.unit_of(name)
        head = words("annex.column", what=named("indicator", name), code=codes.column_code(name, where))
        columns.append(Column(name, head, unit, column_digits(view, name, frame[name])))
    title = words("annex.units_table", alternative=view.name(where))
    return Table("annex_units", title, shown_rows, columns, words("annex.units_note"))


def _columns(view: View, frame: pd.DataFrame) -> list[str]:
    """Return the indicators of the table of units: those of objectives, then the first of each strand."""
    zones = frame.drop(index=WHOLE_AREA)
    shown_names = [name for name in indicators() if name in zones and zones[name].notna().any()]
    names = [each.indicator for each in view.run.manifest.asked.objectives if each.indicator in shown_names]
    for strand in STRANDS:
        own = [
            name for name in shown_names if indicators()[name].strand == strand and indicators()[name].level in STATED
        ]
        names += own[:EACH]
    return list(dict.fromkeys(names))[:MOST_COLUMNS]


def parcel_part(codes: Codes) -> Part:
    """Return the controls of parcels: their kinds, what was checked, what must change and what is lacking."""
    title = words("annex.parcels")
    sheet = control_sheet(codes.view)
    if sheet is None:
        text, why = words("annex.no_parcels"), words("annex.parcels_why")
        return Part(title, [Clause(words("annex.parcels_head"), text, reason=why)])
    table = words("annex.parcels_text", alternative=codes.view.name(sheet.alternative))
    blocks: list[Block] = [
        Clause(words("annex.parcels_head"), table, (sheet.kinds,), words("annex.parcels_why")),
        *_rules(codes), *_breaches(codes), *_lacking(codes),
    ]  # fmt: skip
    return Part(title, blocks)


def _rules(codes: Codes) -> Iterator[Clause]:
    """Yield the rule of each control that was checked, with how many parcels breach it."""
    where, items, values = codes.sheet_alternative, list[Text](), list[Value]()
    for row in controls().values():
        failed, checked = codes.breaches(row.id, where)
        if row.rule and checked.amount:
            values += [failed, checked]
            what = words("annex.column", what=named("control", row.id), code=codes.control_number(row.id))
            parts = {"control": what, "failed": codes.say(failed), "checked": codes.say(checked)}
            items.append(words(f"annex_rule.{row.rule}", **parts))
    if items:
        yield Clause(words("annex.rules_head"), words("annex.rules"), tuple(items), words("annex.rules_why"),
                     tuple(values))  # fmt: skip


def _breaches(codes: Codes) -> Iterator[Block]:
    """Yield how many parcels breach a limit, and what each planned one must change."""
    states, counts = parcel_states(codes.view), codes.counts
    if states is None or "parcels.checked" not in counts:
        return
    values = tuple(counts[f"parcels.{name}"] for name in ("checked", "failing", "planned", "existing"))
    failed_counts = {each.address.name.partition(".")[2]: codes.say(each) for each in values}
    text = "annex.breaches" if states.stated else "annex.breaches_unstated"
    yield Clause(
        words("annex.breaches_head"), words(text, **failed_counts), reason=words("annex.breaches_why"), stated=values
    )
    yield from _changes(codes, states.planned or states.failing)


def _changes(codes: Codes, parcels: tuple[str, ...]) -> Iterator[Table]:
    where, rows = codes.sheet_alternative, list[dict[str, object]]()
    lacking = storage_lacking(codes.view, where)
    by_parcel: dict[str, list[Mapping[Hashable, Any]]] = {}
    for (parcel, _), row in codes.control_rows(where).items():
        if row["state"] == "failed":
            by_parcel.setdefault(parcel, []).append(row)
    for parcel in parcels:
        area = codes.control_rows(where).get((parcel, "area"), {}).get("computed", math.nan)
        for row in by_parcel.get(parcel, ()):
            unit, control = str(row["unit"]), str(row["control"])
            places = {"1": 2, "m": 2}.get(unit, 1)
            change = change_needed(control, computed=float(row["computed"]), limit=float(row["limit"]),
                                   area=1e4 * float(area), storage=lacking.get(parcel, math.nan))  # fmt: skip
            codes.note(codes.control(control, parcel, where))
            rows.append({
                "code": f"{codes.row_code(parcel, where)}-{codes.control_number(control)}",
                "parcel": codes.view.parcel_name(parcel), "control": named("control", control),
                "limit": Quantity(float(row["limit"]), unit, places),
                "computed": Quantity(float(row["computed"]), unit, places),
                "change": words("first.change_unknown") if change is None else
                words(f"change.{change.change}", amount=_amount(change.amount, change.unit)),
            })  # fmt: skip
    if rows:
        columns = [
            Column("code", words("annex.code")), Column("parcel", words("sheet.number")),
            Column("control", words("plan.control")), Column("limit", words("plan.limit")),
            Column("computed", words("plan.computed")), Column("change", words("verdict.change")),
        ]  # fmt: skip
        title, note = words("annex.changes_table", alternative=codes.view.name(where)), words("annex.changes_note")
        yield Table("annex_changes", title, pd.DataFrame(rows), columns, note, printed=MOST_CHANGES)


def _amount(amount: float, unit: str) -> Text:
    places = 2 if unit == "m" else 0
    texts = {each: f"{number(amount, digits=places)} {label(unit, each)}".rstrip() for each in LANGUAGES}
    return TranslatedText(texts)


def _lacking(codes: Codes) -> Iterator[Clause]:
    """Yield the controls that no parcel has, with what they need."""
    table = codes.table(f"controls/{codes.sheet_alternative}")
    if table is None:
        return
    have = {name for _, name in codes.control_rows(codes.sheet_alternative)}
    first = table[~table["control"].isin(have)].groupby("control", sort=False)["needs"].first()
    items = [_lack(str(name), str(need), _need(codes.view, str(need))) for name, need in first.items()]
    if items:
        head, text = words("annex.lacking_head"), words("annex.lacking_text")
        yield Clause(head, text, tuple(items), words("annex.missing_why"))


def _lack(control: str, need: str, needs: Text) -> Text:
    """Return a control that no parcel has, with what it needs, the plan's column for it, or where alone it holds."""
    row, what = controls()[control], named("control", control)
    if row.only_uses and need == f"control_needs.{row.needs}":
        return words("annex.elsewhere", what=what, where=needs)
    if row.stated and row.reading is None:
        return words("annex.missing_column", what=what, needs=needs, column=TranslatedText(_headings(row.stated)))
    return words("annex.missing", what=what, needs=needs)


def _headings(quantity: str) -> Mapping[str, str]:
    """Return how the plan's column of a quantity may be headed: by its name, in Chinese by its first Chinese name."""
    names = [row.name for row in read_table(ColumnName) if row.var == quantity]
    chinese = next((name for name in names if not name.isascii()), quantity)
    return {language: chinese if language in SPACED else quantity for language in LANGUAGES}


def _need(view: View, need: str) -> Text:
    """Return what is needed: of a quantity that no model could make, the data that it lacks in the end."""
    group, _, name = need.partition(".")
    if group == "var":
        return needed(view, name)
    return named(group, name) if name else words("annex.need_unknown")


def parcel_table(codes: Codes) -> Part | None:
    """Return the control table by parcel, a row's code and a column's number make up a cell's code."""
    sheet = control_sheet(codes.view)
    if sheet is None:
        return None
    where, frame = sheet.alternative, sheet.in_order()
    frame["note"] = cells(_remark(codes, str(parcel), where) for parcel in frame.index)
    frame.insert(0, "row", [codes.row_code(str(parcel), where) for parcel in frame.index])
    columns = [Column("row", words("annex.code"))]
    for column in sheet.columns:
        numbered = column.key in controls() and column.key not in {"land_use", "area"}
        head = (
            words("annex.column", what=column.title, code=codes.control_number(column.key))
            if numbered
            else column.title
        )
        columns.append(Column(column.key, head, column.unit, column.digits))
    kept = [each for each in columns if not _empty(frame[each.key])]
    title = words("sheet.table", alternative=codes.view.name(where))
    note = words("annex.parcel_note")
    table = Table("annex_parcels", title, frame.reset_index(drop=True), kept, TextList((sheet.kinds, note), SENTENCES))
    return Part(words("annex.parcel_appendix"), [table], across=True)


def _remark(codes: Codes, parcel: str, alternative: str) -> Text:
    """Return whether a parcel is planned, and the numbers of the controls that it breaches."""
    parts: list[Text] = []
    status = codes.statuses.get(parcel, "")
    if status:
        parts.append(words("sheet.planned" if status == PLANNED else "sheet.existing"))
    breached = [
        f"[{codes.control_number(name)}]" for name in controls()
        if codes.control_rows(alternative).get((parcel, name), {}).get("state") == "failed"
    ]  # fmt: skip
    if breached:
        parts.append(words("annex.breach", codes=" ".join(breached)))
    return TextList(tuple(parts)) if parts else "–"


def _empty(values: pd.Series) -> bool:
    """Tell whether a column says nothing on any parcel."""
    if values.dtype.kind == "f":
        return not bool(np.isfinite(values.to_numpy(np.float64)).any())
    return all(isinstance(each, str) and each in {"", "–"} for each in values)
