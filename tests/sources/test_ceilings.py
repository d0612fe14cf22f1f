"""Cells that no place has: cleared and told with both ends, or refused where a cleared cell would count as none."""

import pandas as pd
import pytest

from citybraid.core.errors import RangeError
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.text.number_columns import convert_column


@pytest.mark.parametrize(("name", "most"), [("residents", 1e9), ("floor_area", 1e7), ("population", 1e10)])
def test_a_cell_beyond_the_ceiling_is_cleared_and_told(name: str, most: float) -> None:
    column = pd.Series(["10", "1e30", f"{most:.0f}"])
    found = convert_column(column, vocabulary()[name], layer="buildings", header=name)
    assert found.column.isna().tolist() == [False, True, False]
    (told,) = [each for each in found.findings if each.text == "intake.cell_out_of_range"]
    assert (told.kind, told.count, told.values["low"], told.values["high"]) == ("rejected", 1, 0, most)


@pytest.mark.parametrize(("name", "unit"), [("pigs", "count"), ("plant_coal", "t")])
def test_amounts_that_count_as_none_where_cleared_are_refused(name: str, unit: str) -> None:
    with pytest.raises(RangeError) as caught:
        convert_column(pd.Series(["3", "1e30"]), vocabulary()[name], layer="villages", header=name)
    assert caught.value.values["row"] == 2
    for language in ("en", "zh"):
        said = caught.value.say(language)
        assert name in said
        assert unit in said
    assert "at most" in caught.value.say("en")
