import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from citybraid.core.errors import InputError
from citybraid.lowcarbon.pathway.levers import LEVERS
from citybraid.lowcarbon.pathway.settings import PathwayParams
from tests.blocks import AREA, blocks, inventory, pathway_factors, pathway_of

FROZEN: dict[str, Any] = {"start": 2025, "scenario": "present"}
ALL: dict[str, Any] = {
    "start": 2025, "scenario": "iea_announced", "retrofit_rate": 0.02, "heat_pump_share": 0.8, "heat_pump_cop": 3.0,
    "electric_vehicle_share": 0.9, "pv_roof_share": 0.4, "pv_yield": 180.0,
}  # fmt: skip
STANDING: dict[str, Any] = {"building_lifetime": {"any": 1e9, "spread": 1.0}}
"""Nothing is torn down."""
LAND = {"land_in_1_in_CO2_in_removal": -2e4}


def course(
    settings: dict[str, Any], *, factors: dict[str, Any] | None = None, other: dict[str, float] | None = None,
    **changed: Any,
) -> Any:  # fmt: skip
    buildings = blocks(**changed)
    return pathway_of(
        buildings, inventory_equivalent=inventory(buildings, **(other or LAND)), study_area=AREA,
        factors=pathway_factors(**(factors or {})), p=PathwayParams(**settings),
    )  # fmt: skip


def test_the_first_year_is_the_accounts_without_the_plan() -> None:
    found = course(FROZEN)
    assert found.pathway_stationary["2025"] == pytest.approx(12e3 + 9e3 + 155e3 + 120e3)
    assert found.pathway_transport["2025"] == pytest.approx(45e3)
    assert found.pathway_emissions["2025"] == pytest.approx(296e3 + 45e3 - 1e3 - 20e3)


@pytest.mark.parametrize(("name", "line", "said"), [
    ("inventory_mass", "road", "inventory line 'road'"),
    ("inventory_mass", "residential/1/CH4_fossil/emission", "inventory_equivalent has not"),
    ("former_inventory", "road/1/CO2", "inventory line 'road/1/CO2'"),
    ("former_inventory", "cars/1/CO2/emission", "inventory line 'cars/1/CO2/emission'"),
])  # fmt: skip
def test_lines_of_another_form_are_refused_by_name(name: str, line: str, said: str) -> None:
    buildings = blocks()
    given: dict[str, Any] = {"study_area": AREA, "factors": pathway_factors(), name: pd.Series({line: 1.0})}
    with pytest.raises(InputError, match=said):
        pathway_of(buildings, inventory_equivalent=inventory(buildings, **LAND), p=PathwayParams(**FROZEN), **given)


def test_the_last_year_without_levers_is_the_accounts_of_the_plan() -> None:
    found = course(FROZEN)
    lines = inventory(blocks(), **LAND)
    assert found.pathway_reference["2030"] == found.pathway_reference["2060"] == pytest.approx(lines.sum())


def test_the_plan_grows_evenly_to_its_year() -> None:
    assert course(FROZEN).stock_floor_area["2028"] == pytest.approx(13600 + 8000 * 3 / 5)


def test_old_floor_area_is_replaced_by_new_and_the_balance_closes() -> None:
    found = course(FROZEN)
    area, built, gone = found.stock_floor_area, found.stock_built, found.stock_demolished
    assert np.diff(area) == pytest.approx((built - gone).to_numpy()[1:], abs=1e-6)
    assert gone.iloc[1:].min() > 0.0
    assert found.pathway_construction["2035"] > 0.0


def test_turnover_alone_by_hand() -> None:
    """Exponential lifetimes of 10 years: after one year 1 - exp(-0.1) of each building saves what was simulated."""
    life = {"building_lifetime": {"any": 10.0, "spread": 1.0}}
    found = course(FROZEN, factors=life)
    gone = 1 - math.exp(-0.1)
    assert found.wedge_turnover["2026"] == pytest.approx(gone * (5500 + 21e3 + 4e3))


def test_retrofit_alone_by_hand() -> None:
    """Nothing is torn down: after 5 years at 2 %, a tenth of each building's simulated saving."""
    found = course({**FROZEN, "retrofit_rate": 0.02}, factors=STANDING)
    assert found.wedge_retrofit["2030"] == pytest.approx(0.1 * (5500 + 21e3 + 4e3))
    assert found.wedge_retrofit["2025"] == 0.0


