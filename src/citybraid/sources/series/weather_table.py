"""Hourly weather from a table of cells: what an energy year needs, or which columns are missing."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Found, Reading
from citybraid.sources.series.weather_hours import HOURS, Placed, doubts, placed, series, whole_numbers
from citybraid.sources.text.cell_values import number, texts
from citybraid.sources.text.columns import Matched, matched

SERIES = (
    "dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal", "wind_speed",
)  # fmt: skip
PLACE = ("latitude", "longitude", "time_zone", "elevation")
CLOCK = ("year", "month", "day", "hour")
TIME = "storm_time"
"""The word under which columns of times are known."""
DEW = "dew_point"
LONGEST_GAP = 3
PERCENT_FROM = 1.5
KELVIN_FROM, KELVIN = 150.0, 273.15
MAGNUS = (17.625, 243.04)
"""Coefficients of saturation vapour pressure over water (Alduchov & Eskridge 1996, eq. 21) [-, degC]."""
WANTED = (*SERIES, DEW, *PLACE, TIME, *CLOCK)
HOUR_SECONDS = 3600.0


def weather(table: pd.DataFrame, *, columns: Mapping[str, str], year: str, name: str) -> Reading:
    """Return an energy year from a table of hours, as its columns and the study's `year` say.

    Humidity may come as dew point. Gaps of up to three hours are filled along a line.
    Raises InputError with the columns that are missing, with the years to choose from,
    or where too much of a column is missing.
    """
    match = matched([str(each) for each in table.columns], list(WANTED), columns, layer="weather")
    _refuse_lacking(match, table, name=name)
    stamps = _stamps(table, match, name=name)
    chosen, told = _of_year(stamps, year, name=name)
    hours = _placed(stamps[chosen], chosen, name=name)
    found: list[Finding] = [*match.findings, *told, *hours.findings]
    layers: list[Found] = []
    for var in SERIES:
        values, notes = _values(table, match, var)
        layer, more = series(values[hours.rows], hours.hours, var, name=name, longest=LONGEST_GAP)
        layers.append(layer)
        found += [*notes, *more]
    place, notes = _place(table, match, name=name)
    layers += [Found(vocabulary()[var], value) for var, value in place.items()]
    found += notes
    if not notes:
        found += doubts(place, layers[2].value, name=name)
    mean = float(layers[0].value.mean())
    found.append(
        Finding("found", "intake.weather_table_read", "weather", len(hours.hours), {"name": name, "mean": mean})
    )
    return Reading(tuple(layers), tuple(found))


def _refuse_lacking(match: Matched, table: pd.DataFrame, *, name: str) -> None:
    lacking = [var for var in SERIES if var not in match.headers]
    if DEW in match.headers and "relative_humidity" in lacking:
        lacking.remove("relative_humidity")
    if TIME not in match.headers and not all(part in match.headers for part in CLOCK[1:]):
        lacking.append("time")
    if lacking:
        held = [var for var in SERIES if var in match.headers]
        raise InputError(
            "intake.weather_columns",
            name=name,
            needs=lacking,
            held=held or "-",
            got=[str(each) for each in table.columns][:20],
        )


def _stamps(table: pd.DataFrame, match: Matched, *, name: str) -> pd.Series:
    """The time of every row, from one column or from its parts; year 2001 where none is said."""
    if all(part in match.headers for part in CLOCK[1:]):
        parts = {
            part: whole_numbers(list(texts(table[match.headers[part]]))) for part in CLOCK if part in match.headers
        }
        years = parts.get("year", np.full(len(table), 2001))
        hour = parts["hour"] - (1 if parts["hour"].max() == 24 else 0)  # noqa: PLR2004  (hours that end at 24)
        frame = pd.DataFrame({"year": years, "month": parts["month"], "day": parts["day"], "hour": hour})
        stamps = pd.to_datetime(frame, errors="coerce")
    else:
        stamps = pd.to_datetime(texts(table[match.headers[TIME]]), errors="coerce", format="mixed")
    if stamps.isna().any():
        row = int(stamps.isna().to_numpy().argmax())
        raise InputError("intake.time_cell", name=name, row=row + 1, got=" ".join(map(str, table.iloc[row, :6])))
    return stamps.reset_index(drop=True)


def _of_year(stamps: pd.Series, said: str, *, name: str) -> tuple[np.ndarray, list[Finding]]:
    """The rows of the year that is meant; raises InputError with the years where it is not clear which."""
    counts = stamps.dt.year.value_counts().sort_index()
    years = {int(each): int(count) for each, count in counts.items()}
    meant = int(said) if said.isdigit() else next(iter(years)) if len(years) == 1 and not said else None
    if meant not in years:
        shown = [f"{each}: {count} h" for each, count in years.items()]
        raise InputError("intake.weather_years", name=name, got=said or "-", years=shown)
    chosen = np.flatnonzero(stamps.dt.year == meant)
    told = {"name": name, "year": meant}
    return chosen, [Finding("found", "intake.weather_year", "weather", len(chosen), told)] if len(years) > 1 else []


def _placed(stamps: pd.Series, chosen: np.ndarray, *, name: str) -> Placed:
    """Rows at their hours; raises InputError where rows do not stand at whole hours."""
    if (stamps.dt.minute != 0).any() or (len(stamps) > 1 and stamps.diff().dt.total_seconds().median() != HOUR_SECONDS):
        raise InputError("intake.weather_step", name=name)
    if len(stamps) < HOURS // 2:
        raise InputError("intake.weather_hours", name=name, got=len(stamps), needs=HOURS)
    month, day, hour = (getattr(stamps.dt, part).to_numpy(np.int64) for part in CLOCK[1:])
    found = placed(month, day, hour, name=name, right=False)
    return found._replace(rows=chosen[found.rows])


def _values(table: pd.DataFrame, match: Matched, var: str) -> tuple[np.ndarray, list[Finding]]:
    """A column in the Var's unit: percent and kelvin are known by their size, humidity may come of the dew point."""
    if var == "relative_humidity" and var not in match.headers:
        air, dew = (_celsius(_numbers(table[match.headers[each]]))[0] for each in ("dry_bulb", DEW))
        told = {"var": var, "header": match.headers[DEW]}
        return vapour_pressure(dew) / vapour_pressure(air), [
            Finding("guessed", "intake.weather_dew", "weather", values=told)
        ]
    values = _numbers(table[match.headers[var]])
    told = {"var": var, "header": match.headers[var]}
    if var == "relative_humidity" and np.nanmax(values, initial=0.0) > PERCENT_FROM:
        return values / 100.0, [
            Finding(
                "guessed", "intake.percent_guessed", "weather", len(values), {**told, "top": float(np.nanmax(values))}
            )
        ]
    if var == "dry_bulb":
        values, kelvin = _celsius(values)
        return values, [Finding("guessed", "intake.weather_kelvin", "weather", values=told)] if kelvin else []
    return values, []


