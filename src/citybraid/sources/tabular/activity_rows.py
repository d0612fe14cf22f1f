"""Rows of an activity table in any layout: long, years as columns, or fuels as columns."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from citybraid.core.errors import InputError
from citybraid.sources.tabular.activity_names import BRACKETED, meaning
from citybraid.sources.tabular.sheets import SHEET, UNITS
from citybraid.sources.text.cell_values import normalize_cell
from citybraid.sources.text.columns import headers_named, key
from citybraid.sources.text.sheet_rows import ROWS

PREFIX = "activity_"
WORDS = ("year", "sector", "fuel", "amount", "unit", "item", "origin")
QUANTITIES = tuple(f"{PREFIX}{word}" for word in WORDS)
YEAR = re.compile(r"^(\d{4})年?$")


class Statement(NamedTuple):
    """The cells of one row on one fuel: names, unit, and amounts by year as texts."""

    row: int
    item: str
    sector: str
    fuel: str
    unit: str
    origin: str
    amounts: Mapping[str, str]


class Layout(NamedTuple):
    """Headers by what they hold, headers of years, and headers of fuels."""

    headers: Mapping[str, str]
    years: Mapping[str, str]
    fuels: tuple[str, ...]


def layout(table: pd.DataFrame, columns: Mapping[str, str], *, name: str) -> Layout:
    """Return the layout of a table; raises InputError where no amounts or no years are found."""
    headers = [str(each) for each in table.columns]
    if unknown := sorted({*columns} - {*WORDS}):
        raise InputError("activity.column_word", name=name, got=unknown, needs=WORDS)
    if absent := sorted({header for header in columns.values() if header and header not in headers}):
        raise InputError("activity.column_absent", name=name, got=absent, needs=headers)
    years = {header: matched[1] for header in headers if (matched := YEAR.match(normalize_cell(header)))}
    free = [header for header in headers if header not in years and header not in columns.values()]
    wanted = [f"{PREFIX}{word}" for word in WORDS if word not in columns]
    found_headers = {var.removeprefix(PREFIX): header for var, header in headers_named(free, wanted).items()}
    held = {**found_headers, **{word: header for word, header in columns.items() if header}}
    taken = {*held.values(), *years}
    fuels = tuple(
        header
        for header in headers
        if header not in taken and (fuel_meaning := meaning(header)) is not None and fuel_meaning.fuel
    )
    fuels = () if years or "amount" in held else fuels
    if not years and ("year" not in held or not ("amount" in held or fuels)):
        raise InputError("activity.no_amounts", name=name, sheet=table.attrs.get(SHEET, "-"), got=headers)
    return Layout(held, years, fuels)


def statements(table: pd.DataFrame, shape: Layout, *, unit: str) -> Iterator[Statement]:
    """Yield the statements of a table; a unit is that of the row, else of its header, the study or the title."""
    titles = table.attrs.get(UNITS, ())
    rows = table.attrs.get(ROWS, tuple(range(2, len(table) + 2)))
    fallback = unit or (titles[0] if len(titles) == 1 else "")
    for number, (_, cells) in zip(rows, table.iterrows(), strict=True):
        texts = {header: normalize_cell(value) for header, value in cells.items()}
        fields = {word: texts[header] for word, header in shape.headers.items()}
        year = fields.get("year", "")
        for header in shape.fuels or ("",):
            amount_header = header or shape.headers.get("amount", "")
            amounts = (
                {shown: texts[column] for column, shown in shape.years.items()}
                if shape.years
                else {year: texts[amount_header]}
            )
            yield Statement(
                number, fields.get("item", ""), fields.get("sector", ""), header or fields.get("fuel", ""),
                fields.get("unit", "") or _bracketed(amount_header) or fallback, fields.get("origin", ""), amounts,
            )  # fmt: skip


def _bracketed(header: str) -> str:
    bracketed = BRACKETED.search(header)
    return bracketed[1] if bracketed is not None and key(header) else ""
