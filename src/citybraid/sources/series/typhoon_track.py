"""The track of one tropical cyclone from a table of fixes: position, pressure and radius, as an event."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.series.times import row_stamps
from citybraid.sources.text.cell_values import normalize_column, parse_number
from citybraid.sources.text.columns import ColumnMatches, match_columns, unused_columns
from citybraid.sources.text.sheet_rows import row_numbers

ROLE = "typhoon_track"
TIME = "storm_time"
NEEDED = {"latitude": "track_latitude", "longitude": "track_longitude", "track_pressure": "track_pressure"}
"""Synonym keys of the required columns, and their quantities."""
RADIUS = "track_radius"
WANTED = (TIME, *NEEDED, RADIUS)
STEP = 1.0
"""Time step to which fixes are interpolated linearly [h]."""


class Fixes(NamedTuple):
    """Hours from the first fix, and each quantity at the fixes."""

    hours: np.ndarray
    quantities: Mapping[str, np.ndarray]


def typhoon_track(table: pd.DataFrame, *, columns: Mapping[str, str], event: str, name: str) -> Reading:
    """Return the centre's latitude, longitude [degree], pressure [hPa], and radius [km] where given, hour by hour.

    Fixes may be uneven; quantities are interpolated linearly, across 180° the short way.
    Raises InputError where a column is missing, a cell is invalid, or times do not increase.
    """
    match = match_columns([str(each) for each in table.columns], WANTED, columns, layer=ROLE)
    if missing := [word for word in (TIME, *NEEDED) if word not in match.headers]:
        raise InputError("track.columns", name=name, needs=missing, got=[str(each) for each in table.columns])
    fixes = _fixes(table, match, name=name)
    hours = np.arange(0.0, fixes.hours[-1] + 0.5 * STEP, STEP) if fixes.hours.size > 1 else fixes.hours
    hours = np.append(hours[hours < fixes.hours[-1]], np.ceil(fixes.hours[-1] / STEP) * STEP)
    layers = tuple(
        SourceLayer(vocabulary()[var], _hourly(var, values, fixes.hours, hours), at={"event": event})
        for var, values in fixes.quantities.items()
    )
    low = float(fixes.quantities["track_pressure"].min())
    details = {"name": name, "event": event, "fixes": len(table), "hours": float(fixes.hours[-1]), "low": low}
    return Reading(
        layers,
        (
            *match.findings,
            *unused_columns(match.unused, layer=event, name=name),
            Finding("found", "track.read", event, len(table), details),
        ),
    )


def _hourly(var: str, values: np.ndarray, hours: np.ndarray, target_hours: np.ndarray) -> pd.Series:
    unwrapped = np.unwrap(values, period=360.0) if var == "track_longitude" else values
    interpolated = np.interp(target_hours, hours, unwrapped)
    if var == "track_longitude":
        interpolated = (interpolated + 180.0) % 360.0 - 180.0
    return pd.Series(interpolated, index=pd.Index(target_hours, name="hours"))


def _fixes(table: pd.DataFrame, match: ColumnMatches, *, name: str) -> Fixes:
    rows = row_numbers(table)
    stamps = row_stamps(normalize_column(table[match.headers[TIME]]), name=name, dated=True, rows=rows)
    hours = ((stamps - stamps.iloc[0]).dt.total_seconds() / 3600.0).to_numpy(np.float64)
    unordered = np.flatnonzero(np.diff(hours) <= 0.0)
    if unordered.size:
        row = int(unordered[0]) + 1
        raise InputError("track.times", name=name, row=rows[row], got=str(stamps.iloc[row]))
    words = {**NEEDED, **({RADIUS: RADIUS} if RADIUS in match.headers else {})}
    values = {}
    for word, var in words.items():
        cells = normalize_column(table[match.headers[word]])
        values[var] = np.array([parse_number(cell) for cell in cells], dtype=np.float64)
        low, high = vocabulary()[var].ge, vocabulary()[var].le
        invalid = np.flatnonzero(~((values[var] >= low) & (values[var] <= high)))
        if invalid.size:
            got = str(cells.iloc[int(invalid[0])]) or "-"
            raise InputError("track.cell", name=name, row=rows[int(invalid[0])], var=var, got=got)
    return Fixes(hours, values)
