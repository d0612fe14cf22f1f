"""Which parcels fail most, and what the plan must change."""

import math

import pandas as pd
import pytest

from citybraid.planning.failing import change_needed, failing_parcels


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
    ],
)
def test_a_miss_becomes_an_amount_that_reaches_the_limit(
    control: str, computed: float, limit: float, amount: float, unit: str
) -> None:
    change = change_needed(control, computed=computed, limit=limit, area=10_000.0)
    assert change is not None
    assert change.amount == pytest.approx(amount)
    assert change.unit == unit


def test_without_a_rule_or_a_needed_area_there_is_no_amount() -> None:
    assert change_needed("energy", computed=90.0, limit=60.0, area=10_000.0) is None
    assert change_needed("far", computed=1.4, limit=1.25, area=math.nan) is None
    assert change_needed("height", computed=27.0, limit=24.0, area=math.nan) is not None
    assert change_needed("far", computed=1.25, limit=1.25, area=10_000.0) is None
