"""Thresholded graphs against the graph of all pairs and against removal one by one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from citybraid.kernels.ecology import connectivity as graph
from citybraid.kernels.ecology.links import (
    Links,
    components_of,
    integral_of,
    link_importance,
    linked_connectivity,
    links_of,
    links_within,
    within,
)
from citybraid.kernels.ecology.patches import patch_distances, patches

CELL = (10.0, 7.0)
DECAY = np.log(2.0) / 40.0


def scattered(seed: int) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    habitat = (np.random.default_rng(seed).random((40, 50)) < 0.25).astype(np.uint8)
    found = patches(habitat, cell=CELL, smallest=100.0)
    return found.label, found.area, patch_distances(found.label, found.area.size, cell=CELL)


def dense(links: Links) -> NDArray[np.float64]:
    """Return links as a matrix of chances."""
    chance = np.eye(links.start.size - 1)
    chance[links.source, links.target] = np.exp(-DECAY * links.gap)
    return chance


@pytest.mark.parametrize("widest", [0.0, 14.0, 25.0, 1e9])
def test_links_are_the_pairs_within_the_widest_gap(widest: float) -> None:
    label, area, gap = scattered(3)
    links = links_within(label, area.size, cell=CELL, widest=widest)
    wanted = gap <= widest
    np.fill_diagonal(wanted, val=False)
    matrix = np.zeros_like(wanted)
    matrix[links.source, links.target] = True
    np.testing.assert_array_equal(matrix, wanted)
    np.testing.assert_allclose(links.gap, gap[links.source, links.target])


@pytest.mark.parametrize("widest", [10.0, 20.0, 1e9])
def test_indices_are_those_of_all_pairs_with_the_others_out_of_reach(widest: float) -> None:
    label, area, gap = scattered(3)
    links = links_within(label, area.size, cell=CELL, widest=widest)
    found, full = linked_connectivity(area, links, decay=DECAY), graph.connectivity(area, dense(links))
    assert found.numerator == pytest.approx(full.numerator, rel=1e-12)
    for part, whole in zip(found[1:], full[1:], strict=True):
        np.testing.assert_allclose(part, whole, atol=1e-12)
    near = within(links, 14.0)
    assert integral_of(area, near) == pytest.approx(graph.integral_numerator(area, gap <= min(widest, 14.0)), rel=1e-12)


def test_importance_of_links_is_the_loss_without_them() -> None:
    label, area, _ = scattered(8)
    links = links_within(label, area.size, cell=CELL, widest=20.0)
    chance, whole = dense(links), graph.connectivity(area, dense(links)).numerator
    found = link_importance(area, links, decay=DECAY)
    assert (found > 0.0).sum() > 10
    for k in range(0, links.target.size, 3):
        a, b = links.source[k], links.target[k]
        without = chance.copy()
        without[a, b] = without[b, a] = 0.0
        assert found[k] == pytest.approx(1.0 - graph.connectivity(area, without).numerator / whole, abs=1e-12)


def test_a_chain_by_hand() -> None:
    """10, 1 and 10 ha with chances of a half between neighbours: the validation case without its direct link."""
    area = np.array([10.0, 1.0, 10.0])
    links = links_of(np.array([0, 1]), np.array([1, 2]), np.array([40.0, 40.0]), count=3)
    found = linked_connectivity(area, links, decay=DECAY)
    assert found.numerator == pytest.approx(201 + 2 * (5 + 5 + 25))
    np.testing.assert_allclose(found.connector * found.numerator, [0.0, 50.0, 0.0])
    # Without either link one of the outer patches stands alone
    np.testing.assert_allclose(link_importance(area, links, decay=DECAY) * found.numerator, [60.0] * 4)
    assert integral_of(area, links) == pytest.approx(201 + 2 * (5 + 5 + 100 / 3))
    assert components_of(links).tolist() == [0, 0, 0]
    assert components_of(within(links, 39.0)).tolist() == [0, 1, 2]


def test_no_patches() -> None:
    none = links_of(*(np.zeros(0, np.int64),) * 2, np.zeros(0), count=0)
    assert linked_connectivity(np.zeros(0), none, decay=1.0).numerator == 0.0
    assert link_importance(np.zeros(0), none, decay=1.0).size == 0
    assert integral_of(np.zeros(0), none) == 0.0
