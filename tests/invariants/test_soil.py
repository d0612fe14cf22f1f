"""Soil: within ranges, and never less uptake for more paving opened or gardens sunk."""

from itertools import product
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.surface import COVER, GREEN_ROOF_COVER, PERMEABLE_PAVING, RAIN_GARDEN
from citybraid.resilience.ground.soil import Soil, SoilParams, soil
from tests.ranges import ends

FACTS = (
    "green_ampt",
    "initial_saturation",
    "pervious_share",
    "depression_storage",
    "facility_storage",
    "paving_run_on",
)
FOUND: dict[str, Any] = {name: shipped().resolve(name, region="CN", year=2025) for name in FACTS}
covers = st.sampled_from([code for code, _ in COVER])
shares = st.floats(0.0, 1.0)


def layer(value: float, dtype: type = float) -> xr.DataArray:
    return xr.DataArray(np.full((2, 3), value, dtype), dims=("y", "x"))


def described(cover: int, group: int, paving: float, garden: float, roof: float) -> Soil:
    return soil(
        land_cover=layer(cover, np.int32),
        permeable_paving=layer(paving),
        rain_garden=layer(garden),
        green_roof_cover=layer(roof),
        soil_group=layer(group, np.int32),
        p=SoilParams(),
        **FOUND,
    )


@given(covers, st.integers(1, 4), shares, shares, shares, shares)
def test_measures_never_take_up_less(
    cover: int, group: int, paving: float, garden: float, roof: float, more: float
) -> None:
    less = described(cover, group, paving * more, garden * more, roof * more)
    full = described(cover, group, paving, garden, roof)
    for name in ("hydraulic_conductivity", "surface_storage"):
        assert (getattr(full, name) >= getattr(less, name) - 1e-12).all()


@given(covers, st.integers(1, 3))
def test_finer_soils_take_up_slower(cover: int, group: int) -> None:
    coarse, fine = described(cover, group, 0.1, 0.0, 0.0), described(cover, group + 1, 0.1, 0.0, 0.0)
    assert (coarse.hydraulic_conductivity > fine.hydraulic_conductivity).all()


def corners() -> list[tuple[float, ...]]:
    return list(product(*(ends(one) for one in (PERMEABLE_PAVING, RAIN_GARDEN, GREEN_ROOF_COVER))))


@pytest.mark.parametrize("corner", corners())
@pytest.mark.parametrize("cover", [10, 90])
def test_corners(cover: int, corner: tuple[float, ...]) -> None:
    for found in described(cover, 1, *corner):
        assert np.isfinite(found).all()
