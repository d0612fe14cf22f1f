"""Hourly weather as UMEP, SUEWS and SOLWEIG write it: 24 fixed columns, -999 where a quantity is not given."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.placement.crs import parse_crs, transformer
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.solar_split import direct_and_diffuse, normal_beam
from citybraid.sources.series.weather_hours import (
    HOURS,
    HourlyRows,
    hourly_rows,
    hourly_series,
    sky_series,
    solar_elevation_sine,
    weather_advice,
)
from citybraid.sources.text.cell_values import parse_number

F64 = npt.NDArray[np.float64]

KEYS = ("id", "it", "imin", "kdn", "rh", "td")
"""Columns that tell the format from other tables."""
COLUMNS = {"dry_bulb": ("td", 1.0), "relative_humidity": ("rh", 0.01), "wind_speed": ("wind", 1.0)}
"""Column and factor to our unit by Var; radiation is read apart."""
ABSENT = -900.0
"""Values below it are the mark of what is not given (-999)."""
LONGEST_GAP = 6
SEA_LEVEL, SCALE_HEIGHT, LAPSE = 101.325, 44_331.0, 0.190263
"""Pressure [kPa], height [m] and exponent of the standard atmosphere (ISO 2533)."""


def is_umep(headers: Sequence[str]) -> bool:
    """Tell whether the headers of a table are those of the format."""
    return set(KEYS) <= {header.strip().lstrip("%#").casefold() for header in headers}


def umep_weather(table: pd.DataFrame, target: Target, *, year: str, name: str) -> Reading:
    """Return a weather year from rows of a UMEP table, for the study's `year` where one is named.

    A row's time ends its hour. The format has no place: it is the middle of the study area, the time zone is that of
    its longitude, and the elevation that of the standard atmosphere at the mean pressure. Where direct and diffuse
    light are not given, global radiation is split (Erbs et al. 1982). Long-wave radiation of the sky is read where a
    year of it is given. Raises InputError where the study area is
    unknown, the rows do not lie at whole hours, or temperature, humidity, wind or global radiation are not given.
    """
    columns = {str(each).strip().lstrip("%#").casefold(): each for each in table.columns}
    values = {key: _numbers(table[header]) for key, header in columns.items()}
    hours = _placed(values, year, name=name)
    place, place_findings = _place(values, target, name=name)
    layers: list[SourceLayer] = []
    findings = [*hours.findings, *place_findings]
    for var, (column, factor) in COLUMNS.items():
        if column not in values:
            raise InputError("intake.weather_columns", name=name, needs=[column], held="-", got=list(columns)[:24])
        layer, notes = hourly_series(
            factor * values[column][hours.rows], hours.hours, var, name=name, longest=LONGEST_GAP
        )
        layers.append(layer)
        findings += notes
    radiation, notes = hourly_series(
        values["kdn"][hours.rows], hours.hours, "global_horizontal", name=name, longest=LONGEST_GAP
    )
    findings += [*notes, *weather_advice(place, radiation.value, name=name)]
    parts, notes = _parts(values, hours, place, radiation.value.to_numpy(np.float64), name=name)
    extras = {"sky_longwave": values["ldown"][hours.rows]} if "ldown" in values else {}
    sky, sky_notes = sky_series(extras, hours.hours, name=name, longest=LONGEST_GAP)
    layers += [
        radiation,
        *parts,
        *sky,
        *(SourceLayer(vocabulary()[key], value, stated=0.0) for key, value in place.items()),
    ]
    read_as = {"name": name, "mean": float(layers[0].value.mean())}
    findings += [*notes, *sky_notes, Finding("found", "intake.umep_read", "weather", len(hours.hours), read_as)]
    return Reading(tuple(layers), tuple(findings))


def _numbers(column: pd.Series) -> F64:
    parsed = np.array([parse_number(str(cell)) for cell in column], dtype=np.float64)
    return np.where(parsed <= ABSENT, np.nan, parsed)


def _placed(values: Mapping[str, F64], requested: str, *, name: str) -> HourlyRows:
    """Return rows on hours of the year; those of the last hour of the year before are left out."""
    years, days, hour, minute = (values.get(key) for key in ("iy", "id", "it", "imin"))
    if years is None or days is None or hour is None or minute is None:
        raise InputError("intake.weather_columns", name=name, needs=["iy"], held=sorted(values), got=sorted(values))
    stamps = np.stack([years, days, hour, minute])
    if not np.isfinite(stamps).all():
        row = int((~np.isfinite(stamps)).any(axis=0).argmax())
        raise InputError("intake.weather_date", name=name, row=row + 1, got="-")
    if (minute != 0.0).any():
        raise InputError("intake.weather_step", name=name)
    began = pd.to_datetime(years.astype(int).astype(str), format="%Y") + pd.to_timedelta(days - 1.0, unit="D")
    began = began + pd.to_timedelta(hour - 1.0, unit="h")
    year_counts = began.year.value_counts()
    chosen = int(requested) if requested.isdigit() else int(year_counts.index[0])
    if chosen not in year_counts.index or (not requested and int((year_counts > HOURS // 2).sum()) > 1):
        listed = [f"{each}: {count} h" for each, count in sorted(year_counts.items())]
        raise InputError("intake.weather_years", name=name, got=requested or "-", years=listed)
    rows = np.flatnonzero(began.year == chosen)
    if len(rows) < HOURS // 2:
        raise InputError("intake.weather_hours", name=name, got=len(rows), needs=HOURS)
    month, day, at = (np.asarray(part[rows], np.int64) for part in (began.month, began.day, began.hour))
    placed = hourly_rows(month, day, at, name=name, right=False)
    return placed._replace(rows=rows[placed.rows])


def _place(values: Mapping[str, F64], target: Target, *, name: str) -> tuple[dict[str, float], list[Finding]]:
    """Return latitude, longitude, time zone and elevation; raises InputError where the study area is unknown."""
    outline = target.outline
    if outline is None:
        raise InputError("intake.umep_no_place", name=name)
    to_degrees = transformer(parse_crs(target.crs, name=name), parse_crs("EPSG:4326", name=name))
    longitude, latitude = to_degrees.transform(outline.centroid.x, outline.centroid.y)
    pressure = values.get("press")
    mean = float(np.nanmean(pressure)) if pressure is not None and np.isfinite(pressure).any() else SEA_LEVEL
    height = SCALE_HEIGHT * (1.0 - (mean / SEA_LEVEL) ** LAPSE)
    place = {
        "latitude": float(latitude), "longitude": float(longitude), "time_zone": float(round(longitude / 15.0)),
        "elevation": float(np.clip(height, -400.0, 8000.0)),
    }  # fmt: skip
    return place, [Finding("guessed", "intake.umep_place", "weather", values={"name": name, **place})]


def _parts(
    values: Mapping[str, F64], hours: HourlyRows, place: Mapping[str, float], radiation: F64, *, name: str
) -> tuple[list[SourceLayer], list[Finding]]:
    """Return direct normal and diffuse light: diffuse as given, or both split from the global radiation.

    Direct light is what global radiation has beside the diffuse part, whatever plane the column `kdir` is for.
    """
    stated = values.get("kdiff")
    if stated is None or not np.isfinite(stated).any():
        direct, diffuse = direct_and_diffuse(place, radiation)
        note = Finding("guessed", "intake.radiation_split", "weather", HOURS, {"name": name})
        series = {"direct_normal": direct, "diffuse_horizontal": diffuse}
        return [_derived(var, part) for var, part in series.items()], [note]
    layer, notes = hourly_series(stated[hours.rows], hours.hours, "diffuse_horizontal", name=name, longest=LONGEST_GAP)
    level = radiation - layer.value.to_numpy(np.float64)
    return [_derived("direct_normal", normal_beam(solar_elevation_sine(place), level)), layer], notes


def _derived(var: str, values: F64) -> SourceLayer:
    quantity = vocabulary()[var]
    year = pd.Series(np.clip(values, quantity.ge, quantity.le), index=pd.Index(range(HOURS), name="hour"), name=var)
    return SourceLayer(quantity, year, stated=0.0)
