"""Tables of the package: rules, names and numbers as rows of CSV files, each validated by its row model when read.

A row model declares its file, the meaning of each column and its valid values; all of them are in
`citybraid.core.rows`. Tables that were read while a value was computed can be recorded as its dependencies.
"""

import csv
import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, ParamSpec, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.text import row_name

ROWS = "citybraid.core.rows"
COMPARISON_SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}

NonEmpty = Annotated[str, Field(min_length=1)]
"""A text that must be there."""
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
"""A colour as #rrggbb."""
Flag = Annotated[bool, BeforeValidator(lambda cell: cell or "0")]
"""1 for yes; 0 or empty for no."""
EMPTY = BeforeValidator(lambda cell: None if cell == "" else cell)
"""Goes with a number that may be missing: its cell is then empty."""
Amount = Annotated[float, Field(ge=0)]
"""A number from 0 up."""
Positive = Annotated[float, Field(gt=0)]
"""A number above 0."""
OptionalNumber = Annotated[float | None, EMPTY]
"""A number, or empty where there is none."""
Year = Annotated[int | None, EMPTY]
"""A year, or empty where there is none."""
Status = Literal["verified", "single_source", "derived", "recalled_unverified", "unverified", "assumed"]
"""How well a row is known."""


class Row(BaseModel):
    """A row of a table: frozen and closed; each field's docstring says what its column means."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    TABLE: ClassVar[str]
    """The file within the package without `.csv`; a folder, ending in `/`, where all its tables have such rows."""
    KEY: ClassVar[tuple[str, ...]] = ()
    """Columns that no two rows share; none where rows may stand twice."""


class CodeRow(Row):
    """A row that gives a code its name and its colour."""

    KEY: ClassVar[tuple[str, ...]] = ("code",)

    code: NonEmpty
    """The code."""
    name_en: NonEmpty
    """What people call it, in English."""
    name_zh: NonEmpty
    """What people call it, in Chinese."""
    color: Colour
    """Its colour on maps."""

    def name(self, language: str) -> str:
        """Return what people call it in a language."""
        return row_name(dict(self), "name", language, table=self.TABLE.removeprefix("codes/"))


R = TypeVar("R", bound=Row)
T = TypeVar("T")
P = ParamSpec("P")


class LoadedTable(NamedTuple):
    """The rows of a table, with the digest of each file that holds them."""

    rows: tuple[Any, ...]
    digests: Mapping[str, str]


_READ: ContextVar[dict[str, str] | None] = ContextVar("tables read", default=None)


def read_table(row: type[R]) -> tuple[R, ...]:
    """Return the rows of a table, read and validated once; raises InputErrors with every invalid cell."""
    table = _loaded(row)
    _note(table.digests)
    return table.rows


@contextmanager
def record_tables() -> Iterator[Mapping[str, str]]:
    """Collect the tables read within the block, {file: digest}; nested recordings propagate to the outer one."""
    tables: dict[str, str] = {}
    token = _READ.set(tables)
    try:
        yield tables
    finally:
        _READ.reset(token)
        _note(tables)


def note_read(digests: Mapping[str, str]) -> None:
    """Add tables that were read elsewhere, in another process or before, to the active recordings."""
    _note(digests)


def unchanged(digests: Mapping[str, str]) -> bool:
    """Tell whether the tables of a recording, {file: digest}, are unchanged."""
    return all(_digest_of(name) == digest for name, digest in digests.items())


def cached_with_tables(make: Callable[P, T]) -> Callable[P, T]:
    """Cache a function of tables, like `functools.cache`; every call, cached or not, notes its tables in recordings."""
    results: dict[tuple[Any, ...], tuple[T, Mapping[str, str]]] = {}

    @wraps(make)
    def remember(*args: P.args, **named: P.kwargs) -> T:
        arguments = (*args, *sorted(named.items()))
        if arguments not in results:
            with record_tables() as tables:
                results[arguments] = (make(*args, **named), tables)
        value, tables = results[arguments]
        _note(tables)
        return value

    return remember


def parse_rows(text: str, row: type[R], *, where: str) -> tuple[R, ...]:
    """Parse the rows of a table's text; raises InputErrors with file, row, column and error."""
    reader = csv.DictReader(text.splitlines(), restval="")
    columns, header = tuple(row.model_fields), tuple(reader.fieldnames or ())
    if sorted(columns) != sorted(header):
        raise InputErrors([InputError("table.columns", file=where, got=header, needs=columns)])
    rows: list[R] = []
    problems: list[InputError] = []
    first_lines: dict[tuple[object, ...], int] = {}
    for cells in reader:
        line = reader.line_num
        if surplus := cells.pop(None, None):  # where csv puts cells beyond the header
            problems.append(InputError("table.surplus", file=where, row=line, got=surplus))
            continue
        try:
            record = row.model_validate(cells)
        except ValidationError as fault:
            problems += [_problem(each, file=where, row=line) for each in fault.errors()]
            continue
        key = tuple(getattr(record, name) for name in row.KEY)
        if key and first_lines.setdefault(key, line) != line:
            problems.append(InputError("table.twice", file=where, row=line, columns=row.KEY, first=first_lines[key]))
        rows.append(record)
    if problems:
        raise InputErrors(problems)
    return tuple(rows)


