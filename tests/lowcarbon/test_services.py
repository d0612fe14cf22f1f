"""End uses: hand arithmetic of a household, and the seam from factor row to column to account."""

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.building_emissions import building_emissions
from citybraid.lowcarbon.building_energy import BuildingEnergyParams
from citybraid.lowcarbon.services import lift_count
from tests.energy_year import USES, energy, factors, row_of_buildings

ENDS = ("heating", "cooling", "lighting", "equipment", "standby", "fan", "lift", "hot_water", "cooking")
GAS = ("heating", "hot_water", "cooking")
HOME = 95.7
"""Floor of a household [m2]: 2.62 people at 36.52 m2."""


def test_end_uses_add_up_to_what_is_delivered() -> None:
    for zone in ("2B", "3A"):
        found = energy(row_of_buildings(), p=BuildingEnergyParams(climate_zone=zone))
        power = sum(getattr(found, f"{end}_electricity") for end in ENDS)
        assert found.electricity.to_numpy() == pytest.approx(power.to_numpy(), rel=1e-9)
        burnt = sum(getattr(found, f"{end}_gas") for end in GAS)
        assert found.gas.to_numpy() == pytest.approx(burnt.to_numpy(), rel=1e-12)


def test_a_household_by_hand() -> None:
    """In zone 3A: 6.7 GJ of hot water and 2.6 GJ of cooking are 240 m3 of gas; standby 125 kWh, no lift below 7."""
    low, high = (row_of_buildings(("residential",), floors=floors) for floors in (6.0, 11.0))
    found, tall = energy(low), energy(high)
    homes = low["floor_area"].iloc[0] / HOME
    assert found.hot_water_gas.iloc[0] / homes * 3.6e-3 == pytest.approx(6.7, abs=0.01)
    assert found.cooking_gas.iloc[0] / homes * 3.6e-3 == pytest.approx(2.6, abs=0.01)
    assert found.gas.iloc[0] / homes * 3.6 / 38.931 == pytest.approx(240, abs=2)
    assert found.standby_electricity.iloc[0] / homes == pytest.approx(125, abs=0.5)
    assert found.lift_electricity.iloc[0] == 0.0
    assert tall.lift_electricity.iloc[0] == pytest.approx(3750 * high["floor_area"].iloc[0] / 4200)


def test_a_household_uses_no_more_than_the_quota() -> None:
    """GB/T 51161-2016: at most 3 100 kWh in the hot summer cold winter zone; 6 575 before rooms were used in turn."""
    homes = row_of_buildings(("residential",), year=2008.0)
    used = energy(homes).electricity.iloc[0] / (homes["floor_area"].iloc[0] / HOME)
    assert 2000 < used < 3100


def test_lifts() -> None:
    lift = factors()["lift"]
    count = lift_count("public", floor_area=np.array([9e3, 1e3, 9e3, 0]), floors=np.array([6.0, 6, 3, 9]), lift=lift)
    assert count.tolist() == pytest.approx([9 / 5, 1.0, 0.0, 0.0])


def test_gas_reaches_its_line_of_the_accounts() -> None:
    """Twice the gas of a row is twice the CO2 of it, and of nothing else."""
    buildings = row_of_buildings(("hotel",))
    row = "hotel/hot_water/gas"
    given = factors()["service_energy"]
    emitted = []
    for times in (1.0, 2.0):
        found = energy(buildings, service_energy=dict(given) | {row: times * given[row]})
        table = buildings.assign(**{name: getattr(found, name) for name in ("electricity", "district_heat", "gas")})
        emitted.append(
            building_emissions(
                buildings=table, grid_emission_factor={"": 0.5}, heat_emission_factor={"": 0.4},
                gas_emission_factor=resolve("gas_emission_factor"),
            )
        )  # fmt: skip
    one, two = emitted
    assert two.gas_emissions.iloc[0] == pytest.approx(2 * one.gas_emissions.iloc[0])
    assert one.gas_emissions.iloc[0] == pytest.approx(given[row] * buildings["floor_area"].iloc[0] * 0.19994)
    assert two.electricity_emissions.equals(one.electricity_emissions)


def test_a_gas_boiler_burns_gas() -> None:
    system = dict(factors()["heat_system"]) | {"public/3/gas_heat": 1.1}
    found = energy(row_of_buildings(("office",)), heat_system=system)
    assert found.heating_gas.iloc[0] == pytest.approx(1.1 * found.heating_demand.iloc[0])
    assert found.heating_electricity.iloc[0] == 0.0


def test_a_zone_without_households_is_refused() -> None:
    with pytest.raises(InputError, match="household_energy"):
        energy(row_of_buildings(("residential",)), household_energy={"9/hot_water/gas": 1.0})


def test_every_use_has_a_place() -> None:
    found = energy(row_of_buildings())
    assert (found.gas[[use not in {"industrial", "transport"} for use in USES]] > 0).all()


def test_hot_water_and_cooking_follow_people_where_these_are_known() -> None:
    """262 people are 100 households of 240 m3 each, however large their floor."""
    homes = row_of_buildings(("residential",))
    for times in (1.0, 2.0):
        crowd = homes.assign(residents=262.0, floor_area=times * homes["floor_area"])
        assert energy(crowd).gas.iloc[0] * 3.6 / 38.931 == pytest.approx(100 * 239, rel=0.005)
    assert energy(homes.assign(residents=0.0)).gas.iloc[0] == 0.0
