"""Ceilings: the most that a quantity without a range of its own can plausibly be, from `codes/ceilings.csv`.

A value beyond its ceiling is a wrong unit, a misplaced column or a slip of the keyboard, never a place.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import ClassVar

from citybraid.core.tables import NonEmpty, Positive, Row, Status, parse_rows


class Ceiling(Row):
    """The most that a quantity can plausibly be where its declaration gives no upper end."""

    TABLE: ClassVar[str] = "codes/ceilings"
    KEY: ClassVar[tuple[str, ...]] = ("quantity", "unit", "on")

    quantity: str
    """The quantity; empty for all of the unit."""
    unit: NonEmpty
    """Its unit."""
    on: str
    """Its domain: a table, grid, time, or empty for a single number; * for every domain."""
    most: Positive
    """The ceiling, in the unit."""
    status: Status
    """Verification status."""
    source: NonEmpty
    """What makes it implausible to be more."""


ANYWHERE = "*"
"""Domain of a row that stands for every domain."""


def ceiling(name: str, unit: str, on: str) -> float:
    """Return the ceiling of a quantity: of its name, else of its unit on its domain, else of its unit; inf: none."""
    rows = _ceilings()
    keys = ((name, unit, on), ("", unit, on), ("", unit, ANYWHERE))
    return next((rows[key] for key in keys if key in rows), float("inf"))


@cache
def _ceilings() -> Mapping[tuple[str, str, str], float]:
    """Read the table apart from recordings of tables: a ceiling changes no value, it refuses one."""
    text = files("citybraid").joinpath(f"{Ceiling.TABLE}.csv").read_text(encoding="utf-8")
    return {
        (row.quantity, row.unit, row.on): row.most for row in parse_rows(text, Ceiling, where=f"{Ceiling.TABLE}.csv")
    }
