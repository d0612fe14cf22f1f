"""Rows of factors: every number of ours can be, and none of a user's own that cannot is taken in silence."""

from pathlib import Path

import pytest

import citybraid as cb
from citybraid.core import factor
from citybraid.core.currency import normal_unit
from citybraid.core.errors import InputError
from citybraid.core.factor import Factor
from citybraid.core.rows.quantities import factor_ranges

HEAD = ",".join(factor.COLUMNS)
SHARE = "runoff_coefficient,roof,{},{},{},{},{},CN,{},{},user,ours,"
ABSURD = (1e12, -1e12)


def taken(*rows: str) -> list[Factor]:
    return factor.parse("\n".join([HEAD, *rows]), where="own.csv", origin="own.csv")


def refused(*rows: str) -> InputError:
    with pytest.raises(InputError) as told:
        taken(*rows)
    assert told.value.say("zh") != told.value.say("en")
    return told.value


def share(value: object = 0.9, low: object = "", high: object = "", distribution: str = "", unit: str = "1",
          first: object = "", last: object = "") -> str:  # fmt: skip
    return SHARE.format(value, low, high, distribution, unit, first, last)


def test_every_row_of_ours_has_a_range_and_lies_in_it() -> None:
    rows = factor.shipped().rows
    assert len(rows) > 5000
    assert not [row for row in rows if factor.range_of(row) is None]
    assert not [told.say("en") for row in rows for told in factor.value_problems(row, str)]


def test_no_range_takes_what_no_place_has() -> None:
    """A slip of the keyboard, or a unit of another kind, is beyond every range."""
    kinds = {(row.factor, row.key.rpartition("/")[2], row.unit): row for row in factor.shipped().rows}
    open_ended = [
        kind for kind, row in kinds.items() if (known := factor.range_of(row)) and any(map(known.holds, ABSURD))
    ]
    assert not open_ended


def test_every_range_is_that_of_a_factor() -> None:
    rows = factor.shipped().rows
    met = {id(factor.range_of(row)) for row in rows}
    idle = [(each.factor, each.word, each.unit) for each in factor_ranges() if id(each) not in met]
    priced = {normal_unit(each.unit) for each in factor_ranges() if each.unit.startswith("{currency}")}
    assert not [each for each in idle if each[0] or normal_unit(each[2]) not in priced]
    assert not [each for each in factor_ranges() if each.least >= each.most]


@pytest.mark.parametrize("value", [-0.1, 1.7, 90, 1e12, -1e12])
def test_a_share_beyond_0_and_1_is_refused(value: float) -> None:
    told = refused(share(value))
    assert told.text == "factor.range"
    for word in ("own.csv", "row 2", "column 'value'", "runoff_coefficient 'roof'", "0 to 1"):
        assert word in told.say("en")
    for word in ("own.csv", "第 2 行", "“value”列", "在 0 至 1 之间"):
        assert word in told.say("zh")


def test_what_is_divided_by_is_above_0() -> None:
    row = "service_efficiency,cooking/gas,{},,,,1,CN,,,user,ours,"
    assert taken(row.format(0.5))
    assert "more than 0, 30 at most" in refused(row.format(0)).say("en")
    assert "大于 0 且不超过 30" in refused(row.format(0)).say("zh")


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (share("nan"), "table.number"), (share("inf"), "table.number"), (share("lots"), "table.number"),
        (share(""), "table.empty"), (share(0.9, "x"), "table.number"), (share(0.9, -3, 1), "factor.range"),
        (share(0.2, 0.3, 0.4, "triangular"), "factor.bounds"), (share(0.9, distribution="uniform"), "factor.no_bounds"),
        (share(0.9, 0.8, 1, "bell curve"), "table.choice"), (share(90, unit="%"), "factor.unit"),
        (share(0.9, unit="m"), "factor.unit"), (share(0.9, unit=""), ""), (share(0.9, first=0), "factor.year"),
        (share(0.9, first=2020.5), "factor.year"), (share(0.9, last=99999), "factor.year"),
        (share(0.9, first=2030, last=2020), "factor.years"), (share(0.9).replace("CN", "china"), "table.form"),
        (share(0.9) + ",one,two", "table.surplus"), (share(0.9).replace("user", "sure"), "table.choice"),
        (share(0.9).replace("runoff_coefficient", ""), "table.empty"),
    ],
)  # fmt: skip
def test_what_is_no_row_is_refused_by_file_row_and_column(row: str, text: str) -> None:
    if not text:
        assert taken(row), "an empty unit is that of a share"
        return
    told = refused(share(), row.replace("roof", "road"))
    assert told.text == text
    assert "own.csv" in told.say("en")
    assert "row 3" in told.say("en")


def test_all_faults_of_a_table_are_told_at_once() -> None:
    told = refused(share(7), share(0.5), share(0.6), "grid_emission_factor,,570,,,,kg kWh-1,CN,,,user,ours,")
    assert [each.text for each in getattr(told, "problems")] == ["factor.range", "table.twice", "factor.range"]  # noqa: B009


def test_a_factor_of_ones_own_is_read_as_it_stands() -> None:
    assert taken("my_factor,,1e12,,,,apples,,,,user,ours,")


def test_python_calls_refuse_such_rows_too(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("\n".join([HEAD, share(90)]), encoding="utf-8")
    with pytest.raises(InputError, match="which cannot be"):
        cb.factors("runoff_coefficient", region="CN", own=own)
