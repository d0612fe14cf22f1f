"""Efficiency of heat pumps and air conditioners by outdoor temperature and part load: pencil arithmetic and season."""

from collections.abc import Mapping

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.buildings.zone import COLUMNS, COOLING_INPUT, ELECTRICITY, HEATING_INPUT, REJECTED, supply
from citybraid.kernels.buildings.zone_inputs import Rates
from citybraid.lowcarbon.plant_performance import hourly_rates, performance
from tests.energy_year import energy, energy_year, factors, row_of_buildings
from tests.zone_case import operation, plant

CURVES = ("heating_input", "cooling_input", "heating_cycling", "cooling_cycling")


def without_curves() -> Mapping[str, float]:
    return {key: value for key, value in factors()["heat_system"].items() if not any(name in key for name in CURVES)}


def test_four_hours_by_hand() -> None:
    """Heat 1 000 W and 500 W at rates 1.1 and 1.3 with 0.4 W per W; cold 2 000 W with 400 W of moisture, then 600 W.

    Loss of 0.2 in part load. Full load takes 1 000 · 0.4 · 1.1 = 440 W; half load 500 · 0.4 · 1.3 / (1 - 0.2 · 0.5).
    """
    course = np.array([[20.0, 20.0, 26.0, 26.0], [1000.0, 500.0, -2000.0, -600.0], [0.0, 0.0, 400.0, 0.0]])
    rates = Rates(np.array([[1.1, 1.3, 1.0, 1.0]]), np.array([[1.0, 1.0, 0.9, 0.8]]))
    what = plant(area=10.0)._replace(heat_cycling=np.array([0.2]), cool_cycling=np.array([0.2]))
    year, load = np.zeros(COLUMNS), np.zeros(4)
    supply(0, course, operation(4), what, rates, (2, 3), year, load)
    by_hand = [440.0, 260.0 / 0.9, 2400 * 0.3 * 0.9, 600 * 0.3 * 0.8 / (1 - 0.2 * (1 - 600 / 2400))]
    assert load == pytest.approx([50.0 + each for each in by_hand])
    assert year[HEATING_INPUT] == pytest.approx(440.0 + 288.8889)
    assert year[COOLING_INPUT] == pytest.approx(648.0 + 169.4118)
    assert year[ELECTRICITY] == pytest.approx(load.sum())
    assert year[REJECTED] == pytest.approx(2400.0 + 648.0)


def test_a_heat_pump_takes_more_in_frost_and_an_air_conditioner_in_heat() -> None:
    found = hourly_rates(performance(factors()["heat_system"]), np.array([-30.0, -20.0, -7.0, 2.0, 7.0, 35.0, 40.0]))
    home, public = found.heating
    assert home == pytest.approx(public)
    assert home[:5] == pytest.approx([2.337, 2.337, 1.435, 1.114, 1.0], abs=1e-3)
    assert found.cooling[0, 5:] == pytest.approx([1.0, 1.118], abs=1e-3)
    assert (found.cooling[1] == 1.0).all()


def test_the_curves_are_those_of_their_source() -> None:
    """Points of the cubic HPACHeatEIRFT and of the quadratic HPACCoolEIRFT at 19.4 degC wet bulb, over their rating."""

    def cubic(air: float) -> float:
        return 1.19248 - 0.0300438 * air + 0.00103745 * air**2 - 0.000023328 * air**3

    def quadratic(air: float, wet: float = 19.4) -> float:
        return (
            0.342414409 + 0.034885008 * wet - 0.0006237 * wet**2 + 0.004977216 * air + 0.000437951 * air**2
            - 0.000728028 * wet * air
        )  # fmt: skip

    curves = performance(resolve("heat_system"))
    for curve in curves.heating:
        assert curve.needed == pytest.approx([cubic(air) / cubic(7.0) for air in curve.air], abs=6e-4)
    home = curves.cooling[0]
    assert home.needed == pytest.approx([quadratic(air) / quadratic(35.0) for air in home.air], abs=6e-4)


def test_without_curves_the_efficiency_is_that_of_the_season_in_every_hour() -> None:
    found = energy(row_of_buildings(("residential", "office")), heat_system=without_curves())
    assert found.heating_electricity.to_numpy() == pytest.approx(found.heating_demand.to_numpy() / 2.6)
    assert found.cooling_electricity.to_numpy() == pytest.approx(found.cooling_demand.to_numpy() / [3.6, 2.5])


def test_seasonal_efficiencies_stay_in_the_ranges_of_their_rows() -> None:
    found = energy(row_of_buildings(("residential", "office", "retail", "school")))
    heating, cooling = (
        found.heating_demand / found.heating_electricity,
        found.cooling_demand / found.cooling_electricity,
    )
    assert heating.between(1.9, 3.2).all()
    assert 2.3 <= cooling["b0"] <= 4.5
    assert cooling.iloc[1:].to_numpy() == pytest.approx(2.5)


def test_a_colder_winter_needs_more_electricity_per_heat() -> None:
    home = row_of_buildings(("residential",))
    mild, cold = energy(home), energy(home, **energy_year(warmer=-5.0))
    per_heat = [(each.heating_electricity / each.heating_demand)["b0"] for each in (mild, cold)]
    assert per_heat[1] > 1.05 * per_heat[0]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"residential/heating_input/warm": 1.0}, "warm"),
        ({"residential/heating_input/-7C": 0.0}, "-7: 0"),
        ({"public/heating_cycling": 1.0}, "heating_cycling"),
    ],
)
def test_a_curve_that_is_none_is_refused(rows: dict[str, float], told: str) -> None:
    with pytest.raises(InputError, match=told):
        performance(dict(factors()["heat_system"]) | rows)
