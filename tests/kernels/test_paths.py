"""Shortest paths and loads, beside scipy's search and by hand."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from citybraid.kernels.transport.links import Links
from citybraid.kernels.transport.paths import all_or_nothing, path_costs, path_sums


def test_costs_are_those_of_scipy() -> None:
    rng = np.random.default_rng(1)
    pairs = np.unique(rng.integers(0, 60, (400, 2)), axis=0)
    tail, head = pairs[pairs[:, 0] != pairs[:, 1]].T
    cost = rng.uniform(0.1, 9.0, tail.size)
    ends = np.arange(60)
    found = path_costs(Links(tail, head, 60), cost, origins=ends, ends=ends)
    np.testing.assert_allclose(found, dijkstra(csr_array((cost, (tail, head)), shape=(60, 60))), rtol=1e-12)


def test_load_on_a_line_and_its_length() -> None:
    links = Links(np.array([0, 1, 0]), np.array([1, 2, 2]), 3)
    cost, length = np.array([1.0, 1.0, 5.0]), np.array([100.0, 100.0, 150.0])
    demand = np.array([[0.0, 3.0, 4.0], [0.0, 0.0, 2.0], [1.0, 0.0, 0.0]])
    found = all_or_nothing(links, cost, ends=np.arange(3), demand=demand)
    assert found.flow.tolist() == [7.0, 6.0, 0.0]
    assert np.isinf(found.cost[2, 0])  # no way back: its trip is not loaded
    assert path_sums(links, cost, length, origins=np.array([0]), ends=np.array([2])).item() == pytest.approx(200.0)


def test_paths_do_not_run_through_ends_of_trips() -> None:
    tail, head = np.array([0, 1, 0, 3]), np.array([1, 2, 3, 2])
    cost = np.array([1.0, 1.0, 2.0, 2.0])
    free, barred = (
        path_costs(Links(tail, head, 4, passable), cost, origins=np.array([0]), ends=np.array([2])).item()
        for passable in (0, 3)
    )
    assert (free, barred) == (2.0, 4.0)
