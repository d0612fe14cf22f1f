"""Suitability: within 0 and 1, never less for trees or planted roofs."""

from itertools import product

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.habitat_suitability import SuitabilityParams, habitat_suitability
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import CANOPY_COVER, COVER, GREEN_ROOF_COVER
from tests.ranges import ends

FACTORS = resolve("habitat_suitability", region="CN-ZJ")
CODES = [code for code, _ in COVER]


def suits(code: int, canopy: float, roof: float) -> float:
    found = habitat_suitability(
        land_cover=xr.DataArray([[code]], dims=("y", "x")),
        suitability=FACTORS,
        p=SuitabilityParams(),
        canopy_cover=xr.DataArray([[canopy]], dims=("y", "x")),
        green_roof_cover=xr.DataArray([[roof]], dims=("y", "x")),
    )
    return float(found.habitat_suitability[0, 0])


@given(st.sampled_from(CODES), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_green_never_takes_away(code: int, canopy: float, roof: float, more: float) -> None:
    plain = suits(code, 0.0, 0.0)
    assert plain == FACTORS[dict(COVER)[code]]
    assert plain <= suits(code, canopy, roof) <= 1.0
    assert suits(code, canopy + more * (1 - canopy), roof) >= suits(code, canopy, roof) - 1e-12


def corners() -> list[tuple[int, float, float]]:
    return list(product([0, *CODES], (*ends(CANOPY_COVER), float("nan")), ends(GREEN_ROOF_COVER)))


@pytest.mark.parametrize(("code", "canopy", "roof"), corners())
def test_corners(code: int, canopy: float, roof: float) -> None:
    assert np.isnan(suits(code, canopy, roof)) == (code == 0)
