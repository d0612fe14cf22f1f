"""The vocabulary: every quantity once, made or given, read or reported, said in every language."""

import math
import string
from collections import Counter

from citybraid.core import text
from citybraid.core.model import reads_if_there, var_of
from citybraid.core.var import Over, Table, Var
from tests.discovered import models, quantities

VARS = [var for _, _, var in quantities()]

GIVEN: dict[str, str] = {}
"""Quantities that no model makes and no measure writes: what files and studies bring, and which."""

RESULTS: dict[str, str] = {}
"""Quantities that no model reads: what reports, indicators and checks are for."""

DIGITS: dict[str, str] = {}
"""Names with digits: statistics and years belong on axes, so each needs a reason."""


def read_by_models() -> set[str]:
    """Return the names that some model reads."""
    found: set[str] = set()
    for model in models():
        for need in model.needs.values():
            if isinstance(need.what, Var):
                found.add(need.what.name)
            if isinstance(need.what, Over):
                found.add(var_of(need.what.var).name)
            if isinstance(need.what, Table):
                columns = (var_of(column).name for column in need.what.columns)
                found |= {need.what.on, *columns, *reads_if_there(need.what)}
    return found


def made_by_models() -> set[str]:
    """Return the names that some model makes, measures left out: they change what is given."""
    return {name for model in models() if not model.stage for name in model.makes}


def test_names_are_unique() -> None:
    assert not [name for name, count in Counter(var.name for var in VARS).items() if count > 1]


def test_python_names_are_the_names() -> None:
    wrong = [
        (module, name) for module, name, var in quantities() if name not in {var.name.upper(), ALIASES.get(var.name)}
    ]
    assert not wrong


ALIASES = {"reference_evapotranspiration": "REFERENCE_ET"}
"""Python names that are shorter than the quantity's own."""


def test_every_quantity_is_described() -> None:
    for var in VARS:
        assert var.about, var.name
        assert var.ge <= var.le, var.name
        assert var.kind != "int" or math.isfinite(var.ge), var.name
        assert var.closes is None or 0 < var.closes <= 1e-6, var.name


def test_every_quantity_is_said() -> None:
    assert not [var.name for var in VARS if not text.known(f"var.{var.name}")], "texts: rows var.<name> are missing"


def test_digits_in_names() -> None:
    assert {var.name for var in VARS if set(var.name) & set(string.digits)} == DIGITS.keys()


def test_what_no_model_makes_is_given() -> None:
    assert {var.name for var in VARS} - made_by_models() == GIVEN.keys()


def test_what_no_model_reads_is_a_result() -> None:
    assert {var.name for var in VARS} - read_by_models() == RESULTS.keys()
