import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import HEATING_DEMAND
from tests.lowcarbon.test_supply import density, parcels, streets
from tests.ranges import ends

demand = st.lists(st.floats(0, 1e7), min_size=4, max_size=4)


@given(demand, st.floats(1.0, 1000.0))
def test_no_heat_is_made_or_counted_twice(heat: list[float], reach: float) -> None:
    found = density(heat, reach=reach)
    on_parcels = (found.heat_density * parcels().geometry.area).sum()
    assert on_parcels == pytest.approx(heat[0] + heat[1], rel=1e-9, abs=1e-6)
    assert found.street_heat.sum() <= sum(heat) * (1 + 1e-12)
    assert (found.line_heat * streets().geometry.length).sum() == pytest.approx(found.street_heat.sum(), abs=1e-6)


@given(demand, st.floats(1.0, 100.0), st.floats(0.0, 900.0))
def test_a_longer_reach_never_connects_less(heat: list[float], reach: float, more: float) -> None:
    assert density(heat, reach=reach + more).street_heat.sum() >= density(heat, reach=reach).street_heat.sum() - 1e-6


@pytest.mark.parametrize("heat", ends(HEATING_DEMAND))
def test_corners(heat: float) -> None:
    found = density([heat] * 4)
    assert all(np.isfinite(each).all() and (each >= 0).all() for each in found)
