"""Targets handed down: they add up to the target of the whole, by each rule, within what zones can take."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.planning.cascade import best_reached, cascades, handed_down, shared_out
from citybraid.planning.rows import indicators

EMISSIONS, FLOODED, CANOPY = (indicators()[name] for name in ("building_emissions", "flooded_share", "canopy_cover"))
VALUES = pd.Series({"a": 100.0, "b": 60.0, "c": 40.0})


def test_everyone_by_the_same_percentage() -> None:
    told = handed_down(EMISSIONS, 150.0, VALUES, None)
    assert told.target.to_dict() == pytest.approx({"a": 75.0, "b": 45.0, "c": 30.0})
    assert not told.met


def test_by_people_no_zone_falls_below_zero_and_the_others_take_the_rest() -> None:
    told = handed_down(EMISSIONS, 100.0, VALUES, None, key=pd.Series({"a": 1.0, "b": 1.0, "c": 8.0}))
    # 100 to give: c can only give its 40, a and b share the other 60.
    assert told.target.to_dict() == pytest.approx({"a": 70.0, "b": 30.0, "c": 0.0})


def test_a_mean_closes_by_its_weights() -> None:
    weight = pd.Series({"a": 1.0, "b": 2.0, "c": 5.0})
    now = float((VALUES * weight).sum() / weight.sum())
    told = handed_down(FLOODED, 30.0, VALUES, weight, key=pd.Series({"a": 1.0, "b": 3.0, "c": 1.0}))
    assert now > 30.0
    assert float((told.target * weight).sum() / weight.sum()) == pytest.approx(30.0, rel=1e-12)


def test_a_share_never_rises_above_all() -> None:
    told = handed_down(CANOPY, 90.0, pd.Series({"a": 80.0, "b": 60.0}), pd.Series({"a": 1.0, "b": 1.0}),
                       key=pd.Series({"a": 10.0, "b": 1.0}))  # fmt: skip
    assert told.target.to_dict() == pytest.approx({"a": 100.0, "b": 80.0})


def test_a_target_that_is_met_asks_nothing() -> None:
    told = handed_down(EMISSIONS, 500.0, VALUES, None)
    assert told.met
    assert told.target.to_dict() == VALUES.to_dict()


def test_reach_says_how_much_of_the_change_the_alternatives_have() -> None:
    tables = {"now": pd.DataFrame({"building_emissions": VALUES}),
              "then": pd.DataFrame({"building_emissions": VALUES * 0.9})}  # fmt: skip
    best = best_reached("building_emissions", tables)
    assert best is not None
    told = handed_down(EMISSIONS, 160.0, VALUES, None, capacity=best)
    assert told.reach == pytest.approx(20.0 / 40.0)
    assert best_reached("building_emissions", {"now": tables["now"]}) is None


def test_only_sums_and_means_with_a_direction_are_handed_down() -> None:
    assert cascades(EMISSIONS)
    assert cascades(FLOODED)
    assert not any(cascades(indicators()[name]) for name in ("residents", "longest_isolation", "typhoon_wind",
                                                             "emissions_per_resident"))  # fmt: skip


@given(
    values=st.lists(st.floats(0.0, 1e6), min_size=1, max_size=30),
    weights=st.lists(st.floats(0.001, 1e3), min_size=30, max_size=30),
    keys=st.lists(st.floats(0.0, 1e3), min_size=30, max_size=30),
    part=st.floats(0.0, 1.0),
)
def test_targets_close_whatever_the_rule(
    values: list[float], weights: list[float], keys: list[float], part: float
) -> None:
    base = pd.Series(values)
    weight, key = pd.Series(weights[: len(values)]), pd.Series(keys[: len(values)])
    now = float((base * weight).sum() / weight.sum())
    told = handed_down(FLOODED, part * now, base, weight, key=key)
    close = float((told.target * weight).sum() / weight.sum())
    room = float((base * weight)[key > 0].sum()) if key.sum() > 0 else float((base * weight).sum())
    if (1.0 - part) * now * weight.sum() <= room * (1 - 1e-12):
        assert close == pytest.approx(part * now, rel=1e-9, abs=1e-9 * max(now, 1e-300))
    assert (told.target >= -1e-9 * max(base.max(), 1.0)).all()
    assert (told.target <= base * (1 + 1e-9) + 1e-12).all()


def test_an_amount_beyond_all_room_fills_all() -> None:
    assert shared_out(10.0, np.array([1.0, 2.0]), np.array([3.0, 1.0])).tolist() == [3.0, 1.0]
    assert shared_out(0.0, np.array([1.0]), np.array([3.0])).tolist() == [0.0]


def test_a_zone_without_value_has_no_target() -> None:
    told = handed_down(EMISSIONS, 80.0, pd.Series({"a": 100.0, "b": np.nan}), None)
    assert told.target["a"] == pytest.approx(80.0)
    assert np.isnan(told.target["b"])
