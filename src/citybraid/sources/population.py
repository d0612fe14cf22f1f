"""Population by the names of planning units, from a sheet."""

from collections.abc import Mapping

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.columns import matched
from citybraid.sources.figure_columns import numbers
from citybraid.sources.quantities import vocabulary
from citybraid.sources.reading import Found, Reading
from citybraid.sources.sheets import SUMS, TOTALS, UNITS
from citybraid.sources.values import texts


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
