"""Structures and sources by the full equations: the cases solved by hand, and beside the local inertial equations."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from citybraid.core.factor import resolve
from citybraid.resilience.rescue.street_depth import street_depth
from tests.resilience import test_flood_structures as by_hand
from tests.resilience.basin import CLOSED, line, plane, rain, run, series
from tests.resilience.canal_street import BED, HERE, canal, street, water_at
from tests.resilience.street_town import FACTS

ROAD_FACTS = {name: FACTS[name] for name in ("flooded_road_speed", "street_crossing")}

CASES: dict[str, Callable[[], None]] = {
    "overflow, free": partial(by_hand.test_overflow_follows_the_weir_formula, (1.5, 0.0), 1.0),
    "overflow, drowned": partial(by_hand.test_overflow_follows_the_weir_formula, (2.0, 1.2), 1.0),
    "overflow, backward": partial(by_hand.test_overflow_follows_the_weir_formula, (1.2, 1.9), 0.8),
    "levee holds": partial(by_hand.test_a_wall_holds_water_up_to_its_crest, "crest_height"),
    "lake beside a levee": partial(by_hand.test_a_lake_rests_on_both_sides_of_a_wall, 1.6),
    "gate as a weir": partial(by_hand.test_a_gate_passes_the_smaller_of_weir_and_orifice, (1.0, 0.0)),
    "gate as an orifice": partial(by_hand.test_a_gate_passes_the_smaller_of_weir_and_orifice, (3.0, 0.0)),
    "gate, drowned": partial(by_hand.test_a_gate_passes_the_smaller_of_weir_and_orifice, (3.0, 2.0)),
    "flap gate": by_hand.test_a_flap_gate_lets_water_out_only,
    "culvert, full barrel": by_hand.test_a_culvert_drains_a_pond_as_its_formula_says,
    "culvert, drowned inlet": by_hand.test_a_drowned_inlet_rules_a_short_steep_culvert,
    "culvert, critical outlet": by_hand.test_a_long_culvert_without_tailwater_runs_at_its_critical_outlet,
    "culvert, flap": by_hand.test_a_culvert_is_still_where_levels_are_even_and_a_flap_holds_water_back,
    "pump": by_hand.test_a_pump_moves_water_within_the_area_or_beyond_its_rim,
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_cases_solved_by_hand_hold(case: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_hand, "run", partial(run, momentum="full"))
    case()


def both(terrain: Any, **words: Any) -> Any:
    """Return what the full equations give, after the local inertial ones."""
    return [run(terrain, momentum=each, **words) for each in ("inertial", "full")]


def test_rain_on_roofs_and_ground_stands_as_deep_as_it_fell() -> None:
    """A closed plain of 6 x 6 cells, a house of 4: 30 mm on all of them stand on the 32 that are open."""
    house = plane((6, 6), 0.0)
    house[2:4, 2:4] = 1.0
    for found in both(plane((6, 6), 0.0), falling=rain(180.0, 600.0), building_fraction=house, duration=3600, **CLOSED):
        np.testing.assert_allclose(found.final_depth.to_numpy()[house == 0.0], 0.030 * 36 / 32, rtol=0.01)
        assert found.stored_volume == pytest.approx(0.030 * 36 * 25.0, rel=1e-12)


def test_soil_takes_its_steady_rate_and_drains_theirs() -> None:
    """36 mm/h of soil (Horton's first rate is its last) and 18 mm/h of drains take 15 mm of a pond in 1000 s."""
    words: dict[str, Any] = {
        "horton_first_rate": plane((4, 4), 36.0), "horton_last_rate": plane((4, 4), 36.0),
        "horton_decay": plane((4, 4), 2.0), "drain_capacity": plane((4, 4), 18.0), "duration": 1000,
    }  # fmt: skip
    for found in both(plane((4, 4), 0.0), initial_depth=plane((4, 4), 0.2), **words, **CLOSED):
        assert found.infiltration_volume == pytest.approx(0.010 * 400.0, rel=1e-6)
        assert found.drained_volume == pytest.approx(0.005 * 400.0, rel=1e-6)
        np.testing.assert_allclose(found.final_depth, 0.185, rtol=1e-6)


def test_a_tide_that_rises_slowly_stands_inside_as_high_as_outside() -> None:
    tide = series(np.interp(np.arange(61), [0.0, 40.0], [0.5, 1.0]), 60.0)
    for found in both(plane((3, 12), 0.0), edge_level=tide, duration=3600, **{**CLOSED, "west": "sea"}):
        np.testing.assert_allclose(found.final_depth, 1.0, atol=0.002)
        assert found.inflow_volume - found.outflow_volume == pytest.approx(0.5 * 36 * 25.0, rel=0.002)


def channel(side: str, deep: float, q: float, seconds: float, **words: Any) -> Any:
    """Return depths along a level channel of 3 x 30 cells, from an inflow along its rim at a side to a level beyond."""
    shape, far = ((3, 30), {"west": "east", "east": "west"}) if side in ("west", "east") else (
        (30, 3), {"north": "south", "south": "north"},
    )  # fmt: skip
    wide, high = 5.0 * shape[1], 5.0 * shape[0]
    mouth = {
        "west": ((0.5, 0), (0.5, high)), "east": ((wide - 0.5, 0), (wide - 0.5, high)),
        "north": ((0, high - 0.5), (wide, high - 0.5)), "south": ((0, 0.5), (wide, 0.5)),
    }[side]  # fmt: skip
    found = run(
        plane(shape, 0.0), initial_depth=plane(shape, deep), inflows=line(*mouth), duration=seconds,
        inflow_discharge=series([15.0 * q] * 2, seconds), **{**CLOSED, far[side]: deep}, **words,
    )  # fmt: skip
    assert abs(found.mass_error) < 1e-12
    assert found.inflow_volume == pytest.approx(15.0 * q * seconds, rel=1e-12)
    depth = found.final_depth.to_numpy()
    along = depth[1] if shape[0] == 3 else depth[:, 1]
    return along if side in ("west", "north") else along[::-1]


def test_an_inflow_along_a_closed_rim_brings_its_momentum() -> None:
    """Its first cell stands on the line of the next ones, whichever side it enters; it heaped up by a quarter."""
    west = channel("west", 1.0, 1.5, 300.0, momentum="full", manning=0.02)
    assert west[0] == pytest.approx(2.0 * west[1] - west[2], abs=0.003)
    for side in ("east", "north", "south"):
        np.testing.assert_allclose(channel(side, 1.0, 1.5, 300.0, momentum="full", manning=0.02), west, atol=1e-12)


def test_slow_flow_is_the_same_by_both_equations() -> None:
    """At Froude numbers of 0.1 advection is a hundredth of the slope; the inflow's own cell is left out."""
    slow = [channel("west", 1.0, 0.3, 900.0, momentum=each, manning=0.05) for each in ("inertial", "full")]
    assert slow[1][0] - 1.0 > 0.02
    np.testing.assert_allclose(slow[0][1:], slow[1][1:], atol=0.003)


def test_an_inflow_away_from_the_rim_has_no_momentum() -> None:
    """A line across the middle of a closed channel pushes neither way."""
    found = run(
        plane((3, 15), 0.0), initial_depth=plane((3, 15), 1.0), inflows=line((37.5, 0), (37.5, 15)), duration=20,
        inflow_discharge=series([15.0] * 2, 20.0), momentum="full", **CLOSED,
    )  # fmt: skip
    depth = found.final_depth.to_numpy()[1]
    np.testing.assert_allclose(depth, depth[::-1], atol=1e-12)


@pytest.fixture(scope="module")
def canal_floods() -> list[Any]:
    """A canal of 30 m that carries 20 m³/s to a level held beyond its north, by both equations."""
    terrain, level = canal(), BED + 1.3
    words: dict[str, Any] = {**CLOSED, "north": level, "duration": 300.0, "manning": 0.03}
    floods: list[Any] = both(
        terrain, initial_depth=water_at(level, terrain), inflows=line((186, 1), (214, 1)),
        inflow_discharge=series([20.0] * 2, 300.0), **words,
    )  # fmt: skip
    return floods


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bridge", "wet"), [("yes", False), ("", False), ("no", True)], ids=["deck", "inferred", "ford"]
)
def test_streets_over_a_flowing_canal_are_open_or_closed_by_both_equations(
    canal_floods: list[Any], bridge: str, *, wet: bool
) -> None:
    """A deck 0.5 m above the water stays dry; the ford in the bed stands as deep, and is closed as long."""
    found = [
        street_depth(
            max_depth=each.max_depth, final_depth=each.final_depth, streets=street(bridge=[bridge]), grid=HERE,
            terrain=canal(), street_water_limit=resolve("street_water_limit"), **ROAD_FACTS,
        )
        for each in canal_floods
    ]  # fmt: skip
    deep = [float(each.peak_street_depth.iloc[0]) for each in found]
    closed = [float(each.closed_length.iloc[0]) for each in found]
    if not wet:
        assert deep == closed == [0.0, 0.0]
        return
    assert deep[0] > 1.3
    assert deep[1] == pytest.approx(deep[0], abs=0.05)
    assert closed[1] == closed[0] > 0.0
