"""What the package holds, found by looking: modules, models, vocabulary, and the sources a model rests on."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

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


@cache
def literals(path: Path) -> tuple[ast.Constant | ast.Tuple | ast.List | ast.Set, ...]:
    """Return the constants and the displays of several that a file writes, docstrings left out."""
    whole = tree(path)
    bare = {id(node.value) for node in ast.walk(whole) if isinstance(node, ast.Expr)}
    kinds = (ast.Constant, ast.Tuple, ast.List, ast.Set)
    return tuple(node for node in ast.walk(whole) if isinstance(node, kinds) and id(node) not in bare)
