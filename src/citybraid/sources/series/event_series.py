"""Event series from tables of times: water levels at edges, inflow discharges, rain at several gauges."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.series.even_steps import AT_LABELS, EvenSteps, even_steps
from citybraid.sources.series.level_datum import datum_findings, without_datum
from citybraid.sources.series.month_record import QUANTITIES as MONTHLY
from citybraid.sources.series.month_record import Months, by_month, months_of
from citybraid.sources.series.rain import (
    MARKS,
    PARTS,
    UNITS,
    per_hour,
    rain_beyond,
    rain_unit_of,
    time_columns,
    unit_of,
    with_bracketed_unit,
    with_time_column,
)
from citybraid.sources.series.times import row_times
from citybraid.sources.text.cell_values import normalize_column, parse_number
from citybraid.sources.text.columns import match_columns, unused_columns
from citybraid.sources.text.number_columns import header_unit, places_of
from citybraid.sources.text.sheet_rows import row_numbers
from citybraid.sources.text.units import compatible_unit_names, conversion_factor

TIME = "storm_time"
GAUGES = "gauge_rain"
PLAIN = re.compile(r"^[-+\d.,eE\s]+$")
"""A cell that holds a number and nothing beside it."""
ROLES = ("edge_level", "inflow_discharge")
"""Roles of one series; a level with a side in the study applies to that side only."""


class _TimedTable(NamedTuple):
    """A table, the steps of its rows, the time column, and findings."""

    table: pd.DataFrame
    steps: EvenSteps
    header: str
    findings: tuple[Finding, ...]


def event_series(table: pd.DataFrame, role: str, options: CellOptions, *, name: str) -> Reading:
    """Return a level [m], a discharge [m3 s-1] or another series by hours from its first row, for one event or for all.

    The unit is that of the study or of the header's brackets, else the quantity's own. Raises
    InputError where the unit of times is not known, a value is missing, or the unit has another dimension. Rows of
    months (1981-01) of a quantity of months may be missing.
    """
    months = months_of(_bracketed(table), options.columns, name=name) if role in MONTHLY else None
    if months is not None:
        return _month_series(_bracketed(table), months, role, options, name=name)
    var = vocabulary()["side_level" if role == "edge_level" and options.side else role]
    record = _times(table, [TIME, role], options.columns, layer=role, name=name)
    header = _header(record.table, record.header, role, options.columns, name=name)
    multiplier, notes = _multiplier(header, vocabulary()[role], options, name=name)
    values, odd = _numbers(record.table, header, var, name=name)
    series = _series(record, values * multiplier, var, name=name)
    at = {**({"event": options.event} if options.event else {}), **({"side": options.side} if options.side else {})}
    details = {
        "name": name, "event": options.event or "-", "hours": record.steps.step * len(series),
        "low": float(series.min()), "high": float(series.max()), "unit": var.unit, "start": record.steps.times.told(0),
        "begins": record.steps.times.begins,
    }  # fmt: skip
    unused = unused_columns(_idle(record.table, header, record.header), layer=role, name=name)
    read = Finding("found", "intake.series_read", role, len(series), details)
    findings = (*record.findings, *notes, *odd, *unused, read)
    return Reading((SourceLayer(var, series, at=at),), findings)


def _month_series(
    table: pd.DataFrame, months: Months, role: str, options: CellOptions, *, name: str
) -> Reading:  # fmt: skip
    """Return a quantity by month; a month without a row or a number has no value."""
    var = vocabulary()[role]
    header = _header(table.drop(columns=list(months.headers)), "", role, options.columns, name=name)
    multiplier, notes = _multiplier(header, var, options, name=name)
    values = np.array([parse_number(cell) for cell in normalize_column(table[header])], np.float64) * multiplier
    _refuse_beyond(values, var, row_numbers(table), name=name)
    series = by_month(values, months.month, daily=False, total=False)
    if not (known := int(series.notna().sum())):
        raise InputError("climate.empty", name=name)
    first, last = months.ends
    details = {"name": name, "first": first, "last": last, "months": len(series), "unknown": len(series) - known}
    finding = Finding("found", "climate.read_month_values", role, known, details)
    return Reading((SourceLayer(var, series),), (*notes, finding))


def gauge_series(table: pd.DataFrame, options: CellOptions, *, name: str) -> Reading:
    """Return the rain of several gauges [mm h-1]: a column of times, and a column for each gauge named by its id.

    Raises InputError where the unit is not stated, the unit of times is not known, or rain is missing or negative.
    """
    record = _times(table, [TIME], options.columns, layer=GAUGES, name=name)
    headers = [str(header) for header in record.table.columns if header != record.header]
    if not headers:
        raise InputError("intake.no_gauges", name=name, got=[str(header) for header in record.table.columns])
    event = options.event or name.rpartition(".")[0]
    layers, beyond = [], list[Finding]()
    for header in headers:
        rain_unit, multiple = rain_unit_of(options.unit or unit_of(header))
        if not rain_unit:
            raise InputError("intake.rain_unit", name=name, column=header, needs=sorted(set(UNITS.values())))
        values, odd = _numbers(record.table, header, vocabulary()[GAUGES], name=name)
        rain = values * multiple
        if rain.min() < 0.0:
            row = row_numbers(record.table)[int(rain.argmin())]
            raise InputError("intake.rain_cell", name=name, row=row, got=f"{rain.min():g} ({header})")
        rates = rain * per_hour(rain_unit, record.steps)
        beyond += [*odd, *rain_beyond(record.table[header], rates, record.steps, layer=GAUGES, name=name)]
        var = vocabulary()[GAUGES]
        gauge = header.partition(" (")[0].strip()
        layers.append(SourceLayer(var, _series(record, rates, var, name=name), at={"event": event, "gauge": gauge}))
    times = record.steps.times
    details = {"name": name, "event": event, "gauges": len(headers), "start": times.told(0), "begins": times.begins}
    read = Finding("found", "intake.gauges_read", GAUGES, len(record.table), details)
    return Reading(tuple(layers), (*record.findings, *beyond, read))


def _times(
    table: pd.DataFrame, quantities: list[str], columns: Mapping[str, str], *, layer: str, name: str
) -> _TimedTable:
    table = with_time_column(_bracketed(table))
    headers = [str(header) for header in table.columns]
    match = match_columns(headers, quantities if layer != GAUGES else [TIME], time_columns(table, columns), layer=layer)
    header = match.headers.get(TIME, "")
    steps = even_steps(row_times(table, header or None, name), quantities[-1] if layer != GAUGES else GAUGES, name=name)
    value_columns = [each for each in table.columns if each not in PARTS]
    return _TimedTable(table[value_columns], steps, header, (*match.findings, *steps.findings(layer, name=name)))


def _bracketed(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns=lambda header: with_bracketed_unit(str(header)))


def _header(table: pd.DataFrame, times: str, role: str, columns: Mapping[str, str], *, name: str) -> str:
    """Return the column that holds the quantity: by name, else the only one beside the times."""
    headers = [str(header) for header in table.columns if header != times]
    match = match_columns(headers, [role], {key: word for key, word in columns.items() if key == role}, layer=role)
    header = match.headers.get(role) or (headers[0] if len(headers) == 1 else None)
    if header is None:
        raise InputError("intake.no_series", name=name, role=role, got=headers)
    return header


def _multiplier(header: str, var: Var, options: CellOptions, *, name: str) -> tuple[float, tuple[Finding, ...]]:
    """Return the factor to a quantity's unit: of the study, of the header's brackets, else of its last word.

    Where header or file name a height of reference that is not the nation's, that is told.
    """
    levels = var.name in AT_LABELS
    told = datum_findings((header, name), layer=var.name, header=header, name=name) if levels else ()
    bracket = without_datum(unit_of(header)) if levels else unit_of(header)
    if unit_stated := options.unit or bracket:
        return _unit(unit_stated, var, header=header, name=name), told
    unit_read = header_unit(header, var)
    if not unit_read.fits:
        return _unit(unit_read.name, var, header=header, name=name), told
    silent = Finding(
        "guessed", "intake.series_no_unit", var.name, values={"name": name, "header": header, "unit": var.unit}
    )
    return unit_read.times, told if unit_read.name else (*told, silent)


def _unit(unit: str, var: Var, *, header: str, name: str) -> float:
    multiplier = conversion_factor(unit, var.unit) if unit and unit != var.unit.casefold() else 1.0
    if multiplier is None:
        raise InputError(
            "intake.series_unit", name=name, column=header, got=unit, needs=compatible_unit_names(var.unit)
        )
    return multiplier


def _numbers(
    table: pd.DataFrame, header: str, var: Var, *, name: str
) -> tuple[np.ndarray, tuple[Finding, ...]]:  # fmt: skip
    """Return a column's numbers, and what is told of those that may be marks for no value: 9999.

    Raises InputError for the first cell that is not a number alone: a bound (<2), a share or a unit changes what it
    says.
    """
    cells, rows = normalize_column(table[header]), row_numbers(table)
    values = np.array([parse_number(cell) if PLAIN.match(cell) else np.nan for cell in cells], dtype=np.float64)
    if np.isnan(values).any():
        row = int(np.isnan(values).argmax())
        raise InputError("intake.series_cell", name=name, column=header, row=rows[row], got=cells.iloc[row] or "-")
    marked = cells.isin(MARKS).to_numpy()
    if not marked.any() or marked.all():
        return values, ()
    details: dict[str, object] = {
        "name": name, "header": header, "examples": sorted(set(cells[marked])), "var": var.name,
    }  # fmt: skip
    details |= places_of(marked, rows, cells.index)
    return values, (Finding("warning", "intake.series_marks", var.name, int(marked.sum()), details),)


def _idle(table: pd.DataFrame, *used: str) -> list[str]:
    """Return the columns that no quantity was read from."""
    return [str(each) for each in table.columns if each not in used and any(normalize_column(table[each]))]


def _series(record: _TimedTable, values: np.ndarray, var: Var, *, name: str) -> pd.Series:
    _refuse_beyond(values, var, record.steps.times.rows, name=name)
    spread = record.steps.spread(values, quantity=var.name)
    return pd.Series(spread, index=pd.Index(np.arange(len(spread)) * record.steps.step, name="hour"), name=var.name)


def _refuse_beyond(values: np.ndarray, var: Var, rows: Sequence[int], *, name: str) -> None:
    """Raise InputError for the first value outside the quantity's range."""
    beyond = (values < var.ge) | (values > var.le)
    if beyond.any():
        row = int(beyond.argmax())
        raise InputError(
            "intake.series_beyond", name=name, var=var.name, row=rows[row] if row < len(rows) else row + 1,
            got=float(values[row]), low=var.ge, high=var.le,
        )  # fmt: skip
