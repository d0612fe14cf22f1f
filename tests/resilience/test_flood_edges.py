"""Levels outside a flood's edges: what still water and rivers drive over them, and what falls over them."""

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.resilience.flood import Flood
from tests.resilience.basin import CLOSED, plane, run, series

HEAD, TIME, CELL = 2.0, 60.0, 5.0
GRAVITY = 9.81


def let_in(subgrid: int = 1, **words: object) -> Flood:
    return run(plane((4, 200), 0.0), cell=CELL, duration=TIME, subgrid=subgrid, **{**CLOSED, "west": HEAD}, **words)


def entered(found: Flood) -> float:
    return found.inflow_volume / (4 * CELL * TIME)


@pytest.mark.parametrize("subgrid", [1, 2])
def test_a_still_sea_enters_dry_ground_at_critical_flow_at_most(subgrid: int) -> None:
    critical = (2.0 / 3.0 * HEAD) ** 1.5 * GRAVITY**0.5
    found = let_in(subgrid, manning=0.01)
    assert 0.9 * critical < entered(found) <= critical * (1.0 + 1e-9)
    assert float(found.max_speed.max()) < 1.1 * (GRAVITY * 2.0 / 3.0 * HEAD) ** 0.5
    assert abs(found.mass_error) < 1e-9


@pytest.mark.parametrize("subgrid", [1, 2])
def test_a_river_that_runs_in_is_not_held_to_it(subgrid: int) -> None:
    still, river = let_in(subgrid, manning=0.01), let_in(subgrid, manning=0.01, flowing=("west",))
    assert entered(still) < entered(river) <= HEAD * (GRAVITY * HEAD) ** 0.5


def test_a_tide_that_rises_slowly_is_not_touched() -> None:
    level = series(np.linspace(0.0, 1.5, 61), 60.0)
    words = {"edge_level": level, "duration": 3600.0, **CLOSED, "west": "level"}
    still, river = (run(plane((4, 60), 0.0), flowing=sides, **words) for sides in ((), ("west",)))
    np.testing.assert_allclose(still.final_depth, river.final_depth, atol=0.01)


def test_what_falls_over_an_edge_falls_at_critical_flow_at_most() -> None:
    found = run(plane((4, 40), 0.0), initial_depth=plane((4, 40), 0.5), duration=30.0, **{**CLOSED, "west": -5.0})
    assert 0.1 * 0.5 * (GRAVITY * 0.5) ** 0.5 < found.outflow_volume / (4 * CELL * 30.0) < 0.5 * (GRAVITY * 0.5) ** 0.5
    assert float(found.max_speed.max()) < (GRAVITY * 0.5) ** 0.5 * 1.1


@pytest.mark.parametrize("side", ["free", "closed"])
def test_a_side_without_a_level_cannot_flow_in(side: str) -> None:
    with pytest.raises(InputError) as told:
        run(plane((4, 4), 0.0), flowing=("west",), **{**CLOSED, "west": side})
    assert told.value.text == "flood.flowing_idle"
