"""Tables of indicators: the whole area by alternative, and planning units."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.planning.rows import Indicator, indicators
from citybraid.report.chapter import Amount, Column, Table, Text, TextList, UnitName, cells, words
from citybraid.report.drawing.units import (
    COUNTS,
    LEAST_DIGITS,
    half_up,
    is_money,
    places,
    plain_places,
    shown,
    significant,
)
from citybraid.report.remarks.basis import unsure_share
from citybraid.report.remarks.result_limits import limit_notes
from citybraid.report.remarks.unended import DURATIONS, unended_note
from citybraid.report.view import View, named


def by_alternative(view: View, strands: Iterable[str], *, name: str, title: Text) -> Table | None:
    """Return the whole area's indicators of some strands by alternative, None where none is computed."""
    tables = unit_tables(view)
    strand_names = set(strands)
    rows = [
        row
        for row in indicators().values()
        if row.strand in strand_names and any(row.id in table for table in tables.values())
    ]
    if not rows:
        return None
    bands = _bands(view, {row.id for row in rows})
    frame = pd.DataFrame(
        {
            "indicator": [named("indicator", row.id) for row in rows],
            "unit": [unit_text(view.unit_of(row.id)) for row in rows],
            **{each: [of_whole(table, row) for row in rows] for each, table in tables.items()},
            **{f"open/{each}": _open_ranges(view, rows, band) for each, band in bands.items()},
            "unsure": [unsure_share(view, row.id) for row in rows],
            "instrument": [named("instrument", row.instrument) if row.instrument else "" for row in rows],
        }
    )
    columns = [
        Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
        *(Column(each, view.name(each), told=True) for each in tables),
        *(Column(f"open/{each}", words("plan.open", alternative=view.name(each))) for each in bands),
        Column("unsure", words("plan.unsure"), "", 0), Column("instrument", words("plan.instrument"), printed=False),
    ]  # fmt: skip
    shown = {row.id for row in rows}
    left = unended_note(view) if shown & DURATIONS else None
    notes = (
        words("plan.rounded"), *_open_note(view, bands), *_partial(view, shown), *(() if left is None else (left,)),
        *limit_notes(view, [row.id for row in rows]),
    )  # fmt: skip
    return Table(name, title, frame, columns, TextList(notes, " "))


def _bands(view: View, shown: set[str]) -> dict[str, pd.DataFrame]:
    """Return, by alternative, the ranges of the whole area's indicators due to filled values."""
    bands: dict[str, pd.DataFrame] = {}
    for name in view.run.alternatives:
        table = view.run.table(f"bands/{name}")
        if table is not None:
            rows = table[(table["zone"] == WHOLE_AREA) & table["indicator"].isin(shown)].set_index("indicator")
            if len(rows):
                bands[name] = rows
    return bands


def _open_ranges(view: View, rows: Iterable[Indicator], band: pd.DataFrame) -> list[Text]:
    return [_open_range(band, row, view.unit_of(row.id)) for row in rows]


def _open_range(band: pd.DataFrame, row: Indicator, unit: str) -> Text:
    """The range due to filled values, told as the value is."""
    if row.id not in band.index:
        return "–"
    low, high = (as_told(float(band[end][row.id]), unit) for end in ("low", "high"))
    plain = plain_places(np.array([low, high])) if np.isfinite([low, high]).all() else None
    decimals = (places(each, unit) for each in (low, high))
    ends = tuple(
        Amount(each, unit, plain if own is None else own) for each, own in zip((low, high), decimals, strict=True)
    )
    return ends[0] if low == high else TextList(ends, " – ")


def _open_note(view: View, bands: Mapping[str, pd.DataFrame]) -> tuple[Text, ...]:
    if not bands:
        return ()
    return (words("plan.open_note", draws=view.run.manifest.imputation.draws),)


def whole(view: View, alternative: str, indicator: str) -> float | None:
    """Return the whole area's value of an indicator in its unit, None where it was not computed."""
    table = unit_tables(view).get(alternative)
    if table is None or indicator not in table:
        return None
    value = float(table[indicator][WHOLE_AREA])
    return value if np.isfinite(value) else None


