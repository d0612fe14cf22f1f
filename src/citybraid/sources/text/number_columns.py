"""Conversion of a column to numbers in a Var's unit: header units, percent, and irregular cells."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.currency import PLACEHOLDER, in_currency
from citybraid.core.errors import RangeError
from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.text.cell_values import normalize_column
from citybraid.sources.text.columns import BRACKETS, glued_unit, is_remark, remarks
from citybraid.sources.text.limits import limit_end, opposite_of
from citybraid.sources.text.money import currencies_of_cells, money_of_header
from citybraid.sources.text.numbers import ParsedNumber, is_share, parse_quantity, unit_factor
from citybraid.sources.text.units import MULTIPLES, conversion_factor, dimension, measure, seems_unit

PERCENT_TOP = 100.0
MOST_EXAMPLES, MOST_PLACES = 3, 8
GOES_ON = "…"
"""Stands for further rows than are told."""
FEW_PEOPLE: Mapping[str, float] = MappingProxyType({"units": PERCENT_TOP, "buildings": 1.0, "parcels": 1.0})
"""Greatest count of people of a table below which fractions look like thousands or ten thousands [person]."""
TALL, ENOUGH_HEIGHTS = 100.0, 3
"""Height that half of a place's buildings do not exceed [m], and buildings from which that is told."""
LOWEST_ROOF, MANY_LOW = 2.0, 0.1
"""Height that nobody builds a house of [m], and the share of buildings with it from which storeys are suspected [-]."""
UNIT_TEXTS = {"unfit": "intake.unit_unfit", "unclear": "intake.unit_unclear", "header": "intake.unit_in_header"}
MONEY_TEXTS = {"unfit": "intake.money_unfit", "unclear": "intake.money_unclear", "header": "intake.money_in_header"}
"""Text ids of findings on the unit of a header; amounts of money have no unit but the currency of the study."""
MONEY_STATED = "intake.money_currency"
"""Text id of the finding on a currency that a column states."""
MEASURED = frozenset({"m", "kWh", "t"})
MANNER_TEXTS = {
    "span": "intake.cell_span",
    "about": "intake.cell_about",
    "serial": "intake.cell_serial",
    "date serial": "intake.cell_date_serial",
    "above ground": "intake.cell_above_ground",
    "separators": "intake.cell_separators",
    "decade": "intake.cell_decade",
    "years": "intake.cell_years",
    "first year": "intake.cell_first_year",
}
"""Text ids of findings on irregular cells, by the manner in which they were parsed."""


class NumberColumn(NamedTuple):
    """A column of numbers in the Var's unit, findings, and the other ends of limits that are spans (NaN: none)."""

    column: pd.Series
    findings: tuple[Finding, ...]
    other: pd.Series


BARE_MULTIPLE = re.compile(r".*\d\s*万")
"""A cell that counts ten thousands of whatever unit its column has."""


class HeaderUnit(NamedTuple):
    """Unit of a column: conversion factor, name; `fits` is False where it is a unit of another quantity or unknown.

    `unclear` is a text in brackets that is no known unit and no known remark.
    """

    times: float = 1.0
    name: str = ""
    fits: bool = True
    unclear: str = ""


