"""Groups of factor rows that vary together: own ranges, spreads by part of the key, and rows without a range."""

from types import SimpleNamespace
from typing import Any

import pytest

from citybraid.core.factor import Factor, Resolved, resolve
from citybraid.study.plan.varied_factors import Source, sources

UNIFORM: dict[str, Any] = {"distribution": "uniform"}
ENVELOPE = (
    Factor("envelope", "home/window", 2.0, "W m-2 K-1", "verified"),
    Factor("envelope", "home/wall", 1.0, "W m-2 K-1", "verified"),
    Factor("envelope", "home/airtightness", 6.0, "h-1", "verified", low=3.0, high=9.0, **UNIFORM),
)
POINTS = (
    Factor("set_point", "home/heating/00", 18.0, "degC", "verified"),
    Factor("set_point", "home/cooling/00", 26.0, "degC", "verified"),
)
SPREADS = {
    "envelope/window": Factor("input_spread", "envelope/window", 1.0, "1", "user", low=0.8, high=1.2, **UNIFORM),
    "envelope": Factor("input_spread", "envelope", 1.0, "1", "user", low=0.5, high=1.5, **UNIFORM),
    "set_point/heating": Factor("input_spread", "set_point/heating", 0.0, "K", "user", low=-2.0, high=2.0, **UNIFORM),
}


def found(spreads: dict[str, Factor]) -> dict[str, Source]:
    step: Any = SimpleNamespace(
        extra={"a": Resolved("envelope", ENVELOPE, 2025), "b": Resolved("set_point", POINTS, 2025)}
    )
    return {f"{each.factor}/{each.part}": each for each in sources([step, step], spreads)}


def test_a_window_a_set_point_and_leaks_vary_each_by_its_own_range() -> None:
    groups = found(SPREADS)
    assert {name for name, group in groups.items() if group.ranged} == {
        "envelope/window", "envelope/", "envelope/h-1", "set_point/heating",
    }  # fmt: skip
    assert [row.value for row in groups["envelope/window"].at(0.75)] == pytest.approx([2.2])
    assert [row.value for row in groups["envelope/"].at(0.25)] == pytest.approx([0.75])
    assert [row.value for row in groups["set_point/heating"].at(0.75)] == pytest.approx([19.0])
    assert [row.value for row in groups["envelope/h-1"].at(0.5)] == pytest.approx([6.0]), "its own range comes first"


def test_a_group_tells_what_its_rows_are_of() -> None:
    groups = found(SPREADS)
    assert groups["envelope/h-1"].kinds == ("airtightness",)
    assert groups["envelope/"].kinds == ("wall",)
    assert groups["set_point/heating"].kinds == ("heating",)


def test_what_has_no_range_is_listed_and_does_not_vary() -> None:
    groups = found({})
    assert not groups["envelope/W m-2 K-1"].ranged
    assert not groups["set_point/degC"].ranged
    assert len(groups["set_point/degC"].rows) == 2
    assert not groups["set_point/degC"].proportional
    assert [row.value for row in groups["envelope/W m-2 K-1"].raised()] == pytest.approx([2.02, 1.01])


def test_a_threshold_has_no_response() -> None:
    """A hundredth more than seven storeys takes the lifts of all buildings of seven away: a jump, no response."""
    step: Any = SimpleNamespace(extra={"lift": resolve("lift", region="CN-SH", year=2025)})
    groups = sources([step], {})
    assert {each.kinds: each.proportional for each in groups} == {
        ("energy",): True, ("from_floors",): False, ("floor_area",): True,
    }  # fmt: skip


def test_rows_keep_where_they_come_from_so_that_no_other_row_gives_way() -> None:
    assert {row.origin for row in found(SPREADS)["envelope/window"].at(0.1)} == {"citybraid"}


def test_shipped_spreads_are_ranges_about_none() -> None:
    for row in resolve("input_spread", region="CN-SH", year=2025).rows.values():
        assert row.low is not None
        assert row.high is not None
        assert row.low < (0.0 if row.unit == "K" else 1.0) < row.high
        assert row.value == (0.0 if row.unit == "K" else 1.0)
        assert row.source
