"""What holds for batteries on every roof."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import PV_ROOF
from tests.integrate.test_network_and_storage import ROOFS, stored
from tests.ranges import ends

shares = st.floats(0.0, 1.0)


@given(shares, shares, st.floats(0.0, 500.0), st.floats(0.1, 12.0))
def test_capacity_never_falls_and_counts_what_is_new(roof: float, share: float, before: float, hours: float) -> None:
    plan = ROOFS.assign(pv_roof=roof, battery_capacity=before)
    found = stored(plan, share=share, hours=hours)
    assert (found.battery_capacity >= before - 1e-9).all()
    assert found.storage_capacity.sum() == pytest.approx((found.battery_capacity - before).sum(), abs=1e-6)


@given(shares, shares)
def test_a_larger_share_never_gives_less(one: float, other: float) -> None:
    less, more = (stored(share=share).storage_capacity.sum() for share in sorted((one, other)))
    assert less <= more + 1e-9


@pytest.mark.parametrize(
    ("roof", "before"), list(itertools.product((*ends(PV_ROOF), float("nan")), (0.0, 1e6, float("nan"))))
)
def test_corners(roof: float, before: float) -> None:
    found = stored(ROOFS.assign(pv_roof=roof, battery_capacity=before))
    assert found.battery_capacity.ge(0.0).all()
    assert (found.storage_capacity.sum() > 0.0) == (roof > 0.0 and not before > 0.0)
