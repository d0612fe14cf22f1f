import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.supply import STREAM_HEAT, SUPPLY_TEMPERATURE, TARGET_TEMPERATURE
from tests.lowcarbon.test_supply import cascaded
from tests.ranges import ends

stream = st.tuples(st.integers(0, 300), st.integers(1, 200), st.booleans(), st.floats(0, 1e4)).map(
    lambda each: (
        (float(each[0] + each[1]), float(each[0]), each[3])
        if each[2]
        else (float(each[0]), float(each[0] + each[1]), each[3])
    )
)
park = st.lists(stream, min_size=1, max_size=8)


@given(park, st.floats(1, 50))
def test_heat_balances_and_none_flows_uphill(rows: list[tuple[float, float, float]], difference: float) -> None:
    found = cascaded(*rows, difference=difference)
    hot = sum(heat for start, end, heat in rows if start > end)
    cold = sum(heat for start, end, heat in rows if start < end)
    small = 1e-9 * max(hot + cold, 1.0)
    assert found.heat_from_outside + hot == pytest.approx(cold + found.heat_to_outside, abs=small)
    assert found.heat_recovered + found.heat_to_outside == pytest.approx(hot, abs=small)
    assert -small <= found.heat_recovered <= min(hot, cold) + small
    assert (found.cascade_flow >= 0).all()
    assert found.cascade_flow.min() <= small, "less heating would do"


@given(park, st.floats(1, 40), st.floats(0, 20))
def test_a_larger_difference_never_recovers_more(
    rows: list[tuple[float, float, float]], difference: float, more: float
) -> None:
    found, harder = cascaded(*rows, difference=difference), cascaded(*rows, difference=difference + more)
    assert harder.heat_recovered <= found.heat_recovered + 1e-6


@given(park, stream)
def test_another_source_never_needs_more_heat(
    rows: list[tuple[float, float, float]], added: tuple[float, float, float]
) -> None:
    start, end, heat = added
    found = cascaded(*rows).heat_from_outside
    assert cascaded(*rows, (max(start, end), min(start, end), heat)).heat_from_outside <= found + 1e-6


@pytest.mark.parametrize(
    "corner", list(itertools.product(ends(SUPPLY_TEMPERATURE), ends(TARGET_TEMPERATURE), ends(STREAM_HEAT)))
)
def test_corners(corner: tuple[float, float, float]) -> None:
    start, end, heat = corner
    if start == end:
        return
    found = cascaded((start, end, heat))
    assert np.isfinite(found.cascade_flow).all()
    assert max(found.heat_from_outside, found.heat_to_outside) == pytest.approx(heat)
