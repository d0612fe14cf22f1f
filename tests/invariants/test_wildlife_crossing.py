"""The measure: shares within 0 and 1, on roads only, never less than before; as many crossings as are asked for."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import COVER
from citybraid.integrate.measures.siting import CODE
from citybraid.integrate.measures.wildlife_crossing import WildlifeCrossingParams, wildlife_crossing
from tests.integrate.plan import GRID, land_cover, raster, run


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.floats(0.0, 1.0))
def test_crossings_are_on_roads_and_add_up(seed: int, count: int, share: float) -> None:
    random = np.random.default_rng(seed)
    cover = random.choice([code for code, _ in COVER], GRID.shape, p=[0.1, 0.05, 0.3, 0.05, 0.05, 0.3, 0.05, 0.05, 0.03,
                                                                      0.02]).astype(np.uint8)  # fmt: skip
    before = np.where(random.random(GRID.shape) < 0.1, 0.5, 0.0)
    p = WildlifeCrossingParams(count=count, share=share, spacing=20.0)
    found = run(wildlife_crossing, p, land_cover=raster(cover), crossing_share=raster(before))
    after = found.crossing_share.to_numpy()
    assert (after >= before).all()
    assert (after <= 1.0).all()
    assert (cover[after > before] == CODE["road"]).all()
    assert found.crossings_built.max() <= round(share * count)


@pytest.mark.parametrize(
    ("kind", "code"), list(product(("overpass", "culvert", "canopy_bridge"), (0, *(code for code, _ in COVER))))
)
def test_corners(kind: str, code: int) -> None:
    p = WildlifeCrossingParams.model_validate({"kind": kind})
    found = run(wildlife_crossing, p, land_cover=raster(np.full(GRID.shape, code, np.uint8)))
    # One cover everywhere: no road between green ground
    assert found.crossings_built.sum() == 0.0
    assert run(wildlife_crossing, p, land_cover=land_cover()).crossings_built.sum() <= 2.0