def chosen_indicators(view: View, ids: Iterable[str], *, name: str, title: Text) -> Table | None:
    """Return some indicators of the whole area by alternative, in the order named; None where none is computed."""
    tables = unit_tables(view)
    rows = [indicators()[each] for each in ids if any(each in table for table in tables.values())]
    if not rows:
        return None
    frame = pd.DataFrame(
        {
            "indicator": [named("indicator", row.id) for row in rows],
            "unit": [unit_text(view.unit_of(row.id)) for row in rows],
            **{each: [of_whole(table, row) for row in rows] for each, table in tables.items()},
        }
    )
    columns = [
        Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
        *(Column(each, view.name(each), told=True) for each in tables),
    ]  # fmt: skip
    return Table(name, title, frame, columns, words("question.rounded"))


def by_unit(view: View, alternative: str) -> Table | None:
    """Return the unit table of an alternative: a row for each planning unit, the whole area last."""
    table = unit_tables(view).get(alternative)
    if table is None:
        return None
    names = view.column(alternative, "unit_name")
    unit_names = {} if names is None else {str(key): str(value) for key, value in names.items()}
    frame = table.reset_index(names="zone")
    frame["zone"] = cells(
        words("plan.whole") if zone == WHOLE_AREA else unit_names.get(zone, zone) for zone in frame["zone"]
    )
    known = [row for row in indicators().values() if row.id in table]
    columns = [
        Column("zone", words("plan.unit")),
        *(
            Column(row.id, named("indicator", row.id), view.unit_of(row.id), column_digits(view, row.id, table[row.id]))
            for row in known
        ),
    ]
    title = words("plan.units", alternative=view.name(alternative))
    note = TextList(limit_notes(view, [row.id for row in known]), " ")
    return Table(f"units_{alternative}", title, frame, columns, note, printed=0, appendix=True, turned=True)


def unit_tables(view: View) -> dict[str, pd.DataFrame]:
    """Return the unit tables that the run has, by alternative."""
    tables = {name: view.run.table(f"units/{name}") for name in view.run.alternatives}
    return {name: table for name, table in tables.items() if table is not None}


def of_whole(table: pd.DataFrame, row: Indicator) -> float:
    """Return the whole area's value of an indicator, NaN where there is none; a cell that is `told` rounds it."""
    return float(table[row.id][WHOLE_AREA]) if row.id in table else np.nan


def as_told(value: float, unit: str) -> float:
    """Return a value rounded as sentences, tables and the annex tell it: once, so that 478.54 is 479."""
    if not np.isfinite(value):
        return value
    kept = significant(value, unit)
    decimals = places(kept, unit)
    if decimals is None or is_money(shown(unit).unit):
        return kept
    return half_up(value, decimals) + 0.0


def column_digits(view: View, name: str, values: Iterable[float]) -> int | None:
    """Return the decimals of an indicator's column over units: those with which the whole area is told elsewhere.

    None for its unit's decimals, or where each number keeps four significant digits of its own.
    """
    unit = view.unit_of(name)
    if unit in COUNTS:
        return 0
    return None if shown(unit).digits is not None else fitting(common_decimals(view, name), values)


def common_decimals(view: View, name: str) -> int | None:
    """Return the decimals of an indicator whose unit has none: four significant digits of its largest, for all."""
    tables = [table for table in unit_tables(view).values() if name in table and WHOLE_AREA in table.index]
    values = np.array([float(str(table.loc[WHOLE_AREA, name])) for table in tables], dtype=np.float64)
    return plain_places(values[np.isfinite(values)])


def fitting(decimals: int | None, values: Iterable[float]) -> int | None:
    """Return decimals that leave two digits of each value, None where they do not."""
    sizes = np.abs(np.array(list(values), dtype=np.float64))
    sizes = sizes[np.isfinite(sizes) & (sizes > 0.0)]
    small = decimals is not None and sizes.size > 0 and sizes.min() < 10.0 ** (LEAST_DIGITS - 1 - decimals)
    return None if small else decimals


def unit_text(unit: str) -> Text:
    """Return a unit's name; numbers of a table's row that holds it are amounts of this unit."""
    return UnitName(unit)


def _partial(view: View, shown: set[str]) -> tuple[Text, ...]:
    """Return a note for each combined indicator that lacks some of its parts."""
    missing_parts: dict[str, list[str]] = {}
    for parts in view.run.manifest.partial.values():
        missing_parts |= {name: list(lacks) for name, lacks in parts.items() if name in shown}
    return tuple(
        words(
            "plan.partial",
            indicator=named("indicator", name),
            parts=TextList(tuple(named("indicator", part) for part in lacks), ", "),
        )
        for name, lacks in missing_parts.items()
    )
