"""Reclaimed water: proportional to share and flow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.waste import WASTEWATER_FLOW
from tests.lowcarbon.test_reclaimed_water import reclaimed
from tests.ranges import ends


@given(st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1))
def test_everything_is_proportional_to_the_water(share: float, flow: float, part: float) -> None:
    whole, some = reclaimed(share, flow=flow), reclaimed(share * part, flow=flow)
    for name in ("reclaimed_energy", "replaced_supply_energy", "reclaimed_avoided"):
        assert getattr(some, name) == pytest.approx(part * getattr(whole, name), rel=1e-9, abs=1e-6)
    assert (whole.reclaimed_water <= flow).all()


@pytest.mark.parametrize("flow", ends(WASTEWATER_FLOW))
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_corners(flow: float, share: float) -> None:
    found = reclaimed(share, flow=flow)
    assert found.replaced_supply_energy >= found.reclaimed_energy >= 0
