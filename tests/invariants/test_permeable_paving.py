import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import COVER, PERMEABLE_PAVING, TERRAIN
from citybraid.integrate.measures.permeable_paving import PermeablePaving, PermeablePavingParams, permeable_paving
from citybraid.integrate.measures.siting import CODE
from tests.integrate.plan import CELL, GRID, ends, raster, run

FIT = CODE["paved"]


def installed(share: float = 1.0, **given_rasters: object) -> PermeablePaving:
    found: PermeablePaving = run(permeable_paving, PermeablePavingParams(share=share), **given_rasters)
    return found


@given(st.floats(0, 1), st.floats(0, 1))
def test_grows_with_the_share(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert (installed(less).permeable_paving <= installed(more).permeable_paving + 1e-12).all()


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_quantity_is_the_area_added_and_other_cover_is_left_alone(seed: int, share: float) -> None:
    random = np.random.default_rng(seed)
    cover = random.choice([code for code, _ in COVER], GRID.shape).astype(np.uint8)
    old = random.uniform(0, 1, GRID.shape)
    found = installed(share, land_cover=raster(cover), permeable_paving=raster(old))
    added = np.asarray(found.permeable_paving) - old
    assert found.permeable_paving_area.sum() == pytest.approx(added.sum() * CELL)
    assert (added >= 0).all()
    assert (added[cover != FIT] == 0).all()


def corners() -> list[tuple[int, float, float]]:
    codes = [0, 255, FIT]
    return list(itertools.product(codes, (*ends(TERRAIN), float("nan")), (*ends(PERMEABLE_PAVING), float("nan"))))


@pytest.mark.parametrize(("cover", "height", "old"), corners())
def test_corners(cover: int, height: float, old: float) -> None:
    found = installed(
        land_cover=raster(np.full(GRID.shape, cover, dtype=np.uint8)),
        terrain=raster(np.full(GRID.shape, height)),
        permeable_paving=raster(np.full(GRID.shape, old)),
    )
    grows = cover == FIT and np.isfinite(height) and old == 0.0
    assert (found.permeable_paving_area.sum() > 0) == grows
