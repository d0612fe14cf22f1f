"""Generic floors know no strand: no quantity, model, currency, constant of nature or cover stands in their code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from citybraid.core.currency import currencies
from tests.discovered import PACKAGE, literals, models, quantities, sources

GENERIC = ("core", "store", "study", "planning", "integrate/choose", "integrate/learn")
TRULY_GENERIC = {
    "parcels": "the table that controls of a plan hold for, in every strand",
    "land_use": "the class of a parcel, which decides which limits hold on it",
    "units": "the table of planning units, and an attribute of rasters by CF conventions",
    "study_area": "where indicators are read, in every strand",
    "return_period": "how rare an event is, whatever the hazard",
    "height": "the rows of a raster file's profile; a control and a change of a plan",
    "floor_area": "a change of a plan that its table names",
}
"""Names of quantities that generic floors may say, each with why."""


def said(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the texts of a file with their lines, docstrings left out."""
    for node in literals(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def shown(path: Path, line: int, text: str) -> str:
    return f"{path.relative_to(PACKAGE).as_posix()}:{line} {text}"


def generic() -> list[Path]:
    every = [path for floor in GENERIC for path in sources(PACKAGE / floor)]
    apart = {PACKAGE / "core" / "vocabulary", PACKAGE / "core" / "rows"}
    return [path for path in every if not apart & set(path.parents)]


def test_generic_floors_name_no_quantity_and_no_model() -> None:
    names = {var.name for _, _, var in quantities()} | {model.id for model in models()}
    found = [(path, *each) for path in generic() for each in said(path) if each[1] in names]
    assert not [shown(*each) for each in found if each[2] not in TRULY_GENERIC]
    assert {text for _, _, text in found} == set(TRULY_GENERIC), "an exception that nothing needs"


def test_no_code_names_a_currency() -> None:
    """A unit, or a part of one, is a few words and numbers: a report's number within a citation is none."""
    codes = re.compile(rf"[\w^{{}}% -]*\b({'|'.join(sorted(currencies()))})\b[\w^{{}}% -]*")
    assert not [shown(path, line, text) for path in sources() for line, text in said(path) if codes.fullmatch(text)]


@pytest.mark.parametrize(
    ("low", "high", "homes"),
    [(9.78, 9.84, {"kernels/numerics/gravity.py", "resilience/areas/consolidation.py"})],
    ids=["gravity"],
)
def test_a_constant_of_nature_has_one_home(low: float, high: float, homes: set[str]) -> None:
    """The made climate has a temperature near it; the weight of water in soil mechanics is another number."""
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources()
        for node in literals(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, float) and low < node.value < high
        if node.value != 9.8 or "synthetic" not in path.parts
    }
    assert found == homes


def test_no_code_lists_the_covers_that_are_water() -> None:
    water = {80, 90}
    found = [
        shown(path, node.lineno, ast.unparse(node))
        for path in sources()
        for node in literals(path)
        if isinstance(node, ast.Tuple | ast.List | ast.Set)
        and {part.value for part in node.elts if isinstance(part, ast.Constant)} == water
    ]
    assert not found
