"""Walls across the wind of single blocks by pencil, and paths of the wind through a gap."""

import math

import numpy as np
import pytest

from citybraid.kernels.outdoor.corridors import crossing
from citybraid.kernels.outdoor.frontal_area import windward_walls


def block(height: float = 12.0) -> np.ndarray:
    """A block of 20 × 20 m in a plot of 100 × 100 m, in cells of 1 m."""
    heights = np.zeros((100, 100))
    heights[40:60, 30:50] = height
    return heights


@pytest.mark.parametrize("wind_from", [0.0, 90.0, 180.0, 270.0])
def test_a_block_that_faces_the_wind_has_its_height_times_its_width(wind_from: float) -> None:
    walls = windward_walls(block(), math.radians(wind_from), 1.0, 1.0)
    assert walls.sum() == pytest.approx(12.0 * 20.0)
    assert walls.sum() / 10_000.0 == pytest.approx(0.024), "λf = h w / A"


@pytest.mark.parametrize("wind_from", [0.0, 90.0, 180.0, 270.0])
def test_the_wall_stands_on_the_side_of_the_wind(wind_from: float) -> None:
    rows, columns = np.nonzero(windward_walls(block(), math.radians(wind_from), 1.0, 1.0))
    expected = {0.0: (40, None), 180.0: (59, None), 90.0: (None, 49), 270.0: (None, 30)}[wind_from]
    assert set(rows.tolist()) == ({expected[0]} if expected[0] is not None else set(range(40, 60)))
    assert set(columns.tolist()) == ({expected[1]} if expected[1] is not None else set(range(30, 50)))


@pytest.mark.parametrize("wind_from", [20.0, 45.0, 70.0, 135.0, 200.0, 300.0])
def test_a_block_turned_to_the_wind_shows_its_projected_width(wind_from: float) -> None:
    turn = math.radians(wind_from)
    width = 20.0 * (abs(math.sin(turn)) + abs(math.cos(turn)))
    walls = windward_walls(block(), turn, 1.0, 1.0).sum()
    assert walls == pytest.approx(12.0 * width, abs=15.0), "to one line of cells and a quarter of 12 m²"


def test_a_diamond_that_faces_the_wind_is_not_taken_by_its_stairs() -> None:
    """A square of side 28.3 m turned by 45°, the wind onto its face: h times side, not the stairs' √2 of it."""
    y, x = np.mgrid[0:101, 0:101] - 50
    heights = np.where(np.abs(y) + np.abs(x) <= 20, 10.0, 0.0)
    walls = windward_walls(heights, math.radians(45.0), 1.0, 1.0)
    assert walls.sum() == pytest.approx(10.0 * 20.5 * math.sqrt(2.0), rel=0.03)


def test_a_tower_on_a_podium_adds_its_own_wall_and_cells_may_be_oblong() -> None:
    heights = np.zeros((20, 20))
    heights[5:15, 5:15], heights[8:12, 8:12] = 6.0, 30.0
    walls = windward_walls(heights, math.radians(270.0), 2.0, 5.0)
    assert walls.sum() == pytest.approx(6.0 * 20.0 + 24.0 * 8.0)


def test_the_wind_takes_the_gap() -> None:
    resistance = np.full((9, 9), 1.0)
    resistance[:, 4], resistance[4, 4] = 100.0, 1.0
    found = crossing(resistance, np.ones((9, 9), bool), math.radians(270.0), 10.0, 10.0)
    assert found.share[4, 4] == 1.0
    assert found.share[:4, 4].sum() == found.share[5:, 4].sum() == 0.0
    assert found.resistance[4, 4] == pytest.approx(1.0)
    straight = crossing(np.full((9, 9), 2.0), np.ones((9, 9), bool), math.radians(270.0), 10.0, 10.0)
    assert np.allclose(straight.share, 1 / 9)
    assert np.allclose(straight.resistance, 2.0)


def test_no_path_runs_straight_across_the_wind() -> None:
    """Wind from the west; a gap in the last row, four columns on: from rows 4 to 8 it is reached ahead or aslant."""
    resistance = np.full((9, 9), 1.0)
    resistance[:, 4], resistance[8, 4] = 100.0, 1.0
    found = crossing(resistance, np.ones((9, 9), bool), math.radians(270.0), 10.0, 10.0)
    assert found.share[8, 4] == pytest.approx(5 / 9)
    assert found.share[:8, 4].sum() == pytest.approx(4 / 9), "the others go over the wall"
    for wind_from in np.arange(0.0, 360.0, 22.5):
        even = crossing(np.ones((9, 9)), np.ones((9, 9), bool), math.radians(wind_from), 10.0, 10.0)
        assert even.share.max() > 0.0, "from every side there is a way"


def test_no_known_ground_has_no_path() -> None:
    found = crossing(np.ones((4, 4)), np.zeros((4, 4), bool), 0.0, 10.0, 10.0)
    assert not found.share.any()
    assert np.isinf(found.resistance).all()
