from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from citybraid.core.errors import InputError
from citybraid.lowcarbon.activity.activity_emissions import (
    ActivityEmissions,
    ActivityEmissionsParams,
    activity_emissions,
)
from citybraid.lowcarbon.potentials import potential
from tests.activity_data import amounts, factors


def emitted(
    mass: dict[str, float] | None = None, volume: dict[str, float] | None = None,
    energy: dict[str, float] | None = None, **params: object,
) -> ActivityEmissions:  # fmt: skip
    return activity_emissions(
        **amounts(mass, volume, energy), **factors(), p=ActivityEmissionsParams.model_validate(params)
    )


def test_a_tonne_of_diesel_on_the_road() -> None:
    found = emitted(mass={"2022/road/diesel/货车": 1.0})
    energy = 42.652e-3
    assert found.activity_consumed.iloc[0] == pytest.approx(energy)
    assert found.activity_emitted["2022/road/1/CO2/diesel"] == pytest.approx(3095.9, rel=1e-4)
    assert found.activity_emitted["2022/road/1/CH4_fossil/diesel"] == pytest.approx(energy * 3.9)
    assert found.activity_total == pytest.approx(3095.9 + energy * 3.9 * (30 + 265), rel=1e-4)


@pytest.mark.parametrize(("report", "fossil", "other"), [("AR4", 25, 25), ("AR5", 30, 28), ("AR6", 29.8, 27)])
def test_methane_of_a_fuel_weighs_as_that_of_buildings_unless_its_carbon_is_in_the_co2(
    report: str, fossil: float, other: float
) -> None:
    """300 kg of methane a TJ of coal at home: with the provincial factors 98 % or less of the carbon is CO2."""
    coal = {"2022/residential/raw_coal/居民": 1.0}
    partly, wholly = (emitted(energy=coal, gwp=report, factors=kind) for kind in ("provincial", "ipcc"))
    line = "2022/residential/1/{}/raw_coal"
    assert partly.activity_equivalent[line.format("CH4_fossil")] == pytest.approx(300 * fossil)
    assert wholly.activity_equivalent[line.format("CH4")] == pytest.approx(300 * other)
    assert fossil == potential("CH4_fossil", report, factors()["gwp"]), "as the inventory's buildings"


def test_litres_count_by_density_and_gas_by_cubic_metres() -> None:
    litres = emitted(volume={"2022/road/diesel/车": 1.149})
    assert litres.activity_consumed.iloc[0] == pytest.approx(42.652e-3)
    gas = emitted(volume={"2022/residential/natural_gas/居民": 1000.0})
    assert gas.activity_emitted["2022/residential/1/CO2/natural_gas"] == pytest.approx(2162.2, rel=1e-4)


def test_electricity_takes_the_factor_of_its_year_else_the_nearest() -> None:
    kwh = 3.6e-6
    found = emitted(energy={f"{year}/residential/electricity/居民": kwh for year in (2015, 2021, 2022, 2023)})
    of = found.activity_emitted
    wanted = {2015: 0.4711, 2021: 0.4711, 2022: 0.4092, 2023: 0.4211}
    assert {year: of[f"{year}/residential/2/CO2/electricity"] for year in wanted} == pytest.approx(wanted)
    assert found.activity_year == 2023
    assert found.activity_total == pytest.approx(0.4211)


def test_green_power_counts_once_in_the_market_based_total_and_not_in_the_other() -> None:
    lines = {"2023/industry/electricity/工业": 3.6, "2023/industry/green_power/绿电": 0.9}
    found = emitted(energy=lines)
    assert found.activity_total == pytest.approx(1e6 * 0.4211)
    assert found.activity_market_total == pytest.approx(0.75e6 * 0.6096)
    assert not any("green" in str(line) for line in found.activity_emitted.index)
    with pytest.raises(InputError, match="green power"):
        emitted(energy={**lines, "2023/industry/green_power/绿电": 4.0})


def test_plants_that_feed_the_grid_are_told_and_not_added() -> None:
    found = emitted(
        mass={"2023/energy_industry/raw_coal/火电": 1.0}, energy={"2023/residential/electricity/居民": 3.6e-6}
    )
    assert found.activity_total == pytest.approx(0.4211)
    assert found.activity_generation == pytest.approx(1900.3, rel=0.01)


@pytest.mark.parametrize("line", ["2022/road", "soon/road/diesel/lorry"])
def test_an_amount_of_another_name_is_refused(line: str) -> None:
    with pytest.raises(InputError, match="year/sector/fuel/item"):
        emitted(mass={line: 1.0})


def test_what_has_no_factor_is_refused() -> None:
    with pytest.raises(InputError, match="aviation/diesel"):
        emitted(mass={"2023/aviation/diesel/x": 1.0})
    with pytest.raises(InputError, match="coal_products"):
        emitted(mass={"2023/industry/coal_products/型煤": 1.0})
    with pytest.raises(InputError, match="2019"):
        emitted(energy={"2023/residential/electricity/居民": 1.0}, year=2019)


def test_figure(figure: Callable[[str], Path]) -> None:
    fuels = {"raw_coal": "coal", "fuel_oil": "fuel oil", "diesel": "diesel", "lpg": "LPG", "natural_gas": "gas"}
    found = emitted(energy={f"2023/industry/{fuel}/x": 1.0 for fuel in fuels})
    fig, axis = plt.subplots(figsize=(6, 3.4), layout="constrained")
    co2 = [found.activity_equivalent[f"2023/industry/1/CO2/{fuel}"] / 1e3 for fuel in fuels]
    rest = [
        sum(found.activity_equivalent[f"2023/industry/1/{gas}/{fuel}"] for gas in ("CH4_fossil", "N2O")) / 1e3
        for fuel in fuels
    ]
    axis.bar(list(fuels.values()), co2, color="#7f8fa9", label="CO2")
    axis.bar(list(fuels.values()), rest, bottom=co2, color="#c0504d", label="CH4 and N2O")
    axis.set_ylabel("t CO2e per TJ")
    axis.set_title("One TJ burnt in industry", fontsize=10)
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.activity_emissions"), dpi=130)
    plt.close(fig)
