"""Waste heat between plants: no plant gives or takes more than it has, and a wider reach never lowers the sum."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.industry import (
    HEAT_USE_TEMPERATURE,
    PLANT_USEFUL_HEAT,
    PLANT_WASTE_HEAT_TEMPERATURE,
)
from citybraid.lowcarbon.industry.waste_heat_exchange import WasteHeatExchangeParams, waste_heat_exchange
from tests.lowcarbon.test_waste_heat_exchange import GJ, matched, plants
from tests.ranges import ends

plant = st.tuples(
    st.floats(0, 5000), st.floats(0, 1e7), st.floats(0, 1500), st.floats(0, 1e5), st.floats(0, 1500)
)  # fmt: skip
parks = st.lists(plant, min_size=1, max_size=6)


@given(parks, st.floats(1, 6000))
def test_nobody_gives_or_takes_more_than_it_has(
    rows: list[tuple[float, float, float, float, float]], reach: float
) -> None:
    found = matched(*rows, reach=reach)
    scale = max(max(row[1], GJ * row[3]) for row in rows) + 1
    assert (found.heat_given.to_numpy() <= [GJ * row[3] + 1e-6 * scale for row in rows]).all()
    assert (found.heat_taken.to_numpy() <= [row[1] + 1e-6 * scale for row in rows]).all()
    assert found.heat_given.sum() == pytest.approx(found.heat_taken.sum(), rel=1e-9, abs=1e-6)
    assert found.exchanged_heat == pytest.approx(found.matched_heat.sum())
    assert (found.match_distance <= reach).all()


@given(parks, st.floats(1, 3000), st.floats(1, 3000))
def test_a_wider_reach_never_lowers_the_sum(
    rows: list[tuple[float, float, float, float, float]], reach: float, more: float
) -> None:
    near, far = (matched(*rows, reach=value).exchanged_heat for value in (reach, reach + more))
    assert far >= near * (1 - 1e-6) - 1e-3


def corners() -> list[tuple[float, ...]]:
    names = (PLANT_USEFUL_HEAT, HEAT_USE_TEMPERATURE)
    return list(itertools.product(*map(ends, names), (0.0, 1e9), ends(PLANT_WASTE_HEAT_TEMPERATURE)))


@pytest.mark.parametrize(("need", "use", "waste", "offer"), corners())
def test_corners(need: float, use: float, waste: float, offer: float) -> None:
    table = plants((0, need, use, 0, offer), (10, 0, use, waste, offer))
    found = waste_heat_exchange(plants=table, p=WasteHeatExchangeParams())
    possible = min(need, GJ * waste) if offer >= use + 10 else 0.0
    assert found.exchanged_heat == pytest.approx(possible, rel=1e-6)
    assert np.isfinite(found.exchange_saving)