def vapour_pressure(celsius: np.ndarray) -> np.ndarray:
    """Return saturation vapour pressure over water, over that at 0 degC [-] (Alduchov & Eskridge 1996, eq. 21)."""
    return np.asarray(np.exp(MAGNUS[0] * celsius / (MAGNUS[1] + celsius)))


def _celsius(values: np.ndarray) -> tuple[np.ndarray, bool]:
    kelvin = bool(np.isfinite(values).any() and np.nanmin(values) > KELVIN_FROM)
    return values - KELVIN if kelvin else values, kelvin


def _numbers(column: pd.Series) -> np.ndarray:
    return np.array([number(cell) for cell in texts(column)], dtype=np.float64)


def _place(table: pd.DataFrame, match: Matched, *, name: str) -> tuple[dict[str, float], list[Finding]]:
    """The station's place where columns state one and the same; what is missing is told."""
    found: dict[str, float] = {}
    for var in PLACE:
        said = _numbers(table[match.headers[var]]) if var in match.headers else np.zeros(0)
        known = np.unique(said[np.isfinite(said)])
        what = vocabulary()[var]
        if len(known) == 1 and what.ge <= known[0] <= what.le:
            found[var] = float(known[0])
    missing = [var for var in PLACE if var not in found]
    return found, [
        Finding("advice", "intake.weather_no_place", "weather", values={"name": name, "needs": missing})
    ] if missing else []
