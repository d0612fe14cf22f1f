import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import DISTRICT_HEAT, ELECTRICITY, GAS, PV_GENERATION
from citybraid.lowcarbon.building_emissions import BuildingEmissions, building_emissions
from tests.energy_year import row_of_buildings
from tests.ranges import ends

BURNT = {"CO2": 0.2, "CH4": 2e-5, "N2O": 4e-7}
amount, rate = st.floats(0, 1e8), st.floats(0, 2)


def emitted(
    power: float, fuel: float, pv: float, *, grid: float = 0.5, heat: float = 0.4, gas: float = 0.0
) -> BuildingEmissions:
    table = row_of_buildings(("office",)).assign(electricity=power, district_heat=fuel, gas=gas, pv_generation=pv)
    return building_emissions(
        buildings=table, grid_emission_factor={"": grid}, heat_emission_factor={"": heat}, gas_emission_factor=BURNT
    )


@given(amount, amount, amount, rate, rate)
def test_emissions_are_linear_and_never_negative(
    power: float, fuel: float, pv: float, grid: float, heat: float
) -> None:
    found, double = (
        emitted(times * power, times * fuel, times * pv, grid=grid, heat=heat, gas=times * fuel) for times in (1.0, 2.0)
    )
    for name in ("building_emissions", "pv_avoided", "gas_emissions", "gas_methane", "gas_nitrous_oxide"):
        one, two = getattr(found, name)["b0"], getattr(double, name)["b0"]
        assert one >= 0
        assert two == pytest.approx(2 * one, rel=1e-9, abs=1e-9)


@given(amount, amount)
def test_photovoltaics_avoid_at_most_what_their_power_would_emit(power: float, pv: float) -> None:
    found = emitted(power, 0.0, pv)
    assert found.pv_avoided["b0"] == pytest.approx(emitted(pv, 0.0, 0.0).building_emissions["b0"])


def corners() -> list[tuple[float, ...]]:
    return list(itertools.product(ends(ELECTRICITY), ends(DISTRICT_HEAT), ends(PV_GENERATION), ends(GAS)))


@pytest.mark.parametrize(("power", "fuel", "pv", "gas"), corners())
def test_corners(power: float, fuel: float, pv: float, gas: float) -> None:
    found = emitted(power, fuel, pv, gas=gas)
    assert found.building_emissions["b0"] == pytest.approx(0.5 * power + 0.4 * fuel + 0.2 * gas)
    assert found.pv_avoided["b0"] == pytest.approx(0.5 * pv)
