"""Subsidence: ground and level part by the same amount, twice the years twice the sinking, ends give numbers."""

from itertools import product

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.ground_hazard import SUBSIDENCE_RATE
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.resilience.areas.subsidence import Subsidence, subsidence
from tests.ranges import ends


def sunk(ground: float, rate: float, years: float, rise: float | None = None) -> Subsidence:
    one = xr.DataArray(np.ones((2, 2)), dims=("y", "x"))
    return subsidence(terrain=one * ground, subsidence_rate=one * rate, subsidence_years=years, sea_level_rise=rise)


@given(st.floats(-5, 100), st.floats(-50, 200), st.floats(0, 50), st.floats(-1, 3))
def test_what_the_ground_loses_the_level_gains(ground: float, rate: float, years: float, rise: float) -> None:
    found = sunk(ground, rate, years, rise)
    np.testing.assert_allclose(found.sunken_terrain + found.subsidence, ground, atol=1e-9)
    np.testing.assert_allclose(found.relative_rise - found.subsidence, rise, atol=1e-9)
    twice = sunk(ground, rate, 2 * years)
    np.testing.assert_allclose(twice.subsidence, 2 * found.subsidence, atol=1e-12)


def corners() -> list[tuple[float, float, float]]:
    return list(product(ends(TERRAIN), ends(SUBSIDENCE_RATE), (0.0, 100.0)))


@pytest.mark.parametrize(("ground", "rate", "years"), corners())
def test_corners(ground: float, rate: float, years: float) -> None:
    found = sunk(ground, rate, years)
    assert np.isfinite(found.sunken_terrain).all()
    assert found.mean_subsidence == pytest.approx(rate * years / 1000.0)
