import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.integrate.measures.detention_wetland import DetentionWetland, DetentionWetlandParams, detention_wetland
from citybraid.integrate.measures.siting import CODE
from tests.integrate.plan import CELL, GRID, centres, ends, land_cover, raster, run


def dug(share: float = 1.0, **given_rasters: object) -> DetentionWetland:
    found: DetentionWetland = run(detention_wetland, DetentionWetlandParams(share=share), **given_rasters)
    return found


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_share_digs_the_same_cells_and_more(one: float, other: float) -> None:
    less, more = sorted((one, other))
    wet = [np.asarray(dug(share).land_cover) == CODE["wetland"] for share in (less, more)]
    assert not (wet[0] & ~wet[1]).any()


@given(st.integers(0, 2**32 - 1))
def test_the_dug_volume_is_the_depth_times_the_area(seed: int) -> None:
    height = np.random.default_rng(seed).uniform(9.9, 10.1, GRID.shape)
    found = dug(terrain=raster(height))
    volume = (height - np.asarray(found.terrain)).sum() * CELL
    assert volume == pytest.approx(0.5 * found.detention_area.sum())


@given(st.floats(-100, 1000))
def test_raising_all_ground_digs_the_same_cells(lift: float) -> None:
    x, y = centres()
    height = 0.01 * x + 0.003 * y
    first, second = dug(terrain=raster(height)), dug(terrain=raster(height + lift))
    assert first.detention_area.to_dict() == second.detention_area.to_dict()


def corners() -> list[tuple[int, float]]:
    low, high = ends(TERRAIN)
    return list(itertools.product((0, 255, CODE["grass"], CODE["roof"]), (low + 1.0, high, float("nan"))))


@pytest.mark.parametrize(("cover", "height"), corners())
def test_corners(cover: int, height: float) -> None:
    everywhere = raster(np.full(GRID.shape, cover, dtype=np.uint8))
    found = dug(land_cover=everywhere, terrain=raster(np.full(GRID.shape, height)))
    assert (found.detention_area.sum() > 0) == (cover == CODE["grass"] and np.isfinite(height))
    assert np.asarray(found.land_cover).dtype == np.asarray(land_cover()).dtype
