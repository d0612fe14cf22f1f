"""A table of cells without geometry, read as what its role says: a storm, population, or columns to be joined."""

from collections.abc import Callable, Mapping

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.sources.columns import synonyms
from citybraid.sources.event_series import event_series, gauge_series
from citybraid.sources.filespec import CellOptions
from citybraid.sources.land_use_mapping import ROLE, from_cells, header_words
from citybraid.sources.month_record import WANTED as MONTHS
from citybraid.sources.month_record import month_record
from citybraid.sources.population import by_name
from citybraid.sources.quantities import columns_of
from citybraid.sources.rain import storm
from citybraid.sources.rain_record import record
from citybraid.sources.reading import Reading
from citybraid.sources.table_shapes import shaped
from citybraid.sources.tables import Said, interpreted
from citybraid.sources.target import Target
from citybraid.sources.typhoon_track import WANTED as FIXES
from citybraid.sources.typhoon_track import typhoon_track
from citybraid.sources.weather_table import CLOCK, WANTED, weather


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
