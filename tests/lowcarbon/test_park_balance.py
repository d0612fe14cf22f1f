"""Electricity of plants in the hourly balance, and the balance of the whole park."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.shifts import PATTERNS, shift_profiles
from citybraid.lowcarbon.supply.hourly_balance import HourlyBalance
from citybraid.lowcarbon.supply.park_balance import AreaHours, ParkBalance, ParkBalanceParams, park_balance
from citybraid.lowcarbon.working_days import clock, rest_hours
from tests.energy_year import row_of_buildings
from tests.lowcarbon.test_hourly_balance import balanced
from tests.lowcarbon.test_supply import AREA

CALENDAR, SHIFTS = resolve("working_calendar", region="CN"), resolve("plant_shift")
HOUR = np.arange(8760.0)


def halls(*, pv: float = 150e3, battery: float = 0.0) -> gpd.GeoDataFrame:
    """Two halls and a home on or off the parcels of `balanced`: b0 and b1 on parcel one, b2 on none."""
    return row_of_buildings(("industrial", "industrial", "residential")).assign(
        electricity=[100e3, 50e3, 80e3], pv_generation=[pv, 0.0, 0.0], battery_capacity=battery,
    )  # fmt: skip


def works(*rows: tuple[float, float, str | None]) -> gpd.GeoDataFrame:
    """Return plants: x [m], electricity [kWh], shift."""
    columns = {"plant_power": [row[1] for row in rows], "plant_shift": [row[2] for row in rows]}
    return gpd.GeoDataFrame(
        columns, geometry=[Point(row[0], 5) for row in rows], index=[f"w{at}" for at in range(len(rows))],
        crs="EPSG:32651",
    )  # fmt: skip


def of_park(found: HourlyBalance, plants: gpd.GeoDataFrame | None = None, **changes: Any) -> ParkBalance:
    given: dict[str, Any] = {
        "buildings": row_of_buildings(("office",)).assign(heating_electricity=0.0), "study_area": AREA,
        "area": AreaHours(*(getattr(found, name) for name in AreaHours._fields)), "battery": resolve("battery"),
        "grid_emission_factor": resolve("grid_emission_factor", region="CN-SH", year=2023), "p": ParkBalanceParams(),
    } | changes  # fmt: skip
    if plants is not None and found.plant is not None:
        given["plants"] = plants.assign(plant_self_used=found.plant.plant_self_used)
    result: ParkBalance = park_balance(**given)
    return result


def test_a_shift_works_on_working_days_at_its_hours() -> None:
    rows = dict(zip(PATTERNS, shift_profiles(CALENDAR, SHIFTS, calendar_year=2023), strict=True))
    assert [row.sum() for row in rows.values()] == pytest.approx([1.0] * 4, rel=1e-12)
    hour, rest = clock(2023).hour.to_numpy(), rest_hours(2023, CALENDAR)
    work = ~rest & (hour >= 8) & (hour < 17)
    full, idle = rows["one"].max(), rows["one"].min()
    assert idle == pytest.approx(0.2 * full)
    assert (rows["one"] == full).sum() == work.sum()
    assert (rows["one"][work] == full).all()
    assert (rows["three"][~rest] == rows["three"].max()).all()
    assert np.ptp(rows["continuous"]) == 0.0


@pytest.mark.parametrize("shift", ["单班", "两班制", "三班", "连续", "Two", "1.0"])
def test_the_sum_over_the_year_is_the_bill(shift: str) -> None:
    buildings, plants = halls(), works((30.0, 700e3, shift), (100.0, 300e3, "one"))
    found = balanced(buildings, plants=plants)
    assert found.plant is not None
    taken = found.plant.plant_self_used + found.plant.plant_import
    assert taken.to_numpy() == pytest.approx([700e3, 300e3], rel=1e-9)
    assert found.area_load.sum() == pytest.approx(1e6 + 80e3, rel=1e-9), "modelled halls do not count as well"
    assert abs(found.supply_error) < 1e-12


def test_a_home_and_a_hall_without_a_plant_keep_their_modelled_load() -> None:
    buildings = halls()
    buildings.loc["b2", "building_use"] = "industrial"
    found = balanced(buildings, plants=works((30.0, 700e3, "one")))
    assert found.area_load.sum() == pytest.approx(700e3 + 80e3)
    homes = balanced(halls().assign(building_use="residential"), plants=works((30.0, 700e3, "one")))
    assert homes.area_load.sum() == pytest.approx(700e3 + 230e3), "a plant without a hall has a site of its own"
    assert homes.plant is not None
    assert homes.plant.plant_self_used["w0"] == 0.0


def test_a_plant_upon_a_hall_off_all_parcels_replaces_its_load() -> None:
    buildings = halls()
    buildings.loc["b2", "building_use"] = "industrial"
    found = balanced(buildings, plants=works((130.0, 700e3, "one")))
    assert found.grid_import["b2"] == pytest.approx(700e3)
    assert found.area_load.sum() == pytest.approx(850e3)


def test_own_generation_meets_the_load_of_the_plant_by_another_route() -> None:
    """A day's shift takes more of the sun than the same bill over 24 hours; min(load, sun) by hour gives the same."""
    buildings = halls().iloc[[0]]
    used = {}
    for shift in ("one", "continuous"):
        found = balanced(buildings, plants=works((30.0, 200e3, shift)))
        assert found.plant is not None
        used[shift] = found.plant.plant_self_used["w0"]
        row = shift_profiles(CALENDAR, SHIFTS, calendar_year=2023)[PATTERNS.index(shift)]
        assert used[shift] == pytest.approx(np.minimum(200e3 * row, found.area_generation).sum(), rel=1e-9)
        assert found.grid_export["b0"] == pytest.approx(150e3 - used[shift], rel=1e-9)
    assert used["one"] > used["continuous"]


