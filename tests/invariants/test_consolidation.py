"""Consolidation: more years settle more and slower on average, never beyond the end; a fall and a rise mirror."""

from itertools import product

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.ground_hazard import HEAD_DECLINE
from citybraid.kernels.terrain.consolidation import consolidation_degree
from citybraid.resilience.areas.consolidation import ConsolidationParams, consolidation
from tests.ranges import ends


def settled(fall: float, years: float, speed: float = 1.0, thick: float = 10.0) -> float:
    found = consolidation(
        head_decline=xr.DataArray(np.array([[fall]]), dims=("y", "x")),
        subsidence_years=years,
        p=ConsolidationParams(thickness=thick, compressibility=1e-4, consolidation=speed),
    )
    return float(found.subsidence_rate[0, 0]) * years / 1000.0


@given(st.floats(0, 1e4), st.floats(1.0, 5.0))
def test_degree_rises_to_one(time: float, more: float) -> None:
    one, other = consolidation_degree(np.array([time, time * more]))
    assert 0.0 <= one <= 1.0 + 1e-12
    assert other >= one - 3e-5


@given(st.floats(0.1, 50), st.floats(0.5, 60), st.floats(1.01, 3), st.floats(0.1, 100))
def test_directions(fall: float, years: float, more: float, speed: float) -> None:
    plain = settled(fall, years, speed)
    assert settled(fall, years * more, speed) >= plain * (1 - 1e-4)
    assert settled(fall * more, years, speed) == pytest.approx(plain * more)
    assert settled(-fall, years, speed) == pytest.approx(-plain)
    assert plain <= 1e-4 * 9.81 * fall * 10.0 * (1 + 1e-9)


def corners() -> list[tuple[float, float]]:
    return list(product(ends(HEAD_DECLINE), (1e-3, 200.0)))


@pytest.mark.parametrize(("fall", "years"), corners())
def test_corners(fall: float, years: float) -> None:
    assert np.isfinite(settled(fall, years, speed=1e-3, thick=1.0))
