"""By-products between sites: nobody gives or takes more than it has, materials never mix, a wider reach never hurts."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lowcarbon.test_material_exchange import NONE, matched, sites

site = st.tuples(
    st.floats(0, 5000), st.sampled_from(["粉煤灰", "石膏", "其他料"]), st.floats(0, 1e5), st.floats(0, 1e5)
)
parks = st.lists(site, min_size=1, max_size=7)


@given(parks, st.floats(1, 6000))
def test_nobody_gives_or_takes_more_than_it_has(rows: list[tuple[float, str, float, float]], reach: float) -> None:
    found = matched(sites(*rows), reach=reach)
    scale = 1e-6 * (max(max(row[2:]) for row in rows) + 1)
    assert (found.byproduct_given.to_numpy() <= np.array([row[2] for row in rows]) + scale).all()
    assert (found.byproduct_taken.to_numpy() <= np.array([row[3] for row in rows]) + scale).all()
    assert found.byproduct_given.sum() == pytest.approx(found.byproduct_taken.sum(), abs=scale)
    assert found.exchanged_material + found.unused_material == pytest.approx(sum(r[2] for r in rows), abs=scale)
    for pair in found.matched_material.index:
        giver, taker = (int(name[1:]) for name in str(pair).partition(":")[0].split(">"))
        assert giver != taker
        assert rows[giver][1] == rows[taker][1]


@given(parks, st.floats(1, 3000), st.floats(1, 3000))
def test_a_wider_reach_never_lowers_the_sum(
    rows: list[tuple[float, str, float, float]], reach: float, more: float
) -> None:
    near, far = (matched(sites(*rows), reach=value).exchanged_material for value in (reach, reach + more))
    assert far >= near * (1 - 1e-6) - 1e-3


def corners() -> list[tuple[float, float]]:
    """Nothing and very much: amounts have no range of their own."""
    return list(itertools.product((0.0, 1e9), (0.0, 1e9)))


@pytest.mark.parametrize(("offered", "needed"), corners())
def test_corners(offered: float, needed: float) -> None:
    found = matched(sites((0, "石膏", offered, NONE), (10, "石膏", NONE, needed)))
    assert found.exchanged_material == pytest.approx(min(offered, needed))
    assert found.byproduct_avoided.sum() == pytest.approx(32.8 * min(offered, needed))
