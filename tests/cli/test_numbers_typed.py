"""Numbers that are typed and are none, or none that can be: refused in both languages, never a traceback."""

import math
from pathlib import Path

import pytest
from pydantic import ValidationError

from citybraid.core import catalogue
from tests.commands import citybraid

GARBAGE = ("nan", "inf", "-inf", "-1", "1e308", "1e-320", "30%", "0,03", "abc", "", "--", "null", "[1]")
NO_AMOUNT = (math.nan, math.inf, -math.inf, "30%", "0,03")


@pytest.mark.parametrize("option", ["--cell", "--year"])
def test_a_cell_and_a_year_of_a_model_are_numbers_that_can_be(option: str, tmp_path: Path) -> None:
    for text in GARBAGE:
        for language in ("en", "zh"):
            done = citybraid(
                "model", "resilience.roughness", "--land-cover", "30", f"{option}={text}", "--lang", language,
                folder=tmp_path,
            )  # fmt: skip
            assert done.returncode == 2, text
            assert option in done.stderr, text


def test_no_parameter_of_any_model_takes_what_is_no_amount() -> None:
    taken = []
    for name in catalogue.known():
        kind = catalogue.load(name).params
        fields = kind.model_fields if kind is not None else {}
        needed = {each: 1.0 for each, field in fields.items() if field.is_required()}
        for each in (each for each, field in fields.items() if "float" in str(field.annotation)):
            for value in NO_AMOUNT:
                try:
                    kind(**{**needed, each: value})  # type: ignore[misc]
                except ValidationError:
                    continue
                taken.append((name, each, value))
    assert taken == []
