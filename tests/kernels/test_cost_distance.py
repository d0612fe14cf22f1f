"""Cost-weighted distances are the bits of Dijkstra's algorithm on a heap, whatever the resistances."""

from heapq import heappop, heappush
from typing import Any

import numpy as np
import pytest

from citybraid.kernels.ecology.corridors import allocated
from citybraid.kernels.ecology.cost_distance import cost_distance


def by_heap(resistance: Any, passable: Any, source: Any, high: float, wide: float, limit: float) -> Any:
    """Return the same distances by sorted cells, written down once more."""
    rows, columns = resistance.shape
    distance = np.full((rows, columns), np.inf)
    waiting = [(0.0, int(i), int(j)) for i, j in np.argwhere(source & passable)]
    for _, i, j in waiting:
        distance[i, j] = 0.0
    while waiting:
        near, i, j = heappop(waiting)
        for k, m in np.ndindex(rows, columns):
            if not passable[k, m] or max(abs(k - i), abs(m - j)) != 1 or near > distance[i, j]:
                continue
            length = np.sqrt(((k - i) * high) ** 2 + ((m - j) * wide) ** 2)
            there = near + 0.5 * (resistance[i, j] + resistance[k, m]) * length
            if there < distance[k, m] and there <= limit:
                distance[k, m] = there
                heappush(waiting, (float(there), k, m))
    return distance


@pytest.mark.parametrize("limit", [np.inf, 60.0])
@pytest.mark.parametrize("kind", ["equal", "whole", "wide", "vast"])
def test_distances_are_those_of_a_heap(kind: str, limit: float) -> None:
    drawn = np.random.default_rng(7)
    resistance = {
        "equal": np.ones((13, 17)),
        "whole": drawn.integers(1, 4, (13, 17)).astype(np.float64),
        "wide": np.exp(drawn.uniform(0.0, 7.0, (13, 17))),
        "vast": np.exp(drawn.uniform(-20.0, 20.0, (13, 17))),
    }[kind]
    passable = drawn.random((13, 17)) > 0.15
    source = drawn.random((13, 17)) < 0.03
    found = cost_distance(resistance, passable, source, 5.0, 4.0, limit)
    expected = by_heap(resistance, passable, source, 5.0, 4.0, limit)
    assert found.tobytes() == expected.tobytes()
    assert np.isfinite(found).any()


def test_distances_are_those_by_which_cells_are_shared_out() -> None:
    drawn = np.random.default_rng(8)
    resistance, passable = drawn.uniform(1.0, 500.0, (60, 50)), drawn.random((60, 50)) > 0.1
    label = np.where(drawn.random((60, 50)) < 0.01, drawn.integers(1, 5, (60, 50)), 0).astype(np.int32)
    shared, _ = allocated(resistance, passable, label, 5.0, 5.0, 3000.0)
    assert cost_distance(resistance, passable, label > 0, 5.0, 5.0, 3000.0).tobytes() == shared.tobytes()


def test_without_a_source_nothing_is_reached() -> None:
    nowhere = np.zeros((4, 5), bool)
    assert np.isinf(cost_distance(np.ones((4, 5)), ~nowhere, nowhere, 5.0, 5.0, np.inf)).all()
    assert np.isinf(cost_distance(np.ones((4, 5)), nowhere, ~nowhere, 5.0, 5.0, np.inf)).all()
