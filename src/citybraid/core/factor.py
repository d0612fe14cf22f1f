"""Factors: numbers with a source, resolved per region and year before any key is computed."""

import csv
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from citybraid.core.errors import InputError
from citybraid.core.rows.knowledge import FactorRow
from citybraid.core.tables import cached_with_tables, read_table

COLUMNS = tuple(
    "factor key value low high distribution unit region year_from year_to status source note".split()  # noqa: SIM905  (a header line)
)
STATUSES = ("verified", "single_source", "derived", "user", "recalled_unverified", "unverified", "assumed")
UNSURE = frozenset({"recalled_unverified", "unverified", "assumed"})
RENAMED: Mapping[str, str] = {"grid_factor_of_year": "grid_emission_factor"}
"""Former names of factors, still read from a user's table."""
YEAR = re.compile(r"[12]\d{3}")
SHIPPED = "citybraid"
"""Origin of the rows that come with the program."""
SHOWN = 6


@dataclass(frozen=True)
class Factor:
    """One row of a factor table: a value, its uncertainty, valid region and years, and source."""

    factor: str
    key: str
    value: float
    unit: str
    status: str
    low: float | None = None
    high: float | None = None
    distribution: str = ""
    region: str = ""
    year_from: int | None = None
    year_to: int | None = None
    source: str = ""
    note: str = ""
    origin: str = SHIPPED

    def holds(self, region: str) -> bool:
        """Tell whether the row is valid in a region; regions nest by prefix, '' is valid everywhere."""
        return region == self.region or not self.region or region.startswith(f"{self.region}-")

    def years_off(self, year: int) -> int:
        """Return the distance of a year from the row's valid years [year]; 0 where it is valid."""
        early = (self.year_from - year) if self.year_from is not None else 0
        late = (year - self.year_to) if self.year_to is not None else 0
        return max(early, late, 0)


class Resolved(Mapping[str, float]):
    """A factor's rows for one region and year: key to value, with the rows for provenance."""

    def __init__(self, name: str, rows: Iterable[Factor], year: int) -> None:
        self.name = name
        self.rows = {row.key: row for row in rows}
        self.carried = tuple(sorted(key for key, row in self.rows.items() if row.years_off(year)))
        self._text: str | None = None

    def kept(self, text: Callable[["Resolved"], str]) -> str:
        """Return the text that stands for these rows in keys, made once: hundreds of keys hold the same rows."""
        if self._text is None:
            self._text = text(self)
        return self._text

    def __getitem__(self, key: str) -> float:
        if key not in self.rows:
            raise InputError("factor.key_missing", factor=self.name, key=key)
        return self.rows[key].value

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key, the default where there is no row."""
        return self.rows[key].value if key in self.rows else default

    def __contains__(self, key: object) -> bool:
        return key in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Resolved({self.name!r}, {dict(self)!r})"


@dataclass(frozen=True)
class FactorBook:
    """All factor rows known to a study: the shipped ones, then the user's, which take precedence."""

    rows: tuple[Factor, ...]
    by_name: Mapping[str, tuple[Factor, ...]] = field(init=False, repr=False, compare=False)
    _resolved: dict[tuple[str, str, int, bool], Resolved] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        grouped: dict[str, list[Factor]] = {}
        for row in map(current, self.rows):
            grouped.setdefault(row.factor, []).append(row)
        object.__setattr__(self, "by_name", {name: tuple(rows) for name, rows in grouped.items()})

    def with_rows(self, rows: Iterable[Factor]) -> "FactorBook":
        """Return a book in which additional rows take precedence over the existing ones."""
        return FactorBook((*self.rows, *rows))

    def resolve(self, name: str, *, region: str, year: int, by_year: bool = False) -> Resolved:
        """Return a factor's best row for each key, or for each year that has one, with the year as key.

        A user's row wins; then a row for the year (else the nearest one, which is recorded as carried); then the
        closest region; then the last row. Of a factor with one value a year, a row whose key is a year holds for that
        year alone. Raises InputError where no row is valid in the region.
        """
        asked = (name, region, year, by_year)
        known = self._resolved.get(asked)
        if known is not None:
            return known
        rows = [row for row in self.by_name.get(name, ()) if row.holds(region)]
        best = _by_year(rows, year) if by_year else _best(rows, year)
        if not best:
            raise InputError("factor.missing", factor=name, region=region or "-", year=year)
        return self._resolved.setdefault(asked, Resolved(name, best.values(), year))


