"""Sizes and names: what a reader of the code can rely on."""

import ast
import re
from pathlib import Path

from citybraid.core.currency import currencies
from tests.discovered import PACKAGE, ROOT, sources, statements, tree

MOST_LINES = 500
MOST_FUNCTION_LINES = 60
USUAL_LINES = 120
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers", "tools"}
OURS = [*sources(), *sources(ROOT / "tests"), *sources(ROOT / "docs"), *sources(ROOT / "benchmarks")]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in statements(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines from `def` to its end, without its docstring."""
    first = function.body[0]
    documented = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_there_is_code() -> None:
    assert len(sources()) > 30


def test_files_are_never_long() -> None:
    assert not [shown(path) for path in OURS if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES]


def test_files_are_usually_short() -> None:
    lines = sorted(
        len(path.read_text(encoding="utf-8").splitlines()) for path in sources() if path.name != "__init__.py"
    )
    assert lines[len(lines) // 2] <= USUAL_LINES


def test_functions_are_short() -> None:
    long = [
        f"{shown(path)}:{function.lineno} {function.name} {length(function)}"
        for path in OURS
        if len(path.read_text(encoding="utf-8").splitlines()) > MOST_FUNCTION_LINES
        for function in functions(path)
        if length(function) > MOST_FUNCTION_LINES
    ]
    assert not long


def test_names_say_something() -> None:
    parts = {
        path: {part.removesuffix(".py").strip("_") for part in path.relative_to(PACKAGE).parts} for path in sources()
    }
    assert not [shown(path) for path, found in parts.items() if EMPTY_NAMES & found]


ASKS = ("startswith", "endswith", "removeprefix", "get")


def compared(path: Path) -> set[str]:
    """Return the texts that a file compares something with, asks the beginning of, matches or allows alone."""
    return {
        part.value.lower()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Compare | ast.MatchValue)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKS)
        or (isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal")
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def test_no_rule_hangs_on_a_city() -> None:
    """Rules, codes and standards are data: no branch compares with a place, its currency or its climate zones."""
    places = {"jiaxing", "xian", "xiamen", "shanghai", "suzhou", "ningbo", "xiongan", "china", "cn", "cn-"}
    zones = {f"{number}{letter}" for number in range(1, 6) for letter in "abc"}
    money = {currency.lower() for currency in currencies()}
    words = places | zones | money
    written = re.compile(rf"[\"'](?:{'|'.join(words)})[\"']")
    suspects = [path for path in sources() if written.search(path.read_text(encoding="utf-8").lower())]
    assert suspects, "tables of places name some"
    assert not [shown(path) for path in suspects if compared(path) & words]


def test_pilots_hold_no_python() -> None:
    assert not sources(PACKAGE / "pilots")


MOST_MODULES = 25
PACKAGES = sorted(path for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)


def test_a_room_says_what_is_in_it() -> None:
    """In three lines: what lives here; what it may import; where to start reading."""
    said = {package: (ast.get_docstring(tree(package)) or "").splitlines() for package in PACKAGES}
    heads = ("Imports: ", "Start reading at ")
    assert [shown(room) for room, lines in said.items() if len(lines) != 4] == []
    assert [shown(room) for room, lines in said.items() if not all(map(str.startswith, lines[2:], heads))] == []


def test_a_room_is_small() -> None:
    modules = {room.parent: [path for path in room.parent.glob("*.py") if path != room] for room in PACKAGES}
    assert [shown(room) for room, found in modules.items() if len(found) > MOST_MODULES] == []


def test_only_compiled_says_njit() -> None:
    said = [shown(path) for path in sources() if "njit(" in path.read_text(encoding="utf-8")]
    assert said == ["src/citybraid/kernels/compiled.py"]
