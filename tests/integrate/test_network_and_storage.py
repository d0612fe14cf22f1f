"""Heat networks and batteries as measures: where they go, what they count, what the models make of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from citybraid.core.factor import resolve
from citybraid.core.model import Model
from citybraid.integrate.measures.equipment.battery_storage import (
    BatteryStorage,
    BatteryStorageParams,
    battery_storage,
)
from citybraid.integrate.measures.equipment.district_heat import DistrictHeat, DistrictHeatParams, district_heat
from citybraid.lowcarbon.building_energy import BuildingEnergyParams
from tests.energy_year import energy, row_of_buildings
from tests.integrate.plan import BUILDINGS, arguments, run
from tests.integrate.test_equipment import PLANT
from tests.integrate.test_figures import PLAN, save, shapes, sheets

ROOFS = BUILDINGS.assign(pv_roof=[0.4, 0.2, 0.0, 0.5, 0.3], battery_capacity=[0.0, 100.0, 0.0, 5.0, 0.0])


def view(measure: Model[Any, Any], plan: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return plan[list(arguments(measure)["buildings"].columns)]


def stored(plan: gpd.GeoDataFrame = ROOFS, **params: Any) -> BatteryStorage:
    found: BatteryStorage = run(battery_storage, BatteryStorageParams(**params), buildings=view(battery_storage, plan))
    return found


def connected(plan: gpd.GeoDataFrame = PLANT, **params: Any) -> DistrictHeat:
    found: DistrictHeat = run(district_heat, DistrictHeatParams(**params), buildings=view(district_heat, plan))
    return found


def test_capacity_is_peak_power_by_hours_less_what_stands() -> None:
    """360 m² of roof, 0.4 of it modules at 0.175 kW/m²: 25.2 kW, two hours 50.4 kWh; half of it 25.2 kWh."""
    power = ROOFS["pv_roof"] * ROOFS.area * resolve("pv_power_density")[""]
    assert power["slab"] == pytest.approx(25.2)
    found = stored(hours=2.0)
    assert found.battery_capacity["slab"] == pytest.approx(50.4)
    assert found.battery_capacity["villa"] == 100.0, "more than the hours ask for stays"
    assert found.battery_capacity["shop"] == 0.0, "no modules"
    assert found.battery_capacity["tower"] == pytest.approx(2 * power["tower"])
    assert found.battery_capacity["hall"] == 0.0, "heritage land"
    assert stored(hours=2.0, share=0.5).battery_capacity["slab"] == pytest.approx(25.2)
    assert found.storage_capacity.sum() == pytest.approx((found.battery_capacity - ROOFS["battery_capacity"]).sum())


def test_only_the_named_units_get_batteries_and_a_share_of_zero_none() -> None:
    assert stored(where=("west",)).storage_capacity["east"] == 0.0
    assert stored(share=0.0).battery_capacity.to_list() == ROOFS["battery_capacity"].to_list()


def test_the_oldest_heated_buildings_are_connected() -> None:
    found = connected(share=0.5, where=("west",))
    assert (found.heating_system == "district_heat").to_dict() == {
        "slab": True, "villa": False, "shop": False, "tower": False, "hall": False
    }  # fmt: skip
    assert found.network_heated_area["west"] == pytest.approx((PLANT["floors"] * PLANT.area)["slab"])
    renewed = connected(PLANT.assign(heating_system="heat_pump"))
    assert (renewed.heating_system == "heat_pump").all()
    assert renewed.network_heated_area.sum() == 0.0


def test_the_heat_of_rooms_comes_from_the_network_where_it_was_electric() -> None:
    """In the hot-summer zone rooms are heated by air conditioners: the same heat, now metered from the network."""
    homes = row_of_buildings(("residential", "office")).assign(heating_system="as_built")
    p = BuildingEnergyParams(climate_zone="3A")
    before, after = (energy(homes.assign(heating_system=name), p=p) for name in ("as_built", "district_heat"))
    assert before.district_heat.sum() == 0.0
    assert after.heating_demand.to_list() == before.heating_demand.to_list()
    assert after.district_heat.to_numpy() == pytest.approx(after.heating_demand.to_numpy())
    saved = (before.electricity - after.electricity).to_numpy()
    assert saved == pytest.approx(before.heating_electricity.to_numpy())
    assert (after.heating_electricity == 0.0).all()


def test_figure_of_batteries(figure: Callable[[str], Path]) -> None:
    axes = sheets(2)
    for axis, hours in zip(axes, (1.0, 4.0), strict=True):
        found = stored(ROOFS.assign(battery_capacity=0.0), hours=hours)
        assert np.isclose(found.battery_capacity.sum(), found.storage_capacity.sum())
        shapes(axis, found.battery_capacity, title=f"{hours:g} h of the modules' peak power", unit="kWh")
    save(figure("integrate.measures.battery_storage"), *axes, source=PLAN)


def test_figure_of_networks(figure: Callable[[str], Path]) -> None:
    axes = sheets(2)
    for axis, share in zip(axes, (0.6, 1.0), strict=True):
        shapes(axis, PLANT["year_built"], title=f"Share of floor area: {share:g}", unit="year", colours="cividis")
        got = PLANT[connected(share=share).heating_system == "district_heat"]
        got.plot(ax=axis, facecolor="none", edgecolor="crimson", hatch="///")
    save(figure("integrate.measures.district_heat"), *axes, source=PLAN)
