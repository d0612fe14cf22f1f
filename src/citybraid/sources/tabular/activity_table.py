"""Activity data from a table: energy consumed by year, sector, fuel and row, in t, m3 and TJ."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.tabular.activity_names import (
    LEVEL,
    Meaning,
    code_meaning,
    fuel_quantities,
    known_names,
    known_units,
    level,
    meaning,
    plain,
    unit,
)
from citybraid.sources.tabular.activity_parts import Counted, Node, counted
from citybraid.sources.tabular.activity_rows import QUANTITIES, Statement, layout, statements
from citybraid.sources.tabular.sheets import SHEET

__all__ = ["QUANTITIES", "activity_reading"]
NUMBER = re.compile(r"^[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][-+]?\d+)?$")
FIRST_YEAR, LAST_YEAR = 1900, 2100
COLUMN_OF = {"mass": "activity_mass", "volume": "activity_volume", "energy": "activity_energy"}
SHOWN = 6


@dataclass(frozen=True)
class Line:
    """One row as understood: where it stands, what it is, its unit, and its amounts [t, m3, TJ] by year."""

    said: Statement
    what: Meaning
    column: str
    amounts: Mapping[str, float]

    @property
    def item(self) -> str:
        """Name of the row, without what separates the parts of an index."""
        name = self.said.item or self.said.sector or self.said.fuel
        return LEVEL.sub("", name).replace("/", "／").strip()


def activity_reading(table: pd.DataFrame, options: CellOptions, *, role: str, name: str) -> Reading:
    """Return the amounts of a table; its findings are told of the role.

    Rows that are totals of others, and those that the study leaves out, do not count and are reported; empty cells
    have no amount. Raises InputErrors with every sector, fuel, unit, year and amount that cannot be taken in.
    """
    sheet = str(table.attrs.get(SHEET, "-"))
    reader = _Reader(name, sheet, options, role)
    shape = layout(table, options.columns, name=name)
    lines = [
        line
        for statement in statements(table, shape, unit=options.unit)
        if (line := reader.line(statement)) is not None
    ]
    if reader.problems:
        raise InputErrors(reader.problems)
    years = sorted({year for line in lines for year in line.amounts})
    nodes = [Node(level(line.said.item or line.said.sector), line.what.total, line.amounts) for line in lines]
    chosen = counted(nodes, years)
    rows = [(year, lines[number]) for year in years for number in chosen.rows[year]]
    if not rows:
        raise InputError("activity.no_rows", name=name, sheet=sheet)
    return Reading(
        _layers(rows, name, sheet),
        (*reader.findings(), *_findings(lines, chosen, rows, role=role, name=name, sheet=sheet)),
    )


class _Reader:
    """Understands rows one by one and keeps what is wrong with them."""

    def __init__(self, name: str, sheet: str, options: CellOptions, role: str) -> None:
        if isinstance(options.mapping, str) and options.mapping:
            raise InputError("activity.mapping_inline", name=name)
        self.role, self.where = role, {"name": name, "sheet": sheet}
        own = {} if isinstance(options.mapping, str) else options.mapping
        self.own = {plain(word): code.strip() for word, code in own.items()}
        self.problems: list[PlanError] = [
            InputError("activity.mapping_target", **self.where, said=word, got=code)
            for word, code in own.items()
            if code.strip() and code_meaning(code) is None
        ]
        self.given = code_meaning(options.value) if options.value else Meaning()
        if self.given is None:
            raise InputError("activity.value", name=name, got=options.value)
        titled = meaning(sheet)
        self.titled = titled.fuel if titled is not None else ""
        self.left_out: list[str] = []
        self.by_title = 0

    def line(self, statement: Statement) -> Line | None:
        """Return a row as understood; None for one that the study leaves out, one without amounts, or a faulty one."""
        if not any(statement.amounts.values()):
            return None
        own = self._own(statement)
        if own == "":
            self.left_out.append(statement.item or statement.sector)
            return None
        before = len(self.problems)
        what = self._meaning(statement, own)
        if what is None:
            return None
        amounts = dict(self._amounts(statement))
        if what.total and not what.fuel:
            unit_used = unit(statement.unit) or ("", 1.0)
        else:
            unit_used = self._unit(statement, what.fuel) or ("", 1.0)
        if len(self.problems) > before or not amounts:
            return None
        column = "energy" if unit_used[0] == "coal_equivalent" else unit_used[0]
        return Line(
            statement, what, COLUMN_OF.get(column, ""), {year: each * unit_used[1] for year, each in amounts.items()}
        )

    def findings(self) -> Iterator[Finding]:
        """Yield what was left out at the study's wish, and fuels taken from the sheet's name."""
        if self.left_out:
            details = {**self.where, "examples": list(dict.fromkeys(self.left_out))[:SHOWN]}
            yield Finding("found", "activity.left_out", self.role, len(self.left_out), details)
        if self.by_title:
            yield Finding(
                "guessed", "activity.fuel_of_sheet", self.role, self.by_title, {**self.where, "fuel": self.titled}
            )

    def _own(self, statement: Statement) -> str | None:
        """Return the study's own word for a row, by its name with its unit in brackets, else by its name."""
        for name in (statement.item, statement.sector, statement.fuel):
            for spelled in (f"{name}({statement.unit})", name):
                if name and plain(spelled) in self.own:
                    return self.own[plain(spelled)]
        return None

    def _meaning(self, statement: Statement, own: str | None) -> Meaning | None:
        mapped = code_meaning(own) if own else None
        meanings = [mapped] if mapped is not None else []
        for kind, text in (("sector", statement.sector), ("fuel", statement.fuel), ("item", statement.item)):
            each = meaning(text) if text else None
            if each is not None:
                meanings.append(each)
            elif text and mapped is None:
                self._problem(f"activity.unknown_{kind}", statement, got=LEVEL.sub("", text), needs=_examples(kind))
                return None
        meanings += [self.given] if self.given is not None else []
        sector = next((each.sector for each in meanings if each.sector), "")
        fuel = next((each.fuel for each in meanings if each.fuel), "")
        total = mapped is None and any(each.total for each in meanings)
        if not fuel and self.titled:
            fuel, self.by_title = self.titled, self.by_title + 1
        if total:
            return Meaning("", fuel, total=True)
        for word, value in (("sector", sector), ("fuel", fuel)):
            if not value:
                self._problem(
                    f"activity.no_{word}",
                    statement,
                    got=LEVEL.sub("", statement.item or statement.sector or statement.fuel),
                )
                return None
        return Meaning(sector, fuel)

    def _unit(self, statement: Statement, fuel: str) -> tuple[str, float] | None:
        allowed = fuel_quantities(fuel)
        stated = unit(statement.unit) if statement.unit else None
        if stated is None:
            text = "activity.unknown_unit" if statement.unit else "activity.no_unit"
            self._problem(text, statement, got=statement.unit, fuel=fuel, needs=known_units(allowed)[:12])
        elif stated[0] not in allowed:
            self._problem(
                "activity.unit_of_other", statement, got=statement.unit, fuel=fuel, needs=known_units(allowed)[:12]
            )
        return stated

    def _amounts(self, statement: Statement) -> Iterator[tuple[str, float]]:
        for year, cell in statement.amounts.items():
            if not cell:
                continue
            digits = year.removesuffix("年")
            if not digits.isdigit() or not FIRST_YEAR <= int(digits) <= LAST_YEAR:
                self._problem("activity.year", statement, got=year or "-", first=FIRST_YEAR, last=LAST_YEAR)
            elif not NUMBER.match(cell):
                self._problem("activity.not_a_number", statement, got=cell[:40], year=year)
            elif (amount := float(cell.replace(",", ""))) < 0:
                self._problem("activity.negative", statement, got=amount, year=year)
            else:
                yield digits, amount

    def _problem(self, text: str, statement: Statement, **values: object) -> None:
        self.problems.append(InputError(text, **self.where, row=statement.row, **values))


