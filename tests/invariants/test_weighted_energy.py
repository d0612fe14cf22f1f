"""Weighted energy: flows close, results scale with amounts, add up by service, and without credit are of step A."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.kernels.energy.carriers import carrier_flows
from citybraid.lowcarbon.supply.weighted_energy import WeightedEnergy, WeightedEnergyParams, weighted_energy
from tests.examples import at_most
from tests.golden.cases.lowcarbon_weighted_energy import WEIGHTS

amounts = st.lists(st.floats(0.0, 1e6), min_size=3, max_size=3)


def rated(heat: float, light: float, sun: float, wood: float, power: float, *, k_exp: float = 1.0) -> WeightedEnergy:
    lines = [
        f"CONSUMO,CAL,GASNATURAL,{heat}", f"CONSUMO,CAL,ELECTRICIDAD,{light}", f"CONSUMO,ILU,ELECTRICIDAD,{light}",
        f"PRODUCCION,EL_INSITU,{sun}", f"CONSUMO,COGEN,BIOMASA,{wood}", f"PRODUCCION,EL_COGEN,{power}",
    ]  # fmt: skip
    return weighted_energy(
        energy_components="\n".join(lines), energy_weights=WEIGHTS, p=WeightedEnergyParams(k_exp=k_exp)
    )


@given(amounts, amounts, amounts, amounts, st.booleans())
@example([1e6, 5e-324, 0.0], [5e-324, 1e6, 1.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], True)
def test_what_is_made_and_taken_is_used_or_given(
    used: list[float], sun: list[float], other: list[float], others: list[float], matched: bool
) -> None:
    flows = carrier_flows(np.array(used), np.array([sun, other]), np.array(others), matched=matched)
    made, given_away = flows.produced.sum(), flows.to_others.sum() + flows.to_grid.sum()
    assert flows.delivered + made - given_away == pytest.approx(sum(used), rel=1e-9, abs=1e-6)
    assert (flows.to_grid >= -1e-6).all()
    assert flows.to_others.sum() <= sum(others) + 1e-6
    assert -1e-6 <= flows.delivered <= sum(used) + 1e-6


@at_most(12)
@given(st.floats(0.0, 1e5), st.floats(0.1, 1e5), st.floats(0.0, 1e5), st.floats(0.0, 1e5), st.floats(0.1, 1e5))
def test_services_add_up_and_amounts_scale(heat: float, light: float, sun: float, wood: float, power: float) -> None:
    found, twice = rated(heat, light, sun, wood, power), rated(2 * heat, 2 * light, 2 * sun, 2 * wood, 2 * power)
    assert found.weighted_service_nonrenewable.sum() == pytest.approx(found.weighted_nonrenewable, rel=1e-9, abs=1e-6)
    assert np.array(twice[:6]) == pytest.approx(2.0 * np.array(found[:6]), rel=1e-9, abs=1e-6)
    uncredited = rated(heat, light, sun, wood, power, k_exp=0.0)
    assert np.array(uncredited[:3]) == pytest.approx(np.array(found[3:6]), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("amount", [0.0, 1e12])
def test_corners(amount: float) -> None:
    found = rated(amount, 0.0, amount, 0.0, 1e-9)
    assert np.isfinite(found[:6]).all()
    assert found.weighted_carbon_used >= -1e-6
