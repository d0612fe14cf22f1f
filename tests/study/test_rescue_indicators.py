"""Rescue and waterlogged streets in a whole study: indicators by unit, layers by event, nothing left as a gap."""

import numpy as np

from citybraid.core.evaluate import WHOLE
from citybraid.study.run import Run

MODELS = {f"resilience.{name}" for name in ("street_depth", "rescue_access", "flooded_access", "isolated_people")}


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
    zones = table.drop(index=WHOLE)
    for name in ("fire_coverage", "hospital_coverage"):
        assert table[name].between(0, 100).all()
        assert (table[f"{name}_peak"] <= table[name] + 1e-9).all()
    assert 0 < table["fire_coverage"][WHOLE] < 100
    for name in ("isolated_people", "late_people"):
        assert (table[name] <= table["residents"] + 1e-6).all()
        assert zones[name].sum() <= table[name][WHOLE] + 1e-6
    streets = ("waterlogged_arterials", "waterlogged_collectors", "waterlogged_branches")
    assert table[list(streets)].loc[WHOLE].sum() > 0
    assert table["closed_streets"][WHOLE] <= table[list(streets)].loc[WHOLE].sum()
