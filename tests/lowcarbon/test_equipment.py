"""Renewed equipment in the energy of buildings and in travel, each against a pencil."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.building_energy import BuildingEnergy, BuildingEnergyParams
from citybraid.lowcarbon.travel.travel import travel
from tests.energy_year import energy, row_of_buildings
from tests.travel_town import buildings as homes_of_town
from tests.travel_town import factors, town

RATED = {name: value for name, value in resolve("heat_system", region="CN").items() if "_input/" not in name}
"""Rows of systems without curves by temperature: efficiencies are those of the season, for a pencil."""
STEADY = {name: value for name, value in RATED.items() if not name.endswith("_cycling")}
USES = ("residential", "office", "industrial")
HOUSEHOLDS = 6 * 560 / 95.7
COLD = BuildingEnergyParams(climate_zone="2B")


def stock(**columns: str) -> gpd.GeoDataFrame:
    return row_of_buildings(USES).assign(**columns)


@pytest.fixture(scope="module")
def plain() -> BuildingEnergy:
    return energy(stock())


def test_columns_as_built_change_no_bit(plain: BuildingEnergy) -> None:
    told = energy(
        stock(
            heating_system="as_built", hot_water_system="as_built", cooking_system="as_built",
            lighting_standard="as_built", equipment_standard="as_built",
        )
    )  # fmt: skip
    for name in BuildingEnergy._fields:
        assert np.array_equal(getattr(told, name), getattr(plain, name)), name


def test_lighting_falls_to_the_target_and_its_heat_is_missed(plain: BuildingEnergy) -> None:
    """Homes 5.0 to 4.0 W m-2, offices 8.0 to 6.5; industry has no target value."""
    relit = energy(stock(lighting_standard="gbt50034_target"))
    ratio = relit.lighting_electricity / plain.lighting_electricity
    assert ratio.to_list() == pytest.approx([4.0 / 5.0, 6.5 / 8.0, 1.0])
    assert (relit.heating_demand[:2] > plain.heating_demand[:2]).all(), "less heat of lamps"
    assert (relit.cooling_demand[:2] < plain.cooling_demand[:2]).all()
    saved = plain.electricity - relit.electricity
    parts = sum(
        getattr(plain, name) - getattr(relit, name)
        for name in ("lighting_electricity", "heating_electricity", "cooling_electricity")
    )
    assert saved.to_list() == pytest.approx(parts.to_list(), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("standard", "left"), [("best_available", [1 - 0.316, 1.0, 1.0]), ("industry_plan", [1.0, 1.0, 1 - 0.135])]
)
def test_equipment_falls_by_its_saving(standard: str, left: list[float], plain: BuildingEnergy) -> None:
    renewed = energy(stock(equipment_standard=standard))
    ratio = renewed.equipment_electricity / plain.equipment_electricity
    assert ratio.to_list() == pytest.approx(left)
    assert renewed.standby_electricity.to_list() == pytest.approx(plain.standby_electricity.to_list())


def test_heat_pumps_take_district_heat_and_gas_of_water() -> None:
    """Zone 2: the same heat by 2.4 for rooms; 792 kWh of gas a household at 0.86 by 3.4 for water."""
    before, after = (
        energy(stock(), p=COLD, heat_system=STEADY),
        energy(stock(heating_system="heat_pump", hot_water_system="heat_pump"), p=COLD, heat_system=STEADY),
    )
    assert (before.district_heat > 0.0).all()
    assert (after.district_heat == 0.0).all()
    assert after.heating_electricity.to_list() == pytest.approx((before.district_heat / 2.4).to_list())
    assert after.hot_water_gas.to_list() == [0.0, 0.0, 0.0]
    more = after.hot_water_electricity - before.hot_water_electricity
    assert more["b0"] == pytest.approx(HOUSEHOLDS * 792 * 0.86 / 3.4)
    assert after.heating_demand.to_list() == pytest.approx(before.heating_demand.to_list())


def test_a_boiler_on_gas_is_replaced_as_well(plain: BuildingEnergy) -> None:
    """Gas heating of the study's own rows burns 1/0.9 of the heat; heat pumps of 3.12 use none."""
    rows: Mapping[str, float] = {**STEADY, "residential/3/gas_heat": 1 / 0.9}
    burnt, pumped = (energy(stock(heating_system=system), heat_system=rows) for system in ("as_built", "heat_pump"))
    assert burnt.heating_gas["b0"] == pytest.approx(plain.heating_demand["b0"] / 0.9)
    assert pumped.heating_gas["b0"] == 0.0
    assert pumped.heating_electricity["b0"] == pytest.approx(plain.heating_demand["b0"] / 3.12)
    assert pumped.gas["b0"] == pytest.approx(plain.hot_water_gas["b0"] + plain.cooking_gas["b0"])


def test_cooking_by_electricity_keeps_the_useful_heat(plain: BuildingEnergy) -> None:
    """722 kWh of gas a household at 0.40 are 344 kWh at 0.84."""
    cooked = energy(stock(cooking_system="electric"))
    assert cooked.cooking_gas.to_list() == [0.0, 0.0, 0.0]
    assert cooked.cooking_electricity["b0"] == pytest.approx(HOUSEHOLDS * 722 * 0.40 / 0.84)
    assert cooked.hot_water_gas.to_list() == pytest.approx(plain.hot_water_gas.to_list())
    assert (cooked.electricity - plain.electricity).to_list() == pytest.approx(
        (plain.cooking_gas * 0.40 / 0.84).to_list()
    )


@pytest.mark.parametrize(
    ("column", "factor"),
    [
        ("heating_system", "heat_system"), ("hot_water_system", "service_efficiency"),
        ("cooking_system", "service_efficiency"), ("lighting_standard", "lighting_power"),
        ("equipment_standard", "equipment_saving"),
    ],
)  # fmt: skip
def test_an_unknown_system_or_standard_is_told(column: str, factor: str) -> None:
    with pytest.raises(InputError, match=factor):
        energy(stock(**{column: "magic"}))


def test_charged_cars_leave_fuel_and_take_electricity() -> None:
    """Half of the engines: 0.161 kg a kilometre, by speed, of fuel becomes 0.15 kWh."""
    plain, charged = travel(**town()), travel(**town(buildings=homes_of_town().assign(charged_cars=0.5)))
    fleet = factors()["fleet"]
    engines = 0.5 * plain.car_distance.sum() * (1.0 - fleet.electric_share["car"])
    assert charged.car_distance.to_numpy() == pytest.approx(plain.car_distance.to_numpy())
    saved = plain.transport_emissions.sum() - charged.transport_emissions.sum()
    fuel = 0.5 * (plain.car_distance * plain.car_fuel_ratio).sum() * (1.0 - fleet.electric_share["car"])
    assert saved == pytest.approx(fuel * 0.161)
    gained = charged.travel_electricity_emissions.sum() - plain.travel_electricity_emissions.sum()
    assert gained == pytest.approx(engines * 0.15 * fleet.grid_emission_factor[""])
    assert charged.travel_emissions.sum() == pytest.approx(charged.mode_emissions.sum())
    assert charged.metro_emissions.to_numpy() == pytest.approx(plain.metro_emissions.to_numpy())
