"""Heat of a network fed by connected plants: its factor by pencil, bounds, and what follows in the accounts."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.building_emissions import building_emissions
from citybraid.lowcarbon.shifts import ShiftTables
from citybraid.lowcarbon.supply.network_heat import NetworkHeat, NetworkHeatParams, network_heat
from tests.energy_year import energy_year
from tests.examples import at_most
from tests.lowcarbon.test_supply import AREA, ROW
from tests.lowcarbon.test_waste_heat_network import GJ, NONE, sources

DEMAND, LOSS, OTHERS, POWER = 60e3, 0.1, 0.4, 0.5
"""Heat of the three buildings in the study area [kWh], share lost, factors of other heat and of the grid [kg kWh-1]."""


def facts() -> dict[str, Any]:
    return {
        "carnot_fraction": resolve("carnot_fraction"), "working_calendar": resolve("working_calendar", region="CN"),
        "heat_emission_factor": {"": OTHERS}, "grid_emission_factor": {"": POWER},
    }  # fmt: skip


def arguments(plants: gpd.GeoDataFrame, *, connected: float = 1.0, demand: float = DEMAND / 3) -> dict[str, Any]:
    return {
        "buildings": ROW.assign(district_heat=demand), "plants": plants.assign(network_share=connected),
        "study_area": AREA, "dry_bulb": energy_year()["dry_bulb"], **facts(),
        "p": NetworkHeatParams(flow_temperature=60.0, network_loss=LOSS),
    }  # fmt: skip


def fed(plants: gpd.GeoDataFrame, **changed: float) -> NetworkHeat:
    return network_heat(**arguments(plants, **changed), shifts=ShiftTables(resolve("plant_shift")))


def golden_case() -> Mapping[str, Any]:
    plants = sources((0, 40, 95.0), (10, 60, 30.0)).assign(plant_shift=["单班", "两班"])
    return {**arguments(plants, connected=0.7), "plant_shift": resolve("plant_shift")}


def test_warm_waste_heat_replaces_other_heat_by_pencil() -> None:
    """50 GJ at 95 degC all year round: what a cold hour wants of it lowers the factor in proportion."""
    found = fed(sources((0, 50, 95.0)))
    cold = np.maximum(18.0 - energy_year()["dry_bulb"].to_numpy(), 0.0)
    wanted = DEMAND / (1 - LOSS) * cold / cold.sum()
    taken = np.minimum(50 * GJ / 8760, wanted).sum()
    assert found.network_waste_heat == pytest.approx(taken, rel=1e-9)
    assert found.network_lift_power == 0.0
    assert found.network_heat_factor == pytest.approx(OTHERS * (1 - taken * (1 - LOSS) / DEMAND), rel=1e-9)


def test_cold_waste_heat_bears_the_electricity_that_lifts_it_by_pencil() -> None:
    """More than any hour wants, at 30 degC: every kWh is made by heat pumps from 30 to 60 degC."""
    found = fed(sources((0, 1e6, 30.0)))
    performance = resolve("carnot_fraction")["water"] * 333.15 / 30.0
    assert found.network_heat_factor == pytest.approx(POWER / performance / (1 - LOSS), rel=1e-9)
    assert found.network_waste_heat + found.network_lift_power == pytest.approx(DEMAND / (1 - LOSS), rel=1e-9)


def test_half_connected_gives_half_of_little_heat() -> None:
    """A source so small that the coldest months always want it: twice the share, twice the heat."""
    half, whole = (fed(sources((0, 0.01, 95.0)), connected=share) for share in (0.5, 1.0))
    assert half.network_waste_heat == pytest.approx(whole.network_waste_heat / 2, rel=1e-9)


@pytest.mark.parametrize("changed", [{"connected": 0.0}, {"demand": 0.0}, {"connected": NONE}])
def test_without_a_pipe_or_a_user_the_factor_is_the_regions(changed: dict[str, float]) -> None:
    assert fed(sources((0, 50, 95.0)), **changed) == (OTHERS, 0.0, 0.0, 0.0)


def test_a_plant_outside_the_study_area_feeds_nothing() -> None:
    assert fed(sources((5000, 50, 95.0))).network_heat_factor == OTHERS


def test_waste_heat_without_a_temperature_is_told() -> None:
    with pytest.raises(InputError, match="plant_waste_heat_temperature"):
        fed(sources((0, 50, NONE)))


def test_buildings_emit_by_the_factor_of_their_network() -> None:
    """1000 kWh of heat at 0.12 in place of 0.4 kg; electricity and gas stay."""
    table = ROW.iloc[:1].assign(electricity=100.0, district_heat=1000.0, gas=10.0)
    known = {"grid_emission_factor": {"": POWER}, "heat_emission_factor": {"": OTHERS}}
    gas: dict[str, Any] = {"gas_emission_factor": {"CO2": 0.2, "CH4": 0.0, "N2O": 0.0}}
    before, after = (
        building_emissions(buildings=table, **known, **gas, network_heat_factor=factor) for factor in (None, 0.12)
    )
    assert before.heat_emissions.to_list() == [400.0]
    assert after.heat_emissions.to_list() == [120.0]
    assert after.building_emissions.to_list() == [50.0 + 120.0 + 2.0]


@at_most(8)
@given(st.floats(0, 1e4), st.floats(0, 200), st.floats(0, 1), st.floats(0, 1e6))
def test_energy_is_conserved_and_the_factor_bounded(waste: float, warmth: float, share: float, demand: float) -> None:
    """No better than nothing, no worse than heat by electricity alone or by others."""
    found = fed(sources((0, waste, warmth)), connected=share, demand=demand)
    assert abs(found.network_feed_error) < 1e-9
    assert 0.0 <= found.network_waste_heat <= share * waste * GJ * (1 + 1e-9)
    assert -1e-12 <= found.network_heat_factor <= max(OTHERS, POWER / (1 - LOSS)) * (1 + 1e-9)


@at_most(8)
@given(st.floats(0, 1e3), st.floats(0, 1), st.floats(0, 1))
def test_more_pipes_never_emit_more(waste: float, share: float, more: float) -> None:
    one, two = (fed(sources((0, waste, 95.0)), connected=each) for each in (share, max(share, more)))
    assert two.network_heat_factor <= one.network_heat_factor + 1e-12


def corners() -> list[tuple[float, float, float]]:
    """No heat and very much, cold and hot, none and all connected."""
    return list(itertools.product((0.0, 1e9), (0.0, 1000.0), (0.0, 1.0)))


@pytest.mark.parametrize(("waste", "warmth", "share"), corners())
def test_corners(waste: float, warmth: float, share: float) -> None:
    found = fed(sources((0, waste, warmth)), connected=share)
    assert np.isfinite(found).all()
    assert (found.network_heat_factor == OTHERS) == (waste * share == 0.0)


def test_figure(figure: Callable[[str], Path]) -> None:
    amounts = np.linspace(0.0, 400.0, 41)
    fig, axis = plt.subplots(figsize=(6.5, 3.0), layout="constrained")
    for warmth, colour in ((95.0, "#b5541c"), (30.0, "#3b7ea1")):
        factors = [fed(sources((0, amount, warmth))).network_heat_factor for amount in amounts]
        axis.plot(amounts, factors, color=colour, label=f"waste heat of {warmth:.0f} °C")
    axis.axhline(OTHERS, color="0.6", linewidth=0.8)
    axis.annotate("other heat of the region", (400.0, OTHERS), ha="right", va="bottom", fontsize=8, color="0.4")
    axis.set(xlabel="waste heat connected [GJ a year]", ylabel="heat delivered\n[kg CO₂ kWh⁻¹]", ylim=(0, 0.46))
    axis.set_title("Heat for 60 MWh a year at 60 °C, a tenth of it lost", fontsize=10)
    axis.legend(fontsize=8)
    fig.savefig(figure("lowcarbon.network_heat"), dpi=130)
    plt.close(fig)