def test_construction_counts_retrofit_demolition_and_new_buildings() -> None:
    """A fiftieth of each retrofit in a year, the plan's block over five years; the new block's envelope stays."""
    found = course({**FROZEN, "retrofit_rate": 0.02}, factors=STANDING)
    per_area = (180e3 + 2800e3 + 2500e3) / 17600
    built = 8000 / 5 * per_area
    assert found.pathway_construction["2027"] == pytest.approx(0.02 * (55e3 + 270e3 + 580e3) + built)
    assert found.pathway_construction["2031"] == pytest.approx(0.02 * (55e3 + 270e3 + 580e3))
    torn = course(FROZEN, factors={"building_lifetime": {"any": 10.0, "spread": 1.0}})
    gone = 1 - math.exp(-0.1)
    flats = gone * 9600 * (180e3 + 2800e3 + 2500e3 + 12e3 + 180e3 + 160e3) / 17600
    office = gone * (1200e3 + 80e3)
    assert torn.pathway_construction["2026"] == pytest.approx(flats + office + built)


def test_an_envelope_that_stays_is_no_retrofit() -> None:
    """The flats save nothing: neither their energy nor what their retrofit would embody is counted."""
    nothing: dict[str, Any] = {"renewed_electricity_saving": [1500.0, 20e3, 0.0, 0.0]}
    found = course({**FROZEN, "retrofit_rate": 1.0}, factors=STANDING, **nothing)
    assert found.wedge_retrofit["2026"] == pytest.approx(5500 + 21e3)
    assert found.pathway_construction["2026"] - found.pathway_construction["2027"] == pytest.approx(55e3 + 270e3)


def test_protected_buildings_are_never_replaced() -> None:
    life = {"building_lifetime": {"any": 10.0, "spread": 1.0}}
    found = course(FROZEN, factors=life, heritage=[0.0, 1.0, 0.0, 0.0])
    assert found.wedge_turnover["2026"] == pytest.approx((1 - math.exp(-0.1)) * (5500 + 4e3))
    assert found.stock_demolished["2026"] == pytest.approx((1 - math.exp(-0.1)) * 9600)
    assert found.stock_floor_area["2025"] == pytest.approx(13600)
    assert found.stock_error < 1e-12


def test_what_a_measure_has_retrofitted_the_lever_leaves_alone() -> None:
    done = ["gb55015", "as_built", "as_built", "as_built"]
    settings = {**FROZEN, "retrofit_rate": 0.02}
    found = course(settings, factors=STANDING, envelope_standard=done)
    assert found.wedge_retrofit["2030"] == pytest.approx(0.1 * (21e3 + 4e3))


FORMER = {
    "residential/2/CO2/emission": 200e3, "commercial/2/CO2/emission": 170e3, "road/1/CO2e/emission": 50e3,
    "incineration/3/CO2/emission": 8e3, "land/1/CO2/removal": -3e4,
}  # fmt: skip
"""What stood before: retrofit and modules of the office, shorter ways, more waste and fewer trees are the plan's."""
PLANNED = {"incineration_in_3_in_CO2_in_emission": 12e3, **LAND}


def from_before(settings: dict[str, Any], former: dict[str, float], **changed: Any) -> Any:
    buildings = blocks(**changed)
    return pathway_of(
        buildings, inventory_equivalent=inventory(buildings, **PLANNED), former_inventory=pd.Series(former),
        study_area=AREA, factors=pathway_factors(), p=PathwayParams(**settings),
    )  # fmt: skip


def test_the_first_year_is_what_stands_and_the_last_the_plan() -> None:
    found, lines = from_before(FROZEN, FORMER), inventory(blocks(), **PLANNED)
    first = {"stationary": 370e3, "transport": 50e3, "waste": 8e3, "land": -3e4, "avoided": 0.0}
    for group, amount in first.items():
        assert getattr(found, f"pathway_{group}")["2025"] == pytest.approx(amount, abs=1e-6)
    assert found.pathway_emissions["2025"] == pytest.approx(sum(FORMER.values()))
    assert found.pathway_reference["2030"] == found.pathway_reference["2060"] == pytest.approx(lines.sum())
    assert found.pathway_reference["2027"] == pytest.approx(0.6 * sum(FORMER.values()) + 0.4 * lines.sum())


def test_measures_come_by_the_stated_year_else_in_five_without_new_buildings() -> None:
    standing: dict[str, Any] = {"year_built": [1985.0, 2018.0, 2017.0, 2016.0]}
    after = inventory(blocks(), **PLANNED).sum()
    gap = sum(FORMER.values()) - after
    for settings, years in ((FROZEN, 5), ({**FROZEN, "measures_year": 2035}, 10)):
        found = from_before(settings, FORMER, **standing)
        assert found.pathway_reference["2027"] == pytest.approx(after + gap * (1 - 2 / years))
        assert found.pathway_reference[str(2025 + years)] == pytest.approx(after)


