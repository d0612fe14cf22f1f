"""Circuits by hand: series and parallel resistors, short circuits, grounds, and the solver against factorisation."""

import os
import subprocess
import sys

import numpy as np
import pytest

from citybraid.kernels.ecology.circuit import Circuit
from citybraid.kernels.ecology.circuit_modes import (
    all_to_one,
    flat_cells,
    grounded_currents,
    merged,
    one_to_all,
    pair_currents,
    pairwise,
    total_conductance,
)
from citybraid.kernels.ecology.conductance import Conductances, conductances
from citybraid.kernels.ecology.multigrid import multigrid, v_cycle


def at(shape: tuple[int, int], *cells: tuple[int, int]) -> np.ndarray:
    mask = np.zeros(shape, bool)
    for cell in cells:
        mask[cell] = True
    return flat_cells(mask)


def row_of(resistance: list[float]) -> Conductances:
    values = np.array([resistance])
    return conductances(values, np.isfinite(values), neighbours=4)


def test_links_by_hand() -> None:
    values = np.array([[1.0, 3.0], [2.0, np.nan]])
    passable = np.isfinite(values)
    mean = conductances(values, passable, neighbours=8)
    assert mean.east[1, 1] == pytest.approx(1 / 2)
    assert mean.south[1, 1] == pytest.approx(1 / 1.5)
    assert mean.south_west[1, 2] == pytest.approx(1 / (2.5 * np.sqrt(2)))
    assert mean.south_east[1, 1] == 0.0
    other = conductances(values, passable, neighbours=8, average="conductance")
    assert other.east[1, 1] == pytest.approx((1 + 1 / 3) / 2)
    assert other.south_west[1, 2] == pytest.approx((1 / 3 + 1 / 2) / 2 / np.sqrt(2))


def test_series() -> None:
    found = pairwise(row_of([1.0, 2.0, 4.0, 3.0]), [at((1, 4), (0, 0)), at((1, 4), (0, 3))])
    assert found.resistance[0, 1] == pytest.approx(1.5 + 3.0 + 3.5)
    np.testing.assert_allclose(found.cumulative, [[1, 1, 1, 1]], rtol=1e-6)


def test_parallel() -> None:
    # Two ways around a hole: 4 links of 1 each
    values = np.ones((3, 3))
    values[1, 1] = np.nan
    links = conductances(values, np.isfinite(values), neighbours=4)
    found = pairwise(links, [at((3, 3), (0, 0)), at((3, 3), (2, 2))])
    assert found.resistance[0, 1] == pytest.approx(2.0)
    np.testing.assert_allclose(found.cumulative, [[1, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 1]], atol=1e-6)


def test_no_path_is_infinite_and_carries_nothing() -> None:
    links = row_of([1.0, 1.0, np.nan, 1.0])
    found = pairwise(links, [at((1, 4), (0, 0)), at((1, 4), (0, 1)), at((1, 4), (0, 3))])
    assert found.resistance[0, 1] == pytest.approx(1.0)
    assert np.isinf(found.resistance[0, 2])
    np.testing.assert_allclose(found.cumulative, [[1, 1, 0, 0]], atol=1e-9)


def test_regions_short_circuit() -> None:
    links = row_of([1.0] * 6)
    ends = [at((1, 6), (0, 0)), at((1, 6), (0, 5))]
    found = pairwise(links, ends, regions=[at((1, 6), (0, 1), (0, 3))])
    assert found.resistance[0, 1] == pytest.approx(3.0)
    # No current along the loop that is short circuited
    np.testing.assert_allclose(found.cumulative, [[1, 1, 0, 1, 1, 1]], atol=1e-6)
    assert [region.tolist() for region in merged([np.array([1, 2]), np.array([5, 6]), np.array([2, 6])])] == [
        [1, 2, 5, 6]
    ]


def test_focal_regions_are_short_circuited_in_their_own_pairs_or_always() -> None:
    links = row_of([1.0] * 5)
    focal = [at((1, 5), (0, 0)), at((1, 5), (0, 1), (0, 3)), at((1, 5), (0, 4))]
    alone, together = pairwise(links, focal), pairwise(links, focal, together=True)
    assert alone.resistance[0, 2] == pytest.approx(4.0)
    assert together.resistance[0, 2] == pytest.approx(2.0)
    assert alone.resistance[0, 1] == together.resistance[0, 1] == pytest.approx(1.0)


