import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from citybraid.core.vocabulary.energy import DISTRICT_HEAT, ELECTRICITY, GAS
from citybraid.lowcarbon.energy_cost import energy_cost
from tests.energy_year import row_of_buildings
from tests.ranges import ends

PRICES = {f"{carrier}/{kind}": 0.5 for carrier in ("electricity", "gas", "district_heat") for kind in
          ("residential", "public")}  # fmt: skip
amount = st.floats(0, 1e9)


def cost(power: float, gas: float, heat: float, *, times: float = 1.0) -> NDArray[np.float64]:
    table = row_of_buildings(("residential", "office")).assign(electricity=power, gas=gas, district_heat=heat)
    prices = {key: times * price for key, price in PRICES.items()}
    return energy_cost(buildings=table, energy_price=prices).energy_cost.to_numpy()


@given(amount, amount, amount)
def test_carriers_add_up(power: float, gas: float, heat: float) -> None:
    parts = cost(power, 0, 0) + cost(0, gas, 0) + cost(0, 0, heat)
    assert cost(power, gas, heat) == pytest.approx(parts)


@given(amount, amount, amount, st.floats(0, 10))
def test_prices_scale(power: float, gas: float, heat: float, times: float) -> None:
    assert cost(power, gas, heat, times=times) == pytest.approx(times * cost(power, gas, heat), rel=1e-9, abs=1e-9)


@given(amount, amount)
def test_less_energy_never_costs_more(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert (cost(low, low, low) <= cost(high, high, high)).all()


@pytest.mark.parametrize("amounts", list(itertools.product(ends(ELECTRICITY), ends(GAS), ends(DISTRICT_HEAT))))
def test_corners(amounts: tuple[float, float, float]) -> None:
    assert np.isfinite(cost(*amounts)).all()