@cache
def row_models() -> tuple[type[Row], ...]:
    """Return the row model of every table, by the name of its table."""
    models: dict[str, type[Row]] = {}
    for module in pkgutil.iter_modules(importlib.import_module(ROWS).__path__):
        for value in vars(importlib.import_module(f"{ROWS}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Row) and hasattr(value, "TABLE"):
                models[value.TABLE] = value
    return tuple(models[name] for name in sorted(models))


def code_table(name: str) -> type[CodeRow] | None:
    """Return the row model of a table of codes with names and colours; None where there is no such table."""
    model = {row.TABLE: row for row in row_models()}.get(f"codes/{name}")
    return model if model is not None and issubclass(model, CodeRow) else None


@cache
def _loaded(row: type[Row]) -> LoadedTable:
    rows: list[Row] = []
    digests: dict[str, str] = {}
    for name, entry in table_files(row):
        content = entry.read_bytes().replace(b"\r\n", b"\n")
        rows += parse_rows(content.decode("utf-8"), row, where=f"{name}.csv")
        digests[name] = hashlib.sha256(content).hexdigest()
    return LoadedTable(tuple(rows), digests)


def table_files(row: type[Row]) -> Iterator[tuple[str, Traversable]]:
    """Return the files that hold a table's rows, by name, in order."""
    package = files("citybraid")
    if not row.TABLE.endswith("/"):
        yield row.TABLE, package.joinpath(f"{row.TABLE}.csv")
        return
    yield from _within(package.joinpath(row.TABLE), row.TABLE)


def _within(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            yield from _within(entry, f"{name}{entry.name}/")
        elif entry.name.endswith(".csv"):
            yield f"{name}{entry.name.removesuffix('.csv')}", entry


@cache
def _digest_of(name: str) -> str:
    """Digest of a table's file, '' where there is none."""
    entry = files("citybraid").joinpath(f"{name}.csv")
    return hashlib.sha256(entry.read_bytes().replace(b"\r\n", b"\n")).hexdigest() if entry.is_file() else ""


def _note(digests: Mapping[str, str]) -> None:
    tables = _READ.get()
    if tables is not None:
        tables.update(digests)


def _problem(fault: ErrorDetails, *, file: str, row: int) -> InputError:
    column, context, got = fault["loc"][0], fault.get("ctx", {}), fault["input"]
    where: dict[str, object] = {"file": file, "row": row, "column": column, "got": got}
    if got in ("", None):
        return InputError("table.empty", **where)
    if "expected" in context:
        return InputError("table.choice", needs=context["expected"], **where)
    for bound, sign in COMPARISON_SIGNS.items():
        if bound in context:
            return InputError("table.range", needs=f"{sign} {context[bound]:g}", **where)
    if "pattern" in context:
        return InputError("table.form", needs=context["pattern"], **where)
    if "parsing" in fault["type"] or fault["type"] == "finite_number":
        return InputError("table.number", **where)
    return InputError("table.value", why=fault["msg"], **where)
