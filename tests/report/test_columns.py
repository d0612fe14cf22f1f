"""Columns of tables: none overwrites another, and small amounts are told with the decimals of the large ones."""

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from citybraid.report.chapter import Column, Table, in_words
from citybraid.report.drawing.units import significant_together
from citybraid.report.levels.sums import sum_blocks


def test_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame({"unit": [1.0]})
    with pytest.raises(ValueError, match="same name"):
        Table("sums", "sums", frame, [Column("unit", "unit"), Column("unit", "planning unit")])


def test_sums_of_planning_units_leave_the_units_of_indicators() -> None:
    """The level of planning units is called `unit` as the column of units is: 94 123 stood where t CO2e/a belonged."""
    rows = [
        {"level": level, "indicator": "building_emissions", "rule": "sum", "zones": zones, "whole": 94_123.0}
        for level, zones in (("unit", 94_123.0), ("parcel", 94_000.0))
    ]
    run = SimpleNamespace(table=lambda _name: pd.DataFrame(rows))
    view = SimpleNamespace(ends=["as_is"], run=run, unit_of=lambda _name: "t CO2e year-1", name=lambda name: name)
    (table,) = sum_blocks(cast("Any", view))
    assert isinstance(table, Table)
    assert in_words(table.frame["unit"][0], "en") == "t CO₂e/a"
    assert [table.frame[name][0] for name in ("level_unit", "level_parcel", "whole")] == [94_123.0, 94_000.0, 94_123.0]


def test_gains_are_told_with_the_decimals_of_the_largest() -> None:
    assert significant_together([0.032142, 0.00003532, 2.204e-8, float("nan")], "t CO2e person-1 year-1")[:3] == [
        0.03214, 0.0000353, 0.0,
    ]  # fmt: skip
    assert significant_together([1234.56, 0.5], "t CO2e year-1") == [1235.0, 0.5]
