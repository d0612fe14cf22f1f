"""Floods coupled with drains: no water is made or lost between the two, none where there is none, none of it uphill."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.vocabulary.water import RAIN_INTENSITY
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.basin import CLOSED, Outputs, rain, run
from tests.resilience.drained_street import nodes, street

FEW = at_most(6)
SHAPE = (11, 40)
seeds = st.integers(0, 2**32 - 1)


def bumpy(seed: int) -> np.ndarray:
    return np.asarray(10.0 + np.random.default_rng(seed).normal(0.0, 0.3, SHAPE))


def coupled(bed: np.ndarray, rate: float, diameter: float, *, interval: float = 5.0, level: float = 7.5) -> Outputs:
    text = street(diameter=diameter).replace("O1 7.5 FREE", f"O1 7.5 FIXED {level}")
    return run(
        bed, falling=rain(rate, 600.0), duration=1200.0, drains="coupled", drainage_model=text, drain_nodes=nodes(),
        coupling_interval=interval, **CLOSED,
    )  # fmt: skip


@FEW
@given(seeds, st.floats(0.0, 300.0), st.floats(0.05, 0.6), st.floats(1.0, 30.0), st.floats(7.5, 11.0))
@example(0, 0.0, 0.4, 5.0, 10.6)
def test_no_water_is_made_or_lost(seed: int, rate: float, diameter: float, interval: float, level: float) -> None:
    found = coupled(bumpy(seed), rate, diameter, interval=interval, level=level)
    assert abs(found.mass_error) < 1e-9
    assert found.exchange_error < 1e-6
    assert abs(float(found.node_taken.sum()) - found.drains_taken) < 1e-6 * (1.0 + found.drains_taken)
    assert float(found.final_depth.min()) >= 0.0
    joined = found.node_coupling.isin(("coupled", "moved"))
    assert (found.node_taken[~joined] == 0.0).all()
    assert (found.node_returned[~joined] == 0.0).all()


@FEW
@given(seeds, st.floats(20.0, 200.0))
def test_water_comes_out_no_higher_than_it_went_in(seed: int, rate: float) -> None:
    """With its outlet far below, the drain gives water only where the ground is lower than some inlet's water."""
    bed = bumpy(seed)
    found = coupled(bed, rate, 0.1)
    column = {"J1": 4, "J2": 14, "J3": 24, "J4": 34}
    water = {name: bed[5, place] + float(found.max_depth[5, place]) for name, place in column.items()}
    for name, place in column.items():
        if float(found.node_returned[name]) > 1e-3:
            assert bed[5, place] < max(level for other, level in water.items() if other != name)


@FEW
@given(st.integers(-5, 5))
def test_levels_have_no_datum(shift: int) -> None:
    bed = bumpy(1)
    one = coupled(bed, 100.0, 0.3)
    text = street(diameter=0.3, raised=float(shift)).replace("FREE", f"FIXED {7.5 + shift}")
    other = run(
        bed + shift, falling=rain(100.0, 600.0), duration=1200.0, drains="coupled", drainage_model=text,
        drain_nodes=nodes(), **CLOSED,
    )  # fmt: skip
    np.testing.assert_allclose(other.drains_taken, one.drains_taken, rtol=1e-2)
    np.testing.assert_allclose(other.max_depth, one.max_depth, atol=2e-2)


def test_corners() -> None:
    low, high = ends(RAIN_INTENSITY)
    dry, wet = coupled(bumpy(2), low, 0.4), coupled(bumpy(2), high, 0.4)
    assert dry.drains_taken == dry.drains_returned == 0.0
    assert wet.drains_taken > 0.0
    assert wet.exchange_error < 1e-9
