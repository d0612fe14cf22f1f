import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import CANOPY_COVER, COVER
from citybraid.integrate.measures.siting import CODE
from citybraid.integrate.measures.woodland import OPEN, Woodland, WoodlandParams, woodland
from tests.integrate.plan import CELL, GRID, ends, raster, run

FIT = [CODE[name] for name in OPEN]


def planted(share: float = 1.0, **given_rasters: object) -> Woodland:
    found: Woodland = run(woodland, WoodlandParams(share=share), **given_rasters)
    return found


@given(st.floats(0, 1), st.floats(0, 1))
def test_grows_with_the_share(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert (planted(less).canopy_cover <= planted(more).canopy_cover + 1e-12).all()


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_quantity_is_the_canopy_added_and_other_cover_is_left_alone(seed: int, share: float) -> None:
    random = np.random.default_rng(seed)
    cover = random.choice([code for code, _ in COVER], GRID.shape).astype(np.uint8)
    old = random.uniform(0, 1, GRID.shape)
    found = planted(share, land_cover=raster(cover), canopy_cover=raster(old))
    added = np.asarray(found.canopy_cover) - old
    assert found.woodland_area.sum() == pytest.approx(added.sum() * CELL)
    assert (added >= 0).all()
    assert (added[~np.isin(cover, FIT)] == 0).all()


def corners() -> list[tuple[int, float]]:
    return list(itertools.product((0, 255, *FIT), (*ends(CANOPY_COVER), float("nan"))))


@pytest.mark.parametrize(("cover", "old"), corners())
def test_corners(cover: int, old: float) -> None:
    found = planted(
        land_cover=raster(np.full(GRID.shape, cover, dtype=np.uint8)), canopy_cover=raster(np.full(GRID.shape, old))
    )
    assert (found.woodland_area.sum() > 0) == (cover in FIT and old == 0.0)
