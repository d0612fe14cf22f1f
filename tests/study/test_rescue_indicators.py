"""Rescue and waterlogged streets in a whole study: indicators by unit, layers by event, nothing left as a gap."""

import numpy as np

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run

MODELS = {
    f"resilience.{name}"
    for name in (
        "street_depth", "rescue_access", "flooded_access", "isolated_people", "street_closure", "rescue_course",
        "isolation_course",
    )
}  # fmt: skip


def test_the_demo_has_rescue_times_in_every_event(ran: Run) -> None:
    assert not MODELS & {gap.model for gap in ran.gaps("as_is")}
    layers = ran.layers("as_is")
    assert sorted(layers["peak_fire_time"]) == sorted(layers["max_depth"])
    dry = np.nan_to_num(np.asarray(ran.value(layers["fire_time"][""])), nan=np.inf)
    for event in layers["peak_fire_time"].values():
        assert (np.nan_to_num(np.asarray(ran.value(event)), nan=np.inf) >= dry).all()


def test_indicators_by_unit_add_up(ran: Run) -> None:
    table = ran.table("units/as_is")
    assert table is not None
    zones = table.drop(index=WHOLE_AREA)
    for name in ("fire_coverage", "hospital_coverage"):
        assert table[name].between(0, 100).all()
        assert (table[f"{name}_peak"] <= table[name] + 1e-9).all()
    assert 0 < table["fire_coverage"][WHOLE_AREA] < 100
    for name in ("isolated_people", "late_people"):
        assert (table[name] <= table["residents"] + 1e-6).all()
        assert zones[name].sum() <= table[name][WHOLE_AREA] + 1e-6
    streets = ("waterlogged_arterials", "waterlogged_collectors", "waterlogged_branches")
    assert table[list(streets)].loc[WHOLE_AREA].sum() > 0
    assert table["closed_streets"][WHOLE_AREA] <= table[list(streets)].loc[WHOLE_AREA].sum()


def test_no_hour_is_worse_than_all_water_at_its_deepest(ran: Run) -> None:
    layers = ran.layers("as_is")
    for event in layers["depth_course"]:
        value = {name: ran.value(found[event]) for name, found in layers.items() if event in found}
        course = value["depth_course"].to_numpy()
        deepest = np.nan_to_num(value["max_depth"].to_numpy(), nan=0.0)
        assert (course / 1000.0 <= deepest + 1e-9).all()
        np.testing.assert_array_equal(course[0] <= 0, True)
        final = value["final_depth"].to_numpy()
        np.testing.assert_array_equal(course[-1][np.isfinite(final)], np.floor(final[np.isfinite(final)] * 1000.0))
        assert value["closed_street_course"].max() <= value["closed_length"].sum() + 1e-6
        assert value["isolated_course"].max() <= value["isolated_people"].sum() + 1e-6
        hours = value["closed_street_course"].index.to_numpy()
        assert value["closed_hours"].max() <= hours[-1]
        assert value["cut_off_hours"].max() <= hours[-1]
        assert value["worst_fire_moment"] in hours
        assert value["worst_hospital_moment"] in hours


def test_the_largest_storm_closes_streets_and_cuts_people_off_for_a_time(ran: Run) -> None:
    table = ran.table("units/as_is")
    assert table is not None
    whole = table.loc[WHOLE_AREA]
    assert whole["longest_closure"] > 0.0
    assert 0.0 <= whole["isolated_at_once"] <= whole["isolated_people"]
    longest = max(float(ran.value(each).index[-1]) for each in ran.layers("as_is")["isolated_course"].values())
    assert whole["isolated_person_hours"] <= whole["isolated_people"] * longest
    assert whole["longest_isolation"] <= longest
