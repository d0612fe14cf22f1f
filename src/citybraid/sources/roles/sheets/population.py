"""Residents by the names or numbers of planning units, parcels, buildings or compounds."""

from collections.abc import Mapping

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.quantities import COMPOUND, vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.tabular.sheets import SUMS, UNITS
from citybraid.sources.tabular.total_rows import TOTALS
from citybraid.sources.text.cell_values import normalize_column
from citybraid.sources.text.columns import match_columns, unused_columns
from citybraid.sources.text.number_columns import convert_column
from citybraid.sources.text.sheet_rows import ROWS

NAME = "population"
KEYS = ("unit_name", COMPOUND.name, "plot_number", "id")
"""What can name the rows: the first of them holds the sheet's own total."""
SHOWN = 4


def read(table: pd.DataFrame, options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return residents by each column that names the rows: which table they belong to shows when they are joined.

    Totals are dropped and rows without a name are told. Rows that repeat a name are copies where all cells are alike,
    and parts to be summed where another column tells them apart. Raises InputError where no column holds names or
    population, or rows of one name differ in their people alone.
    """
    match = match_columns(list(table.columns), [*KEYS[:1], NAME, *KEYS[1:]], options.columns, layer=name)
    keys = [key for key in KEYS if key in match.headers]
    if not keys or NAME not in match.headers:
        raise InputError("intake.no_population", name=name, got=list(table.columns))
    cells = pd.DataFrame({header: normalize_column(table[header]) for header in table.columns})
    first = cells[match.headers[keys[0]]]
    summed = cells[[match.headers[key] for key in keys]].apply(lambda column: column.str.casefold().isin(TOTALS))
    var, header = vocabulary()[NAME], match.headers[NAME]
    named = (first != "") & ~summed.any(axis=1)
    rows, notes = _single(cells[named], match.headers[keys[0]], header, name=name)
    numbers = pd.Series(list(table.attrs.get(ROWS, ())), dtype=object).reindex(range(len(table)))
    residents = convert_column(table[header].loc[rows], var, layer=NAME, header=header,
                               units=table.attrs.get(UNITS, ()),
                               rows=[] if numbers.isna().any() else list(numbers.loc[rows]))  # fmt: skip
    nameless = convert_column(table[header][(first == "") & ~summed.any(axis=1)], var, layer=NAME, header=header,
                              units=table.attrs.get(UNITS, ()))  # fmt: skip
    if people := float(nameless.column.sum()):
        values = {"name": name, "column": match.headers[keys[0]], "people": people}
        notes.append(Finding("rejected", "intake.people_nameless", NAME, int(nameless.column.gt(0).sum()), values))
    layers = _layers(residents.column, cells.loc[rows], {key: match.headers[key] for key in keys})
    sums = pd.Series([row.get(header, "") for row in table.attrs.get(SUMS, ())], dtype=object)
    if len(sums) == 1:
        stated_total = convert_column(sums, var, layer=NAME, header=header, units=table.attrs.get(UNITS, ()))
        layers[0].value.attrs[SUMS] = float(stated_total.column.iloc[0])
    summary = {"name": name, "total": float(layers[0].value.sum())}
    finding = Finding("found", "intake.population_read", NAME, int(layers[0].value.notna().sum()), summary)
    idle = unused_columns(match.unused, layer=NAME, name=name)
    return Reading(layers, (*match.findings, *residents.findings, *notes, *idle, finding))


def _single(cells: pd.DataFrame, key: str, people: str, *, name: str) -> tuple[pd.Index, list[Finding]]:
    """Return the rows that count, each part of a name once, and what was done with repeated names."""
    copies = cells.duplicated()
    kept, notes = cells[~copies], list[Finding]()
    repeated = kept[key].duplicated(keep=False)
    others = [column for column in kept.columns if column != people]
    if clash := sorted(set(kept[key][kept.duplicated(others, keep=False)])):
        raise InputError("intake.people_twice", name=name, column=key, examples=clash[:SHOWN])
    if copies.any():
        examples = sorted(set(cells[key][copies]))[:SHOWN]
        notes.append(Finding("found", "intake.people_copies", NAME, int(copies.sum()), {"examples": examples}))
    if repeated.any():
        examples = sorted(set(kept[key][repeated]))[:SHOWN]
        notes.append(
            Finding("advice", "intake.people_parts", NAME, len(set(kept[key][repeated])), {"examples": examples})
        )
    return kept.index, notes


def _layers(people: pd.Series, cells: pd.DataFrame, keys: Mapping[str, str]) -> tuple[SourceLayer, ...]:
    """Return residents by each key whose column is filled in every row; parts of a name are summed."""
    layers = list[SourceLayer]()
    for key, header in keys.items():
        names = cells[header]
        if layers and (names.eq("").any() or names.nunique() != cells[next(iter(keys.values()))].nunique()):
            continue
        values = people.astype(float).groupby(names.to_numpy(), sort=False).sum(min_count=1)
        values = values.set_axis(pd.Index(values.index, dtype=object, name=key)).rename(NAME)
        layers.append(SourceLayer(vocabulary()[NAME], values, stated=values.notna()))
    return tuple(layers)


SIGNS = ("unit_name", NAME, COMPOUND.name)
ROLE = Role(NAME, "sheet", single=True, sheet=Sheet(read, SIGNS, (*KEYS, NAME)))
