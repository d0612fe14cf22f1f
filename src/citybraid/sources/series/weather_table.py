"""Hourly weather of an energy year from a table of cells."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.series.times import row_stamps
from citybraid.sources.series.weather_hours import (
    HOURS,
    HourlyRows,
    hourly_rows,
    hourly_series,
    weather_advice,
    whole_numbers,
)
from citybraid.sources.text.cell_values import normalize_column, parse_number
from citybraid.sources.text.columns import ColumnMatches, match_columns, unused_columns
from citybraid.sources.text.number_columns import header_unit
from citybraid.sources.text.sheet_rows import row_numbers
from citybraid.sources.text.units import conversion_factor

SERIES = (
    "dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal", "wind_speed",
)  # fmt: skip
PLACE = ("latitude", "longitude", "time_zone", "elevation")
CLOCK = ("year", "month", "day", "hour")
TIME = "storm_time"
"""Key of the synonym table for the time column."""
DEW = "dew_point"
LONGEST_GAP = 3
PERCENT_FROM = 1.5
PERCENT_SIGN, KELVIN_SIGN = "%", "k"
ABOVE_GROUND = re.compile(r"^[\d.]+\s*(?:m|米)")
"""Height at which something was measured, which is no unit: 10m."""
FAHRENHEIT = frozenset({"f", "degf", "fahrenheit"})
FREEZING_F, F_PER_C = 32.0, 1.8
RADIATION = ("global_horizontal", "direct_normal", "diffuse_horizontal")
LEAST_PEAK = 4.9
"""Brightest hour of a year up to which it is no W m-2: the sun outside the air (1361 W m-2) brings 4.9 MJ an hour."""
KELVIN_FROM, KELVIN = 150.0, 273.15
MAGNUS = (17.625, 243.04)
"""Coefficients of saturation vapour pressure over water (Alduchov & Eskridge 1996, eq. 21) [-, degC]."""
WANTED = (*SERIES, DEW, *PLACE, TIME, *CLOCK)
HOUR_SECONDS = 3600.0


def weather(table: pd.DataFrame, *, columns: Mapping[str, str], year: str, name: str) -> Reading:
    """Return an energy year from a table of hours, for the study's `year` where one is named.

    Values are in the unit that the header states; humidity may be given as dew point. Gaps of up to three hours are
    interpolated.
    Raises InputError with the columns that are missing, with the years to choose from,
    or where too much of a column is missing.
    """
    match = match_columns([str(each) for each in table.columns], list(WANTED), columns, layer="weather")
    _refuse_missing(match, table, name=name)
    stamps = _stamps(table, match, name=name)
    chosen, year_notes = _of_year(stamps, year, name=name)
    hours = _placed(stamps[chosen], chosen, name=name)
    findings: list[Finding] = [*match.findings, *year_notes, *hours.findings]
    layers: list[SourceLayer] = []
    for var in SERIES:
        values, notes = _values(table, match, var, name=name)
        layer, series_notes = hourly_series(values[hours.rows], hours.hours, var, name=name, longest=LONGEST_GAP)
        layers.append(layer)
        findings += [*notes, *series_notes]
    place, notes = _place(table, match, name=name)
    layers += [SourceLayer(vocabulary()[var], value) for var, value in place.items()]
    findings += notes
    if not notes:
        findings += weather_advice(place, layers[2].value, name=name)
    mean = float(layers[0].value.mean())
    findings += unused_columns(match.unused, layer="weather", name=name)
    findings.append(
        Finding("found", "intake.weather_table_read", "weather", len(hours.hours), {"name": name, "mean": mean})
    )
    return Reading(tuple(layers), tuple(findings))


def _refuse_missing(match: ColumnMatches, table: pd.DataFrame, *, name: str) -> None:
    missing = [var for var in SERIES if var not in match.headers]
    if DEW in match.headers and "relative_humidity" in missing:
        missing.remove("relative_humidity")
    if TIME not in match.headers and not all(part in match.headers for part in CLOCK[1:]):
        missing.append("time")
    if missing:
        available = [var for var in SERIES if var in match.headers]
        raise InputError(
            "intake.weather_columns",
            name=name,
            needs=missing,
            held=available or "-",
            got=[str(each) for each in table.columns][:20],
        )


def _stamps(table: pd.DataFrame, match: ColumnMatches, *, name: str) -> pd.Series:
    """Return the time of every row, from one column or from its parts; year 2001 where none is stated."""
    if all(part in match.headers for part in CLOCK[1:]):
        parts = {
            part: whole_numbers(list(normalize_column(table[match.headers[part]])))
            for part in CLOCK
            if part in match.headers
        }
        years = parts.get("year", np.full(len(table), 2001))
        hour = parts["hour"] - (1 if parts["hour"].max() == 24 else 0)  # noqa: PLR2004  (hours that end at 24)
        frame = pd.DataFrame({"year": years, "month": parts["month"], "day": parts["day"], "hour": hour})
        stamps = pd.to_datetime(frame, errors="coerce")
    else:
        stamps = row_stamps(
            normalize_column(table[match.headers[TIME]]), name=name, strict=False, dated=True, rows=row_numbers(table)
        )
    if stamps.isna().any():
        row = int(stamps.isna().to_numpy().argmax())
        raise InputError(
            "intake.time_cell", name=name, row=row_numbers(table)[row], got=" ".join(map(str, table.iloc[row, :6]))
        )
    return stamps.reset_index(drop=True)


def _of_year(stamps: pd.Series, requested: str, *, name: str) -> tuple[np.ndarray, list[Finding]]:
    """Return the rows of the chosen year; raises InputError with the years where the choice is ambiguous."""
    counts = stamps.dt.year.value_counts().sort_index()
    years = {int(each): int(count) for each, count in counts.items()}
    chosen_year = (
        int(requested) if requested.isdigit() else next(iter(years)) if len(years) == 1 and not requested else None
    )
    if chosen_year not in years:
        year_counts = [f"{each}: {count} h" for each, count in years.items()]
        raise InputError("intake.weather_years", name=name, got=requested or "-", years=year_counts)
    chosen = np.flatnonzero(stamps.dt.year == chosen_year)
    details = {"name": name, "year": chosen_year}
    return chosen, [Finding("found", "intake.weather_year", "weather", len(chosen), details)] if len(years) > 1 else []


def _placed(stamps: pd.Series, chosen: np.ndarray, *, name: str) -> HourlyRows:
    """Return rows placed on hours of the year; raises InputError where rows do not lie at whole hours."""
    if (stamps.dt.minute != 0).any() or (
        len(stamps) > 1 and stamps.diff().dt.total_seconds().abs().median() != HOUR_SECONDS
    ):
        raise InputError("intake.weather_step", name=name)
    if len(stamps) < HOURS // 2:
        raise InputError("intake.weather_hours", name=name, got=len(stamps), needs=HOURS)
    month, day, hour = (getattr(stamps.dt, part).to_numpy(np.int64) for part in CLOCK[1:])
    placed_rows = hourly_rows(month, day, hour, name=name, right=False)
    return placed_rows._replace(rows=chosen[placed_rows.rows])


def _values(table: pd.DataFrame, match: ColumnMatches, var: str, *, name: str) -> tuple[np.ndarray, list[Finding]]:
    """Return a column in the Var's unit: that of its header, else percent and kelvin are detected by magnitude.

    Humidity may use dew point. Raises InputError where the header states a unit that is none of the quantity.
    """
    if var == "relative_humidity" and var not in match.headers:
        return _by_dew_point(table, match, name=name)
    header = match.headers[var]
    values, notes = _in_unit(_numbers(table[header]), header, var, name=name)
    details: dict[str, object] = {"var": var, "header": header}
    if var == "relative_humidity":
        values, more = _as_share(values, header, details)
        return values, [*notes, *more]
    if var == "dry_bulb":
        values, kelvin = _celsius(values)
        return values, [*notes, *([Finding("guessed", "intake.weather_kelvin", "weather", values=details)] * kelvin)]
    if var in RADIATION and 0.0 < np.nanmax(values, initial=0.0) <= LEAST_PEAK:
        raise InputError("intake.weather_dim", name=name, column=header, top=float(np.nanmax(values)))
    return values, notes


def _by_dew_point(table: pd.DataFrame, match: ColumnMatches, *, name: str) -> tuple[np.ndarray, list[Finding]]:
    columns = {var: match.headers[var] for var in ("dry_bulb", DEW)}
    air, dew = (
        _celsius(_in_unit(_numbers(table[header]), header, "dry_bulb", name=name)[0]) for header in columns.values()
    )
    details = {"var": "relative_humidity", "header": columns[DEW]}
    return vapour_pressure(dew[0]) / vapour_pressure(air[0]), [
        Finding("guessed", "intake.weather_dew", "weather", values=details)
    ]


def _in_unit(values: np.ndarray, header: str, var: str, *, name: str) -> tuple[np.ndarray, list[Finding]]:
    """Return values of a column in the quantity's unit, where its header states another; energy of an hour as power."""
    quantity = vocabulary()[var]
    unit = header_unit(header, quantity)
    details: dict[str, object] = {"name": name, "column": header, "var": var, "got": unit.name, "unit": quantity.unit}
    if var == "relative_humidity":
        return values, []
    if unit.unclear and not ABOVE_GROUND.match(unit.unclear) and unit.unclear.casefold() != KELVIN_SIGN:
        return values, [
            Finding("warning", "intake.weather_unit_open", "weather", values={**details, "got": unit.unclear})
        ]
    energy = conversion_factor(unit.name, "J m-2") if var in RADIATION and unit.name else None
    times = unit.times if unit.fits else None if energy is None else energy / HOUR_SECONDS
    read = Finding("found", "intake.weather_unit_read", "weather", values=details)
    if times is not None:
        return values * times, [read] if times != 1.0 else []
    if quantity.unit == "degC" and unit.name.casefold().lstrip("°") in FAHRENHEIT:
        return (values - FREEZING_F) / F_PER_C, [read]
    raise InputError("intake.weather_unit", **details)


