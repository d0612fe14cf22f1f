"""Flow over time: the theory of Ford and Fulkerson by hand, largest flows of scipy, conservation, closures."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

from citybraid.kernels.relief.dynamic_flow import TimedFlow, TimedNetwork, earliest_arrival, last_exit


def steady(links: list[tuple[int, int, float, int]], nodes: int, times: int) -> TimedNetwork:
    """Return links (tail, head, capacity, steps) that stay the same."""
    tail, head, capacity, steps = (np.array(column) for column in zip(*links, strict=True))
    return TimedNetwork(
        tail.astype(np.int64), head.astype(np.int64), np.tile(capacity.astype(float), (times, 1)),
        np.tile(steps.astype(np.int64), (times, 1)), nodes,
    )  # fmt: skip


def flow(network: TimedNetwork, supply: dict[int, float], exits: list[int]) -> TimedFlow:
    sources = np.array(list(supply), np.int64)
    return earliest_arrival(network, sources, np.array(list(supply.values())), np.array(exits, np.int64))


def test_one_road() -> None:
    """20 cars, 5 a step, 3 steps of way: the first are out in step 3, the last in step 6."""
    found = flow(steady([(0, 1, 5.0, 3)], 2, 10), {0: 20.0}, [1])
    assert found.arrivals[:, 0].tolist() == [0, 0, 0, 5, 5, 5, 5, 0, 0, 0]
    assert found.waiting.tolist() == [0.0]


def test_a_longer_road_helps_once_the_queue_is_long_enough() -> None:
    """Roads of 1 and 4 steps, 3 and 2 cars a step: by Ford and Fulkerson (1958), 3 (T+1-1) + 2 (T+1-4) by step T."""
    found = flow(steady([(0, 1, 3.0, 1), (0, 1, 2.0, 4)], 2, 12), {0: 40.0}, [1])
    out = np.cumsum(found.arrivals[:, 0])
    for horizon in range(10):
        assert out[horizon] == min(40, 3 * max(horizon, 0) + 2 * max(horizon - 3, 0))


def test_the_example_of_ford_and_fulkerson_repeats_chains_of_a_static_flow() -> None:
    """A bridge between two chains: the largest dynamic flow is (T+1) |x| less the sum of steps times flow x.

    Chains 0-1-3 (1+3 steps) and 0-2-3 (3+1), bridge 1-2 (1 step), each of capacity 1: the static flow of least steps
    for a long horizon uses both chains, 4 steps each; for T = 3 only the chain over the bridge, of 3 steps, arrives.
    """
    links = [(0, 1, 1.0, 1), (1, 3, 1.0, 3), (0, 2, 1.0, 3), (2, 3, 1.0, 1), (1, 2, 1.0, 1)]
    out = np.cumsum(flow(steady(links, 4, 12), {0: 100.0}, [3]).arrivals[:, 0])
    assert out[2] == 0
    assert out[3] == 1
    for horizon in range(4, 12):
        assert out[horizon] == max(2 * (horizon + 1) - 8, horizon + 1 - 3)


def test_water_closes_the_road_while_cars_wait_at_home() -> None:
    network = steady([(0, 1, 5.0, 2)], 2, 12)
    network.capacity[2:6] = 0.0
    found = flow(network, {0: 20.0}, [1])
    assert found.departures[:, 0].tolist() == [5, 5, 0, 0, 0, 0, 5, 5, 0, 0, 0, 0]
    assert found.arrivals[:, 0].sum() == 20
    network.capacity[2:] = 0.0
    assert flow(network, {0: 20.0}, [1]).waiting.tolist() == [10.0]


def test_two_homes_share_a_bottleneck_and_the_last_is_told() -> None:
    network = steady([(0, 2, 9.0, 1), (1, 2, 9.0, 1), (2, 3, 2.0, 1)], 4, 12)
    found = flow(network, {0: 4.0, 1: 4.0}, [3])
    assert found.arrivals[:, 0].tolist() == [0, 0, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0]
    last = last_exit(network, found.flow, np.array([3]))
    left = [int(last[found.departures[:, source] > 0, source].max()) for source in (0, 1)]
    assert max(left) == 5
    assert (found.departures.sum(axis=0) == 4.0).all()


def test_network_in_two_pieces_leaves_people_behind() -> None:
    found = flow(steady([(0, 1, 5.0, 1), (2, 3, 5.0, 1)], 4, 6), {0: 5.0, 2: 7.0}, [1])
    assert found.waiting.tolist() == [0.0, 7.0]


Draw = tuple[TimedNetwork, np.ndarray, np.ndarray, np.ndarray]


def drawn(seed: int) -> Draw:
    draw = np.random.default_rng(seed)
    nodes, links, times = 6, 12, 8
    ends = np.array([draw.choice(nodes, 2, replace=False) for _ in range(links)])
    network = TimedNetwork(
        ends[:, 0].astype(np.int64), ends[:, 1].astype(np.int64),
        draw.integers(0, 5, (times, links)).astype(float), draw.integers(0, 4, (times, links)), nodes,
    )  # fmt: skip
    return network, np.array([0, 1]), draw.integers(0, 15, 2).astype(float), np.array([4, 5])


def largest(case: Draw, horizon: int) -> int:
    """Return the largest flow that arrives by a step, by scipy on a network expanded by other code."""
    network, sources, supply, exits = case
    size, arcs = network.nodes + sources.size, []
    homes = network.nodes + np.arange(sources.size)
    source, sink = (horizon + 1) * size, (horizon + 1) * size + 1
    for time in range(horizon + 1):
        for link in range(network.tail.size):
            then = time + int(network.steps[time, link])
            if then <= horizon:
                arcs.append(
                    (time * size + network.tail[link], then * size + network.head[link], network.capacity[time, link])
                )
        arcs += [(time * size + door, sink, 10**6) for door in exits]
        arcs += [(time * size + home, (time + 1) * size + home, 10**6) for home in homes if time < horizon]
        arcs += [(time * size + home, time * size + node, 10**6) for home, node in zip(homes, sources, strict=True)]
    arcs += [(source, home, amount) for home, amount in zip(homes, supply, strict=True)]
    tail, head, room = (np.array(column) for column in zip(*arcs, strict=True))
    graph = coo_array((room.astype(np.int32), (tail, head)), shape=(sink + 1, sink + 1)).tocsr()
    graph.sum_duplicates()
    return int(maximum_flow(graph, int(source), int(sink)).flow_value)


@given(st.integers(0, 2**32 - 1))
def test_as_much_as_any_flow_at_every_step(seed: int) -> None:
    case = drawn(seed)
    out = np.cumsum(earliest_arrival(*case).arrivals.sum(axis=1))
    assert [round(value, 9) for value in out] == [largest(case, horizon) for horizon in range(8)]


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 3.0))
def test_conserved_within_capacity_and_in_step_with_amounts(seed: int, factor: float) -> None:
    network, sources, supply, exits = drawn(seed)
    found = earliest_arrival(network, sources, supply, exits)
    assert (found.flow <= network.capacity + 1e-9).all()
    assert (found.flow >= 0.0).all()
    assert found.arrivals.sum() + found.waiting.sum() == pytest.approx(supply.sum())
    assert found.departures.sum() == pytest.approx(found.arrivals.sum())
    time, link = np.nonzero(found.flow)
    balance = np.zeros((8, network.nodes))
    np.add.at(balance, (time + network.steps[time, link], network.head[link]), found.flow[time, link])
    np.subtract.at(balance, (time, network.tail[link]), found.flow[time, link])
    balance[:, sources] += found.departures
    balance[:, exits] -= found.arrivals
    np.testing.assert_allclose(balance, 0.0, atol=1e-9)
    assert (found.departures >= 0.0).all()
    scaled = network._replace(capacity=factor * network.capacity)
    more = earliest_arrival(scaled, sources, factor * supply, exits)
    np.testing.assert_allclose(more.arrivals.sum(axis=1), factor * found.arrivals.sum(axis=1), atol=1e-6)


@given(st.integers(0, 2**32 - 1))
def test_more_capacity_and_more_people_never_bring_fewer_out(seed: int) -> None:
    network, sources, supply, exits = drawn(seed)
    few = np.cumsum(earliest_arrival(network, sources, supply, exits).arrivals.sum(axis=1))
    wider = network._replace(capacity=network.capacity + 1.0)
    more = np.cumsum(earliest_arrival(wider, sources, supply, exits).arrivals.sum(axis=1))
    assert (more >= few - 1e-9).all()
    assert all(later >= sooner - 1e-9 for sooner, later in pairwise(few))
