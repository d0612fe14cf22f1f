"""Closed records whose fields are told by the docstrings below them."""

import ast
import inspect
import linecache
import re
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from types import FrameType
from typing import Annotated, Any, ClassVar, get_origin

from pydantic import BaseModel, ConfigDict, Field

CLASSES_TELL_THEIR_LINES = sys.version_info >= (3, 13)
"""Whether pydantic finds the text of a class at once: before, it goes through all modules, for a second in all."""
FILES = 16
"""Files whose classes are kept: those of one file are made one after another."""
NEVER_FIRST = ("", "#", ")", "]", "}")
"""How no statement begins: blank lines, comments, closing brackets."""


class Documented(BaseModel):
    """A frozen, closed record; the docstring below a field is its description, unless it states one."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=CLASSES_TELL_THEIR_LINES, allow_inf_nan=False
    )

    def __init_subclass__(cls, **options: Any) -> None:
        """Describe the fields before pydantic collects them."""
        super().__init_subclass__(**options)
        if CLASSES_TELL_THEIR_LINES:
            return
        fields = inspect.get_annotations(cls)
        for name, doc in _docstrings(cls, inspect.currentframe()).items():
            stated = getattr(cls.__dict__.get(name), "description", None)
            if name in fields and stated is None and not _of_class(fields[name]):
                cls.__annotations__[name] = Annotated[fields[name], Field(description=doc)]


def _of_class(annotation: object) -> bool:
    origin: object = get_origin(annotation)
    return origin is ClassVar


def _docstrings(cls: type, frame: FrameType | None) -> dict[str, str]:
    """Return the docstrings below a class's attributes, read where a frame above makes it; {} where no text is kept."""
    while frame is not None and frame.f_globals.get("__name__") != cls.__module__:
        frame = frame.f_back
    if frame is None:
        return {}
    lines = linecache.getlines(frame.f_code.co_filename, frame.f_globals)
    node = _class_alone(lines, cls.__name__, frame.f_lineno) or _class_at(_tree(tuple(lines)), frame.f_lineno)
    return dict(_attribute_docs(node)) if node is not None and node.name == cls.__name__ else {}


def _class_alone(lines: Sequence[str], name: str, line: int) -> ast.ClassDef | None:
    """Return the class that begins in a line, from its own text alone; None where it does not or goes on further out.

    It ends before the next line that begins no further in. To parse the whole file took a tenth of a command's start.
    """
    own = lines[line - 1 :]
    if not own or not re.match(rf"\s*class {name}\b", own[0]):
        return None
    margin, stop = _indent(own[0]), 1
    while stop < len(own) and (_indent(own[stop]) > margin or own[stop].strip()[:1] in NEVER_FIRST):
        stop += 1
    try:
        (node,) = ast.parse("".join([*["if True:\n"] * (margin > 0), *own[:stop]])).body
    except (SyntaxError, ValueError):  # a text or a bracket in it goes on further out
        return None
    node = node.body[0] if isinstance(node, ast.If) else node
    return node if isinstance(node, ast.ClassDef) else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


@lru_cache(FILES)
def _tree(lines: tuple[str, ...]) -> ast.AST:
    return ast.parse("".join(lines))


def _class_at(node: ast.AST, line: int) -> ast.ClassDef | None:
    """Return the innermost class whose statement a line of the text is part of."""
    for part in ast.iter_child_nodes(node):
        if not isinstance(part, ast.stmt):
            continue
        first = min(each.lineno for each in (part, *getattr(part, "decorator_list", ())))
        if first <= line <= (part.end_lineno or first):
            return _class_at(part, line) or (part if isinstance(part, ast.ClassDef) else None)
    return None


def _attribute_docs(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield the names of attributes that a docstring follows, and the docstring."""
    for field, below in zip(node.body, node.body[1:], strict=False):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str):
            yield field.target.id, inspect.cleandoc(below.value.value)
