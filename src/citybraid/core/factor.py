"""Factors: numbers with a source, resolved per region and year before any key is computed."""

import csv
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from citybraid.core.currency import normal_unit
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.rows.knowledge import ContinentOfRegion, FactorRow
from citybraid.core.rows.quantities import FactorRange, factor_ranges
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.core.text import Phrase

COLUMNS = tuple(
    "factor key value low high distribution unit region year_from year_to status source note".split()  # noqa: SIM905  (a header line)
)
STATUSES = ("verified", "single_source", "derived", "user", "recalled_unverified", "unverified", "assumed")
UNSURE = frozenset({"recalled_unverified", "unverified", "assumed"})
RENAMED: Mapping[str, str] = {"grid_factor_of_year": "grid_emission_factor"}
"""Former names of factors, still read from a user's table."""
DISTRIBUTIONS = ("", "uniform", "triangular", "normal")
YEAR = re.compile(r"[12]\d{3}")
REGION = re.compile(r"([A-Z]{2}(-[A-Z0-9]+)*)?")
SHIPPED = "citybraid"
"""Origin of the rows that come with the program."""
PRICED = "measure_"
"""Beginning of the factors of measures, each of which is priced by a quantity of its own."""
SHOWN = 6
CALENDAR = (1000, 3000)
"""First and last year that a row may be limited to."""


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
        """Tell whether the row is valid in a region; regions nest by prefix and in continents, '' is all."""
        if region == self.region or not self.region or region.startswith(f"{self.region}-"):
            return True
        return not self.region.isupper() and self.region == continents().get(region.partition("-")[0])

    @property
    def closeness(self) -> int:
        """How narrowly the row is bound to a region: 0 everywhere, 1 in a continent, more for countries and parts."""
        return len(self.region) if self.region.isupper() else int(bool(self.region))

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
        request = (name, region, year, by_year)
        known = self._resolved.get(request)
        if known is not None:
            return known
        rows = [row for row in self.by_name.get(name, ()) if row.holds(region)]
        best = _by_year(rows, year) if by_year else _best(rows, year)
        if not best:
            raise InputError("factor.missing", factor=name, region=region or "-", year=year)
        return self._resolved.setdefault(request, Resolved(name, best.values(), year))


@cached_with_tables
def continents() -> Mapping[str, str]:
    """Return the continent of each country, by its code; that of '' is where factors hold if no region is stated."""
    return {row.region: row.continent for row in read_table(ContinentOfRegion)}


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
    newest: dict[str, Factor] = {}
    for each in sorted(named or {year}):
        row = _best(rows, each).get("") or _best(rows, each).get(str(each))
        if row is not None:
            newest[str(each)] = replace(row, key=str(each), year_from=None, year_to=None)
    return newest


def _rank(row: Factor, year: int) -> tuple[int, int, int]:
    return (row.origin == SHIPPED, -row.closeness, row.years_off(year))


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
    except FileNotFoundError as fault:
        raise InputError("factor.no_file", file=path.name, folder=str(path.parent)) from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError("factor.unreadable", file=path.name, why=str(fault)) from fault
    return tuple(parse(text, where=path.name, origin=path.name))


def parse(text: str, *, where: str, origin: str) -> list[Factor]:
    """Return the rows of a factor table; raises InputErrors naming file, row, column and fault of each."""
    reader = csv.DictReader(text.splitlines())
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise InputError("factor.columns", file=where, missing=missing)
    rows: list[Factor] = []
    problems: list[PlanError] = []
    first: dict[tuple[object, ...], int] = {}
    for cells in reader:
        line = _Line(where, reader.line_num, cells)
        try:
            row = line.row(origin)
        except InputErrors as fault:
            problems += fault.problems
            continue
        identity = tuple(getattr(row, name) for name in FactorRow.KEY)
        if first.setdefault(identity, line.number) != line.number:
            twice = {"columns": FactorRow.KEY, "first": first[identity]}
            problems.append(InputError("table.twice", file=where, row=line.number, **twice))
        rows.append(row)
    if problems:
        raise problems[0] if len(problems) == 1 else InputErrors(problems)
    return rows


def value_problems(row: Factor, where: Callable[[str], object]) -> list[InputError]:
    """Return an error where a row is in another unit than the shipped ones, and for each number that cannot be.

    Values are used as they stand, so a row in another unit would be wrong by orders of magnitude without a sign.
    `where` says of each column where it stands.
    """
    named = {"factor": row.factor, "key": row.key or "-"}
    needed = _units_of(row)
    if needed and normal_unit(row.unit) not in {normal_unit(unit) for unit in needed}:
        return [InputError("factor.unit", where=where("unit"), **named, got=row.unit or "-", needs=needed)]
    known = range_of(row)
    if known is None:
        return []
    needs = Phrase(f"factor.{'above' if known.above else 'between'}", {"low": known.least, "high": known.most})
    ends = {"value": row.value, "low": row.low, "high": row.high}
    unit = "" if not normal_unit(row.unit) else f" {row.unit}"
    return [
        InputError("factor.range", where=where(column), **named, got=number, unit=unit, needs=needs)
        for column, number in ends.items() if number is not None and not known.holds(number)
    ]  # fmt: skip


