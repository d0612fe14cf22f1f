"""Results against published ranges: a sentence for each that lies outside, and the table of all comparisons."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.text import LANGUAGES, known
from citybraid.planning.rows import plausible_quantities
from citybraid.report.chapter import (
    Amount,
    Block,
    Column,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    cells,
    in_words,
    words,
)
from citybraid.report.drawing.units import few_digits, places
from citybraid.report.indicators import unit_text
from citybraid.report.remarks.citing import cited
from citybraid.report.view import View, named

MOST = 2
"""Quantities that are no objective's and are told whole on page one; more are named, and the method tells them."""
FEW, SIGNIFICANT = 2, 3
"""Alternatives up to which each value is told; significant digits of values and ranges."""
LIVES = frozenset({"heat_deaths_share"})
"""Quantities of people's lives: told whole on page one, however many others lie outside."""
TABLE = "plausibility"


def implausible(view: View) -> Iterator[Paragraph]:
    """Yield a warning for each quantity of an objective or of lives outside its range; of few others, else names."""
    objectives = {each.indicator for each in view.run.manifest.asked.objectives} | LIVES
    groups = _outside(view)
    first = [rows for name, rows in groups if name in objectives]
    others = [rows for name, rows in groups if name not in objectives]
    shown_rows = first if len(others) > MOST else [*first, *others]
    yield from (Paragraph(_sentence(view, rows), "warning") for rows in shown_rows)
    if len(others) > MOST:
        names = TextList(tuple(_titled(rows.iloc[0]) for rows in others), ", ")
        kind = "first.implausible_more" if shown_rows else "first.implausible_all"
        yield Paragraph(words(kind, which=names, count=len(others)), "warning")


class Outside(NamedTuple):
    """The published range that a value lies outside of, and why it may."""

    range: Text
    reason: Text


def outside(view: View, quantity: str, alternative: str) -> Outside | None:
    """Return the range that a quantity of an alternative lies outside of, None where it lies inside or has none."""
    frame = view.run.table(TABLE)
    if frame is None:
        return None
    mine = (frame["quantity"] == quantity) & (frame["alternative"] == alternative) & (frame["use"] == "")
    rows = frame[mine & frame["outside"]]
    if rows.empty:
        return None
    row: Any = rows.iloc[0]
    return Outside(_range(row), _reason(row))


def sentences(view: View) -> tuple[tuple[str, Text], ...]:
    """Return each quantity outside its range, and what is said of it: its values by alternative, range and reason."""
    return tuple((name, _sentence(view, rows)) for name, rows in _outside(view))


def _outside(view: View) -> list[tuple[str, pd.DataFrame]]:
    """Return the rows of each quantity and use outside its range."""
    frame = view.run.table(TABLE)
    if frame is None:
        return []
    groups = frame[frame["outside"]].groupby(["quantity", "use"], sort=False)
    places_said = {(_also(str(name)), str(use)) for (name, use), _ in groups}
    return [(str(name), rows) for (name, use), rows in groups if (name, use) not in places_said]


def _also(quantity: str) -> str:
    """Return the quantity that says the same per person, '' where there is none."""
    row = plausible_quantities().get(quantity)
    return row.also if row is not None else ""


