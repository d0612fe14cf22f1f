"""A table of cells without geometry, read by its role's own reader, else as columns to be joined."""

from dataclasses import replace

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.sources.protocol.discovery import role_of
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.quantities import columns_of
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.monthless import with_months
from citybraid.sources.series.yearless import with_years
from citybraid.sources.tabular.chosen_rows import chosen_rows
from citybraid.sources.tabular.sheets import SHEET, TITLES
from citybraid.sources.tabular.table_shapes import with_shapes
from citybraid.sources.tabular.tables import ColumnOptions, table_reading
from citybraid.sources.text.calendars import common_dates
from citybraid.sources.text.columns import synonyms

PLACE = ("longitude", "latitude", "x", "y")


def cells_reading(table: pd.DataFrame, role: str, options: CellOptions, target: Target, *, name: str) -> Reading:
    """Return a table's layers; columns of a table with geometry elsewhere carry the key they are joined by."""
    definition = role_of(role)
    if definition is None or definition.sheet is None:
        return _columns(table, role, options, target, name=name)
    table, left_out = chosen_rows(table, options.only, layer=role, name=name)
    titles = (table.attrs.get(SHEET, ""), *table.attrs.get(TITLES, ()))
    table, in_era = common_dates(table, options.calendar, layer=role)
    table, in_month = with_months(table, role, needs_year=definition.sheet.years, name=name, said=titles)
    table, in_year = with_years(table, role, needs_year=definition.sheet.years, name=name, said=titles)
    reading = definition.sheet.read(table, options, target, name=name)
    findings = (*left_out, *in_era, *in_month, *in_year)
    return replace(reading, findings=(*findings, *reading.findings)) if findings else reading


def header_names(role: str) -> tuple[str, ...]:
    """Return the header names that matter for a role."""
    definition = role_of(role)
    if definition is None or definition.sheet is None:
        return tuple(word for var in ("id", *columns_of(role), *PLACE) for word in synonyms(var))
    if definition.sheet.words is not None:
        return tuple(definition.sheet.words())
    return tuple(word for var in definition.sheet.headers for word in synonyms(var))


def _columns(table: pd.DataFrame, role: str, options: CellOptions, target: Target, *, name: str) -> Reading:
    shapes, notes = with_shapes(table, role, options, name=name)
    try:
        reading = table_reading(table if shapes is None else shapes, role, ColumnOptions.of(options), target, name=name)
    except InputError as fault:
        if fault.text != "intake.no_key" or not notes:
            raise
        raise InputError("intake.points_for_areas", name=name, role=role) from fault
    return Reading(reading.layers, (*notes, *reading.findings), reading.problems)
