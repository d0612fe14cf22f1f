from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.pv_generation import PvGenerationParams, pv_generation
from citybraid.lowcarbon.supply.hourly_balance import HourlyBalance, HourlyBalanceParams, hourly_balance
from tests.energy_year import energy, energy_year, row_of_buildings, stock_factors

THREE_A = HourlyBalanceParams(climate_zone="3A")
WIND = pd.Series(np.full(8760, 3.0))


def generated(buildings: gpd.GeoDataFrame) -> pd.Series:
    year = {name: value for name, value in energy_year().items() if name != "relative_humidity"}
    return pv_generation.of({
        "buildings": buildings, "wind_speed": WIND, "power_density": resolve("pv_power_density"),
        "loss": resolve("pv_loss"), "physics": resolve("building_physics"), "p": PvGenerationParams(), **year,
    }).pv_generation  # fmt: skip


@cache
def used_and_generated(pv: float) -> gpd.GeoDataFrame:
    buildings = row_of_buildings(("residential", "office", "office", "retail")).assign(pv_roof=[0.0, pv, pv, pv])
    return buildings.assign(electricity=energy(buildings).electricity, pv_generation=generated(buildings))


def town(pv: float = 0.5, *, battery: float = 0.0) -> gpd.GeoDataFrame:
    """Homes and two offices with modules, in a row; the last lies outside the study area."""
    return used_and_generated(pv).assign(battery_capacity=battery)


def balanced(buildings: gpd.GeoDataFrame, **changes: Any) -> HourlyBalance:
    """Balance over two parcels, of two buildings and of none; the third building is on no parcel."""
    parcels = gpd.GeoDataFrame(geometry=[box(-10, -10, 110, 30), box(0, 100, 50, 150)], index=["one", "two"])
    area = gpd.GeoSeries([box(-50, -50, 170, 200)], index=["a"], crs=buildings.crs)
    given = stock_factors() | {
        "loss": resolve("pv_loss"),
        "battery": resolve("battery"),
        "plant_shift": resolve("plant_shift"),
    }
    given |= changes
    found: HourlyBalance = hourly_balance.of({
        "buildings": buildings, "parcels": parcels.set_crs(buildings.crs), "study_area": area, "wind_speed": WIND,
        "p": THREE_A, "tick": lambda _: None, **energy_year(), **given,
    })  # fmt: skip
    return found


def test_energy_closes_by_building_and_by_hour() -> None:
    buildings = town(battery=50.0)
    found = balanced(buildings)
    assert abs(found.supply_error) < 1e-12
    assert (found.pv_self_used + found.grid_import).to_numpy() == pytest.approx(buildings["electricity"].to_numpy())
    left = found.area_import + found.area_self_used - found.area_load
    assert left.abs().max() < 1e-9
    inside = buildings.index[:3]
    assert found.area_load.sum() == pytest.approx(buildings["electricity"][inside].sum())
    assert found.area_export.sum() == pytest.approx(found.grid_export[inside].sum())


def test_without_modules_all_is_imported() -> None:
    buildings = town(0.0, battery=100.0)
    found = balanced(buildings)
    assert found.grid_import.to_numpy() == pytest.approx(buildings["electricity"].to_numpy())
    assert (found.grid_export == 0).all()
    assert (found.storage_loss == 0).all()


def test_a_battery_turns_export_into_use_less_its_losses() -> None:
    none, some = balanced(town()), balanced(town(battery=200.0))
    gained = some.pv_self_used - none.pv_self_used
    kept = none.grid_export - some.grid_export
    assert (gained[["b1", "b2", "b3"]] > 0).all()
    stored = kept - gained - some.storage_loss
    assert ((stored >= -1e-6) & (stored <= 200.0 + 1e-6)).all()
    lost = (1 - 0.922) * kept + (1 / 0.922 - 1) * gained
    assert some.storage_loss.to_numpy() == pytest.approx(lost.to_numpy(), rel=1e-6, abs=1e-6), (
        "charging and discharging"
    )


def test_a_second_route_finds_the_same_without_a_battery() -> None:
    """Self-use is the sum over hours of the lesser of load and generation, here from the area's own hours."""
    buildings = town().iloc[[1]]
    found = balanced(buildings)
    lesser = np.minimum(found.area_load, found.area_generation)
    assert found.pv_self_used["b1"] == pytest.approx(lesser.sum())
    assert found.parcel_export_peak["one"] == pytest.approx((found.area_generation - found.area_load).max())
    assert found.parcel_import_peak["two"] == 0.0


def test_peaks_of_the_load_are_those_of_the_energy_model() -> None:
    """The profile is the building's own where it stands alone in its group."""
    buildings = town(0.0).iloc[[3]].set_geometry([box(0, 0, 40, 14)])
    alone = energy(buildings)
    services = alone.hot_water_electricity + alone.cooking_electricity + alone.lift_electricity
    found = balanced(buildings.assign(electricity=alone.electricity - services))
    assert found.area_load.max() == pytest.approx(alone.peak_electricity["b3"], rel=1e-9)


def test_figure(figure: Callable[[str], Path]) -> None:
    sizes = [0.0, 25.0, 50.0, 100.0, 200.0, 400.0]
    fig, axis = plt.subplots(figsize=(6.5, 4), layout="constrained")
    runs = [(town(battery=size), balanced(town(battery=size))) for size in sizes]
    for name, at in (("office", "b1"), ("shop", "b3")):
        shares = [100 * found.pv_self_used[at] / buildings["pv_generation"][at] for buildings, found in runs]
        axis.plot(sizes, shares, marker="o", label=name)
    axis.set_xlabel("battery [kWh]")
    axis.set_ylabel("self-consumption [% of generation]")
    axis.set_title("Half a roof of 560 m² with modules, six storeys, made-up year", fontsize=10)
    axis.set_ylim(0, 105)
    axis.legend(frameon=False)
    fig.savefig(figure("lowcarbon.hourly_balance"), dpi=130)
    plt.close(fig)
