"""Levels outside a flood's edges: what still water and rivers drive over them, and what falls over them."""

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from citybraid.core.errors import InputError
from tests.resilience.basin import CLOSED, Outputs, features, plane, run, series

HEAD, TIME, CELL = 2.0, 60.0, 5.0
GRAVITY = 9.81


def let_in(side: str, subgrid: int = 1) -> Outputs:
    """Raise the water outside the west from the ground to HEAD within a second."""
    level = series(np.where(np.arange(TIME + 1.0) > 0.0, HEAD, 0.0), 1.0)
    words = {"cell": CELL, "duration": TIME, "subgrid": subgrid, "manning": 0.01, **CLOSED, "west": side}
    return run(plane((4, 200), 0.0), edge_level=level, **words)


def entered(found: Outputs) -> float:
    return float(found.inflow_volume) / (4 * CELL * TIME)


@pytest.mark.parametrize("subgrid", [1, 2])
def test_a_still_sea_enters_dry_ground_at_critical_flow_at_most(subgrid: int) -> None:
    critical = (2.0 / 3.0 * HEAD) ** 1.5 * GRAVITY**0.5
    found = let_in("sea", subgrid)
    assert 0.9 * critical < entered(found) <= critical * (1.0 + 1e-9)
    assert float(found.max_speed.max()) < 1.1 * (GRAVITY * 2.0 / 3.0 * HEAD) ** 0.5
    assert abs(found.mass_error) < 1e-9


@pytest.mark.parametrize("subgrid", [1, 2])
def test_a_river_that_runs_in_is_not_held_to_it(subgrid: int) -> None:
    still, river = let_in("sea", subgrid), let_in("level", subgrid)
    assert entered(still) < entered(river) <= HEAD * (GRAVITY * HEAD) ** 0.5


def test_a_tide_that_rises_slowly_is_not_touched() -> None:
    level = series(np.linspace(0.0, 1.5, 61), 60.0)
    words = {"edge_level": level, "duration": 3600.0, **CLOSED}
    still, river = (run(plane((4, 60), 0.0), **{**words, "west": side}) for side in ("sea", "level"))
    np.testing.assert_allclose(still.final_depth, river.final_depth, atol=0.01)


def test_what_falls_over_an_edge_falls_at_critical_flow_at_most() -> None:
    found = run(plane((4, 40), 0.0), initial_depth=plane((4, 40), 0.5), duration=30.0, **{**CLOSED, "west": -5.0})
    assert 0.1 * 0.5 * (GRAVITY * 0.5) ** 0.5 < found.outflow_volume / (4 * CELL * 30.0) < 0.5 * (GRAVITY * 0.5) ** 0.5
    assert float(found.max_speed.max()) < (GRAVITY * 0.5) ** 0.5 * 1.1


def bay() -> np.ndarray:
    """A sea bed at the east that rises to land at the west; a hollow on land that no way of water leads to."""
    ground = np.tile(np.linspace(6.0, -6.0, 40), (20, 1))
    ground[8:12, 5:8] = -1.0
    return ground


SEA = series([1.0, 1.0], 1800.0)


def test_the_sea_stands_where_it_reaches_and_stays_at_rest() -> None:
    found = run(bay(), east="sea", edge_level=SEA, duration=1800.0)
    depth = found.final_depth.to_numpy()
    np.testing.assert_allclose(depth, np.where(bay() < 1.0, 1.0 - bay(), 0.0) * (bay() != -1.0), atol=1e-3)
    assert found.inflow_volume + found.outflow_volume < 1e-3 * found.stored_volume
    assert float(found.max_speed.max()) < 0.05


def test_a_level_enters_dry_ground_and_leaves_over_free_sides() -> None:
    """What 'sea' spares: the same level of a river circulates between its edge and the free ones beside it."""
    river, sea = (run(bay(), east=side, edge_level=SEA, duration=1800.0) for side in ("level", "sea"))
    assert river.outflow_volume > 100.0 * max(sea.outflow_volume, 1.0)


