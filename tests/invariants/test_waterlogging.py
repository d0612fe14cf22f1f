"""Waterlogging points: a stricter limit never finds more area, deeper and longer water never less."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.water import FLOOD_DURATION, MAX_DEPTH
from citybraid.resilience.areas.waterlogging import Waterlogging, WaterloggingParams, waterlogging
from tests.ranges import ends
from tests.resilience.flooded_plain import CELL, GRID, SHAPE, raster

seeds = st.integers(0, 10**6)


def points(depth: np.ndarray, hours: np.ndarray, *, least: float = 500.0, long: float = 0.5) -> Waterlogging:
    return waterlogging(
        depths={"storm": raster(depth)},
        durations={"storm": raster(hours)},
        return_periods={"storm": 30.0},
        limit={"depth": 0.15, "duration": long, "area": least},
        grid=GRID,
        p=WaterloggingParams(),
    )


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random(SHAPE) * 0.3


@given(seeds, st.floats(1.0, 3.0))
def test_directions(seed: int, more: float) -> None:
    depth, hours = noise(seed), noise(seed + 1) * 5
    plain = points(depth, hours).waterlogging_total
    assert points(depth * more, hours).waterlogging_total >= plain
    assert points(depth, hours * more).waterlogging_total >= plain
    assert points(depth, hours, least=500.0 * more).waterlogging_total <= plain
    assert points(depth, hours, long=0.5 * more).waterlogging_total <= plain


@given(seeds)
def test_every_point_is_what_a_point_must_be(seed: int) -> None:
    found = points(noise(seed), noise(seed + 1) * 5)
    assert (found.waterlogging_area >= 500.0).all()
    assert (found.waterlogging_depth >= 0.15).all()
    assert (found.waterlogging_duration >= 0.5).all()
    assert found.waterlogging_count == len(found.waterlogging_points)
    np.testing.assert_allclose(found.waterlogging_points.area, found.waterlogging_area)


def corners() -> list[tuple[float, float]]:
    return list(product(ends(MAX_DEPTH), ends(FLOOD_DURATION)))


@pytest.mark.parametrize(("depth", "hours"), corners())
def test_corners(depth: float, hours: float) -> None:
    found = points(np.full(SHAPE, depth), np.full(SHAPE, hours))
    assert found.waterlogging_total == (SHAPE[0] * SHAPE[1] * CELL**2 if depth and hours else 0.0)
    assert points(np.full(SHAPE, np.nan), np.full(SHAPE, hours)).waterlogging_count == 0.0
