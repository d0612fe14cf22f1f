"""Horizons and crowns: walls, valleys and trees whose angle a pencil gives, from every side."""

import numpy as np
import pytest

from citybraid.kernels.outdoor.obstruction import sector_crowns, sector_horizon, take_crowns
from citybraid.kernels.outdoor.sky import BANDS

EAST = 0.5 * np.pi


def horizon(surface: np.ndarray, azimuth: float, *, ground: np.ndarray | None = None, eye: float = 0.0) -> np.ndarray:
    slope = np.full(surface.shape, -1.0, np.float32)
    bare = np.zeros_like(surface) if ground is None else ground
    sector_horizon(surface.astype(np.float32), bare.astype(np.float32), eye, azimuth, 1.0, 1.0, slope)
    return slope


def test_a_wall_hides_the_sky_from_its_nearer_edge_on() -> None:
    surface = np.zeros((5, 21))
    surface[:, 20] = 8.0
    found = horizon(surface, EAST)
    # From the middle of cell i the wall's face is 19.5 - i cells away.
    np.testing.assert_allclose(found[2, :19], 8.0 / (19.5 - np.arange(19)), rtol=1e-6)
    assert horizon(surface, EAST, eye=3.0)[2, 0] == pytest.approx(5.0 / 19.5, rel=1e-6)
    assert not horizon(surface, EAST + np.pi).any()


def test_terrain_hides_the_sky_from_the_middle_of_its_cells() -> None:
    slope = np.tile(0.1 * np.arange(30.0), (3, 1))
    np.testing.assert_allclose(horizon(slope, EAST, ground=slope)[1, :-1], 0.1, rtol=1e-5)


def test_a_tower_behind_a_wall_counts_where_it_stands_higher() -> None:
    surface = np.zeros((3, 60))
    surface[:, 20], surface[:, 40] = 4.0, 30.0
    found = horizon(surface, EAST)[1]
    assert found[0] == pytest.approx(30.0 / 39.5, rel=1e-6)
    assert found[19] == pytest.approx(max(4.0 / 0.5, 30.0 / 20.5), rel=1e-6)


def test_a_valley_before_a_hill_does_not_hide_it() -> None:
    """The hull's first corners lie below the eye: the search must go on to the one above."""
    surface = np.zeros((3, 60))
    surface[:, 5:20], surface[:, 20:40], surface[:, 55] = -20.0, -6.0, 12.0
    assert horizon(surface, EAST, ground=surface)[1, 0] == pytest.approx(12.0 / 55.0, rel=1e-5)


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
@pytest.mark.parametrize("azimuth", [0.1, 0.7, 1.2])
def test_the_same_from_every_side(turn: int, azimuth: float) -> None:
    surface = np.where(np.random.default_rng(4).random((40, 40)) > 0.9, 9.0, 0.0)
    turned = np.rot90(surface, -turn).copy()
    found = horizon(turned, azimuth + 0.5 * np.pi * turn)
    np.testing.assert_allclose(np.rot90(found, turn), horizon(surface, azimuth), atol=0.35 * found.max())
    assert found.mean() == pytest.approx(horizon(surface, azimuth).mean(), rel=0.02)


def test_a_cell_without_a_value_hides_nothing_and_sees_nothing() -> None:
    surface = np.zeros((3, 30))
    surface[:, 15], surface[:, 25] = np.nan, 5.0
    found = horizon(surface, EAST)
    assert found[1, 15] == 0.0
    assert found[1, 0] == pytest.approx(5.0 / 24.5, rel=1e-6)


def test_light_passes_under_a_crown_and_over_it() -> None:
    shape = (3, 41)
    top, base, cover = (np.zeros(shape, np.float32) for _ in range(3))
    top[:, 30], base[:, 30], cover[:, 30] = 9.0, 4.0, 0.6
    tangents = np.tan(np.radians([5.0, 25.0, 45.0]))
    hidden = np.zeros((*shape, 3), np.uint8)
    sector_crowns(np.zeros(shape, np.float32), top, base, cover, 1.1, EAST, 1.0, 1.0, 60.0, tangents, hidden)
    # 15 m away the crown stands between 10.6 and 28.6 degrees.
    np.testing.assert_array_equal(hidden[1, 15], [0, 153, 0])
    np.testing.assert_array_equal(hidden[1, 35], 0)
    # Beneath it, everything above the rim of the crown is hidden.
    np.testing.assert_array_equal(hidden[1, 30], [0, 0, 0])
    steep = np.zeros((*shape, 1), np.uint8)
    high = np.tan(np.radians([85.0]))
    sector_crowns(np.zeros(shape, np.float32), top, base, cover, 1.1, EAST, 1.0, 1.0, 60.0, high, steep)
    assert steep[1, 30, 0] == 153


def test_crowns_take_their_share_of_each_band_above_the_horizon() -> None:
    """By another route: the share of each band above the horizon, times its weight and what crowns hide of it."""
    random = np.random.default_rng(7)
    low = random.uniform(0.0, BANDS, (6, 5)).astype(np.float32)
    hidden = random.integers(0, 256, (6, 5, BANDS)).astype(np.uint8)
    weights, left = random.uniform(0.0, 0.02, BANDS), np.ones((6, 5), np.float32)
    take_crowns(low, hidden, weights, left)
    free = np.clip(np.arange(1, BANDS + 1) - low[..., None], 0.0, 1.0)
    assert left == pytest.approx(1.0 - (free * weights * hidden / 255.0).sum(axis=-1), abs=1e-6)
    assert (left < 1.0).any()
