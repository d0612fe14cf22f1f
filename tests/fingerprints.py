"""Digests of the code that values rest on, blind to where it stands and to what it calls its locals.

A definition's digest is that of its syntax tree, in which docstrings and imports are left out, local names are
numbered, and a name of another definition of ours stands for that definition's own digest. So moving a module,
renaming a function or a local variable, or editing what a model does not reach leaves a digest as it is.
"""

import ast
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from citybraid.core.model import Model
from tests.discovered import PACKAGE, tree

APART = ("citybraid.core", "citybraid.kernels.compiled")
"""Declarations and compiler settings: they enter keys and caches by themselves."""
MODULE = re.compile(r"citybraid(\.\w+)+", re.ASCII)
"""A text that names a module of ours."""
MOST_DEEP = 1_000
"""Longer than any path of definitions that reach one another."""


@dataclass(frozen=True)
class Scope:
    """A module's top level: its definitions by name, and what its imports bind."""

    name: str
    definitions: Mapping[str, ast.stmt]
    bound: Mapping[str, tuple[str, str]]


def model_fingerprint(model: Model[..., Any]) -> str:
    """Return a digest of the code that a model's values rest on."""
    return definition_digest(model.function.__module__, model.function.__name__)


def module_fingerprint(module: ModuleType) -> str:
    """Return a digest of everything that a module defines and of what that rests on."""
    scope = scope_of(module.__name__)
    return _short(sorted(definition_digest(scope.name, name) for name in scope.definitions))


@cache
def scope_of(module: str) -> Scope:
    """Return the top level of one of our modules; empty where there is no such module."""
    path = PACKAGE.joinpath(*module.split(".")[1:])
    file = next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)
    definitions: dict[str, ast.stmt] = {}
    bound: dict[str, tuple[str, str]] = {}
    for node in tree(file).body if file else []:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            definitions[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            definitions |= dict.fromkeys(_assigned(node), node)
    for found in ast.walk(tree(file)) if file else ():
        if isinstance(found, ast.ImportFrom) and found.module and found.module.startswith("citybraid"):
            bound |= {alias.asname or alias.name: (found.module, alias.name) for alias in found.names}
    return Scope(module, definitions, bound)


def _assigned(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}


def definition_digest(module: str, name: str) -> str:
    """Return the digest of a definition and of all it reaches."""
    return _digest(module, name, ()).text


class Digest(NamedTuple):
    """A digest, and the place on the path from the start of the outermost definition that it points back to."""

    text: str
    back_to: int = MOST_DEEP


_KNOWN: dict[tuple[str, str], Digest] = {}


def _digest(module: str, name: str, path: tuple[tuple[str, str], ...]) -> Digest:
    here = (module, name)
    if module.startswith(APART):
        return Digest(name)
    if here in path:
        return Digest(f"<{len(path) - path.index(here)}>", path.index(here))
    if here in _KNOWN:
        return _KNOWN[here]
    scope = scope_of(module)
    if name in scope.bound:
        return _digest(*scope.bound[name], path)
    if name not in scope.definitions:
        return Digest(name)
    plain = Plain(scope, (*path, here))
    found = Digest(_short([plain.definition(scope.definitions[name])]), plain.back_to)
    if found.back_to >= len(path):
        _KNOWN[here] = found = Digest(found.text)
    return found


def _short(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


class Plain:
    """Writes a definition's tree as text that every Python version writes alike."""

    def __init__(self, scope: Scope, path: tuple[tuple[str, str], ...]) -> None:
        self.scope = scope
        self.path = path
        self.local: dict[str, str] = {}
        self.back_to = MOST_DEEP

    def definition(self, node: ast.stmt) -> str:
        """Return the definition itself as text: of an assignment, its value and which of its targets the name is."""
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            return self.text(node)
        targets = [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
        return f"{targets.index(self.path[-1][1])}:{self.text(node.value)}"

    def text(self, node: object) -> str:
        """Return a node, a list or a plain value as text."""
        if isinstance(node, list):
            return f"[{','.join(self.text(part) for part in node if not _left_out(part))}]"
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Attribute) and (member := self._member(node)):
            return member
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._constant(node.value)
        if not isinstance(node, ast.AST):
            return repr(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return self._function(node)
        return self._fields(node, self._own_name(node))

    def _own_name(self, node: ast.AST) -> set[str]:
        return {"name"} if getattr(node, "name", None) == self.path[-1][1] else set()

    def _fields(self, node: ast.AST, without: set[str]) -> str:
        left_out = {"ctx", "kind", "type_params", "type_comment", "returns"} | without
        parts = ((name, getattr(node, name, None)) for name in node._fields if name not in left_out)
        filled = (f"{name}={self.text(value)}" for name, value in parts if value not in (None, []))
        return f"{type(node).__name__}({','.join(filled)})"

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> str:
        outer = dict(self.local)
        arguments = {part.arg for part in ast.walk(node.args) if isinstance(part, ast.arg)}
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and part.id not in arguments:
                self.local.setdefault(part.id, f"local{len(self.local)}")
        self.local |= {name: name for name in arguments}
        written = self._fields(node, self._own_name(node))
        self.local = outer
        return written

    def _name(self, name: str) -> str:
        if name in self.local:
            return self.local[name]
        if name in self.scope.bound or name in self.scope.definitions:
            return self._reached(self.scope.name, name)
        return name

    def _reached(self, module: str, name: str) -> str:
        digest = _digest(module, name, self.path)
        self.back_to = min(self.back_to, digest.back_to)
        return digest.text

    def _member(self, node: ast.Attribute) -> str:
        """Return the digest of what `module.name` names, '' where it names no definition of ours."""
        if not isinstance(node.value, ast.Name) or node.value.id in self.local:
            return ""
        module = ".".join(self.scope.bound.get(node.value.id, ("", "")))
        return self._reached(module, node.attr) if node.attr in scope_of(module).definitions else ""

    def _constant(self, value: str) -> str:
        """Return a text; one that names a module of ours (a worker that is started by name) stands for its code.

        A prefix of names, `citybraid.` with nothing behind it, names none: it is the package, which reaches everything.
        """
        scope = scope_of(value) if MODULE.fullmatch(value) else None
        if scope is None or not scope.definitions:
            return repr(value)
        return _short(sorted(self._reached(value, name) for name in scope.definitions))


def _left_out(node: object) -> bool:
    docstring = (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    )
    return docstring or isinstance(node, ast.Import | ast.ImportFrom)