def test_what_is_not_there_yet_follows_its_carrier() -> None:
    """Gas that heat pumps of a measure replace later is gas until then: the grid does not touch it."""
    former = {"residential/1/CO2/emission": 40e3, **FORMER}
    frozen, cleaner = (from_before({"start": 2025, "scenario": name}, former) for name in ("present", "iea_announced"))
    bought = frozen.pathway_stationary["2027"] - 0.6 * 40e3
    index = (0.873 - 2 * 0.0254) / 0.873  # and heat of networks, a twentieth of it, keeps its factor
    assert cleaner.pathway_stationary["2027"] - 0.6 * 40e3 == pytest.approx(bought * index, rel=0.05)
    assert cleaner.pathway_error < 1e-12


def test_vehicles_and_grid_by_hand() -> None:
    """All vehicles electric long since the midpoint: 0.15 kWh at 0.4974 kg over 0.161 kg per km."""
    settings = {**FROZEN, "electric_vehicle_share": 1.0, "adoption_midpoint": 2040, "adoption_takeover": 1.0}
    found = course(settings)
    assert found.pathway_transport["2060"] == pytest.approx(85e3 * 0.15 * 0.4974 / 0.161, rel=1e-6)


def test_a_heat_pump_on_a_clean_grid_emits_nothing() -> None:
    settings = {**ALL, "heat_pump_share": 1.0, "adoption_midpoint": 2040, "adoption_takeover": 1.0}
    assert course(settings).pathway_stationary["2060"] == pytest.approx(0.0, abs=1.0)


GAS = {
    "hot_water_gas": [4e4, 0.0, 6e4, 5e4], "cooking_gas": [2e4, 5e4, 2e4, 2e4], "heating_gas": [1e4, 0.0, 0.0, 0.0],
}  # fmt: skip
BURNT = np.sum(list(GAS.values()), axis=0)
BURNING = {"gas_emissions": 0.2 * BURNT, "gas_methane": 2e-5 * BURNT, "gas_nitrous_oxide": 4e-7 * BURNT, **GAS}
POTENTIAL = {"CH4_fossil": 30.0, "N2O": 270.0}


def burning(settings: dict[str, Any], *, standing: bool = False) -> Any:
    """Return the pathway of the blocks with gas, as the accounts would list it; `standing` ones are never replaced."""
    buildings = blocks(**BURNING)
    gases = {"CO2": 0.2 * BURNT.sum(), "CH4_fossil": 2e-5 * BURNT.sum(), "N2O": 4e-7 * BURNT.sum()}
    known = inventory(buildings, **LAND)
    lines = {f"residential/1/{gas}/emission": mass * POTENTIAL.get(gas, 1.0) for gas, mass in gases.items()}
    masses = {f"residential/1/{gas}/emission": mass for gas, mass in gases.items()}
    return pathway_of(
        buildings, inventory_equivalent=pd.concat([known, pd.Series(lines)]), study_area=AREA,
        inventory_mass=pd.concat([known.abs(), pd.Series(masses)]), p=PathwayParams(**settings),
        factors=pathway_factors(**(STANDING if standing else {})),
    )  # fmt: skip


def test_gas_electrified_by_hand() -> None:
    """Rooms 1/3, water 0.86/3.4, cooking 0.40/0.84 of the gas in electricity, at the grid of the start."""
    settings = {
        **FROZEN, "gas_electrified_share": 1.0, "heat_pump_cop": 3.0, "adoption_midpoint": 2040,
        "adoption_takeover": 1.0,
    }  # fmt: skip
    per_energy = 0.2 + 2e-5 * 30.0 + 4e-7 * 270.0
    plain, electric = burning(FROZEN, standing=True), burning(settings, standing=True)
    assert plain.pathway_stationary["2025"] == pytest.approx(296e3 + (BURNT.sum() - 7e4) * per_energy)
    assert plain.pathway_stationary["2060"] == pytest.approx(376e3 + BURNT.sum() * per_energy)
    power = (1e4 / 3 + 15e4 * 0.86 / 3.4 + 11e4 * 0.40 / 0.84) * 0.4974
    assert electric.pathway_stationary["2060"] == pytest.approx(376e3 + power, rel=1e-6)
    assert electric.wedge_electrification["2060"] == pytest.approx(BURNT.sum() * per_energy - power, rel=1e-6)
    used = 362e3 / 0.4974 + 14e3 / 0.396 + power / 0.4974
    assert electric.renewable_share == pytest.approx(1e3 / 0.4974 / used, rel=1e-6)


