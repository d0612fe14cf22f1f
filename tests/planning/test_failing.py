"""Which parcels fail most, and what the plan must change."""

import math

import pandas as pd
import pytest

from citybraid.planning.failing import change_needed, failing_parcels, limit_needed
from citybraid.planning.rows import controls


def table(rows: list[tuple[str, str, bool, float]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["parcel", "control", "binding", "excess"])
    return frame.assign(state="failed")


def test_binding_controls_outweigh_large_misses() -> None:
    rows = [("a", "energy", False, 9.0), ("b", "far", True, 0.1), ("c", "far", True, 0.1), ("c", "gr", True, 0.1)]
    assert [one.parcel for one in failing_parcels(table(rows))] == ["c", "b", "a"]


def test_a_parcel_names_its_binding_controls_first_and_the_worst_of_them_first() -> None:
    rows = [("a", "energy", False, 9.0), ("a", "far", True, 0.1), ("a", "gr", True, 0.4)]
    assert failing_parcels(table(rows))[0].controls == ("gr", "far", "energy")


@pytest.mark.parametrize(
    ("control", "computed", "limit", "amount", "unit"),
    [
        ("far", 1.4, 1.25, 1500.0, "m2"),
        ("bd", 42.0, 40.0, 200.0, "m2"),
        ("gr", 10.004, 35.0, 2500.0, "m2"),
        ("height", 27.31, 24.0, 3.4, "m"),
        ("waterlog", 0.451, 0.15, 0.31, "m"),
        ("setback", 4.25, 8.0, 3.8, "m"),
        ("parking", 120.2, 100.0, 21.0, "1"),
    ],
)
def test_a_miss_becomes_an_amount_that_reaches_the_limit(
    control: str, computed: float, limit: float, amount: float, unit: str
) -> None:
    change = change_needed(control, computed=computed, limit=limit, area=10_000.0)
    assert change is not None
    assert change.amount == pytest.approx(amount)
    assert change.unit == unit


def test_runoff_that_is_not_kept_asks_for_the_storage_that_the_parcel_lacks() -> None:
    change = change_needed("runoff", computed=29.8, limit=75.0, area=10_000.0, storage=182.3)
    assert (change.change, change.amount, change.unit) == ("storage", 183.0, "m3") if change else False
    assert change_needed("runoff", computed=29.8, limit=75.0, area=10_000.0) is None
    assert change_needed("runoff", computed=80.0, limit=75.0, area=10_000.0, storage=5.0) is None


def test_without_a_rule_or_a_needed_area_there_is_no_amount() -> None:
    assert change_needed("energy", computed=90.0, limit=60.0, area=10_000.0) is None
    assert change_needed("far", computed=1.4, limit=1.25, area=math.nan) is None
    assert change_needed("height", computed=27.0, limit=24.0, area=math.nan) is not None
    assert change_needed("far", computed=1.25, limit=1.25, area=10_000.0) is None


def test_all_parcels_that_fail_are_ranked_unless_a_number_is_asked_for() -> None:
    rows = [(f"p{number}", "far", True, 0.1 * number) for number in range(1, 9)]
    assert len(failing_parcels(table(rows))) == 8
    assert [one.parcel for one in failing_parcels(table(rows), most=2)] == ["p8", "p7"]


@pytest.mark.parametrize(
    ("control", "computed", "limit", "new"),
    [
        ("far", 0.8603, 0.80, 0.87), ("far", 0.87, 0.80, 0.87), ("bd", 43.016, 42.0, 43.1), ("gr", 4.7009, 10.0, 4.7),
        ("height", 27.31, 24.0, 27.4), ("runoff", 61.54, 75.0, 61.5),
    ],
)  # fmt: skip
def test_the_smallest_change_of_a_control_is_one_that_the_plan_meets(
    control: str, computed: float, limit: float, new: float
) -> None:
    found = limit_needed(controls()[control], computed=computed, limit=limit)
    assert found is not None
    assert found.value == pytest.approx(new)
    assert (computed <= found.value) if controls()[control].rule == "at_most" else (computed >= found.value)


def test_a_limit_of_a_standard_or_one_that_is_met_is_not_changed() -> None:
    assert limit_needed(controls()["waterlog"], computed=0.4, limit=0.15) is None
    assert limit_needed(controls()["far"], computed=0.8, limit=0.8) is None
    assert limit_needed(controls()["far"], computed=math.nan, limit=0.8) is None


@pytest.mark.parametrize(
    ("control", "computed", "limit", "change", "amount", "new"),
    [("far", 1.0, 1.2, "more_floor_area", 2000.0, 1.0), ("bd", 30.0, 40.0, "more_footprint", 1000.0, 30.0),
     ("gr", 30.0, 20.0, "less_green", 1000.0, 30.0), ("height", 20.0, 24.0, "more_height", 4.0, 20.0)],
)  # fmt: skip
def test_the_other_end_of_a_span_is_mended_the_other_way(
    control: str, computed: float, limit: float, change: str, amount: float, new: float
) -> None:
    found = change_needed(control, computed=computed, limit=limit, area=10_000.0)
    assert found is not None
    assert found.change == change
    assert found.amount == pytest.approx(amount)
    moved = limit_needed(controls()[control], computed=computed, limit=limit, opposite=True)
    assert moved is not None
    assert moved.value == pytest.approx(new)
