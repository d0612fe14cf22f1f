"""Curve numbers: within 1 and 100, and higher on tighter soils."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.surface import COVER, SOIL_GROUP
from citybraid.resilience.ground.curve_number import CurveNumberParams, curve_number
from tests.ranges import ends

covers = st.sampled_from([code for code, _ in COVER])


def number(cover: int, group: int) -> float:
    codes, soils = (xr.DataArray(np.full((2, 2), one, np.int32), dims=("y", "x")) for one in (cover, group))
    rows = shipped().resolve("curve_number", region="CN", year=2025)
    p = CurveNumberParams(soil_group="D")
    return float(curve_number(land_cover=codes, soil_group=soils, numbers=rows, p=p).curve_number.max())


@given(covers, st.integers(1, 3))
def test_tighter_soils_shed_more(cover: int, group: int) -> None:
    assert 1.0 <= number(cover, group) <= number(cover, group + 1) <= 100.0


def corners() -> list[int]:
    return [int(end) for end in ends(SOIL_GROUP)]


@pytest.mark.parametrize("group", corners())
@pytest.mark.parametrize("cover", [10, 90])
def test_corners(cover: int, group: int) -> None:
    assert number(cover, group) == number(cover, 4)
