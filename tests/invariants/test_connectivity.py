"""Connectivity: between patches alone and all as one, importance as what is lost, the same on a shifted grid."""

from itertools import product

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.connectivity import Connectivity, ConnectivityParams, connectivity
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_SUITABILITY
from citybraid.kernels.ecology import connectivity as graph
from tests.ranges import ends

SIZE = 16
CELL = 250.0

habitats = st.tuples(st.integers(0, 2**32 - 1), st.floats(0.02, 0.5)).map(
    lambda drawn: (np.random.default_rng(drawn[0]).random((SIZE, SIZE)) < drawn[1]).astype(np.float64)
)


def box_at(x: float) -> GeoBox:
    return GeoBox.from_bbox((x, x, x + CELL * SIZE, x + CELL * SIZE), crs="EPSG:32651", resolution=CELL)


def joined(suits: np.ndarray, *, x: float = 0.0, **words: object) -> Connectivity:
    return connectivity(
        habitat_suitability=xr.DataArray(suits, dims=("y", "x")),
        dispersal_distance=resolve("dispersal_distance"),
        grid=box_at(x),
        p=ConnectivityParams.model_validate(words),
    )


@given(habitats)
def test_bounds(suits: np.ndarray) -> None:
    found = joined(suits)
    landscape = (CELL * SIZE) ** 2 / 1e4
    alone = sum(
        (np.count_nonzero(found.habitat_patch == number) * CELL**2 / 1e4) ** 2
        for number in range(1, int(found.habitat_patch.max()) + 1)
    )
    together = found.habitat_area**2
    for index in (found.probability_of_connectivity, found.integral_connectivity):
        assert alone / landscape**2 <= index * (1 + 1e-9) + 1e-15
        assert index <= together / landscape**2 * (1 + 1e-9) + 1e-15
    assert found.connected_area <= found.habitat_area * (1 + 1e-9)
    assert float((found.patch_connector - found.patch_importance).max()) <= 1e-12


@given(habitats)
def test_farther_dispersal_joins_more(suits: np.ndarray) -> None:
    areas = [joined(suits, dispersal=reach).connected_area for reach in ("short", "medium", "long")]
    assert areas == sorted(areas)


@given(habitats, st.integers(-9, 9))
def test_the_same_wherever_the_grid_begins(suits: np.ndarray, step: int) -> None:
    here, there = joined(suits), joined(suits, x=1000.0 * step)
    assert here.connected_area == there.connected_area
    np.testing.assert_array_equal(here.patch_importance, there.patch_importance)


@given(habitats)
def test_turning_changes_nothing(suits: np.ndarray) -> None:
    here, turned = joined(suits), joined(np.rot90(suits).copy())
    assert turned.connected_area == pytest.approx(here.connected_area, rel=1e-12)
    np.testing.assert_allclose(np.rot90(here.patch_importance), turned.patch_importance, atol=1e-12)


@given(st.integers(0, 2**32 - 1), st.integers(1, 14), st.floats(0.2, 3))
def test_importance_is_what_is_lost_without_the_patch(seed: int, count: int, spread: float) -> None:
    random = np.random.default_rng(seed)
    area = random.uniform(0.0, 5.0, count)
    points = random.uniform(0.0, 1.0, (count, 2))
    # Gaps from edge to edge break the triangle inequality: so may these
    gap = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) * random.uniform(0.2, 1.0, (count, count))
    chance = np.exp(-spread * np.minimum(gap, gap.T))
    chance[random.random((count, count)) < 0.2] = 0.0
    chance = np.minimum(chance, chance.T)
    found = graph.connectivity(area, chance)
    for patch in range(count):
        rest = np.arange(count) != patch
        left = graph.connectivity(area[rest], chance[np.ix_(rest, rest)]).numerator
        assert found.importance[patch] * found.numerator == pytest.approx(found.numerator - left, rel=1e-9, abs=1e-9)
        assert found.numerator == pytest.approx(by_floyd(area, chance), rel=1e-12)


def by_floyd(area: np.ndarray, chance: np.ndarray) -> float:
    best = chance.copy()
    np.fill_diagonal(best, 1.0)
    for middle in range(area.size):
        best = np.maximum(best, best[:, middle : middle + 1] * best[middle : middle + 1, :])
    return float(area @ best @ area)


def corners() -> list[tuple[float, float, float]]:
    return list(product((*ends(HABITAT_SUITABILITY), float("nan")), (1e-6, 1.0), (0.0, 1000.0)))


@pytest.mark.parametrize(("suits", "suitable", "smallest"), corners())
def test_corners(suits: float, suitable: float, smallest: float) -> None:
    found = joined(np.full((SIZE, SIZE), suits), suitable=suitable, smallest=smallest)
    one = suits == 1.0
    assert found.connected_area == pytest.approx(found.habitat_area)
    assert found.habitat_area == pytest.approx(1600.0 if one else 0.0)
    assert found.probability_of_connectivity == pytest.approx(1.0 if one else 0.0)
    assert found.integral_connectivity == pytest.approx(1.0 if one else 0.0)
    assert int(found.habitat_patch.max()) == int(one)