def current(row: Factor) -> Factor:
    """Return a row under the present name of its factor."""
    return replace(row, factor=RENAMED[row.factor]) if row.factor in RENAMED else row


def _best(rows: Iterable[Factor], year: int) -> dict[str, Factor]:
    """Return the best row for each key; rows of other years than this are left out where the factor has one value."""
    rows = list(rows)
    yearly = any(not row.key for row in rows)
    best: dict[str, Factor] = {}
    for row in rows:
        of_year = yearly and YEAR.fullmatch(row.key) is not None
        if of_year and row.key != str(year):
            continue
        here = replace(row, key="") if of_year else row
        if here.key not in best or _rank(here, year) <= _rank(best[here.key], year):
            best[here.key] = here
    return best


def _by_year(rows: Iterable[Factor], year: int) -> dict[str, Factor]:
    """Return the row of each year that some row names, of this year where none does; keys are years."""
    rows = list(rows)
    named = {end for row in rows if not row.key for end in (row.year_from, row.year_to) if end is not None}
    named |= {int(row.key) for row in rows if YEAR.fullmatch(row.key)}
    found: dict[str, Factor] = {}
    for each in sorted(named or {year}):
        row = _best(rows, each).get("") or _best(rows, each).get(str(each))
        if row is not None:
            found[str(each)] = replace(row, key=str(each), year_from=None, year_to=None)
    return found


def _rank(row: Factor, year: int) -> tuple[int, int, int]:
    return (row.origin == SHIPPED, -len(row.region), row.years_off(year))


@contextmanager
def own_rows_named(model: str, values: Mapping[str, Any]) -> Iterator[None]:
    """Name the user's own rows among a model's inputs where it cannot compute, such as an efficiency of 0.

    Raises InputError in place of what went wrong; without rows of the user's own it goes on as it is.
    """
    try:
        yield
    except (ArithmeticError, ValueError) as fault:
        rows = [row for value in values.values() if isinstance(value, Resolved) for row in value.rows.values()]
        own = [f"{row.factor},{row.key} = {row.value:g}" for row in rows if row.origin != SHIPPED]
        if not own:
            raise
        raise InputError(
            "factor.not_computed", model=model, rows=own[:SHOWN], count=len(own), why=str(fault)
        ) from fault


@cached_with_tables
def shipped() -> FactorBook:
    """Return the factor tables that come with citybraid."""
    return FactorBook(tuple(Factor(**dict(row)) for row in read_table(FactorRow)))


def resolve(name: str, *, region: str = "", year: int = 2025) -> Resolved:
    """Return a shipped factor for a region and year."""
    return shipped().resolve(name, region=region, year=year)


def read(path: Path) -> tuple[Factor, ...]:
    """Return the rows of a user's factor table (UTF-8 CSV with the columns of ours)."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError("factor.unreadable", file=path.name, why=str(fault)) from fault
    return tuple(parse(text, where=path.name, origin=path.name))


def parse(text: str, *, where: str, origin: str) -> list[Factor]:
    """Return the rows of a factor table; raises InputError naming file, line and fault."""
    reader = csv.DictReader(text.splitlines())
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise InputError("factor.columns", file=where, missing=missing)
    return [_row(line, where=f"{where}:{number}", origin=origin) for number, line in enumerate(reader, 2)]


def _row(line: Mapping[str, str], *, where: str, origin: str) -> Factor:
    if line["status"] not in STATUSES:
        raise InputError("factor.status", file=where, got=line["status"], needs=STATUSES)
    value = _number(line["value"], where=where)
    if value is None:
        raise InputError("factor.value", file=where, got=line["value"])
    year_from, year_to = (_number(line[name], where=where) for name in ("year_from", "year_to"))
    return Factor(
        factor=line["factor"], key=line["key"], value=value, unit=line["unit"], status=line["status"],
        low=_number(line["low"], where=where), high=_number(line["high"], where=where),
        distribution=line["distribution"] or "", region=line["region"] or "",
        year_from=None if year_from is None else int(year_from), year_to=None if year_to is None else int(year_to),
        source=line["source"] or "", note=line["note"] or "", origin=origin,
    )  # fmt: skip


def _number(text: str | None, *, where: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError as fault:
        raise InputError("factor.value", file=where, got=text) from fault
    if not math.isfinite(number):
        raise InputError("factor.value", file=where, got=text)
    return number
