"""Factor rows that a model uses."""

from collections.abc import Iterator
from dataclasses import asdict
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from citybraid.api.names import near
from citybraid.core import catalogue, factor
from citybraid.core.errors import InputError
from citybraid.core.factor import FactorBook, Resolved


def book(own: str | PathLike[str] | None) -> FactorBook:
    """Return the shipped factor rows, and those of a user's table, which win."""
    shipped = factor.shipped()
    return shipped if own is None else shipped.with_rows(factor.read(Path(own)))


def resolved(name: str, *, region: str, year: int, own: str | PathLike[str] | None) -> pd.DataFrame:
    """Return the rows that a factor, or every factor of a model, resolves to."""
    factor_book = book(own)
    resolutions = [
        factor_book.resolve(each, region=region, year=year, by_year=by_year)
        for each, by_year in _names(name, factor_book)
        if any(row.holds(region) for row in factor_book.by_name.get(each, ()))
    ]
    rows = [row for each in resolutions for row in _rows(each)]
    return pd.DataFrame(rows, columns=[*factor.COLUMNS, "origin", "carried"])


def _rows(resolution: Resolved) -> Iterator[dict[str, Any]]:
    for key, row in resolution.rows.items():
        yield asdict(row) | {"carried": key in resolution.carried}


def _names(name: str, factor_book: FactorBook) -> list[tuple[str, bool]]:
    """Return names of factors, and whether a model asks for the values of all years."""
    if name in factor_book.by_name:
        return [(name, False)]
    for model_id, entry in catalogue.known().items():
        if name in {model_id, model_id.rpartition(".")[2]}:
            return [
                (need["factor"], need.get("by_year", False))
                for need in entry["needs"].values()
                if need["kind"] == "factor"
            ]
    models = [model_id.rpartition(".")[2] for model_id in catalogue.known()]
    raise InputError("api.unknown_factor", name=name, near=near(name, [*factor_book.by_name, *models]))