def convert_column(
    column: pd.Series, var: Var, *, layer: str, header: str, units: Sequence[str] = (),
    rates: Mapping[str, float] = MappingProxyType({}), rows: Sequence[int] = (),
) -> NumberColumn:  # fmt: skip
    """Return a column in the Var's unit; cells that are not numbers or out of range become NaN and are reported.

    The unit comes from the header, in brackets or at the end, or from the `units` in the
    sheet's title; a unit in the cell takes precedence. Where the header has a unit of
    another quantity (户 for persons), or a ratio of units that is not understood, the column is
    dropped. Percent is converted to a share. A text in brackets that is neither is reported. Amounts in a currency of
    `rates` are multiplied by its rate; another currency is told, and refused by intake where it is not the study's.
    `rows` are the numbers of the rows in their sheet: findings name them, else the ids that the column is indexed by.
    """
    cells = normalize_column(column)
    numbers = tuple(rows) if len(rows) == len(column) else ()
    unit = header_unit(header, var, units)
    money = list[Finding]()
    if PLACEHOLDER in var.unit:
        unit, money = _in_money(unit, cells, var, layer=layer, header=header, units=units, rates=rates)
    context = {"var": var.name, "header": header, "unit": unit.name, "needs": var.unit or "1"}
    texts = UNIT_TEXTS if PLACEHOLDER not in var.unit else MONEY_TEXTS
    if not unit.fits:
        nothing = pd.Series(float("nan"), index=cells.index)
        unfit = Finding("rejected", texts["unfit"], layer, len(cells), context)
        return NumberColumn(nothing, (unfit,), nothing)
    figures: dict[str, ParsedNumber] = {cell: parse_quantity(cell, var) for cell in set(cells)}
    parsed = [figures[cell] for cell in cells]
    ends = pd.DataFrame({"value": [each.value for each in parsed], "other": [each.other for each in parsed]})
    ends = ends.set_axis(column.index).astype(float)
    has_own_unit = pd.Series([each.manner == "own unit" for each in parsed], index=column.index, dtype=bool)
    if not unit.name.startswith(
        tuple(MULTIPLES)
    ):  # 1.2万 in a column of 亩 is 12 000 of them, in one of 万人 it repeats
        has_own_unit &= ~cells.str.fullmatch(BARE_MULTIPLE).set_axis(column.index)
    findings = [*money, *_parse_findings(cells, parsed, var, numbers, layer=layer, header=header)]
    if unit.unclear:
        findings.append(Finding("guessed", texts["unclear"], layer, len(cells), {**context, "unit": unit.unclear}))
    if (not unit.name or (var.unit == "person" and unit.times == 1.0)) and not has_own_unit.any():
        findings += _doubts(ends, var, layer=layer, header=header)
    if unit.times != 1.0:
        ends = ends.where(has_own_unit, ends * unit.times)
        findings.append(Finding("found", texts["header"], layer, values=context))
    ends, note = _as_share(ends, cells, var, numbers, layer=layer, header=header)
    findings += note
    _require_plausible(ends, var, numbers, layer=layer, header=header)
    outside = ends.notna() & ~((ends >= var.ge) & (ends <= var.le))
    if (beyond := outside.any(axis=1).to_numpy()).any():
        examples = sorted({f"{value:g}" for value in ends.to_numpy()[outside.to_numpy()].tolist()})[:MOST_EXAMPLES]
        details = {"var": var.name, "header": header, "low": var.ge, "high": var.le, "examples": examples}
        details |= places_of(beyond, numbers, column.index)
        findings.append(Finding("rejected", "intake.cell_out_of_range", layer, int(beyond.sum()), details))
        ends = ends.mask(outside)
    return NumberColumn(ends["value"].rename(None), tuple(findings), ends["other"].rename(None))


def places_of(visible: Sequence[bool] | NDArray[np.bool_], rows: Sequence[int], index: pd.Index) -> dict[str, object]:
    """Return where cells stand: numbers of rows where they are known, else ids where rows have any of their own."""
    at = np.flatnonzero(np.asarray(visible, dtype=np.bool_))
    if not at.size or (not rows and index.dtype != object):
        return {}
    name, known = ("sheet_rows", rows) if rows else ("row_ids", index)
    shown: list[object] = [known[int(each)] for each in at[:MOST_PLACES]]
    return {name: [*shown, GOES_ON] if at.size > MOST_PLACES else shown}


def _require_plausible(ends: pd.DataFrame, var: Var, rows: Sequence[int], *, layer: str, header: str) -> None:
    """Raise RangeError for a value beyond the ceiling of a quantity without a range, whose cells are never cleared."""
    least, most = var.limits
    beyond = ((ends < least) | (ends > most)).any(axis=1)
    if (var.ge, var.le) == (least, most) or not beyond.any():
        return
    row = int(np.flatnonzero(beyond)[0])
    got = float(ends.iloc[row].abs().max())
    raise RangeError(
        "intake.cell_implausible", layer=layer, var=var.name, header=header, row=rows[row] if rows else row + 1,
        got=got, high=most,
        unit=in_currency(var.unit, "") or "1",
    )  # fmt: skip