def test_stationary_energy_reaches_zero_with_all_levers_on_a_clean_grid() -> None:
    settings = {
        **ALL,
        "heat_pump_share": 1.0,
        "gas_electrified_share": 1.0,
        "adoption_midpoint": 2040,
        "adoption_takeover": 1.0,
    }
    found = burning(settings)
    assert found.pathway_stationary["2060"] == pytest.approx(0.0, abs=1.0)
    wedges = sum(getattr(found, f"wedge_{name}") for name in LEVERS)
    assert (found.pathway_reference - found.pathway_emissions).to_numpy() == pytest.approx(wedges.to_numpy())
    without = burning({**settings, "gas_electrified_share": 0.0})
    assert without.pathway_stationary["2060"] > 1e4, "gas is left where nothing takes it over"


def test_electrified_gas_needs_its_uses_and_a_heat_pump() -> None:
    with pytest.raises(InputError, match="heat_pump_cop"):
        burning({**FROZEN, "gas_electrified_share": 0.5})
    with pytest.raises(InputError, match="hot_water_gas"):
        course({**FROZEN, "gas_electrified_share": 0.5}, gas_emissions=[1e3, 0.0, 0.0, 0.0])


def test_cars_and_buses_have_ratios_of_their_own() -> None:
    """House a: 20 000 km of cars, 93.74 % with engines at 0.161 kg; the rest of its 5 t are buses."""
    settings = {**FROZEN, "electric_vehicle_share": 1.0, "adoption_midpoint": 2040, "adoption_takeover": 1.0}
    found = course(settings, car_distance=[2e4, 0.0, 0.0, 0.0])
    cars = 2e4 * (1 - 0.0626) * 0.161
    expected = cars * 0.15 * 0.4974 / 0.161 + (85e3 - cars) * 0.05 * 0.4974 / 0.045
    assert found.pathway_transport["2060"] == pytest.approx(expected, rel=1e-6)


def test_cars_in_congestion_burn_more_and_gain_more_by_electricity() -> None:
    """As above at 1.2 times the fuel a kilometre: electricity takes over the kilometres, not the fuel."""
    settings = {**FROZEN, "electric_vehicle_share": 1.0, "adoption_midpoint": 2040, "adoption_takeover": 1.0}
    found = course(settings, car_distance=[2e4, 0.0, 0.0, 0.0], car_fuel_ratio=[1.2, 1.0, 1.0, 1.0])
    kilometres = 2e4 * (1 - 0.0626)
    expected = kilometres * 0.15 * 0.4974 + (85e3 - kilometres * 1.2 * 0.161) * 0.05 * 0.4974 / 0.045
    assert found.pathway_transport["2060"] == pytest.approx(expected, rel=1e-6)


def test_other_sectors_grow_with_floor_area_and_land_stays() -> None:
    found = course(FROZEN, other={**LAND, "solid_waste_in_3_in_CH4_in_emission": 216.0})
    assert (found.pathway_waste["2025"], found.pathway_waste["2060"]) == pytest.approx((136.0, 216.0))
    assert found.pathway_land.unique().tolist() == [-2e4]


def test_wedges_sum_to_reference_less_pathway_in_every_year() -> None:
    found = course(ALL)
    wedges = sum(getattr(found, f"wedge_{name}") for name in LEVERS)
    assert (found.pathway_reference - found.pathway_emissions).to_numpy() == pytest.approx(wedges.to_numpy())
    assert found.pathway_error < 1e-12


def test_peak_budget_and_near_zero() -> None:
    found = course(ALL)
    total = found.pathway_emissions
    assert found.emissions_peak_year == float(str(total.idxmax()))
    assert found.cumulative_emissions == pytest.approx(total.sum())
    assert total.size == 36
    assert 2045 < found.near_zero_year < 2060
    assert found.residual_emissions < 0.1
    assert math.isnan(course(FROZEN).near_zero_year)


def test_own_use_of_modules_is_generated_and_used() -> None:
    """Xinhua Road: 35.4 GWh of roofs over 244 GWh were told as 7 %, what they export over what is bought."""
    found = course(FROZEN, factors=STANDING, pv_self_used=[0.0, 3e3, 0.0, 0.0])
    used = 362e3 / 0.4974 + 14e3 / 0.396 + 3e3
    assert found.renewable_share == pytest.approx((1e3 / 0.4974 + 3e3) / used, rel=1e-6)


