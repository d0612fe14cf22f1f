"""Numbers with separators of other habits, storeys told with those below ground: what is read, and that it is told."""

import math

import pandas as pd
import pytest

from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.text.cell_values import normalize_cell
from citybraid.sources.text.number_columns import convert_column
from citybraid.sources.text.numbers import parse_quantity


def read(name: str, cell: str) -> tuple[float, str]:
    found = parse_quantity(normalize_cell(cell), vocabulary()[name])
    return found.value, found.manner


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1 234,5", 1234.5), ("1\u00a0234,5", 1234.5), ("1.234,5", 1234.5), ("12.345.678,9", 12345678.9),
        ("1 234", 1234.0), ("1'234.5", 1234.5), ("1’234’567", 1234567.0), ("2,0", 2.0), ("12,34", 12.34),
        ("12345,678", 12345.678), ("0,5", 0.5),
    ],
)  # fmt: skip
def test_separators_of_thousands_and_decimal_commas(cell: str, value: float) -> None:
    assert read("floor_area", cell) == (value, "separators")


@pytest.mark.parametrize(("cell", "value"), [("1,234.5", 1234.5), ("1,234", 1234.0), ("１２３４", 1234.0)])
def test_commas_before_three_digits_stay_thousands(cell: str, value: float) -> None:
    assert read("floor_area", cell) == (value, "")


@pytest.mark.parametrize("cell", ["1,2,3", "12,34,567", "1 23", "12 34", "1'23"])
def test_what_may_be_several_numbers_is_none(cell: str) -> None:
    assert math.isnan(read("floor_area", cell)[0])


def test_storeys_are_no_decimals() -> None:
    """1,2 may be two buildings."""
    assert math.isnan(read("floors", "1,2")[0])


@pytest.mark.parametrize(
    "cell",
    [
        "F6", "地上6层", "地上：6", "6层/1层地下", "6层/地下1层", "6层（地下1层）", "6层/1层（地下）", "6F/1F地下",
        "地上六层地下一层", "6层带地下室",
    ],
)  # fmt: skip
def test_storeys_above_ground(cell: str) -> None:
    assert read("floors", cell) == (6.0, "above ground")


def test_a_unit_in_the_cell_outweighs_that_of_the_header_after_a_word_and_a_comma_too() -> None:
    """About 3.2 ha under a header in hectares was 3.2 ha of hectares: 32 000 times ten thousand."""
    cells = pd.Series(["约3.2公顷", "≈3,5 ha", "2"])
    found = convert_column(cells, vocabulary()["floor_area"], layer="buildings", header="建筑面积（公顷）")
    assert found.column.tolist() == [32_000.0, 35_000.0, 20_000.0]


def test_separators_are_told_in_both_languages() -> None:
    found = convert_column(pd.Series(["1 234,5", "800"]), vocabulary()["floor_area"], layer="b", header="面积")
    (told,) = [each for each in found.findings if each.text == "intake.cell_separators"]
    assert (told.count, told.kind) == (1, "guessed")
    assert "decimal comma" in told.say("en")
    assert "小数点" in told.say("zh")