def header_unit(header: str, var: Var, units: Sequence[str] = ()) -> HeaderUnit:
    """Return the unit of a column from its header, else from the sheet's title."""
    bracketed = remarks(header)
    for each in bracketed:
        if each in MULTIPLES and var.unit and not is_share(var):
            return HeaderUnit(MULTIPLES[each], each)
        times = unit_factor(each, var) if var.unit else 1.0
        if seems_unit(each) or (each and var.unit and times is not None):
            percent = is_share(var) and times == 1 / PERCENT_TOP
            return HeaderUnit(1.0 if percent or times is None else times, each, times is not None)
    words = re.split(r"[_\s/]", BRACKETS.sub("", unicodedata.normalize("NFKC", header)).strip())
    if (
        len(words) > 1
        and var.unit not in ("", "1", "year")
        and (times := conversion_factor(words[-1], var.unit)) is not None
    ):
        return HeaderUnit(times, words[-1])
    if len(words) > 1 and var.unit != "year" and _is_other(words[-1], var):
        return HeaderUnit(1.0, words[-1], fits=False)
    if var.unit not in ("", "1", "year") and (glued := glued_unit(header, var.name)):
        times = unit_factor(glued, var)
        if times is not None or len(glued) > 1:  # one sign that fits nothing ends a word: 度 of 宽度
            return HeaderUnit(1.0 if times is None else times, glued, times is not None)
    fitting = [each for each in units if var.unit not in ("", "1", "year") and dimension(each) == var.unit]
    if len(fitting) == 1:
        return HeaderUnit(conversion_factor(fitting[0], var.unit) or 1.0, fitting[0])
    unclear = next((each for each in bracketed if var.unit and not is_remark(each)), "")
    return HeaderUnit(unclear=unclear)


def _in_money(
    unit: HeaderUnit, cells: pd.Series, var: Var, *, layer: str, header: str, units: Sequence[str],
    rates: Mapping[str, float],
) -> tuple[HeaderUnit, list[Finding]]:  # fmt: skip
    """Return the unit of amounts with the rate that is stated for their currency, and what is told of it."""
    money = money_of_header(header, var.unit, units)
    if money is not None:
        unit = HeaderUnit(money.factor, money.text)
    of_cells = currencies_of_cells(set(cells))
    context = {"var": var.name, "header": header}
    code = next((each for each in money.currencies if each in rates), "") if money is not None else ""
    if code and not of_cells:
        values = {**context, "unit": unit.name, "currency": code, "rate": rates[code]}
        note = Finding("found", "intake.money_rate", layer, values=values)
        return unit._replace(times=unit.times * rates[code]), [note]
    stated = [*of_cells, *(["|".join(money.currencies)] if money is not None and money.currencies else [])]
    return unit, [
        Finding("found", MONEY_STATED, layer, len(cells), {**context, "currency": each.replace("|", " / ")})
        for each in stated
    ]


def _doubts(ends: pd.DataFrame, var: Var, *, layer: str, header: str) -> list[Finding]:
    """Return warnings of a column without a unit whose numbers look as if they were in another one.

    Counts of people that are all small and not all whole look like thousands, those of buildings where none reaches
    one, also under a header of persons; heights of buildings of which half are above `TALL` like decimetres,
    centimetres or feet, those that are all whole and many of them one or two like storeys.
    """
    known = ends["value"].dropna().to_numpy()
    if not known.size:
        return []
    top = float(known.max())
    if var.unit == "person" and 0.0 < top < FEW_PEOPLE.get(var.on, 0.0) and bool((known != known.round()).any()):
        details = {"var": var.name, "header": header, "top": top}
        return [Finding("warning", "intake.people_fraction", layer, len(ends), details)]
    if var.name != "height" or known.size < ENOUGH_HEIGHTS:
        return []
    if (median := float(np.median(known))) > TALL:
        return [Finding("warning", "intake.heights_tall", layer, len(ends), {"header": header, "median": median})]
    heights = known[known > 0.0]
    low = heights <= LOWEST_ROOF
    if low.any() and low.mean() >= MANY_LOW and bool((heights == heights.round()).all()):
        details = {"header": header, "low": int(low.sum()), "top": float(heights.max())}
        return [Finding("warning", "intake.heights_storeys", layer, len(ends), details)]
    return []