def test_generated_over_used_energy_by_hand() -> None:
    """No levers: what avoids 1 t at the grid's 0.4974 kg over electricity and heat, all of it the plan's 2060."""
    found = course(FROZEN, factors=STANDING)
    used = 362e3 / 0.4974 + 14e3 / 0.396
    assert found.renewable_share == pytest.approx(1e3 / 0.4974 / used, rel=1e-6)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"horizon": 2025}, "2025"),
        ({"scenario": "iea"}, "iea_announced"),
        ({"heat_pump_share": 0.5}, "heat_pump_cop"),
        ({"pv_roof_share": 0.5}, "pv_yield"),
    ],
)
def test_bad_settings_are_refused_in_both_languages(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        course({**FROZEN, **changed})
    assert refused.value.say("zh") != refused.value.say("en")


@pytest.mark.parametrize("changed", [{"start": 0}, {"retrofit_rate": -0.01}, {"pv_roof_share": 1.5}, {"typo": 1}])
def test_settings_out_of_range_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PathwayParams(**{**FROZEN, **changed})


def test_the_study_must_state_start_and_scenario() -> None:
    assert {name for name, field in PathwayParams.model_fields.items() if field.is_required()} == {"start", "scenario"}


def test_unknown_years_are_refused() -> None:
    with pytest.raises(InputError, match="year_built"):
        course(FROZEN, year_built=[math.nan, 2018.0, 2017.0, 2030.0])


def test_an_unknown_saving_is_refused() -> None:
    with pytest.raises(InputError, match="renewed_heat_saving"):
        course(FROZEN, renewed_heat_saving=[math.nan, 0.0, 0.0, 0.0])


def test_figure(figure: Callable[[str], Path]) -> None:
    found = burning({**ALL, "gas_electrified_share": 0.9})
    years = [int(str(year)) for year in found.pathway_emissions.index]
    fig, axis = plt.subplots(figsize=(6.5, 3.8), layout="constrained")
    wedges = [np.asarray(getattr(found, f"wedge_{name}")) / 1e3 for name in LEVERS]
    axis.stackplot(years, np.asarray(found.pathway_emissions) / 1e3, *wedges, labels=["pathway", *LEVERS],
                   colors=["#bbbbbb", "#4c78a8", "#9ecae9", "#54a24b", "#e45756", "#f58518", "#eeca3b",
                           "#b279a2"])  # fmt: skip
    axis.plot(years, np.asarray(found.pathway_reference) / 1e3, color="black", label="reference")
    axis.set_ylabel("t CO₂e a year")
    axis.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    fig.savefig(figure("lowcarbon.pathway"), dpi=130)
    plt.close(fig)


def test_without_life_cycles_other_sectors_keep_their_pathway_and_there_is_no_total() -> None:
    """No flat total: it is absent. Transport, waste and land are the same as with life cycles."""
    buildings = blocks()
    lines = inventory(buildings, **LAND, solid_waste_in_3_in_CH4_in_emission=216.0)
    given: dict[str, Any] = {
        "inventory_equivalent": lines, "study_area": AREA, "factors": pathway_factors(), "p": PathwayParams(**ALL),
    }  # fmt: skip
    known, unknown = (pathway_of(buildings, life_cycles=each, **given) for each in (True, False))
    assert not {"pathway_emissions", "pathway_stationary", "near_zero_year", "wedge_grid"} & set(vars(unknown))
    for name in ("transport", "waste", "land", "avoided", "other_sectors"):
        assert getattr(unknown, f"pathway_{name}").equals(getattr(known, f"pathway_{name}"))
    parts = known.pathway_transport + known.pathway_waste + known.pathway_processes + known.pathway_land
    assert unknown.pathway_other_sectors.to_numpy() == pytest.approx(parts.to_numpy())
    assert unknown.pathway_other_sectors["2060"] < 0.5 * unknown.pathway_other_sectors["2025"]


def test_buildings_as_they_are_only_where_the_study_says_so() -> None:
    """By hand: 80 t of the plan's block come by 2030; the grid is as it is, nothing is torn down or renewed."""
    life: dict[str, Any] = {"building_lifetime": {"any": 10.0, "spread": 1.0}}
    assert not hasattr(course(FROZEN, factors=life), "constant_emissions")
    found = course({**FROZEN, "stock": "constant", "retrofit_rate": 0.02}, factors=life)
    assert found.constant_stationary["2025"] == pytest.approx(296e3)
    assert found.constant_stationary["2060"] == pytest.approx(376e3)
    total = found.pathway_other_sectors + found.constant_stationary - found.pathway_avoided
    assert found.constant_emissions.to_numpy() == pytest.approx(total.to_numpy())
    assert found.pathway_stationary["2060"] < 0.95 * found.constant_stationary["2060"], "life cycles save"
    with pytest.raises(ValidationError, match="stock"):
        PathwayParams(**{**FROZEN, "stock": "flat"})
