import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.supply import PARCEL_EXPORT_PEAK, TRANSFORMER_CAPACITY
from tests.lowcarbon.test_supply import hosted
from tests.ranges import ends

power = st.lists(st.floats(0, 1e6), min_size=3, max_size=3)


@given(power, power, st.floats(0, 1e5))
def test_larger_transformers_overload_no_more_parcels(peaks: list[float], capacity: list[float], more: float) -> None:
    found, larger = hosted(peaks, capacity), hosted(peaks, [each + more for each in capacity])
    assert 0 <= larger.overloaded_parcels <= found.overloaded_parcels <= 3
    assert found.overloaded_parcels == (found.hosting_margin < 0).sum()


@pytest.mark.parametrize(
    ("peak", "capacity"), list(itertools.product(ends(PARCEL_EXPORT_PEAK), ends(TRANSFORMER_CAPACITY)))
)
def test_corners(peak: float, capacity: float) -> None:
    found = hosted([peak] * 3, [capacity] * 3)
    assert found.overloaded_parcels == 3 * (peak > capacity)
