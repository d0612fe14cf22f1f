"""What numbers can be: ceilings of quantities, `codes/ceilings.csv`, and ranges of factors, `codes/factor_ranges.csv`.

A value beyond is a wrong unit, a misplaced column or a slip of the keyboard, never a place.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import ClassVar

from citybraid.core.tables import Flag, NonEmpty, Positive, R, Row, Status, parse_rows


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


class FactorRange(Row):
    """The range of a factor's values; a study's own rows beyond it are refused."""

    TABLE: ClassVar[str] = "codes/factor_ranges"
    KEY: ClassVar[tuple[str, ...]] = ("factor", "word", "unit")

    factor: str
    """The factor; empty for all of the unit."""
    word: str
    """The last part of its key; empty for every key."""
    unit: NonEmpty
    """Its unit."""
    least: float
    """The lowest value."""
    most: float
    """The highest value."""
    above: Flag
    """1 where the lowest value itself cannot be: a value is divided by, or its logarithm is taken."""
    status: Status
    """Verification status."""
    source: NonEmpty
    """What makes a value beyond it implausible."""

    def holds(self, value: float) -> bool:
        """Tell whether a value is in the range."""
        return self.least <= value <= self.most and not (self.above and value == self.least)


class FactorPrecedence(Row):
    """A row of a factor that models read before another one, which is then read by none; `*` is any part of a key."""

    TABLE: ClassVar[str] = "codes/factor_precedence"
    KEY: ClassVar[tuple[str, ...]] = ("factor", "behind", "before")

    factor: NonEmpty
    """The factor."""
    behind: NonEmpty
    """The key that is not read where there is the other one."""
    before: NonEmpty
    """The key that is read."""
    why: NonEmpty
    """Why it goes before."""

    def before_key(self, key: str) -> str:
        """Return the key that goes before one; '' where it is not of the form `behind`."""
        parts, form = key.split("/"), self.behind.split("/")
        if len(parts) != len(form) or any(each not in ("*", part) for each, part in zip(form, parts, strict=True)):
            return ""
        own = iter([part for each, part in zip(form, parts, strict=True) if each == "*"])
        return "/".join(next(own) if each == "*" else each for each in self.before.split("/"))


ANYWHERE = "*"
"""Domain of a row that stands for every domain."""


def ceiling(name: str, unit: str, on: str) -> float:
    """Return the ceiling of a quantity: of its name, else of its unit on its domain, else of its unit; inf: none."""
    rows = _ceilings()
    keys = ((name, unit, on), ("", unit, on), ("", unit, ANYWHERE))
    return next((rows[key] for key in keys if key in rows), float("inf"))


@cache
def factor_precedence() -> tuple[FactorPrecedence, ...]:
    """Return which rows of factors go before others."""
    return _rows(FactorPrecedence)


@cache
def factor_ranges() -> tuple[FactorRange, ...]:
    """Return the ranges of factors."""
    return _rows(FactorRange)


@cache
def _ceilings() -> Mapping[tuple[str, str, str], float]:
    return {(row.quantity, row.unit, row.on): row.most for row in _rows(Ceiling)}


def _rows(kind: type[R]) -> tuple[R, ...]:
    """Read a table apart from recordings of tables: what it holds changes no value, it refuses one."""
    text = files("citybraid").joinpath(f"{kind.TABLE}.csv").read_text(encoding="utf-8")
    return parse_rows(text, kind, where=f"{kind.TABLE}.csv")
