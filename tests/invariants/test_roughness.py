"""Roughness: each cell from its own cover alone."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.surface import COVER, LAND_COVER, MANNING
from citybraid.resilience.ground.roughness import roughness
from tests.ranges import ends

covers = st.lists(st.sampled_from([0, *(code for code, _ in COVER)]), min_size=4, max_size=4)


def rough(codes: list[int]) -> np.ndarray:
    layer = xr.DataArray(np.array(codes, np.int32).reshape(2, 2), dims=("y", "x"))
    rows = shipped().resolve("manning_n", region="CN", year=2025)
    return roughness(land_cover=layer, manning_n=rows).manning.to_numpy().ravel()


@given(covers)
def test_within_the_range_and_cell_by_cell(codes: list[int]) -> None:
    found = rough(codes)
    low, high = ends(MANNING)
    known = np.array(codes) != 0
    assert (np.isfinite(found) == known).all()
    assert ((found[known] >= low) & (found[known] <= high)).all()
    np.testing.assert_array_equal(rough(codes[::-1]), found[::-1])


def corners() -> list[int]:
    codes = [code for code, _ in COVER]
    return [min(codes), max(codes), int(ends(LAND_COVER)[0])]


@pytest.mark.parametrize("code", corners())
def test_corners(code: int) -> None:
    assert np.isfinite(rough([code] * 4)).all() == (code != 0)