def test_one_to_all_and_all_to_one_by_hand() -> None:
    links = row_of([1.0] * 3)
    focal = [at((1, 3), (0, column)) for column in range(3)]
    one = one_to_all(links, focal)
    # The middle node has both ends at ground: two links in parallel
    np.testing.assert_allclose(one.resistance, [1.0, 0.5, 1.0], rtol=1e-9)
    np.testing.assert_allclose(one.cumulative, [[1.5, 3.0, 1.5]], rtol=1e-6)
    every = all_to_one(links, focal)
    np.testing.assert_allclose(every.cumulative, [[4.0, 6.0, 4.0]], rtol=1e-6)
    np.testing.assert_allclose(every.largest, [[2.0, 2.0, 2.0]], rtol=1e-6)


def test_strengths_scale_currents() -> None:
    links = row_of([1.0] * 3)
    focal = [at((1, 3), (0, 0)), at((1, 3), (0, 2))]
    strong = one_to_all(links, focal, strength=np.array([2.0, 3.0]))
    np.testing.assert_allclose(strong.resistance, [2.0, 2.0], rtol=1e-9)
    np.testing.assert_allclose(strong.cumulative, [[5.0, 5.0, 5.0]], rtol=1e-6)


def padded(values: list[float]) -> np.ndarray:
    return np.pad(np.array([values]), 1)


def test_sources_and_grounds_by_hand() -> None:
    links = row_of([1.0] * 4)
    none = np.zeros((3, 6), bool)
    # 1 A at the left leaves over half an ohm of ground at the right: 3.5 ohm in all
    found = grounded_currents(links, padded([1, 0, 0, 0]), direct=none, ground=padded([0, 0, 0, 2.0]))
    np.testing.assert_allclose(found.voltage[1, 1:-1], [3.5, 2.5, 1.5, 0.5], rtol=1e-6)
    np.testing.assert_allclose(found.current[1, 1:-1], [1, 1, 1, 1], rtol=1e-6)
    direct = padded([0, 0, 0, 1.0]) > 0
    found = grounded_currents(links, padded([1, 1, 0, 0]), direct=direct)
    np.testing.assert_allclose(found.voltage[1, 1:-1], [5, 4, 2, 0], rtol=1e-6)
    assert found.isolated == 0.0


@pytest.mark.parametrize(
    ("rule", "currents"),
    [("keep_all", [1, 1, 1]), ("remove_source", [0, 0, 0]), ("remove_ground", [1, 1, 1]), ("remove_both", [0, 0, 0])],
)
def test_rules_for_cells_that_are_source_and_ground(rule: str, currents: list[float]) -> None:
    ground = padded([1e-12, 0, 0])
    direct = padded([0, 0, 1.0]) > 0
    found = grounded_currents(row_of([1.0] * 3), padded([1, 0, 0]), direct=direct, ground=ground, rule=rule)  # type: ignore[arg-type]  # every rule
    np.testing.assert_allclose(found.current[1, 1:-1], currents, atol=1e-6)


def test_sources_without_a_path_to_ground_are_told() -> None:
    direct = padded([0, 1.0, 0, 0]) > 0
    found = grounded_currents(row_of([1.0, 1.0, np.nan, 1.0]), padded([1, 0, 0, 2]), direct=direct)
    assert found.isolated == 2.0
    np.testing.assert_allclose(found.current[1, 1:-1], [1, 1, 0, 0], atol=1e-9)