def _per_person(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that say the same per person, of the alternatives of some rows; none where none were compared."""
    frame = view.run.table(TABLE)
    row: Any = rows.iloc[0]
    if frame is None:
        return rows.iloc[:0]
    same = (frame["quantity"] == _also(row["quantity"])) & (frame["use"] == row["use"])
    persons: pd.DataFrame = frame[same & frame["alternative"].isin(rows["alternative"])]
    return persons


def ranges_table(view: View) -> Iterator[Block]:
    """Yield the table of all comparisons, those outside first."""
    frame = view.run.table(TABLE)
    if frame is None or frame.empty:
        return
    frame = frame.sort_values("outside", ascending=False, kind="stable", ignore_index=True)
    shown = pd.DataFrame(
        {
            "quantity": cells(_name(str(name)) for name in frame["quantity"]),
            "use": cells(use_name(str(use)) for use in frame["use"]),
            "alternative": cells(view.name(str(name)) for name in frame["alternative"]),
            "value": cells(_amounts(frame, "value")),
            "unit": cells(unit_text(str(unit)) for unit in frame["unit"]),
            "low": cells(_amounts(frame, "low")),
            "high": cells(_amounts(frame, "high")),
            "outside": cells(words("risk.yes" if flag else "risk.no") for flag in frame["outside"]),
            "status": cells(named("status", str(status)) for status in frame["status"]),
            "reason": cells(_reason(row) for row in frame.to_dict("records")),
            "source": cells(cited(str(source)) for source in frame["source"]),
        }
    )
    columns = [
        Column("quantity", words("plausible.quantity")), Column("use", words("plausible.use")),
        Column("alternative", words("plausible.alternative")), Column("value", words("plausible.value_head")),
        Column("low", words("plausible.low")), Column("high", words("plausible.high")),
        Column("unit", words("explorer.unit")), Column("outside", words("plausible.outside")),
        Column("reason", words("plausible.reason")), Column("status", words("plausible.status")),
        Column("source", words("plausible.source")),
    ]  # fmt: skip
    yield Table(TABLE, words("plausible.table"), shown, columns, words("plausible.table_note"), most=20, printed=20)


def outside_table(places: Sequence[tuple[Text, View]]) -> Iterator[Block]:
    """Yield a table of what lies outside published ranges as it is, in each of several places; nothing without any."""
    rows: list[tuple[Text, ...]] = []
    for place, view in places:
        for _, group_rows in _outside(view):
            here = group_rows[group_rows["alternative"] == view.base]
            row: Any = here.iloc[0] if len(here) else None
            if row is not None:
                value = _computed(float(row["value"]), str(row["unit"]))
                rows.append((_titled(row), place, value, _range(row), _reason(row)))
    if not rows:
        return
    heads = ("quantity", "place", "value_head", "range_head", "reason")
    frame = pd.DataFrame({name: cells(parts) for name, parts in zip(heads, zip(*rows, strict=True), strict=True)})
    frame = frame.iloc[np.argsort([in_words(each, "en") for each in frame["quantity"]], kind="stable")]
    columns = [Column(name, words(f"plausible.{name}")) for name in heads]
    yield Table("plausibility_places", words("plausible.places"), frame.reset_index(drop=True), columns, most=20)


def _titled(row: Any) -> Text:
    """Return the name of a quantity with its use."""
    name = _name(row["quantity"])
    return words("plausible.of_use", quantity=name, use=use_name(row["use"])) if row["use"] else name


def _sentence(view: View, rows: pd.DataFrame) -> Text:
    row: Any = rows.iloc[0]
    title = _titled(row)
    sentence = words(
        "first.implausible", quantity=title, values=_values(view, rows), range=_range(row),
        source=cited(str(row["source"])), status=named("status", row["status"]), reason=_reason(row),
    )  # fmt: skip
    also = _per_person(view, rows)
    if also.empty:
        return sentence
    text = "plausible.also_outside" if also["outside"].any() else "plausible.also_inside"
    return words(text, said=sentence, values=_values(view, also), range=_range(also.iloc[0]))


def _values(view: View, rows: pd.DataFrame) -> Text:
    """Return the values by alternative where there are few, else their span."""
    unit, values = str(rows["unit"].iloc[0]), rows["value"].to_numpy(np.float64)
    if len(rows) > FEW:
        low, high = _as_amount(values.min(), unit), _computed(values.max(), unit)
        if all(in_words(low, each) == in_words(_as_amount(values.max(), unit), each) for each in LANGUAGES):
            return words("plausible.same", value=high, count=len(rows))
        return words("plausible.span", low=low, high=high, count=len(rows))
    return TextList(
        tuple(
            words("plausible.value", value=_computed(value, unit), alternative=view.name(str(name)))
            for name, value in zip(rows["alternative"], values, strict=True)
        ),
        ", ",
    )


def reason(quantity: str, use: str, side: str) -> Text:
    """Return why a quantity may lie `above` or `below` its range: by use and side, by side, or neither."""
    keys = (f"{quantity}.{use}.{side}", f"{quantity}.{side}", quantity)
    texts = [f"plausible_reason.{each}" for each in keys if known(f"plausible_reason.{each}")]
    return words(texts[0] if texts else "plausible.no_reason")


def _reason(row: Any) -> Text:
    """Return the reason of a row of the table, nothing inside the range."""
    if not row["outside"]:
        return ""
    return reason(row["quantity"], row["use"], "below" if float(row["value"]) < float(row["low"]) else "above")


def _range(row: Any) -> Text:
    low, high, unit = float(row["low"]), float(row["high"]), str(row["unit"])
    if not np.isfinite(low):
        return words("plausible.at_most", high=_quantity(high, unit))
    if not np.isfinite(high):
        return words("plausible.at_least", low=_quantity(low, unit))
    return words("plausible.between", low=_amount(low, unit), high=_quantity(high, unit))


def _computed(value: float, unit: str) -> Quantity:
    """Return a value of the run with its unit, told as elsewhere; noughts at the end are kept, 2.20 beside 2.23."""
    return Quantity(value, unit, _decimals(value, unit))


def _as_amount(value: float, unit: str) -> Amount:
    """Return a value of the run without its unit."""
    return Amount(value, unit, _decimals(value, unit))


def _decimals(value: float, unit: str) -> int:
    """Return the decimals of a value: its unit's, else those with which it has three digits."""
    if (decimals := places(value, unit)) is not None:
        return decimals
    return max(0, SIGNIFICANT - 1 - math.floor(math.log10(abs(value)))) if value else 0


def _quantity(value: float, unit: str) -> Quantity:
    """Return a value with three significant digits and its unit."""
    rounded = few_digits(value, SIGNIFICANT)
    return Quantity(rounded, unit, len(np.format_float_positional(rounded, trim="-").partition(".")[2]))


def _amount(value: float, unit: str) -> Text:
    return Amount(few_digits(value, SIGNIFICANT), unit) if np.isfinite(value) else "–"


def _amounts(frame: pd.DataFrame, column: str) -> list[Text]:
    return [_amount(float(value), str(unit)) for value, unit in zip(frame[column], frame["unit"], strict=True)]


def _name(quantity: str) -> Text:
    group = "plausible_quantity" if known(f"plausible_quantity.{quantity}") else "indicator"
    return named(group, quantity)


def use_name(use: str) -> Text:
    """Return the name of a building use, nothing where there is none."""
    return named("building_use", use) if use else ""