@pytest.mark.parametrize("side", ["level", 1.0])
def test_a_river_on_a_slope_starts_dry_and_leaves_freely(side: str | float) -> None:
    """Its level at the upper end says nothing of what stands further down."""
    slope = np.tile(np.linspace(0.0, -2.0, 40), (3, 1))
    found = run(slope, edge_level=SEA, duration=1800.0, manning=0.1, **{**CLOSED, "east": "free", "west": side})
    assert float(found.max_depth.max()) <= 1.05
    np.testing.assert_allclose(found.final_depth, 0.98, atol=0.02)
    assert found.outflow_volume > 0.5 * found.inflow_volume


def test_a_levee_keeps_the_sea_out_at_the_start() -> None:
    ground = plane((6, 20), 0.0)
    wall = features(LineString([(50.0, -5.0), (50.0, 35.0)]), crest_level=[3.0])
    found = run(ground, duration=60.0, levees=wall, edge_level=SEA, **{**CLOSED, "east": "sea"})
    depth = found.final_depth.to_numpy()
    assert depth[:, :10].max() == 0.0
    np.testing.assert_allclose(depth[:, 10:], 1.0, atol=1e-6)


def test_a_level_where_no_ground_is_is_refused() -> None:
    ground = plane((4, 6), 0.0)
    ground[:, -1] = np.nan
    with pytest.raises(InputError) as told:
        run(ground, **{**CLOSED, "east": 1.0})
    assert told.value.text == "flood.level_nowhere"


def tide(*levels: float) -> pd.Series:
    return series(np.asarray(levels), 1800.0)


@pytest.mark.parametrize("subgrid", [1, 2])
def test_drains_take_no_water_of_the_sea(subgrid: int) -> None:
    """A river of 20 cells before dry land: its drains swallowed 36 mm an hour, which the sea brought back."""
    ground = plane((6, 40), 3.0)
    ground[:, 20:] = -3.0
    words = {"subgrid": subgrid, "duration": 3600.0, "edge_level": tide(1.0, 1.0, 1.0), **CLOSED, "east": "sea"}
    still = run(ground, drain_capacity=plane((6, 40), 36.0), **words)
    assert still.drained_volume == 0.0
    wet = run(ground, drain_capacity=plane((6, 40), 36.0), falling=series([36.0, 36.0], 1800.0), **words)
    land = 120 * CELL**2
    assert wet.drained_volume == pytest.approx(0.036 * land, rel=0.02)


@pytest.mark.parametrize("subgrid", [1, 2])
def test_flap_gates_hold_the_rain_while_the_water_outside_stands_above_the_ground(subgrid: int) -> None:
    """Half the land lies at 4 m, half at 2 m behind a bank; the water outside stands at 3 m, or falls to 1 m."""
    ground = np.tile(np.repeat([4.0, 2.0, 6.0, -3.0], [20, 16, 2, 2]), (6, 1))
    words = {
        "subgrid": subgrid, "duration": 7200.0, "falling": series([10.0, 10.0], 3600.0), "manning": 1.0,
        "drain_capacity": plane((6, 40), 10.0), **CLOSED, "east": "sea",
    }  # fmt: skip
    high, turned = tide(3.0, 3.0, 3.0, 3.0, 3.0), tide(3.0, 3.0, 1.0, 1.0, 1.0)
    pumped = run(ground, edge_level=high, **words)
    shut = run(ground, edge_level=high, drain_outlet="flap", **words)
    opened = run(ground, edge_level=turned, drain_outlet="flap", **words)
    every, low = 38 * 6 * CELL**2, 16 * 6 * CELL**2
    assert pumped.drained_volume == pytest.approx(0.020 * every, rel=0.02)
    assert shut.drained_volume == pytest.approx(0.020 * (every - low), rel=0.02), "the low half keeps its rain"
    assert shut.drained_volume < opened.drained_volume < pumped.drained_volume
    assert abs(opened.mass_error) < 1e-9


def test_flap_gates_without_water_outside_are_refused() -> None:
    with pytest.raises(InputError) as told:
        run(plane((4, 6), 0.0), drain_capacity=plane((4, 6), 36.0), drain_outlet="flap", duration=60.0, **CLOSED)
    assert told.value.text == "flood.flap_level"
