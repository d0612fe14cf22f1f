"""Drainage zones: they cover the ground once, whatever its height, and none is smaller than asked where it has a neighbour."""  # noqa: E501

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.kernels.terrain.flow import flow_accumulation, route
from citybraid.resilience.drains.drainage_zones import DrainageZonesParams, DrainageZonesResult, drainage_zones
from tests.ranges import ends
from tests.resilience.flooded_plain import CELL, GRID, SHAPE, plain, raster

seeds = st.integers(0, 10**6)
WHOLE = SHAPE[0] * SHAPE[1] * CELL**2


def noise(seed: int) -> np.ndarray:
    return plain().terrain.to_numpy() + np.random.default_rng(seed).random(SHAPE)


def zones(ground: np.ndarray, cover: np.ndarray | None = None, least: float = 9000.0) -> DrainageZonesResult:
    return drainage_zones(
        terrain=raster(ground),
        grid=GRID,
        p=DrainageZonesParams(least_area=least, most_area=100_000.0),
        land_cover=None if cover is None else raster(cover),
    )


@given(seeds, st.floats(0, 50_000))
def test_the_ground_is_covered_once(seed: int, least: float) -> None:
    found = zones(noise(seed), least=least)
    assert found.drainage_zone_area.sum() == pytest.approx(WHOLE)
    assert found.drainage_zones.union_all().area == pytest.approx(WHOLE)
    assert found.drainage_zones.is_valid.all()
    assert (found.drainage_zone_area >= least).all()


@given(seeds, st.floats(-400, 4000))
def test_the_datum_does_not_matter(seed: int, shift: float) -> None:
    ground = np.round(noise(seed), 2)
    one, other = zones(ground), zones(np.round(ground + round(shift), 2))
    assert len(one.drainage_zones) == pytest.approx(len(other.drainage_zones), abs=2)


@given(seeds)
def test_all_that_falls_drains(seed: int) -> None:
    inside = (np.random.default_rng(seed).random(SHAPE) > 0.1).astype(np.uint8)
    found = route(noise(seed), inside, np.zeros(SHAPE, np.uint8), np.array([CELL, CELL]))
    total = flow_accumulation(found.receiver, found.order, inside.ravel().astype(np.float64))
    leaves = (found.receiver < 0) & (inside.ravel() == 1)
    assert total[leaves].sum() == inside.sum()
    assert sorted(found.order) == np.flatnonzero(inside.ravel()).tolist()
    lower = found.receiver >= 0
    assert (found.filled.ravel()[found.receiver[lower]] <= found.filled.ravel()[lower]).all()


def corners() -> list[tuple[float, float]]:
    return list(product(ends(TERRAIN), ends(LAND_COVER)))


@pytest.mark.parametrize(("height", "cover"), corners())
def test_corners(height: float, cover: float) -> None:
    found = zones(np.full(SHAPE, height), np.full(SHAPE, int(cover), dtype=np.int32))
    assert found.drainage_zone_area.sum() == WHOLE
    assert (found.drainage_zone_slope == 0.0).all()
    water = zones(np.full(SHAPE, height), np.full(SHAPE, 80, dtype=np.int32))
    assert len(water.drainage_zones) == 0
    lone = np.full(SHAPE, np.nan)
    lone[5, 5] = height
    assert zones(lone).drainage_zone_area.tolist() == [CELL**2]
