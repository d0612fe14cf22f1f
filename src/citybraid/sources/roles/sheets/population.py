"""Residents by the names of planning units."""

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.sheets import SUMS, TOTALS, UNITS
from citybraid.sources.text.cell_values import normalize_column
from citybraid.sources.text.columns import match_columns, unused_columns
from citybraid.sources.text.number_columns import convert_column

NAME = "population"


def read(table: pd.DataFrame, options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return residents by unit name; totals are dropped, and a sheet with repeated names is rejected.

    Raises InputError where no column holds names or population.
    """
    match = match_columns(list(table.columns), ["unit_name", NAME, "id"], options.columns, layer=name)
    key = "unit_name" if "unit_name" in match.headers else "id"
    if key not in match.headers or NAME not in match.headers:
        raise InputError("intake.no_population", name=name, got=list(table.columns))
    names = normalize_column(table[match.headers[key]])
    rows = (names != "") & ~names.str.casefold().isin(TOTALS)
    if names[rows].duplicated().any():
        raise InputError("intake.key_repeated", name=name, column=match.headers[key])
    var = vocabulary()[NAME]
    header = match.headers[NAME]
    residents = convert_column(table[header][rows], var, layer=NAME, header=header, units=table.attrs.get(UNITS, ()))
    values = residents.column.set_axis(pd.Index(names[rows], dtype=object, name=key)).rename(var.name)
    sums = pd.Series([row.get(header, "") for row in table.attrs.get(SUMS, ())], dtype=object)
    if len(sums) == 1:
        stated_total = convert_column(sums, var, layer=NAME, header=header, units=table.attrs.get(UNITS, ()))
        values.attrs[SUMS] = float(stated_total.column.iloc[0])
    summary = {"name": name, "total": float(values.sum())}
    finding = Finding("found", "intake.population_read", NAME, int(values.notna().sum()), summary)
    idle = unused_columns(match.unused, layer=NAME, name=name)
    return Reading(
        (SourceLayer(var, values, stated=values.notna()),), (*match.findings, *residents.findings, *idle, finding)
    )


SIGNS = ("unit_name", NAME)
ROLE = Role(NAME, "sheet", single=True, sheet=Sheet(read, SIGNS, SIGNS))
