"""Drains: water is neither made nor lost, more rain never means less, and the order of tables means nothing."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.vocabulary.water import RAIN_INTENSITY
from citybraid.resilience.drains.drainage import DrainageParams, drainage
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.drained_street import PLACES, links, nodes, rain, ran, street

FEW = at_most(8)
rates = st.floats(1.0, 200.0)
pipes = st.floats(0.15, 0.8)


@FEW
@given(rates, pipes)
@example(150.0, 0.2)
def test_water_is_neither_made_nor_lost(rate: float, diameter: float) -> None:
    found = ran(street(diameter=diameter), falling=rain(rate))
    left = found.outfall_volume + found.drain_flood_volume + found.drain_stored_volume
    assert left == pytest.approx(found.drain_inflow_volume, rel=2e-2, abs=0.1)
    assert found.drain_inflow_volume * found.routing_continuity == pytest.approx(
        found.drain_inflow_volume - left, rel=2e-3, abs=0.04
    ), "below a cubic foot the engine states none"
    assert float(found.node_flood_volume.sum()) == pytest.approx(found.drain_flood_volume, rel=2e-2, abs=0.1)


@pytest.mark.slow
@FEW
@given(st.floats(1.0, 100.0), st.floats(1.1, 2.0))
def test_more_rain_is_never_less_water(rate: float, more: float) -> None:
    little, much = ran(falling=rain(rate)), ran(falling=rain(rate * more))
    assert much.drain_inflow_volume >= little.drain_inflow_volume
    assert much.drain_flood_volume >= little.drain_flood_volume - 1e-6
    assert (much.node_max_depth >= little.node_max_depth - 2e-3).all()


@pytest.mark.slow
@FEW
@given(st.permutations(list(PLACES)))
def test_the_order_of_nodes_means_nothing(names: list[str]) -> None:
    found = drainage(
        drainage_model=street(), drain_nodes=nodes(tuple(names)), drain_links=links(), p=DrainageParams(),
        rain_intensity=rain(60.0),
    )  # fmt: skip
    assert found.nodes is not None
    depth = found.nodes.node_max_depth
    assert list(depth.index) == names
    np.testing.assert_array_equal(depth.sort_index(), as_drawn())


@cache
def as_drawn() -> pd.Series:
    """The depths of the nodes in their own order, under rain of 60 mm/h."""
    depths: pd.Series = ran(falling=rain(60.0)).node_max_depth
    return depths


def test_corners() -> None:
    """No rain leaves the drains empty; the greatest rain there may be ends in a result or in words."""
    low, high = ends(RAIN_INTENSITY)
    dry = ran(falling=rain(low))
    assert dry.drain_inflow_volume == dry.drain_flood_volume == 0.0
    assert float(dry.node_max_depth.max()) < 1e-3
    wet = ran(falling=rain(high), largest_error=1.0)
    assert wet.drain_flood_volume > 0.0
    assert (wet.node_max_depth <= 2.2 + 1e-6).all()