@pytest.mark.parametrize("text", [None, "", "四班", "九点到五点"])
def test_an_unknown_shift_is_refused_in_both_languages(text: str | None) -> None:
    with pytest.raises(InputError) as told:
        balanced(halls(), plants=works((30.0, 1.0, text)))
    assert "w0" in told.value.say("en")
    assert "两班" in told.value.say("zh")


@pytest.mark.parametrize(("key", "value"), [("idle", 1.5), ("one/start", -1.0), ("two/hours", 25.0)])
def test_a_shift_that_no_day_has_is_refused(key: str, value: float) -> None:
    with pytest.raises(InputError) as told:
        shift_profiles(CALENDAR, dict(SHIFTS) | {key: value}, calendar_year=2023)
    assert key in told.value.say("en")
    assert key in told.value.say("zh")


def test_in_the_park_one_roof_serves_another_hall() -> None:
    """b0 generates, b1 and the home use: the park's own use is the lesser of load and sun by hour."""
    plants = works((30.0, 300e3, "one"))
    found = balanced(halls(), plants=plants)
    park = of_park(found, plants)
    lesser = np.minimum(found.area_load, found.area_generation).sum()
    assert park.park_self_used == pytest.approx(lesser, rel=1e-9)
    assert park.park_self_used > found.area_self_used.sum()
    assert park.park_export == pytest.approx(150e3 - lesser, rel=1e-9)
    assert park.plant is not None
    assert found.plant is not None
    assert park.plant.plant_pv_avoided["w0"] == pytest.approx(0.5737 * found.plant.plant_self_used["w0"])
    assert abs(park.park_error) < 1e-12


def test_a_shared_battery_lowers_import_less_its_losses() -> None:
    found = balanced(halls(battery=20.0), plants=works((30.0, 100e3, "one")))
    none, some = of_park(found), of_park(found, p=ParkBalanceParams(shared_storage=500.0))
    assert some.park_import < none.park_import
    gained, kept = none.park_import - some.park_import, none.park_export - some.park_export
    assert kept - gained == pytest.approx(some.park_storage_loss - none.park_storage_loss, rel=1e-9)
    assert abs(some.park_error) < 1e-9


def test_heat_pumps_load_the_park_and_replace_electric_heating() -> None:
    found = balanced(halls(pv=0.0), plants=works((30.0, 300e3, "one")))
    pumps = pd.Series(np.where(HOUR < 1000, 40.0, 0.0), HOUR)
    alone = of_park(found, heat_pump_load=pumps, network_pump_load=0.5 * pumps)
    assert alone.park_load - of_park(found).park_load == pytest.approx(60e3)
    assert alone.park_import == pytest.approx(380e3 + 60e3)
    heated = row_of_buildings(("office",)).assign(heating_electricity=25e3)
    assert of_park(found, heat_pump_load=pumps, buildings=heated).park_load == pytest.approx(380e3 + 15e3)


def test_figure(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
    week = slice(24 * 134, 24 * 141)
    for shift, colour in (("one", "#b5651d"), ("two", "#8c6d4f"), ("continuous", "#4f7f8c")):
        found = balanced(halls(pv=600e3).iloc[[0]], plants=works((30.0, 600e3, shift)))
        share = 100 * of_park(found).park_self_used / 600e3
        axis.plot(found.area_load.to_numpy()[week], color=colour, label=f"load, {shift}: {share:.0f} % of the sun used")
    axis.fill_between(np.arange(168), found.area_generation.to_numpy()[week], color="#e3c878", alpha=0.5, lw=0)
    axis.set(xlabel="hours of a week in May, from Monday", ylabel="kW", title="600 MWh a year billed and generated")
    axis.legend(frameon=False, fontsize=8)
    fig.savefig(figure("lowcarbon.park_balance"), dpi=130)
    plt.close(fig)
