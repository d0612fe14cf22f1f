"""Series of an event from tables of times: levels outside edges, discharges of inflows, rain at several gauges."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Found, Reading
from citybraid.sources.series.rain import MINUTES, PARTS, UNITS, bracketed, hours_of, step_of, unit_of, with_times
from citybraid.sources.text.cell_values import number, plain, texts
from citybraid.sources.text.columns import matched
from citybraid.sources.text.units import factor, names

TIME = "storm_time"
GAUGES = "gauge_rain"
ROLES = ("edge_level", "inflow_discharge")
"""Roles of one series; a level that the study gives a side holds there alone."""


class _Times(NamedTuple):
    """A table, its times in hours from the first row, their step and column, and what was noticed."""

    table: pd.DataFrame
    hours: np.ndarray
    step: float
    header: str
    findings: tuple[Finding, ...]


def event_series(table: pd.DataFrame, role: str, options: CellOptions, *, name: str) -> Reading:
    """Return a level [m] or a discharge [m3 s-1] by hours from its first row, for one event or for all.

    The unit is what the header's brackets or the study say, the quantity's own where neither says one. Raises
    InputError where times are uneven, a value is missing, or the unit is another quantity's.
    """
    var = vocabulary()["side_level" if role == "edge_level" and options.side else role]
    told = _times(table, [TIME, role], options.columns, layer=role, name=name)
    header = _header(told, role, options.columns, name=name)
    times = _unit(options.unit or unit_of(header), vocabulary()[role], header=header, name=name)
    series = _series(told, _numbers(told.table[header], header=header, name=name) * times, var)
    at = {**({"event": options.event} if options.event else {}), **({"side": options.side} if options.side else {})}
    about = {
        "name": name, "event": options.event or "-",
        "hours": told.step * len(series), "low": float(series.min()), "high": float(series.max()), "unit": var.unit,
    }  # fmt: skip
    found = (*told.findings, Finding("found", "intake.series_read", role, len(series), about))
    return Reading((Found(var, series, at=at),), found)


def gauge_series(table: pd.DataFrame, options: CellOptions, *, name: str) -> Reading:
    """Return the rain of several gauges [mm h-1]: a column of times, and a column for each gauge named by its id.

    Raises InputError where the unit is not said, times are uneven, or rain is missing or negative.
    """
    told = _times(table, [TIME], options.columns, layer=GAUGES, name=name)
    headers = [str(header) for header in told.table.columns if header != told.header]
    if not headers:
        raise InputError("intake.no_gauges", name=name, got=[str(header) for header in told.table.columns])
    event = options.event or name.rpartition(".")[0]
    layers = []
    for header in headers:
        said = UNITS.get(options.unit or unit_of(header))
        if said is None:
            raise InputError("intake.rain_unit", name=name, column=header, needs=sorted(set(UNITS.values())))
        rain = _numbers(told.table[header], header=header, name=name)
        if rain.min() < 0.0:
            raise InputError(
                "intake.rain_cell", name=name, row=int(rain.argmin()) + 1, got=f"{rain.min():g} ({header})"
            )
        rates = rain * {"mm/h": 1.0, "mm/min": MINUTES, "mm": 1.0 / told.step}[said]
        var = vocabulary()[GAUGES]
        gauge = header.partition(" (")[0].strip()
        layers.append(Found(var, _series(told, rates, var), at={"event": event, "gauge": gauge}))
    about = {"name": name, "event": event, "gauges": len(headers)}
    return Reading(
        tuple(layers), (*told.findings, Finding("found", "intake.gauges_read", GAUGES, len(told.hours), about))
    )


def _times(table: pd.DataFrame, wanted: list[str], columns: Mapping[str, str], *, layer: str, name: str) -> _Times:
    table = with_times(table.rename(columns=lambda header: bracketed(str(header))))
    headers = [str(header) for header in table.columns]
    match = matched(headers, wanted if layer != GAUGES else [TIME], columns, layer=layer)
    header = match.headers.get(TIME)
    hours = hours_of(table, header, name)
    if header is None or len(hours) < 2:  # noqa: PLR2004  (a step needs two rows)
        raise InputError("intake.time_order", name=name)
    rest = [each for each in table.columns if each not in PARTS]
    return _Times(table[rest], hours, step_of(hours, name), header, match.findings)


def _header(told: _Times, role: str, columns: Mapping[str, str], *, name: str) -> str:
    """The column that holds the quantity: by name, else the only one beside the times."""
    headers = [str(header) for header in told.table.columns if header != told.header]
    match = matched(headers, [role], {key: word for key, word in columns.items() if key == role}, layer=role)
    found = match.headers.get(role) or (headers[0] if len(headers) == 1 else None)
    if found is None:
        raise InputError("intake.no_series", name=name, role=role, got=headers)
    return found


def _unit(said: str, var: Var, *, header: str, name: str) -> float:
    times = factor(said, var.unit) if said else 1.0
    if times is None:
        raise InputError("intake.series_unit", name=name, column=header, got=said, needs=names(var.unit))
    return times


def _numbers(column: pd.Series, *, header: str, name: str) -> np.ndarray:
    values = np.array([number(cell) for cell in texts(column)], dtype=np.float64)
    if np.isnan(values).any():
        row = int(np.isnan(values).argmax())
        raise InputError(
            "intake.series_cell", name=name, column=header, row=row + 1, got=plain(column.iloc[row]) or "-"
        )
    return values


def _series(told: _Times, values: np.ndarray, var: Var) -> pd.Series:
    index = pd.Index(np.arange(len(values)) * told.step, name="hour")
    beyond = (values < var.ge) | (values > var.le)
    if beyond.any():
        row = int(beyond.argmax())
        raise InputError(
            "intake.series_beyond", var=var.name, row=row + 1, got=float(values[row]), low=var.ge, high=var.le
        )
    return pd.Series(values, index=index, name=var.name)