def range_of(row: Factor) -> FactorRange | None:
    """Return the range of a row's values: of its factor and the last part of its key, of its factor, or of its unit.

    None where the factor is not one of ours: what it may be is not known.
    """
    name, word, unit = current(row).factor, row.key.rpartition("/")[2], normal_unit(row.unit)
    stated_range = _ranges().get((name, word, unit)) or _ranges().get((name, "", unit))
    return stated_range or (_ranges().get(("", "", unit)) if name in shipped().by_name else None)


@cache
def _ranges() -> Mapping[tuple[str, str, tuple[str, ...]], FactorRange]:
    return {(row.factor, row.word, normal_unit(row.unit)): row for row in factor_ranges()}


def _units_of(row: Factor) -> list[str]:
    """Return the units that a row may be in: those of the shipped rows of its key, else of all of its factor.

    None for a price of a measure of which none is shipped: it is per quantity of the measure, and checked by that.
    """
    rows = shipped().by_name.get(current(row).factor, ())
    every = {each.unit for each in rows}
    same = {each.unit for each in rows if each.key == row.key}
    return sorted(same or (every if len(every) == 1 or not row.factor.startswith(PRICED) else ()))


@dataclass(frozen=True)
class _Line:
    """A line of a factor table, and where it stands."""

    file: str
    number: int
    cells: Mapping[str, Any]

    def row(self, origin: str) -> Factor:
        """Return the row; raises InputErrors with every fault of its cells."""
        problems = [*self._wrong_words(), *self._wrong_numbers()]
        if problems:
            raise InputErrors(problems)
        words = {name: self.cells[name] for name in ("factor", "key", "unit", "status")}
        row = Factor(
            **words, value=float(self.cells["value"]), low=self._number("low"), high=self._number("high"),
            distribution=self.cells["distribution"] or "", region=self.cells["region"] or "",
            year_from=self._year("year_from"), year_to=self._year("year_to"),
            source=self.cells["source"] or "", note=self.cells["note"] or "", origin=origin,
        )  # fmt: skip
        if problems := [*value_problems(row, self.place), *self._contradictions(row)]:
            raise InputErrors(problems)
        return row

    def place(self, column: str) -> Phrase:
        """Return where a cell stands, in words."""
        return Phrase("factor.cell", {"file": self.file, "row": self.number, "column": column})

    def _fault(self, text: str, column: str = "", **values: object) -> InputError:
        named = {"column": column, "got": self.cells.get(column) or ""} if column else {}
        return InputError(text, file=self.file, row=self.number, **named, **values)

    def _wrong_words(self) -> Iterator[InputError]:
        if surplus := self.cells.get(None):  # type: ignore[call-overload]  # where csv puts cells beyond the header
            yield self._fault("table.surplus", got=surplus)
        if not self.cells["factor"]:
            yield self._fault("table.empty", "factor")
        for column, words in (("status", STATUSES), ("distribution", DISTRIBUTIONS)):
            if (self.cells[column] or "") not in words:
                yield self._fault("table.choice", column, needs=[each for each in words if each])
        region = self.cells["region"] or ""
        if not REGION.fullmatch(region) and region not in continents().values():
            yield self._fault("table.form", "region", needs="CN, CN-ZJ, CN-ZJ-JX, Asia")

    def _wrong_numbers(self) -> Iterator[InputError]:
        if not self.cells["value"]:
            yield self._fault("table.empty", "value")
        for column in ("value", "low", "high", "year_from", "year_to"):
            try:
                number = self._number(column)
            except ValueError:
                yield self._fault("table.number", column)
                continue
            if number is not None and not math.isfinite(number):
                yield self._fault("table.number", column)
            elif column.startswith("year") and self._year(column) is None and number is not None:
                yield self._fault("factor.year", column)

    def _contradictions(self, row: Factor) -> Iterator[InputError]:
        low = row.value if row.low is None else row.low
        high = row.value if row.high is None else row.high
        if not low <= row.value <= high:
            yield self._fault("factor.bounds", value=row.value, low=low, high=high)
        if row.distribution and (row.low is None or row.high is None):
            yield self._fault("factor.no_bounds", "distribution")
        if row.year_from is not None and row.year_to is not None and row.year_from > row.year_to:
            yield self._fault("factor.years", first=row.year_from, last=row.year_to)

    def _number(self, column: str) -> float | None:
        return float(self.cells[column]) if self.cells[column] else None

    def _year(self, column: str) -> int | None:
        """Return a year, None where there is none or it is no whole number of the calendar."""
        number = self._number(column)
        whole = number is not None and number.is_integer() and CALENDAR[0] <= number <= CALENDAR[1]
        return int(number) if whole and number is not None else None
