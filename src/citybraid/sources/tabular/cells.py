"""A table of cells without geometry, read as what its role says: a storm, population, or columns to be joined."""

from collections.abc import Callable, Mapping

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.land_use.mapping import ROLE, from_cells, header_words
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.quantities import columns_of, vocabulary
from citybraid.sources.protocol.reading import Found, Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.event_series import event_series, gauge_series
from citybraid.sources.series.month_record import WANTED as MONTHS
from citybraid.sources.series.month_record import month_record
from citybraid.sources.series.rain import storm
from citybraid.sources.series.rain_record import record
from citybraid.sources.series.typhoon_track import WANTED as FIXES
from citybraid.sources.series.typhoon_track import typhoon_track
from citybraid.sources.series.weather_table import CLOCK, WANTED, weather
from citybraid.sources.tabular.sheets import SUMS, TOTALS, UNITS
from citybraid.sources.tabular.table_shapes import shaped
from citybraid.sources.tabular.tables import Said, interpreted
from citybraid.sources.text.cell_values import texts
from citybraid.sources.text.columns import matched, synonyms
from citybraid.sources.text.number_columns import numbers


def by_name(table: pd.DataFrame, *, columns: Mapping[str, str], name: str) -> Reading:
    """Return residents by unit name; totals are left out, and the sheet is refused where names repeat.

    Raises InputError where no column holds names or population.
    """
    match = matched(list(table.columns), ["unit_name", "population", "id"], columns, layer=name)
    key = "unit_name" if "unit_name" in match.headers else "id"
    if key not in match.headers or "population" not in match.headers:
        raise InputError("intake.no_population", name=name, got=list(table.columns))
    names = texts(table[match.headers[key]])
    kept = (names != "") & ~names.str.casefold().isin(TOTALS)
    if names[kept].duplicated().any():
        raise InputError("intake.key_repeated", name=name, column=match.headers[key])
    var = vocabulary()["population"]
    header = match.headers["population"]
    read = numbers(table[header][kept], var, layer="population", header=header, units=table.attrs.get(UNITS, ()))
    values = read.column.set_axis(pd.Index(names[kept], dtype=object, name=key)).rename(var.name)
    sums = pd.Series([row.get(header, "") for row in table.attrs.get(SUMS, ())], dtype=object)
    if len(sums) == 1:
        whole = numbers(sums, var, layer="population", header=header, units=table.attrs.get(UNITS, ()))
        values.attrs[SUMS] = float(whole.column.iloc[0])
    told = {"name": name, "total": float(values.sum())}
    found = Finding("found", "intake.population_read", "population", int(values.notna().sum()), told)
    return Reading((Found(var, values, stated=values.notna()),), (*match.findings, *read.findings, found))


def from_table(table: pd.DataFrame, role: str, options: CellOptions, target: Target, *, name: str) -> Reading:
    """Return a table's layers; columns of a table with geometry elsewhere carry the key they are joined by."""
    return READINGS.get(role, _columns)(table, role, options, target, name)


def _storm(table: pd.DataFrame, _role: str, options: CellOptions, _target: Target, name: str) -> Reading:
    event = options.event or name.rpartition(".")[0]
    return storm(table, columns=options.columns, unit=options.unit, event=event, time=options.time, name=name)


def _weather(table: pd.DataFrame, _role: str, options: CellOptions, _target: Target, name: str) -> Reading:
    return weather(table, columns=options.columns, year=options.time, name=name)


def _record(table: pd.DataFrame, _role: str, options: CellOptions, _target: Target, name: str) -> Reading:
    return record(table, columns=options.columns, unit=options.unit, name=name)


def _months(table: pd.DataFrame, _role: str, options: CellOptions, _target: Target, name: str) -> Reading:
    return month_record(table, columns=options.columns, unit=options.unit, name=name)


def _track(table: pd.DataFrame, _role: str, options: CellOptions, _target: Target, name: str) -> Reading:
    event = options.event or name.rpartition(".")[0]
    return typhoon_track(table, columns=options.columns, event=event, name=name)


def _series(table: pd.DataFrame, role: str, options: CellOptions, _target: Target, name: str) -> Reading:
    return event_series(table, role, options, name=name)


def _gauges(table: pd.DataFrame, _role: str, options: CellOptions, _target: Target, name: str) -> Reading:
    return gauge_series(table, options, name=name)


def _population(table: pd.DataFrame, _role: str, options: CellOptions, _target: Target, name: str) -> Reading:
    return by_name(table, columns=options.columns, name=name)


def _mapping(table: pd.DataFrame, _role: str, _options: CellOptions, _target: Target, name: str) -> Reading:
    return from_cells(table, name=name)


def _columns(table: pd.DataFrame, role: str, options: CellOptions, target: Target, name: str) -> Reading:
    shapes, notes = shaped(table, role, options, name=name)
    try:
        reading = interpreted(table if shapes is None else shapes, role, Said.of(options), target, name=name)
    except InputError as fault:
        if fault.text != "intake.no_key" or not notes:
            raise
        raise InputError("intake.points_for_areas", name=name, role=role) from fault
    return Reading(reading.layers, (*notes, *reading.findings), reading.problems)


READINGS: Mapping[str, Callable[[pd.DataFrame, str, CellOptions, Target, str], Reading]] = {
    "storm": _storm,
    "daily_rain": _record,
    "monthly_climate": _months,
    "typhoon_track": _track,
    "edge_level": _series,
    "inflow_discharge": _series,
    "gauge_rain": _gauges,
    "population": _population,
    "weather": _weather,
    ROLE: _mapping,
}
"""Roles that are not tables of the vocabulary."""


VARS_OF: Mapping[str, tuple[str, ...]] = {
    "storm": ("storm_time", "rain_intensity", *CLOCK),
    "daily_rain": ("storm_time", "rain_intensity", *CLOCK),
    "monthly_climate": MONTHS,
    "typhoon_track": FIXES,
    "edge_level": ("storm_time", "edge_level", *CLOCK),
    "inflow_discharge": ("storm_time", "inflow_discharge", *CLOCK),
    "gauge_rain": ("storm_time", *CLOCK),
    "population": ("unit_name", "population"),
    "weather": WANTED,
}


def words(role: str) -> tuple[str, ...]:
    """Return the header names that matter for a role."""
    if role == ROLE:
        return header_words()
    vars_of = VARS_OF.get(role) or ("id", *columns_of(role), "longitude", "latitude", "x", "y")
    return tuple(word for var in vars_of for word in synonyms(var))
