"""Exchange with drains: what inlets let through is the exact solution of their law, and no cell is overdrawn."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from citybraid.kernels.flood.exchange import depth_after_orifice, depth_after_weir, exchange, inlet_drawdown
from citybraid.kernels.flood.state import Water


def still(depth: NDArray[np.float64]) -> Water:
    rows, columns = depth.shape
    first, last = np.full(rows, columns, np.int32), np.zeros(rows, np.int32)
    return Water(
        depth.copy(), np.zeros((rows, columns + 1), np.float32), np.zeros((rows + 1, columns), np.float32),
        np.zeros(0), np.zeros(5), np.zeros(4), np.zeros(2, np.int64), first, last,
    )  # fmt: skip


def falling(_: float, depth: NDArray[np.float64], rate: float, power: float) -> list[float]:
    return [-rate * max(float(depth[0]), 0.0) ** power]


@pytest.mark.parametrize(("h", "rate", "dt"), [(0.1, 0.05, 5.0), (0.5, 0.3, 20.0), (0.02, 1.0, 60.0)])
def test_weir_and_orifice_solve_their_equations(h: float, rate: float, dt: float) -> None:
    for leaves, power in ((depth_after_weir, 1.5), (depth_after_orifice, 0.5)):
        solved = solve_ivp(falling, (0.0, dt), [h], args=(rate, power), rtol=1e-9, atol=1e-12)
        assert leaves(h, rate, dt) == pytest.approx(max(float(solved.y[0, -1]), 0.0), abs=1e-6)


def test_an_orifice_empties_a_cell_in_finite_time_a_weir_never_does() -> None:
    assert depth_after_orifice(0.1, 1.0, 10.0) == 0.0
    assert 0.0 < depth_after_weir(0.1, 1.0, 1e6) < 1e-10
    assert depth_after_weir(0.0, 1.0, 5.0) == depth_after_orifice(0.0, 1.0, 5.0) == 0.0


def test_inlets_of_one_cell_share_its_water() -> None:
    water = still(np.array([[0.1, 0.1]]))
    cells = np.array([[0, 0], [0, 1], [0, 1]], np.int32)
    passed = np.zeros(3)
    inlet_drawdown(water, cells, np.array([1.0, 2.0, 2.0]), 50.0, 50.0, 100.0, passed)
    assert passed[1] == passed[2] < passed[0] <= 0.1
    assert passed[1] + passed[2] <= 0.1


def test_what_is_taken_and_given_is_summed_and_the_rest_is_owed() -> None:
    water = still(np.array([[0.1, 0.0, 0.0]]))
    cells = np.array([[0, 0], [0, 2]], np.int32)
    owed, sums = np.zeros(2), np.zeros(4)
    exchange(water, cells, np.array([4.0, 0.0]), np.array([0.0, 5.0]), 25.0, owed, sums)
    assert water.h[0, 0] == 0.0
    assert owed[0] == pytest.approx(1.5)
    assert water.h[0, 2] == pytest.approx(0.2)
    assert (water.first[0], water.last[0]) == (2, 3)
    assert water.clock[2] == pytest.approx(0.2)
    exchange(water, cells, np.zeros(2), np.array([10.0, 0.0]), 25.0, owed, sums)
    assert owed[0] == 0.0
    assert math.fsum(sums[:2]) == pytest.approx(4.0)
    assert math.fsum(sums[2:]) == pytest.approx(15.0)
    assert float(water.h.sum()) * 25.0 == pytest.approx(2.5 - 4.0 + 15.0)
