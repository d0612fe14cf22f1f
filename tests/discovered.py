"""What the package holds, found by looking: modules, models, vocabulary, and the sources a model rests on."""

import ast
import hashlib
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


def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """Return the names of our own modules that a file imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name.startswith("citybraid.") and _file(name)}


def _file(module: str) -> Path | None:
    path = PACKAGE.joinpath(*module.split(".")[1:])
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def fingerprint(model: AnyModel) -> str:
    """Return a digest of the code that a model's values rest on.

    That is its own module and those it imports, kernels first of all, but neither core
    nor the compiler's settings:
    syntax trees without docstrings, in a form that every Python version writes alike.
    """
    todo, seen = {model.function.__module__}, dict[str, str]()
    while todo:
        name = todo.pop()
        file = _file(name)
        if file is None or name in seen or name.startswith(("citybraid.core", "citybraid.kernels.compiled")):
            continue
        seen[name] = _plain(tree(file))
        todo |= imports(file)
    return hashlib.sha256("\n".join(f"{name}={seen[name]}" for name in sorted(seen)).encode()).hexdigest()[:16]


def _plain(node: object) -> str:
    if isinstance(node, list):
        return f"[{','.join(_plain(part) for part in node if not _is_docstring(part))}]"
    if not isinstance(node, ast.AST):
        return repr(node)
    parts = ((name, getattr(node, name, None)) for name in node._fields if name not in {"ctx", "kind", "type_params"})
    filled = (f"{name}={_plain(value)}" for name, value in parts if value not in (None, []))
    return f"{type(node).__name__}({','.join(filled)})"


def _is_docstring(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
