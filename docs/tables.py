"""The page of tables: every CSV table of the package, its columns and who reads it."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from citybraid.core import catalogue, factor
from citybraid.core.tables import CodeRow, Flag, Row, read_table, row_models, table_files

DOCS = Path(__file__).parent
PACKAGE = DOCS.parent / "src" / "citybraid"
LIMITS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
KINDS = {str: "text", int: "whole number", float: "number", bool: "1 or 0"}
ROWS = "citybraid.core.rows."
"""Where models of rows live."""
LONG = 14
"""Words that a column may hold are listed up to so many."""


def page() -> str:
    """Return the page."""
    lines = [
        "# Tables",
        "",
        "Rules, names and numbers are rows of CSV files within the package, never code. Each row is held to its model",
        "in `citybraid.core.rows` when its table is read; what is wrong is told by file, row and column. No two rows",
        "share the columns marked as key. This page is made when the docs are built.",
        "",
    ]
    for row in row_models():
        lines += _part(row)
    return "\n".join(lines)


PRICES = {
    "measure_cost": "cost",
    "measure_upkeep": "upkeep",
    "measure_lifetime": "lifetime",
    "measure_embodied_carbon": "embodied carbon",
}
"""Rows by which a measure is priced, and what a page calls them."""


def prices_part(measures: Mapping[str, object]) -> str:
    """Return the part of a page that tells which rows of its price each measure has, and which a study has to state."""
    lines = [
        "## Prices",
        "",
        "Value, unit and status of the rows that the program has, of any region; `-`: none with a source was found,",
        "and a study that buys the measure states it in its own factors. Without cost, upkeep and lifetime a portfolio",
        "refuses a measure and says which rows it lacks; embodied carbon may be missing, and is then not counted.",
        "Where parameters make something else of a measure, its rows are keyed by that (`new_stops/metro`); the first",
        "of them is shown.",
        "",
        f"| measure | {' | '.join(PRICES.values())} |",
        f"| --- |{' --- |' * len(PRICES)}",
    ]
    found: dict[tuple[str, str], factor.Factor] = {}
    for row in factor.shipped().rows:
        if row.factor in PRICES:
            found.setdefault((row.factor, row.key.partition("/")[0]), row)
    for name in sorted(each.rpartition(".")[2] for each in measures):
        own = [found.get((word, name)) for word in PRICES]
        cells = ["-" if row is None else f"{row.value:g} {row.unit}, {row.status.replace('_', ' ')}" for row in own]
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _part(row: type[Row]) -> Iterator[str]:
    count = len(read_table(row))
    yield from (f"## {row.TABLE}", "", f"{(row.__doc__ or '').strip()} {count} rows.", "")
    yield from ("| column | holds | what it is |", "| --- | --- | --- |")
    about = _docstrings(row)
    for name, field in row.model_fields.items():
        key = " (key)" if name in row.KEY else ""
        yield f"| `{name}`{key} | {_holds(field)} | {about[name]} |".replace("\n", " ")
    yield ""
    yield f"Read by {', '.join(f'`{module}`' for module in readers(row))}."
    yield ""
    if row.TABLE == "factors/":
        yield from _factor_files()
    elif row.TABLE.endswith("/"):
        yield from _files(row)


def _holds(field: FieldInfo) -> str:
    kind, empty = field.annotation, False
    if kind is bool or kind == Flag:
        return KINDS[bool]
    arguments = get_args(kind)
    if type(None) in arguments:
        kind, empty = next(each for each in arguments if each is not type(None)), True
    rules: list[Any] = list(field.metadata)
    if within := getattr(kind, "__metadata__", ()):
        rules += [rule for each in within for rule in getattr(each, "metadata", [each])]
        kind = get_args(kind)[0]
    words = _words(kind)
    if words:
        empty = empty or "" in words
        shown = [f"`{word}`" for word in words if word]
        told = ", ".join(shown) if len(shown) <= LONG else f"one of {len(shown)} words"
    else:
        told = KINDS.get(kind, "text") if isinstance(kind, type) else "text"
    told += "".join(
        f", {sign} {bound:g}"
        for rule in rules
        for name, sign in LIMITS.items()
        if (bound := getattr(rule, name, None)) is not None
    )
    patterns = [pattern for rule in rules if (pattern := getattr(rule, "pattern", None))]
    told += "".join(f", `{pattern}`".replace("|", "\\|") for pattern in patterns)
    filled = any(getattr(rule, "min_length", 0) for rule in rules) or patterns or words or kind is not str
    return told + (" or empty" if empty or not filled else "")


def _words(kind: object) -> tuple[str, ...]:
    """Return the words that a column is confined to."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(word for part in get_args(kind) for word in _words(part))


@cache
def _tree(module: str) -> ast.Module:
    path = PACKAGE.joinpath(*module.split(".")[1:]).with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def _docstrings(row: type[Row]) -> dict[str, str]:
    """Return what each column means: the docstring below its field, here or in a class that the row grew from."""
    found: dict[str, str] = {}
    for each in reversed(row.__mro__):
        if not issubclass(each, Row):
            continue
        body = next(
            n.body for n in ast.walk(_tree(each.__module__)) if isinstance(n, ast.ClassDef) and n.name == each.__name__
        )
        for field, below in pairwise(body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
                found[field.target.id] = " ".join(str(ast.literal_eval(below.value)).split())
    return found


@cache
def _importers() -> dict[str, list[str]]:
    """Return the modules that name each row model."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        module, text = ".".join(path.relative_to(PACKAGE).with_suffix("").parts), path.read_text(encoding="utf-8")
        if ROWS not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(ROWS):
                for alias in node.names:
                    found.setdefault(alias.name, []).append(module)
    return found


def readers(row: type[Row]) -> list[str]:
    """Return the modules that read a table: texts and codes with colours are read for all by one of them."""
    for_all = {"core.text"} if row.TABLE == "texts/" else {"report.palettes"} if issubclass(row, CodeRow) else set()
    return sorted({*_importers().get(row.__name__, ()), *for_all})


def _factor_files() -> Iterator[str]:
    """Each file with its factors and the models that declare them."""
    takers: dict[str, list[str]] = {}
    for name, entry in catalogue.known().items():
        for need in entry["needs"].values():
            if need["kind"] == "factor":
                takers.setdefault(need["factor"], []).append(name)
    by_file = {
        name: factor.parse(entry.read_text(encoding="utf-8"), where=name, origin="")
        for name, entry in table_files(_factors())
    }
    yield from ("| file | rows | factors | declared by models |", "| --- | --- | --- | --- |")
    for name, rows in by_file.items():
        factors = sorted({row.factor for row in rows})
        models = sorted({model for each in factors for model in takers.get(each, ())})
        yield f"| `{name}` | {len(rows)} | {_listed(factors)} | {_listed(models) or 'read by name'} |"
    yield ""


def _factors() -> type[Row]:
    return next(row for row in row_models() if row.TABLE == "factors/")


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _files(row: type[Row]) -> Iterator[str]:
    yield from ("| file | rows |", "| --- | --- |")
    for name, entry in table_files(row):
        lines = entry.read_text(encoding="utf-8").splitlines()
        yield f"| `{name}` | {len(lines) - 1} |"
    yield ""
