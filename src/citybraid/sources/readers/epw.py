"""EPW hourly weather: right-labelled hours made left-labelled, 8 760 of them, gaps filled and told."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.encoding import tried
from citybraid.sources.filespec import Options as ReaderOptions
from citybraid.sources.limits import Limits
from citybraid.sources.peeking import Peeked
from citybraid.sources.quantities import vocabulary
from citybraid.sources.reading import Found, Reading
from citybraid.sources.target import Target

SUFFIXES = (".epw",)
VERSION = 1
HOURS, LEAP_HOURS = 8760, 8784
HEADER_LINES = 8
FIELDS = {
    "dry_bulb": (6, 1.0, 99.9), "relative_humidity": (8, 0.01, 999.0), "global_horizontal": (13, 1.0, 9999.0),
    "direct_normal": (14, 1.0, 9999.0), "diffuse_horizontal": (15, 1.0, 9999.0), "wind_speed": (21, 1.0, 999.0),
}  # fmt: skip
"""Var name: column, factor to our unit, the number that stands for missing (EnergyPlus EPW data dictionary)."""
PLACE = {"latitude": 6, "longitude": 7, "time_zone": 8, "elevation": 9}
LONGEST_GAP = 6
MOST_MISSING = 0.05
FEBRUARY, LEAP_DAY = 2, 29
FEWEST_FIELDS = 22


class Options(ReaderOptions):
    """What the study may say of an EPW file: nothing, the format says it all."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read an EPW file's temperature, humidity, radiation and wind, and its station's place.

    Row 1 is the hour that ends at 1:00; it becomes hour 0, the hour that starts at 0:00.
    A leap year loses 29 February. Gaps of up to six hours are filled along a line; more
    than 5 % missing refuses the file, as does any other number of hours.
    """
    del options, target, limits
    if role != "weather":
        raise InputError("intake.role_not_weather", name=path.name, role=role)
    content = path.read_bytes()
    encoding = tried(content, name=path.name)
    lines = content.decode(encoding.name).splitlines()
    if not lines or not lines[0].upper().startswith("LOCATION"):
        raise InputError("intake.not_this_format", name=path.name, format="EPW")
    found: list[Finding] = []
    if encoding.name != "utf-8":
        found.append(
            Finding("guessed", "intake.encoding_guessed", role, values={"name": path.name, "encoding": encoding.name})
        )
    rows, notes = _hours(lines[HEADER_LINES:], path, role)
    found += notes
    layers = _station(lines[0].split(","), path)
    for name in FIELDS:
        layer, notes = _series(rows, name, path)
        layers.append(layer)
        found += notes
    city = lines[0].split(",")[1].strip()
    told = {"name": path.name, "station": city, "mean": float(layers[len(PLACE)].value.mean())}
    return Reading(tuple(layers), (*found, Finding("found", "intake.weather_read", role, len(rows), told)))


def peek(path: Path) -> tuple[Peeked, ...]:
    """Tell that the file is weather, by its first word; raises InputError where it is not."""
    with path.open("rb") as stream:
        if not stream.read(8).upper().startswith(b"LOCATION"):
            raise InputError("intake.not_this_format", name=path.name, format="EPW")
    return (Peeked("weather"),)


def _hours(lines: Sequence[str], path: Path, role: str) -> tuple[list[list[str]], list[Finding]]:
    rows = [line.split(",") for line in lines if line.strip()]
    short = next((number for number, row in enumerate(rows, 1) if len(row) < FEWEST_FIELDS), None)
    if short is not None:
        raise InputError("intake.weather_row", name=path.name, row=short + HEADER_LINES, got=len(rows[short - 1]))
    if len(rows) == LEAP_HOURS:
        kept = [row for row in rows if (row[1].strip(), row[2].strip()) != (str(FEBRUARY), str(LEAP_DAY))]
        if len(kept) == HOURS:
            return kept, [Finding("repaired", "intake.leap_day", role, LEAP_HOURS - HOURS, {"name": path.name})]
    if len(rows) != HOURS:
        raise InputError("intake.weather_hours", name=path.name, got=len(rows), needs=HOURS)
    return rows, []


def _station(fields: Sequence[str], path: Path) -> list[Found]:
    found: list[Found] = []
    for name, column in PLACE.items():
        var = vocabulary()[name]
        try:
            value = float(fields[column])
        except (IndexError, ValueError) as fault:
            raise InputError("intake.weather_place", name=path.name, got=",".join(fields)[:80]) from fault
        if not var.ge <= value <= var.le:
            raise InputError("intake.weather_place", name=path.name, got=f"{name} = {value:g}")
        found.append(Found(var, value))
    return found


def _series(rows: Sequence[Sequence[str]], name: str, path: Path) -> tuple[Found, list[Finding]]:
    var = vocabulary()[name]
    column, factor, missing = FIELDS[name]
    raw = pd.to_numeric(pd.Series([row[column] for row in rows], dtype=object), errors="coerce").to_numpy(dtype=float)
    values = pd.Series(
        np.where(raw >= missing, np.nan, raw) * factor, index=pd.Index(range(HOURS), name="hour"), name=name
    )
    values = values.mask((values < var.ge) | (values > var.le))
    gaps = int(values.isna().sum())
    if gaps == 0:
        return Found(var, values), []
    runs = values.isna().groupby(values.notna().cumsum()).sum()
    if gaps > MOST_MISSING * HOURS or int(runs.max()) > LONGEST_GAP:
        raise InputError("intake.weather_gaps", name=path.name, var=name, got=gaps, limit=LONGEST_GAP)
    filled = values.interpolate(limit_direction="both")
    return (
        Found(var, filled, stated=1.0 - gaps / HOURS),
        [Finding("repaired", "intake.weather_filled", "weather", gaps, {"name": path.name, "var": name})],
    )