def _examples(kind: str) -> tuple[str, ...]:
    return known_names("fuel" if kind == "fuel" else "sector")[:SHOWN]


def _layers(rows: Sequence[tuple[str, Line]], name: str, sheet: str) -> tuple[SourceLayer, ...]:
    """Return the amounts by mass, volume and energy, and where each is stated; raises InputError for a row twice."""
    index = [f"{year}/{line.what.sector}/{line.what.fuel}/{line.item}" for year, line in rows]
    if twice := next((each for number, each in enumerate(index) if each in index[:number]), ""):
        at = [line.said.row for each, (_, line) in zip(index, rows, strict=True) if each == twice]
        raise InputError("activity.row_twice", name=name, sheet=sheet, rows=at, line=twice)
    lines = pd.Index(index, dtype=object, name="line")
    columns = {
        column: pd.Series(
            [line.amounts[year] if line.column == column else 0.0 for year, line in rows], index=lines, dtype=float
        )
        for column in COLUMN_OF.values()
    }
    sources = [
        " · ".join(filter(None, (name, sheet if sheet != "-" else "", f"#{line.said.row}", line.said.origin[:120])))
        for _, line in rows
    ]
    known = vocabulary()
    layers = [SourceLayer(known[column], values.rename(column)) for column, values in columns.items()]
    text = pd.Series(sources, index=lines, dtype=object, name="activity_source")
    return (*layers, SourceLayer(known["activity_source"], text))


def _findings(
    lines: Sequence[Line], chosen: Counted, rows: Sequence[tuple[str, Line]], *, role: str, name: str, sheet: str
) -> Iterator[Finding]:
    where = {"name": name, "sheet": sheet}
    years = sorted({year for year, _ in rows})
    summary = {**where, "first": years[0], "last": years[-1], "sectors": len({line.what.sector for _, line in rows})}
    yield Finding("found", "activity.read", role, len(rows), summary)
    if chosen.totals:
        names = [lines[number].item for number in chosen.totals][:SHOWN]
        yield Finding("found", "activity.totals", role, len(chosen.totals), {**where, "examples": names})
    if chosen.open_:
        cells = [f"{lines[number].item} {year}" for number, year in chosen.open_][:SHOWN]
        yield Finding("advice", "activity.parts_open", role, len(chosen.open_), {**where, "examples": cells})
    same: dict[tuple[str, float], list[str]] = {}
    for year, line in rows:
        if line.amounts[year] > 0:
            same.setdefault((year, line.amounts[year]), []).append(f"{line.item} {year}")
    if equal := [names for names in same.values() if len(names) > 1]:
        examples = [" = ".join(names) for names in equal][:SHOWN]
        yield Finding("advice", "activity.equal_amounts", role, len(equal), {**where, "examples": examples})
