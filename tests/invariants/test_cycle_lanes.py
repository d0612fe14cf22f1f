"""What holds for cycle lanes on every street."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.travel import CYCLE_LANE
from tests.integrate.test_cycling_and_stops import busy, laned
from tests.ranges import ends

shares = st.floats(0.0, 1.0)


@given(shares, shares)
def test_lanes_grow_by_the_share_of_what_is_lacking(before: float, share: float) -> None:
    table = busy(1).assign(cycle_lane=before)
    found = laned(table, share=share)
    assert found.cycle_lane.to_numpy() == pytest.approx(before + (1.0 - before) * share, abs=1e-12)
    gained = ((found.cycle_lane - before) * table.length).sum()
    assert found.cycle_lane_length.sum() == pytest.approx(gained, abs=1e-9)


@given(shares, shares, shares)
def test_one_after_the_other_is_their_product(before: float, one: float, other: float) -> None:
    once = busy(1).assign(cycle_lane=before)
    twice = laned(once.assign(cycle_lane=laned(once, share=one).cycle_lane), share=other).cycle_lane
    assert (1.0 - twice).to_numpy() == pytest.approx((1 - before) * (1 - one) * (1 - other), abs=1e-9)


@pytest.mark.parametrize(("before", "share"), list(itertools.product((*ends(CYCLE_LANE), float("nan")), (0.0, 1.0))))
def test_corners(before: float, share: float) -> None:
    found = laned(busy(1).assign(cycle_lane=before), share=share).cycle_lane
    assert found.between(0.0, 1.0).all()