def town(size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return resistances from 1 to 1000 in blocks with roads, and passable cells with houses left out."""
    draw = np.random.default_rng(seed)
    resistance = 10 ** (3 * draw.random((size // 8 + 1,) * 2)).repeat(8, 0).repeat(8, 1)[:size, :size]
    resistance[::13] = 1000.0
    passable = np.ones((size, size), bool)
    for _ in range(size * size // 200):
        row, column = draw.integers(1, size - 5, 2)
        passable[row : row + draw.integers(1, 5), column : column + draw.integers(1, 5)] = False
    passable[0], passable[:, 0], passable[-1], passable[:, -1] = True, True, True, True
    return resistance, passable


@pytest.mark.parametrize("neighbours", [4, 8])
def test_multigrid_finds_what_factorisation_finds(neighbours: int) -> None:
    resistance, passable = town(101, 5)
    links = conductances(resistance, passable, neighbours=neighbours)  # type: ignore[arg-type]  # both schemes
    current = np.zeros(links.east.shape)
    current[1, 1], current[101, 101] = 1.0, -1.0
    by_rounds, directly = Circuit(links).solve(current), Circuit(links, rounds=1).solve(current)
    assert by_rounds.rounds > 0
    assert directly.rounds == -1
    assert max(by_rounds.residual, directly.residual) <= 1e-6
    drops = [each.voltage[1, 1] - each.voltage[101, 101] for each in (by_rounds, directly)]
    assert drops[0] == pytest.approx(drops[1], rel=1e-7)
    currents = [Circuit(links).node_currents(each.voltage) for each in (by_rounds, directly)]
    np.testing.assert_allclose(currents[0], currents[1], atol=1e-5)


@pytest.mark.parametrize("size", [60, 62, 100])
@pytest.mark.parametrize("neighbours", [4, 8])
def test_no_cell_hangs_on_coarse_cells_beyond_the_edge(size: int, neighbours: int) -> None:
    """Weights of the margin are never solved for: what hung on it was lost, and rounds doubled and more."""
    resistance, passable = town(size, 2)
    links = conductances(resistance, passable, neighbours=neighbours)  # type: ignore[arg-type]  # both schemes
    seen = 0
    for level in multigrid(links, np.zeros((1, 1))).levels:
        rows, columns = level.east.shape[0] - 2, level.east.shape[1] - 2
        below, right = level.weights[-2], level.weights[:, -2]
        if rows % 2 == 0:
            seen += 1
            assert not below[:, [1, 6, 7]].any()
        if columns % 2 == 0:
            assert not right[:, [3, 5, 7]].any()
    assert seen


def test_the_preconditioner_never_goes_beyond_the_solution() -> None:
    """A V-cycle with Galerkin products and symmetric sweeps takes off at most the whole of any error's energy."""
    resistance, passable = town(100, 2)
    circuit = Circuit(conductances(resistance, passable, neighbours=4))
    error = np.random.default_rng(0).standard_normal(circuit.total.shape) * (circuit.total > 0.0)
    for _ in range(30):
        lost = -circuit.lost(error, np.zeros_like(error))
        energy = float(np.vdot(error, lost))
        found = v_cycle(circuit.hierarchy, (lost / np.sqrt(energy)).astype(np.float32)).astype(np.float64)
        error = error / np.sqrt(energy) - found
        assert float(np.vdot(found, lost)) / np.sqrt(energy) <= 1.01


def test_a_maze_of_corridors_is_solved_whatever_it_takes() -> None:
    size = 81
    passable = np.zeros((size, size), bool)
    passable[1::4] = True
    for turn, row in enumerate(range(1, size - 4, 4)):
        passable[row : row + 5, -1 if turn % 2 == 0 else 0] = True
    links = conductances(np.ones((size, size)), passable, neighbours=4)
    corridor = int(passable.sum())
    focal = [at((size, size), (1, 0)), at((size, size), (77, 0))]
    found = next(pair_currents(links, focal))
    # The last corridor ends at the left; all others are passed from end to end
    assert found.residual <= 2e-6
    np.testing.assert_allclose(found.current[1:-1, 1:-1][passable].max(), 1.0, rtol=1e-5)
    assert 0.9 * corridor <= found.resistance <= corridor


def test_a_poor_solution_is_never_returned() -> None:
    links = row_of([1.0, 1.0, 1.0])
    current = padded([1.0, 0.0, 0.0])
    # A current that goes nowhere has no solution
    with pytest.raises(ArithmeticError, match="no accurate solution"):
        Circuit(links).solve(current)


CURRENTS = """
import hashlib, numpy as np
from citybraid.kernels.ecology.circuit_modes import flat_cells, pairwise
from citybraid.kernels.ecology.conductance import conductances
values = np.random.default_rng(3).lognormal(0.0, 2.0, (25, 25))
places, taken, masks = np.random.default_rng(5), np.zeros(values.shape, bool), []
for _ in range(8):
    row, column = places.integers(0, 19, 2)
    mask = np.zeros(values.shape, bool)
    mask[row : row + 5, column : column + 6] = True
    masks.append(flat_cells(mask & ~taken))
    taken |= mask
found = pairwise(conductances(values, np.isfinite(values), neighbours=8), masks)
print(hashlib.sha256(found.cumulative.tobytes()).hexdigest())
"""


def test_currents_have_the_same_bits_on_any_count_of_threads_of_linear_algebra() -> None:
    """A worker of a cluster has one, a laptop all its cores: currents differed by 2e-6 between them."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", CURRENTS], env={**os.environ, "OPENBLAS_NUM_THREADS": str(threads)},
            capture_output=True, text=True, check=True,
        ).stdout
        for threads in (1, 2)
    }  # fmt: skip
    assert len(digests) == 1


def rough(seed: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return contrasting resistances and three patches, of which one is a single cell."""
    random = np.random.default_rng(seed)
    values = 10.0 ** random.uniform(0.0, 3.0, (70, 90))
    values[random.random(values.shape) < 0.1] = np.nan
    patches = [np.zeros(values.shape, bool) for _ in range(3)]
    patches[0][5:9, 5:9], patches[1][60:66, 20:30], patches[2][30, 80] = True, True, True
    for each in patches:
        values[each] = 1.0
    return values, [flat_cells(each) for each in patches]


@pytest.mark.parametrize("seed", range(4))
def test_resistances_are_right_far_beyond_the_currents_that_are_lost(seed: int) -> None:
    """Voltages lose up to 1e-6 of the current; what resistances miss by that is of the second order."""
    values, focal = rough(seed)
    links = conductances(values, np.isfinite(values), neighbours=8)
    found = pairwise(links, focal, together=True)
    exact = np.zeros_like(found.resistance)
    circuit = Circuit(links, regions=focal[:2], rounds=1)
    for first in range(3):
        for second in range(first):
            current = np.zeros(circuit.total.shape)
            current.reshape(-1)[focal[first][0]], current.reshape(-1)[focal[second][0]] = 1.0, -1.0
            voltage = circuit.solve(current).voltage.reshape(-1)
            exact[first, second] = exact[second, first] = voltage[focal[first][0]] - voltage[focal[second][0]]
    assert 1e-9 < found.residual < 1e-5, "currents are lost here, so that there is something to miss"
    np.testing.assert_allclose(found.resistance, exact, rtol=1e-10)
    assert total_conductance(links, focal) == pytest.approx((1.0 / exact[np.tril_indices(3, -1)]).sum(), rel=1e-10)


@pytest.mark.parametrize("seed", range(4))
def test_ground_that_is_crossed_more_easily_never_parts_patches(seed: int) -> None:
    """Rayleigh's monotonicity: even for one far cell of a thousand times less resistance."""
    values, focal = rough(seed)
    before = total_conductance(conductances(values, np.isfinite(values), neighbours=8), focal)
    values[2, 87] = 1e-3 * np.nanmax(values)
    after = total_conductance(conductances(values, np.isfinite(values), neighbours=8), focal)
    assert after > before * (1.0 - 1e-12)


def test_large_patches_in_contrasting_ground_need_no_factorisation() -> None:
    """Twelve patches without resistance within, streets of a thousand times that of grass, and walls of houses."""
    random = np.random.default_rng(5)
    values = random.choice([1.0, 5.0, 30.0], (300, 300), p=[0.2, 0.5, 0.3])
    values[::25], values[:, ::30] = 1000.0, 300.0
    values[random.random(values.shape) < 0.05] = np.nan
    patches = np.zeros(values.shape, np.int64)
    for number in range(12):
        row, column = 75 * (number // 4) + 30, 72 * (number % 4) + 12
        patches[row : row + 40, column : column + 45] = number + 1
    values[patches > 0] = 1.0
    focal = [flat_cells(patches == number + 1) for number in range(12)]
    circuit = Circuit(conductances(values, np.isfinite(values), neighbours=8), regions=focal)
    current = np.zeros(circuit.total.shape)
    current.reshape(-1)[focal[0][0]], current.reshape(-1)[focal[11][0]] = 1.0, -1.0
    found = circuit.solve(current)
    assert 0 < found.rounds < 60
    assert found.residual <= 1e-6


def test_coarse_levels_are_gone_through_twice_only_without_short_circuits() -> None:
    """A town of blocks, thin roads and houses took 29 rounds; with short circuits twice would lead nowhere."""
    draw, size = np.random.default_rng(3), 400
    resistance = (10 ** (3 * draw.random((41, 41)))).repeat(10, 0).repeat(10, 1)[:size, :size]
    resistance[::17], resistance[:, 5::23] = 1000.0, 1000.0
    passable = np.ones((size, size), bool)
    for _ in range(size * size // 400):
        row, column = draw.integers(1, size - 1, 2)
        passable[row : row + draw.integers(2, 12), column : column + draw.integers(2, 12)] = False
    passable[:, [0, -1]] = passable[[0, -1]] = True
    links = conductances(resistance, passable, neighbours=4)
    current = np.zeros(links.east.shape)
    current[1, 1], current[size, size] = 1.0, -1.0
    twice = Circuit(links).solve(current)
    assert 0 < twice.rounds <= 24
    once = Circuit(links)
    once.hierarchy = once.hierarchy._replace(repeated=())
    slow = once.solve(current)
    assert slow.rounds > twice.rounds
    drops = [each.voltage[1, 1] - each.voltage[size, size] for each in (twice, slow)]
    assert drops[0] == pytest.approx(drops[1], rel=1e-6)
    held = Circuit(links, regions=[flat_cells(np.pad(np.ones((3, 3), bool), ((0, size - 3), (0, size - 3))))])
    assert held.hierarchy.repeated == ()
