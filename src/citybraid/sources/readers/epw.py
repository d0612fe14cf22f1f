"""EPW hourly weather: right-labelled hours converted to left-labelled, 8 760 of them, gaps filled and reported."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import Options as ReaderOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.weather_hours import (
    HOURS,
    LEAP_HOURS,
    MOST_MISSING,
    HourlyRows,
    hourly_rows,
    hourly_series,
    sky_series,
    weather_advice,
    whole_numbers,
)
from citybraid.sources.text.encoding import tried
from citybraid.sources.vector.preview import LayerPreview

SUFFIXES = (".epw",)
VERSION = 9
ROLE = "weather"
HEADER_LINES = 8
FIELDS = {
    "dry_bulb": (6, 1.0, 99.9), "relative_humidity": (8, 0.01, 999.0), "global_horizontal": (13, 1.0, 9999.0),
    "direct_normal": (14, 1.0, 9999.0), "diffuse_horizontal": (15, 1.0, 9999.0), "wind_speed": (21, 1.0, 999.0),
}  # fmt: skip
"""Var name: column, factor to our unit, missing-value marker (EnergyPlus EPW data dictionary)."""
SKY = {"sky_longwave": (12, 1.0, 9999.0), "cloud_cover": (23, 0.1, 99.0)}
"""As above, of the sky: the first of which a year is given is read."""
DEW_POINT = (7, 1.0, 99.9)
KELVIN, STEFAN_BOLTZMANN = 273.15, 5.6697e-8
SAME = 5.0
"""Difference up to which the sky's radiation is that of the formula [W m-2]."""
MOST = 0.95
"""Share of hours from which all of it is taken to be the formula's [-]."""
DIRECTION = ("wind_direction", 20, 361.0)
"""Var, column, and least value that is none; read where the file gives it, since few models need it."""
PLACE = {"latitude": 6, "longitude": 7, "time_zone": 8, "elevation": 9}
LONGEST_GAP = 6
FEWEST_FIELDS = 22
PERIODS = "DATA PERIODS"
DAYLIGHT = "HOLIDAYS/DAYLIGHT"
F64 = npt.NDArray[np.float64]
NONE = frozenset({"", "0", "0/0", "no"})


