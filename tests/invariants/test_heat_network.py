import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.supply import STREET_HEAT
from citybraid.lowcarbon.supply.heat_network import NONE
from tests.lowcarbon.test_supply import network
from tests.ranges import ends

heat, price = st.floats(0, 1e8), st.floats(1, 1e5)


@given(heat, price, st.floats(0, 0.2), st.floats(1, 60))
def test_more_heat_never_costs_more_and_dearer_pipes_never_less(
    found: float, pipe: float, interest: float, lifetime: float
) -> None:
    words = {"interest": interest, "lifetime": lifetime}
    one = network([found, found], pipe_price=pipe, **words).network_cost
    assert not (network([2 * found, 2 * found], pipe_price=pipe, **words).network_cost > one).any()
    assert not (network([found, found], pipe_price=min(2 * pipe, 1e6), **words).network_cost < one).any()
    assert one.isna().all() == (found <= NONE)


@pytest.mark.parametrize("amount", ends(STREET_HEAT))
@pytest.mark.parametrize("interest", [0.0, 0.5])
def test_corners(amount: float, interest: float) -> None:
    found = network([amount, 0.0], interest=interest)
    assert np.isfinite(found.network_cost["near"]) == (amount > 0.0)
    assert np.isnan(found.network_cost["far"]), "a street without heat has no cost of it"
    assert set(found.network_pays) <= {0.0, 1.0}
    assert found.network_pays["far"] == 0.0
