"""What the package holds, found by looking: modules, models, vocabulary, and the sources a model rests on."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeGuard, get_args

import citybraid
from citybraid.core import vocabulary
from citybraid.core.model import Model
from citybraid.core.var import Var

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "citybraid"
FLOORS = ("lowcarbon", "resilience", "biodiversity", "integrate")

AnyModel = Model[..., Any]


def sources(folder: Path = PACKAGE) -> list[Path]:
    """Return every Python file under a folder."""
    return sorted(folder.rglob("*.py"))


def _modules(package: str) -> Iterator[ModuleType]:
    parent = importlib.import_module(package)
    yield parent
    for found in pkgutil.walk_packages(parent.__path__, f"{package}."):
        yield importlib.import_module(found.name)


@cache
def models() -> tuple[AnyModel, ...]:
    """Return every model and measure, sorted by id."""
    found: dict[str, AnyModel] = {}
    for floor in FLOORS:
        for module in _modules(f"{citybraid.__name__}.{floor}"):
            for value in vars(module).values():
                if isinstance(value, Model) and value.function.__module__ == module.__name__:
                    found[value.id] = value
    return tuple(found[key] for key in sorted(found))


@cache
def quantities() -> tuple[tuple[str, str, Var], ...]:
    """Return every quantity of the vocabulary as (module, Python name, Var)."""
    return tuple(
        (module.__name__, name, part)
        for module in _modules(vocabulary.__name__)
        for name, alias in vars(module).items()
        for part in get_args(alias)[1:]
        if isinstance(part, Var)
    )


@cache
def _test_files(folder: Path) -> dict[str, Path]:
    """Return the test files below a folder by their names, the first of several that share one."""
    return {path.stem: path for path in sorted(folder.rglob("test_*.py"), reverse=True)}


def own_test(model: AnyModel) -> Path | None:
    """Return the test file that is named after a model, None where its tests stand with others."""
    strand = model.id.partition(".")[0]
    return _test_files(ROOT / "tests" / strand).get(f"test_{model.name}")


def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def statements(path: Path) -> Iterator[ast.AST]:
    """Yield a file's statements with those within them, but no part of an expression: a tenth of the tree."""
    waiting: list[ast.AST] = [tree(path)]
    while waiting:
        node = waiting.pop()
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting.extend(getattr(node, block, ()))


Literal = ast.Constant | ast.Tuple | ast.List | ast.Set


class Written(NamedTuple):
    """What several tests look for in a file's syntax tree: kept, as to parse all files takes seconds."""

    literals: tuple[Literal, ...]
    """Constants and displays of several, docstrings left out."""
    calls: tuple[tuple[str, tuple[str | None, ...], Mapping[str, str]], ...]
    """Calls of a plain name, as `say(...)`: the name, texts by place (None where none is written) and by keyword."""


@cache
def written(path: Path) -> Written:
    """Return the literals and the calls of a file."""
    nodes = tuple(ast.walk(tree(path)))
    bare = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    literal = tuple(node for node in nodes if isinstance(node, Literal) and id(node) not in bare)
    return Written(literal, tuple(_call(node) for node in nodes if _is_of_a_name(node)))


def _is_of_a_name(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _call(node: ast.Call) -> tuple[str, tuple[str | None, ...], Mapping[str, str]]:
    words = {each.arg: said for each in node.keywords if each.arg and (said := _text(each.value)) is not None}
    return ast.unparse(node.func), tuple(_text(each) for each in node.args), words


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def literals(path: Path) -> tuple[Literal, ...]:
    """Return the constants and the displays of several that a file writes, docstrings left out."""
    return written(path).literals