class Options(ReaderOptions):
    """Options of an EPW file in the study file: none, the format is self-describing."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read an EPW file's temperature, humidity, radiation and wind, and its station's place.

    Row 1 is the hour that ends at 1:00; it becomes hour 0, the hour that starts at 0:00.
    Rows are placed in the year by their dates; 29 February is dropped. Gaps of up to
    six hours are interpolated linearly; a file with more than 5 % missing is rejected.
    """
    del options, target, limits
    if role != ROLE:
        raise InputError("intake.role_not_weather", name=path.name, role=role)
    content = path.read_bytes()
    encoding = tried(content, name=path.name)
    lines = content.decode(encoding.name).lstrip("\ufeff").splitlines()
    if not lines or not lines[0].upper().startswith("LOCATION"):
        raise InputError("intake.not_this_format", name=path.name, format="EPW")
    messages: list[Finding] = []
    if encoding.name != "utf-8" and encoding.how == "tried":
        values = {"name": path.name, "encoding": encoding.name}
        messages.append(Finding("guessed", "intake.encoding_guessed", role, values=values))
    rows = _rows(lines, path)
    _require_hourly(lines, path)
    hours = _hours(rows, path)
    layers = _station(lines[0].split(","), path)
    messages += [*hours.findings, *_daylight(lines, path)]
    for name in FIELDS:
        layer, notes = _series(rows, name, hours, path)
        layers.append(layer)
        messages += notes
    layers += _direction(rows, hours)
    sky, notes = sky_series(_sky(rows, hours), hours.hours, name=path.name, longest=LONGEST_GAP)
    layers += sky
    messages += notes
    by_name: Mapping[str, SourceLayer] = {each.var.name: each for each in layers}
    place = {name: float(by_name[name].value) for name in PLACE}
    messages += weather_advice(place, by_name["global_horizontal"].value, name=path.name)
    city = lines[0].split(",")[1].strip()
    mean = float(by_name["dry_bulb"].value.mean())
    read_as = Finding(
        "found", "intake.weather_read", role, len(hours.rows), {"name": path.name, "station": city, "mean": mean}
    )
    return Reading(tuple(layers), (*messages, read_as))


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Identify a weather file by its first word; raises InputError where it is none."""
    with path.open("rb") as stream:
        if not stream.read(11).lstrip(b"\xef\xbb\xbf").upper().startswith(b"LOCATION"):
            raise InputError("intake.not_this_format", name=path.name, format="EPW")
    return (LayerPreview("weather", role=ROLE),)


def _rows(lines: Sequence[str], path: Path) -> list[list[str]]:
    """The hourly rows, wherever the header ends; raises InputError where one is truncated."""
    data = next((at for at, line in enumerate(lines) if line.upper().startswith(PERIODS)), HEADER_LINES - 1)
    rows = [line.split(",") for line in lines[data + 1 :] if line.strip()]
    short = next((number for number, row in enumerate(rows, 1) if len(row) < FEWEST_FIELDS), None)
    if short is not None:
        raise InputError("intake.weather_row", name=path.name, row=short + data + 1, got=len(rows[short - 1]))
    return rows


def _hours(rows: Sequence[Sequence[str]], path: Path) -> HourlyRows:
    """The hour of each row; raises InputError where the first or last hours or too many are missing."""
    least = (1 - MOST_MISSING) * HOURS
    if not least <= len(rows) <= LEAP_HOURS + (HOURS - least):
        raise InputError("intake.weather_hours", name=path.name, got=len(rows), needs=HOURS)
    month, day, hour = (whole_numbers([row[column] for row in rows]) for column in (1, 2, 3))
    right = bool(hour.min() >= 1)
    placement = hourly_rows(month, day, hour, name=path.name, right=right)
    if placement.hours[0] != 0 or placement.hours[-1] != HOURS - 1:
        raise InputError("intake.weather_hours", name=path.name, got=len(rows), needs=HOURS)
    notes = list(placement.findings)
    if not right:
        notes.append(Finding("found", "intake.weather_left", "weather", values={"name": path.name}))
    if missing := HOURS - len(placement.hours):
        notes.append(Finding("repaired", "intake.weather_hours_lost", "weather", missing, {"name": path.name}))
    return placement._replace(findings=tuple(notes))


def _require_hourly(lines: Sequence[str], path: Path) -> None:
    """Raise InputError where the header states several records an hour."""
    fields = next((line.split(",") for line in lines if line.upper().startswith(PERIODS)), [])
    records = fields[2].strip() if len(fields) > 2 else ""  # noqa: PLR2004  (name, count of periods, records an hour)
    if records.isdecimal() and int(records) > 1:
        raise InputError("intake.weather_records", name=path.name, got=int(records))


def _daylight(lines: Sequence[str], path: Path) -> list[Finding]:
    """Daylight saving that the header states; the hours themselves are standard time."""
    fields = next((line.split(",") for line in lines[:HEADER_LINES] if line.upper().startswith(DAYLIGHT)), [])
    ends = [each.strip().replace(" ", "").casefold() for each in fields[2:4]]
    if not ends or all(each in NONE for each in ends):
        return []
    values = {"name": path.name, "start": ends[0], "end": ends[-1]}
    return [Finding("advice", "intake.weather_daylight", "weather", values=values)]


def _station(fields: Sequence[str], path: Path) -> list[SourceLayer]:
    layers: list[SourceLayer] = []
    for name, column in PLACE.items():
        var = vocabulary()[name]
        try:
            value = float(fields[column])
        except (IndexError, ValueError) as fault:
            raise InputError("intake.weather_place", name=path.name, got=",".join(fields)[:80]) from fault
        if not var.ge <= value <= var.le:
            raise InputError("intake.weather_place", name=path.name, got=f"{name} = {value:g}")
        layers.append(SourceLayer(var, value))
    return layers


def _direction(rows: Sequence[Sequence[str]], hours: HourlyRows) -> list[SourceLayer]:
    """Return the direction of the wind, gaps with that of the hour before; nothing where too much is missing."""
    name, column, missing = DIRECTION
    raw = pd.to_numeric(pd.Series([rows[row][column] for row in hours.rows], dtype=object), errors="coerce")
    known = raw.where((raw >= 0.0) & (raw < missing)).to_numpy(np.float64)
    hourly = np.full(HOURS, np.nan)
    hourly[hours.hours] = known
    year = pd.Series(hourly, index=pd.Index(range(HOURS), name="hour"), name=name)
    stated = float(year.notna().mean())
    if stated < 1.0 - MOST_MISSING:
        return []
    return [SourceLayer(vocabulary()[name], year.ffill().bfill(), stated=stated)]


def _sky(rows: Sequence[Sequence[str]], hours: HourlyRows) -> dict[str, F64]:
    """Return what a file tells of the sky: its radiation where that is no formula of the clouds, and the clouds.

    Files of typical years fill the radiation from air, dew point and clouds: (0.787 + 0.764 ln(dew point / 273)) (1 +
    0.0224 N - 0.0035 N2 + 0.00028 N3) of a black body (Clark and Allen 1978, Walton 1983, as in EnergyPlus'
    engineering reference), N being tenths of opaque clouds. Its clouds are what such a file knows.
    """
    sky = {name: _column(rows, hours, field) for name, field in SKY.items()}
    air, dew = (_column(rows, hours, field) + KELVIN for field in (FIELDS["dry_bulb"], DEW_POINT))
    tenths = 10.0 * sky["cloud_cover"]
    with np.errstate(invalid="ignore", divide="ignore"):
        clear = 0.787 + 0.764 * np.log(dew / 273.0)
        clouded = clear * (1.0 + 0.0224 * tenths - 0.0035 * tenths**2 + 0.00028 * tenths**3)
        off = np.abs(sky["sky_longwave"] - clouded * STEFAN_BOLTZMANN * air**4)
    known = np.isfinite(off)
    if known.any() and float((off[known] < SAME).mean()) >= MOST:
        del sky["sky_longwave"]
    return sky


def _series(
    rows: Sequence[Sequence[str]], name: str, hours: HourlyRows, path: Path
) -> tuple[SourceLayer, list[Finding]]:
    return hourly_series(_column(rows, hours, FIELDS[name]), hours.hours, name, name=path.name, longest=LONGEST_GAP)


def _column(rows: Sequence[Sequence[str]], hours: HourlyRows, field: tuple[int, float, float]) -> F64:
    """Return a column in our unit, NaN where it is missing or the row ends before it."""
    column, factor, missing = field
    cells = [rows[row][column] if column < len(rows[row]) else "" for row in hours.rows]
    raw = pd.to_numeric(pd.Series(cells, dtype=object), errors="coerce").to_numpy(dtype=float)
    return np.asarray(np.where(raw >= missing, np.nan, raw) * factor, np.float64)
