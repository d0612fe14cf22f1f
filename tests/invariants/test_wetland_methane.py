"""Methane of waters: none on land, no value without cover, and more water never emits less."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import COVER
from citybraid.lowcarbon.land.wetland_methane import wetland_methane

RATE = resolve("wetland_methane_rate", region="CN")
CODES = [0, *(code for code, _ in COVER)]
cells = st.lists(st.sampled_from(CODES), min_size=12, max_size=12)


def methane(cover: list[int]) -> np.ndarray:
    raster = xr.DataArray(np.array(cover).reshape(3, 4), dims=("y", "x"))
    return wetland_methane(land_cover=raster, wetland_methane_rate=RATE).wetland_methane.to_numpy().ravel()


@given(cells, st.integers(0, 11))
def test_a_cell_turned_to_water_never_emits_less(cover: list[int], at: int) -> None:
    flooded = [80 if cell == at else code for cell, code in enumerate(cover)]
    assert np.nansum(methane(flooded)) >= np.nansum(methane(cover)) - 1e-12


def corners() -> list[int]:
    return CODES


@pytest.mark.parametrize("code", corners())
def test_corners(code: int) -> None:
    found = methane([code] * 12)
    if code == 0:
        assert np.isnan(found).all()
        return
    assert (found > 0).all() == (code in {80, 90})
    assert (found >= 0).all()