def _as_share(values: np.ndarray, header: str, details: Mapping[str, object]) -> tuple[np.ndarray, list[Finding]]:
    """Return humidity as a share: of percent by what most values are; told where the header says nothing or else."""
    known = values[np.isfinite(values)]
    percent = known.size > 0 and float(np.median(known)) > PERCENT_FROM
    stated = header_unit(header, vocabulary()["relative_humidity"]).times != 1.0 or PERCENT_SIGN in header
    top = {**details, "top": float(known.max(initial=0.0))}
    if percent and not stated:
        return values / 100.0, [Finding("guessed", "intake.percent_guessed", "weather", len(values), top)]
    if stated and not percent:
        return values, [Finding("warning", "intake.weather_no_percent", "weather", len(values), top)]
    return (values / 100.0 if percent else values), []


def vapour_pressure(celsius: np.ndarray) -> np.ndarray:
    """Return saturation vapour pressure over water, over that at 0 degC [-] (Alduchov & Eskridge 1996, eq. 21)."""
    return np.asarray(np.exp(MAGNUS[0] * celsius / (MAGNUS[1] + celsius)))


def _celsius(values: np.ndarray) -> tuple[np.ndarray, bool]:
    kelvin = bool(np.isfinite(values).any() and np.nanmin(values) > KELVIN_FROM)
    return values - KELVIN if kelvin else values, kelvin


def _numbers(column: pd.Series) -> np.ndarray:
    return np.array([parse_number(cell) for cell in normalize_column(column)], dtype=np.float64)


def _place(table: pd.DataFrame, match: ColumnMatches, *, name: str) -> tuple[dict[str, float], list[Finding]]:
    """Return the station's location where columns state a single one; missing parts are reported."""
    location: dict[str, float] = {}
    for var in PLACE:
        values = _numbers(table[match.headers[var]]) if var in match.headers else np.zeros(0)
        known = np.unique(values[np.isfinite(values)])
        quantity = vocabulary()[var]
        if len(known) == 1 and quantity.ge <= known[0] <= quantity.le:
            location[var] = float(known[0])
    missing = [var for var in PLACE if var not in location]
    return location, [
        Finding("advice", "intake.weather_no_place", "weather", values={"name": name, "needs": missing})
    ] if missing else []
