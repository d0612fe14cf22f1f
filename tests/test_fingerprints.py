"""Fingerprints: blind to where code stands and to what it calls its own, awake to what it computes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import fingerprints

MODEL = '''
"""A room."""

from citybraid.kernels.numerics import halves
from citybraid.kernels.numerics.halves import half

FACTOR, OFFSET = 2.0, 1.0


def model(depth: float) -> float:
    """Return a number."""
    found = half(depth) * FACTOR
    return found + halves.half(found)
'''
KERNEL = """
def half(value):
    return value / 2.0


def unused(value):
    return value
"""


class Tree:
    """A made package of two modules."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, module: str, text: str) -> None:
        path = self.folder.joinpath(*module.split(".")[1:]).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def digest(self, module: str = "citybraid.resilience.model", name: str = "model") -> str:
        fingerprints.scope_of.cache_clear()
        fingerprints._KNOWN.clear()
        return fingerprints.definition_digest(module, name)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tree]:
    monkeypatch.setattr(fingerprints, "PACKAGE", tmp_path)
    made = Tree(tmp_path)
    made.write("citybraid.resilience.model", MODEL)
    made.write("citybraid.kernels.numerics.halves", KERNEL)
    yield made
    fingerprints.scope_of.cache_clear()
    fingerprints._KNOWN.clear()


def test_a_move_changes_nothing(made: Tree) -> None:
    before = made.digest()
    made.write("citybraid.resilience.room.model", MODEL)
    assert made.digest("citybraid.resilience.room.model") == before
    made.write("citybraid.kernels.other", KERNEL)
    moved = MODEL.replace("numerics.halves import", "other import").replace(
        "numerics import halves", "numerics import halves"
    )
    made.write("citybraid.resilience.model", moved)
    assert made.digest() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("found", "product"),
        ('"""Return a number."""', '"""Return another sentence."""'),
        ("def unused(value):\n    return value", "def unused(value):\n    return -value"),
    ],
)
def test_names_and_neighbours_change_nothing(made: Tree, old: str, new: str) -> None:
    before = made.digest()
    made.write("citybraid.resilience.model", MODEL.replace(old, new))
    made.write("citybraid.kernels.numerics.halves", KERNEL.replace(old, new))
    assert made.digest() == before


def test_a_renamed_function_changes_nothing(made: Tree) -> None:
    before = made.digest()
    made.write(
        "citybraid.resilience.model", MODEL.replace("half(", "halved(").replace("import half\n", "import halved\n")
    )
    made.write("citybraid.kernels.numerics.halves", KERNEL.replace("half(", "halved("))
    assert made.digest() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [("2.0, 1.0", "3.0, 1.0"), ("/ 2.0", "/ 3.0"), ("found + ", "found - "), ("* FACTOR", "* OFFSET")],
)
def test_other_arithmetic_is_seen(made: Tree, old: str, new: str) -> None:
    before = made.digest()
    made.write("citybraid.resilience.model", MODEL.replace(old, new))
    made.write("citybraid.kernels.numerics.halves", KERNEL.replace(old, new))
    assert made.digest() != before


def test_a_prefix_of_names_does_not_stand_for_the_package(made: Tree) -> None:
    named = "def model(value):\n    return value.removeprefix('citybraid.')\n"
    made.write("citybraid.resilience.model", named)
    (made.folder / "__init__.py").write_text("HOMES = 1\n", encoding="utf-8")
    before = made.digest()
    (made.folder / "__init__.py").write_text("HOMES = 2\n", encoding="utf-8")
    assert made.digest() == before


EVEN = "def even(n):\n    return n == 0 or odd(n - 1)\n\n\n"


def test_recursion_ends(made: Tree) -> None:
    made.write("citybraid.kernels.tree", f"{EVEN}def odd(n):\n    return even(n - 1)\n")
    first = made.digest("citybraid.kernels.tree", "even")
    made.write("citybraid.kernels.tree", f"{EVEN}def odd(n):\n    return even(n - 2)\n")
    assert made.digest("citybraid.kernels.tree", "even") != first