def _is_other(word: str, var: Var) -> bool:
    """Tell whether the last word of a header is a unit of length, energy or mass of another quantity: height_m2."""
    unit = measure(word) if len(word) > 1 else None
    return unit is not None and bool(unit.powers.keys() & MEASURED) and unit_factor(word, var) is None


def _parse_findings(
    cells: pd.Series, parsed: Sequence[ParsedNumber], var: Var, rows: Sequence[int], *, layer: str, header: str
) -> list[Finding]:
    """Return findings on cells that are not numbers, and on irregular cells that were interpreted."""
    filled = (cells != "").to_numpy()
    numberless = [each.value != each.value and each.manner != "other limit" for each in parsed]
    unread = filled & np.array(numberless, dtype=np.bool_)
    kinds: list[tuple[Literal["rejected", "guessed"], str, NDArray[np.bool_]]] = [
        ("rejected", "intake.cell_no_number", unread)
    ]
    for manner, text in {**MANNER_TEXTS, **_limit_texts(var)}.items():
        alike = np.array([each.manner == manner for each in parsed], dtype=np.bool_)
        kinds.append(("guessed", text, filled & alike & ~unread))
    return [
        Finding(kind, text, layer, int(which.sum()), {
            "var": var.name, "header": header, "examples": sorted(set(cells[which]))[:MOST_EXAMPLES],
            **places_of(which, rows, cells.index),
        })
        for kind, text, which in kinds
        if which.any()
    ]  # fmt: skip


def _limit_texts(var: Var) -> dict[str, str]:
    """Return the text ids of findings on limits that state another end: kept where a quantity holds it."""
    end = limit_end(var.name)
    if not end:
        return {}
    if not opposite_of(var.name):
        return {"limit span": "intake.cell_limit_end"}
    return {
        "limit span": "intake.cell_limit_span" if end == "high" else "intake.cell_limit_span_least",
        "other limit": "intake.cell_limit_other" if end == "high" else "intake.cell_limit_other_most",
    }


def _as_share(
    ends: pd.DataFrame, cells: pd.Series, var: Var, rows: Sequence[int], *, layer: str, header: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Convert percent to shares: 35 or 35% is detected by the sign, then by the column's maximum."""
    if not is_share(var):
        return ends, []
    signed = cells.str.contains("%", regex=False)
    silent = ends.isna().all(axis=1)
    stated = "%" in unicodedata.normalize("NFKC", header)
    stated |= any(conversion_factor(each, "1") == 1 / PERCENT_TOP for each in remarks(header))
    if stated or (bool(signed.any()) and bool((signed | silent).all())):
        notes = [Finding("found", "intake.percent_stated", layer, values={"var": var.name, "header": header})]
        top = ends.max().max()
        if not signed.any() and 0.0 < top <= 1.0:
            details = {"var": var.name, "header": header, "top": float(top)}
            notes.append(Finding("warning", "intake.percent_tiny", layer, int((~silent).sum()), details))
        elif top > 1.0:
            notes += _mixed_shares(ends, cells, signed, var, rows, layer=layer, header=header)
        return ends / PERCENT_TOP, notes
    ends = ends.mask(signed, ends / PERCENT_TOP)
    top = ends.max().max()
    if top > 1 and top <= PERCENT_TOP:
        details = {"var": var.name, "header": header, "top": float(top)}
        notes = [Finding("guessed", "intake.percent_guessed", layer, int((~signed).sum()), details)]
        notes += _mixed_shares(ends, cells, signed, var, rows, layer=layer, header=header)
        return ends.mask(~signed, ends / PERCENT_TOP), notes
    return ends, []


def _mixed_shares(
    ends: pd.DataFrame, cells: pd.Series, signed: pd.Series, var: Var, rows: Sequence[int], *, layer: str, header: str
) -> list[Finding]:
    """Return a warning of cells without a sign, up to one, among percent: 0.35 may stand for 35 %."""
    small = ((ends > 0.0) & (ends <= 1.0)).any(axis=1) & ~signed
    if not small.any():
        return []
    details: dict[str, object] = {
        "var": var.name,
        "header": header,
        "examples": sorted(set(cells[small]))[:MOST_EXAMPLES],
    }
    details |= places_of(small.to_numpy(), rows, cells.index)
    return [Finding("warning", "intake.percent_mixed", layer, int(small.sum()), details)]
