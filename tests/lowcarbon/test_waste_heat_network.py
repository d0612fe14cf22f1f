"""Waste heat of plants in a heat network: energy is conserved, warm heat goes first, and heat pumps make the rest."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from shapely.geometry import Point

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.shifts import ShiftTables
from citybraid.lowcarbon.supply.heat_pumps import HeatPumps, HeatPumpsParams, heat_pumps
from citybraid.lowcarbon.supply.waste_heat_network import (
    WasteHeatNetwork,
    WasteHeatNetworkParams,
    waste_heat_network,
)
from tests.energy_year import energy_year
from tests.lowcarbon.test_supply import AREA, ROW

NONE = float("nan")
GJ = 1e3 / 3.6
DEMAND = 60e3
"""Heat of the three buildings in the study area [kWh]."""


def sources(*rows: tuple[float, float, float], shift: str = "连续", given: float | None = None) -> gpd.GeoDataFrame:
    """Return plants: x [m], waste heat [GJ], its temperature."""
    columns: dict[str, Any] = {
        "plant_waste_heat": [row[1] for row in rows], "plant_waste_heat_temperature": [row[2] for row in rows],
        "plant_shift": shift,
    }  # fmt: skip
    if given is not None:
        columns["heat_given"] = given
    shapes = [Point(row[0], 50) for row in rows]
    return gpd.GeoDataFrame(columns, geometry=shapes, index=[f"w{at}" for at in range(len(rows))], crs=ROW.crs)


def networked(plants: gpd.GeoDataFrame, *, flow: float = 60.0, loss: float = 0.1, demand: float = DEMAND / 3) -> Any:
    return waste_heat_network(
        buildings=ROW.assign(heating_demand=demand), plants=plants, study_area=AREA,
        dry_bulb=energy_year()["dry_bulb"], carnot_fraction=resolve("carnot_fraction"),
        working_calendar=resolve("working_calendar", region="CN"), shifts=ShiftTables(resolve("plant_shift")),
        p=WasteHeatNetworkParams(flow_temperature=flow, network_loss=loss),
    )  # fmt: skip


def pumped(network: WasteHeatNetwork | None = None) -> HeatPumps:
    result: HeatPumps = heat_pumps(
        buildings=ROW.assign(heating_demand=DEMAND / 3), study_area=AREA, dry_bulb=energy_year()["dry_bulb"],
        carnot_fraction=resolve("carnot_fraction"), p=HeatPumpsParams(source="air", flow_temperature=45.0),
        network_heat_left=None if network is None else network.network_heat_left,
    )  # fmt: skip
    return result


@pytest.mark.parametrize("shift", ["单班", "连续"])
@pytest.mark.parametrize("warmth", [20.0, 69.9, 70.0, 300.0])
def test_energy_is_conserved(warmth: float, shift: str) -> None:
    """Waste heat, electricity and other heat are demand and losses; waste heat is taken or lost."""
    found = networked(sources((0, 50, warmth), (10, 20, 30.0), shift=shift))
    fed = found.waste_heat_to_network + found.network_pump_power + found.network_heat_made
    assert fed == pytest.approx(DEMAND / 0.9, rel=1e-12)
    assert found.network_heat_loss == pytest.approx(DEMAND / 9, rel=1e-12)
    assert found.waste_heat_to_network + found.waste_heat_lost == pytest.approx(70 * GJ, rel=1e-12)
    assert found.network_heat_left.sum() == pytest.approx(0.9 * found.network_heat_made, rel=1e-12)
    assert abs(found.network_error) < 1e-12


def test_warm_heat_enters_directly_hour_by_hour() -> None:
    found = networked(sources((0, 50, 70.0)))
    assert found.network_pump_power == 0.0
    wanting = np.maximum(18.0 - energy_year()["dry_bulb"].to_numpy(), 0.0)
    fed = DEMAND / 0.9 * wanting / wanting.sum()
    assert found.waste_heat_to_network == pytest.approx(np.minimum(50 * GJ / 8760, fed).sum(), rel=1e-12)
    assert found.waste_heat_to_network < min(50 * GJ, DEMAND / 0.9), "summer heat finds no user"


def test_cold_heat_needs_electricity_by_carnot() -> None:
    found = networked(sources((0, 50, 30.0)))
    performance = 0.45 * 333.15 / 30.0
    delivered = found.waste_heat_to_network + found.network_pump_power
    assert delivered / found.network_pump_power == pytest.approx(performance, rel=1e-12)
    assert found.network_pump_load.sum() == pytest.approx(found.network_pump_power)


def test_what_plants_give_each_other_does_not_reach_the_network() -> None:
    whole, rest = networked(sources((0, 50, 90.0))), networked(sources((0, 50, 90.0), given=40 * GJ))
    assert rest.waste_heat_to_network + rest.waste_heat_lost == pytest.approx(10 * GJ)
    assert rest.waste_heat_to_network < whole.waste_heat_to_network
    none = networked(sources((0, 50, 90.0), given=50 * GJ))
    assert none.network_heat_made == pytest.approx(DEMAND / 0.9)


def test_a_plant_outside_the_study_area_gives_nothing() -> None:
    assert networked(sources((9000, 50, 90.0))).waste_heat_to_network == 0.0


def test_heat_pumps_make_only_what_is_left() -> None:
    alone, network = pumped(), networked(sources((0, 50, 90.0)))
    beside = pumped(network)
    assert beside.heat_pump_power < alone.heat_pump_power
    assert beside.heat_pump_power * beside.heat_pump_factor == pytest.approx(network.network_heat_left.sum())
    assert alone.heat_pump_power * alone.heat_pump_factor == pytest.approx(DEMAND)
    assert beside.heat_pump_load.sum() == pytest.approx(beside.heat_pump_power)
    assert pumped(networked(sources((0, 1e9, 90.0)))).heat_pump_power == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("row", "needs"), [((0, -1.0, 90.0), "plant_waste_heat"), ((0, 5.0, NONE), "plant_waste_heat_temperature")]
)
def test_bad_waste_heat_is_refused_in_both_languages(row: tuple[float, float, float], needs: str) -> None:
    with pytest.raises(InputError) as told:
        networked(sources(row))
    assert needs in told.value.say("zh")
    assert needs in told.value.say("en")


def test_figure(figure: Callable[[str], Path]) -> None:
    amounts = np.array([0, 25, 50, 100, 200, 400, 800])
    runs = [networked(sources((0, float(each) / 2, 90.0), (10, float(each) / 2, 30.0))) for each in amounts]
    parts = {
        "waste heat": [run.waste_heat_to_network for run in runs],
        "electricity of heat pumps": [run.network_pump_power for run in runs],
        "other sources": [run.network_heat_made for run in runs],
    }
    fig, axis = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
    axis.stackplot(
        amounts, *(np.array(part) / 1e3 for part in parts.values()), labels=list(parts),
        colors=["#b5651d", "#4f7f8c", "#c9c3b5"],
    )  # fmt: skip
    axis.set(xlabel="waste heat of two plants, half at 90 °C and half at 30 °C [GJ a year]", ylabel="MWh a year",
             title="What feeds a network of 60 °C", xlim=(0, 800))  # fmt: skip
    axis.legend(fontsize=8, loc="lower right")
    fig.savefig(figure("lowcarbon.waste_heat_network"), dpi=130)
    plt.close(fig)
