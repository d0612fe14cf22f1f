from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import MultiPolygon, Point, Polygon, box

from citybraid.core.errors import InputError
from citybraid.kernels.buildings.zone import COOLING, HEATING, LATENT, REJECTED, RESIDUAL, SUPPLIED, UNMET_HEATING
from citybraid.kernels.buildings.zone_inputs import Weather
from citybraid.kernels.climate.summer import summer_hours
from citybraid.lowcarbon.building_energy import BuildingEnergyParams
from citybraid.lowcarbon.climate import energy_weather, volume_heat
from citybraid.lowcarbon.envelope import shapes, standard_of
from citybraid.lowcarbon.horizon import surroundings
from citybraid.lowcarbon.operation import Loads, programmes
from citybraid.lowcarbon.shading import Blind, blind_factors
from citybraid.lowcarbon.stock import Fabric, Stock, building_stock, hours_of, simulate, window_shares
from citybraid.lowcarbon.zones import ground_slab
from tests.energy_year import PLACE, USES, energy, energy_year, factors, row_of_buildings

BUILDINGS = row_of_buildings()


def test_every_use_has_demand_and_the_balance_closes() -> None:
    found = energy(BUILDINGS)
    assert abs(found.energy_error) < 1e-9
    for column in (found.cooling_demand, found.electricity, found.peak_electricity, found.heat_rejected):
        assert (column > 0).all()
    assert list(found.electricity.index) == list(BUILDINGS.index)
    assert (found.heating_demand > 0).sum() >= len(USES) - 2
    assert (found.district_heat == 0).all()


def test_air_conditioning_is_of_the_order_of_what_was_metered() -> None:
    """Du et al. (2022): 10 to 12.7 kWh a year in four cities; that the area is that of rooms with a unit is taken."""
    homes = row_of_buildings(("residential",), year=2024.0)
    found = energy(homes)
    rooms = homes["floor_area"] * factors()["conditioned_share"]["residential/3/other_b"]
    metered = (found.heating_electricity + found.cooling_electricity) / rooms
    assert 0.7 * 9.96 < metered.iloc[0] < 1.3 * 12.65


def test_heat_is_district_heat_in_the_cold_zone() -> None:
    found = energy(BUILDINGS, p=BuildingEnergyParams(climate_zone="2B"))
    assert found.district_heat.to_numpy() == pytest.approx(found.heating_demand.to_numpy())


def test_warm_floors_and_cold_ceilings_take_more_as_they_warm_and_cool_the_walls_too() -> None:
    """Rows `surface_heating` and `surface_cooling`; without them all heat goes to the air. A ceiling dries no air."""
    year, system = weather(), factors()["heat_system"]
    plain, floors, ceilings = (
        simulated(stock(system=dict(system) | rows), year)[0]
        for rows in ({}, {"residential/3/surface_heating": 1.0}, {"public/3/surface_cooling": 1.0})
    )
    homes = np.array([use == "residential" for use in BUILDINGS["building_use"]])
    assert (floors[~homes] == plain[~homes]).all()
    assert (floors[homes, HEATING] > plain[homes, HEATING]).all()
    assert (ceilings[homes] == plain[homes]).all()
    assert ceilings[~homes, LATENT].sum() == 0.0
    assert plain[~homes, LATENT].sum() > 0.0
    for found in (floors, ceilings):
        assert found[:, RESIDUAL].sum() < 1e-9 * found[:, SUPPLIED].sum()


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_share_of_a_surface_that_is_none_is_told(share: float) -> None:
    with pytest.raises(InputError, match="residential/3/surface_heating"):
        stock(system=dict(factors()["heat_system"]) | {"residential/3/surface_heating": share})


def test_a_zone_that_no_row_is_keyed_by_is_refused() -> None:
    with pytest.raises(InputError, match="9Z"):
        energy(BUILDINGS, p=BuildingEnergyParams(climate_zone="9Z"))


def test_a_better_envelope_needs_less_heat() -> None:
    homes = row_of_buildings(("residential",) * 3, year=1985.0)
    homes["envelope_standard"] = ["as_built", "gb55015", "nearly_zero"]
    heat = energy(homes).heating_demand
    assert heat["b0"] > 1.3 * heat["b1"] > 1.3 * heat["b2"]


def test_peak_is_no_less_than_the_mean() -> None:
    found = energy(BUILDINGS)
    assert (found.peak_electricity > found.electricity / 8760).all()


def stock(**changes: Any) -> Stock:
    given = factors()
    return building_stock(
        changes.pop("buildings", BUILDINGS), zone="3A", calendar_year=2023, volume_heat=volume_heat(4.0),
        fabric=Fabric(given["envelope"], given["standard_since"], given["window_share"], given["zone_capacity"]),
        loads=Loads(*(given[name] for name in Loads._fields)),
        shares=given["program_share"], conditioned=given["conditioned_share"],
        around=surroundings(BUILDINGS), **({"system": given["heat_system"]} | changes),
    )  # fmt: skip


def weather() -> Weather:
    year = {name: series for name, series in energy_year().items() if name not in PLACE}
    return energy_weather(year=year, place=PLACE, calendar_year=2023, physics=factors()["physics"])


def hours(building: int) -> np.ndarray:
    return hours_of(stock(), weather(), building, warm_up=20)


def test_hours_of_one_building_add_up_to_its_year() -> None:
    found = energy(BUILDINGS)
    whole = hours(0)
    heat, cold, power = whole.sum(axis=0) / 1000
    assert (heat, cold, power) == pytest.approx(
        (found.heating_demand["b0"], found.cooling_demand["b0"], found.electricity["b0"])
    )
    assert whole[:, 2].max() / 1000 == pytest.approx(found.peak_electricity["b0"])


def simulated(buildings: Stock, year: Weather, *, warm_up: int = 1) -> tuple[np.ndarray, list[float]]:
    """Return the results of buildings, and the shares at which progress was reported: none where all were known."""
    shares: list[float] = []
    return simulate(buildings, year, warm_up=warm_up, tick=shares.append), shares


@pytest.mark.parametrize("latitude", [31.0, -31.0])
def test_heat_is_rejected_in_the_summer_of_the_hemisphere(latitude: float) -> None:
    """In air that is warm in the hours told and cold in all others; of a building, all its rejected heat."""
    summer = summer_hours(energy_year()["dry_bulb"].to_numpy(), latitude)
    every = simulate(stock(), weather(), warm_up=1, tick=lambda _: None, summer=(0, 8760))[:, REJECTED]
    here = simulate(stock(), weather(), warm_up=1, tick=lambda _: None, summer=summer)[:, REJECTED]
    parts = [(first, last) for first, last in ((0, summer[1] - 8760), (summer[0], min(summer[1], 8760))) if last > 0]
    by_parts = sum(
        simulate(stock(), weather(), warm_up=1, tick=lambda _: None, summer=part)[:, REJECTED] for part in parts
    )
    np.testing.assert_allclose(here, by_parts, rtol=1e-9)
    share = here.sum() / every.sum()
    assert share > 0.6 if latitude > 0.0 else share < 0.2, "the weather is that of Shanghai"


def test_rejected_heat_is_the_mean_of_the_summer_of_the_place() -> None:
    year = energy_year()
    found = energy(BUILDINGS, latitude=-31.0)
    assert (found.heat_rejected < energy(BUILDINGS, latitude=31.0).heat_rejected).all()
    assert year["latitude"] > 0.0


def test_a_building_is_simulated_once() -> None:
    buildings, year = stock(), weather()
    before, _ = simulated(buildings, year)
    again, shares = simulated(buildings, year)
    assert not shares
    assert again.tobytes() == before.tobytes()
    leakage = buildings.plant.leakage.copy()
    second = slice(*buildings.parts.starts[1:3])
    leakage[second] *= 2.0
    leaky, shares = simulated(buildings._replace(plant=buildings.plant._replace(leakage=leakage)), year)
    assert shares == [0.0]
    assert (leaky != before).any(axis=1).tolist() == [row == 1 for row in range(len(before))]


def test_buildings_with_any_other_input_are_other_buildings() -> None:
    buildings, year = stock(), weather()
    simulated(buildings, year)
    for group in ("net", "exposure", "plant", "operation"):
        values = getattr(buildings, group)
        for name in set(values._fields) - {"kind", "system"}:
            changed = np.nan_to_num(getattr(values, name), posinf=1e9, neginf=-1e9) * 1.001 + 0.001
            if changed.size == 0:
                continue
            other = buildings._replace(
                **{group: values._replace(**{name: changed.astype(getattr(values, name).dtype)})}
            )
            assert simulated(other, year)[1] == [0.0], (group, name)
    system = factors()["heat_system"]
    for key in ("residential/heating_input/0C", "residential/cooling_input/30C", "public/heating_cycling"):
        assert simulated(stock(system=dict(system) | {key: 0.9 * system[key]}), year)[1] == [0.0], key
    kinds = buildings.plant.kind[::-1].copy()
    assert simulated(buildings._replace(plant=buildings.plant._replace(kind=kinds)), year)[1]
    for name in set(year._fields) - {"sector", "lit", "lit_start"}:
        assert simulated(buildings, year._replace(**{name: getattr(year, name) * 1.001 + 0.001}))[1] == [0.0], name
    assert simulated(buildings, year, warm_up=2)[1] == [0.0]


def test_a_leakier_home_needs_more_heat() -> None:
    """Airtightness acts in homes, whose air change rate is that of infiltration and airing together."""
    homes = row_of_buildings(("residential",) * 2, year=2024.0)
    given = factors()
    tight = {key: 1.0 if key.endswith("/airtightness") else value for key, value in given["envelope"].items()}
    leaky = {key: 6.0 if key.endswith("/airtightness") else value for key, value in given["envelope"].items()}
    usual, less, more = (
        energy(homes, envelope=rows).heating_demand.sum() for rows in (given["envelope"], tight, leaky)
    )
    assert less < 0.9 * usual < usual < 0.97 * more


def test_a_neighbour_takes_sun() -> None:
    """Thirty storeys to the south of an office: more heat, less cold, and none of it known to a building far away."""
    home = row_of_buildings(("office",), year=2008.0)
    slab = home.assign(height=96.0).set_geometry([box(-20, -50, 60, -30)]).rename(index={"b0": "slab"})
    alone, beside = energy(home), energy(pd.concat([home, slab]))
    assert beside.heating_demand["b0"] > 1.05 * alone.heating_demand["b0"]
    assert beside.cooling_demand["b0"] < 0.98 * alone.cooling_demand["b0"]
    far = slab.set_geometry([box(-20, -5050, 60, -5030)])
    assert energy(pd.concat([home, far])).heating_demand["b0"] == pytest.approx(alone.heating_demand["b0"])


def test_overhangs_and_blinds_cool_and_a_limit_is_counted() -> None:
    year, count = weather(), len(BUILDINGS)
    blinds = {"blind_irradiance": 200.0, "blind_transmittance": 0.1, "blind_reflectance": 0.6, "blind_place": "outside"}
    roofed, drawn = stock(buildings=BUILDINGS.assign(overhang_ratio=0.5)), stock(buildings=BUILDINGS.assign(**blinds))
    small = stock(limits=(np.full(count, 5.0), np.full(count, np.inf)))
    bare, over, blind, weak = (simulated(each, year)[0] for each in (stock(), roofed, drawn, small))
    assert (over[:, COOLING] < bare[:, COOLING]).all()
    assert (blind[:, COOLING] < bare[:, COOLING]).all()
    assert (over[:, HEATING] >= bare[:, HEATING] - 1e-6).all()
    assert (bare[:, UNMET_HEATING] == 0).all()
    assert weak[0, UNMET_HEATING] > 0
    assert (weak[:, HEATING] <= bare[:, HEATING] + 1e-6).all()


def test_blinds_by_the_standard() -> None:
    """EN 13363-1:2003: outside far less sun enters than inside; neither lets more in than the bare window."""
    outside, inside = (
        blind_factors(Blind(0.1, 0.6, outside=there), gain=0.6, through=0.55, u=1.2) for there in (True, False)
    )
    gains = [factor[0] * 0.55 + factor[1] * 0.05 for factor in (outside, inside)]
    flow = 1 / (1 / 1.2 + 1 / 5 + 1 / 10)
    assert gains[0] == pytest.approx(0.1 * 0.6 + 0.3 * flow / 10 + 0.1 * 0.4 * flow / 5)
    flow = 1 / (1 / 1.2 + 1 / 30)
    assert gains[1] == pytest.approx(0.6 * (1 - 0.6 * 0.6 - 0.3 * flow / 30))
    assert gains[0] < gains[1] < 0.6


def test_windows_by_facing() -> None:
    found = window_shares(pd.Series(["office", "home"]), {"office": 0.4, "home": 0.3, "home/south": 0.5})
    assert found[0] == pytest.approx([0.4] * 8)
    assert found[1] == pytest.approx([0.3, 0.3, 0.3, 0.3, 0.5, 0.3, 0.3, 0.3])
    given = factors()
    south = {**given["window_share"], "residential/south": 0.6}
    homes = row_of_buildings(("residential",))
    assert energy(homes, window_share=south).cooling_demand["b0"] > energy(homes).cooling_demand["b0"]


def test_slab_on_ground_of_the_standard() -> None:
    """EN ISO 13370:2007, eq. 2 to 4 and A.6 by hand: 20 by 20 m, walls of 0.3 m, soil 2.0 W/(m K)."""
    slab = ground_slab(np.array([400.0]), np.array([80.0]), soil=2.0, penetration=3.2, thickness=0.3, film=25.0)
    depth, width = 0.3 + 2.0 * 0.21, 10.0
    steady = 2 * 2.0 / (np.pi * width + depth) * np.log(np.pi * width / depth + 1)
    assert slab.transmittance[0] == pytest.approx(steady)
    assert slab.swing[0] == pytest.approx(0.37 * 80 * 2.0 * np.log(3.2 / depth + 1) / (steady * 400))


def test_ground_lags_the_air_and_keeps_its_mean() -> None:
    year = weather()
    assert year.ground.mean() == pytest.approx(year.air.mean())
    assert year.ground_swing.mean() == pytest.approx(0.0, abs=1e-9)
    assert year.ground_swing.max() == pytest.approx(12.0, rel=0.01)
    assert 25 < (year.ground_swing.argmax() - year.air.reshape(365, 24).mean(axis=1).argmax() * 24) / 24 < 36


def test_faces_of_a_footprint() -> None:
    frame = BUILDINGS.iloc[:3].copy()
    court = Polygon(box(0, 0, 30, 30).exterior, [box(10, 10, 20, 20).exterior])
    frame["geometry"] = [box(0, 0, 40, 10), court, MultiPolygon([box(0, 0, 10, 10), box(20, 0, 30, 10)])]
    frame["height"] = 3.0
    found = shapes(frame)
    assert found.walls[0] == pytest.approx([120, 0, 30, 0, 120, 0, 30, 0])
    assert found.walls[1] == pytest.approx([120, 0, 120, 0, 120, 0, 120, 0])
    assert found.perimeter == pytest.approx([100, 160, 80])
    assert found.footprint == pytest.approx([400, 800, 200])


def test_standards_follow_the_year() -> None:
    since = factors()["standard_since"]
    years = {1980.0: "benchmark_1980", 2005.0: "jgj134_2001", 2012.0: "jgj134_2010", 2023.0: "gb55015"}
    assert {year: standard_of("residential", "3A", year, since) for year in years} == years
    with pytest.raises(InputError, match="standard_since"):
        standard_of("residential", "1A", 1980.0, since)


def test_programmes_sum_to_one_and_unknown_uses_are_refused() -> None:
    share, conditioned = factors()["program_share"], factors()["conditioned_share"]
    for use in USES:
        assert sum(programmes(use, "3A", share, conditioned).values()) == pytest.approx(1.0)
    assert set(programmes("residential", "2B", share, conditioned)) == {"living_a", "bedroom_a", "other_a"}
    with pytest.raises(InputError, match="castle"):
        programmes("castle", "3A", share, conditioned)


def test_what_is_missing_is_named() -> None:
    with pytest.raises(InputError, match="8760"):
        energy(BUILDINGS, dry_bulb=energy_year()["dry_bulb"][:100])
    with pytest.raises(InputError, match="year_built"):
        energy(BUILDINGS.assign(year_built=[np.nan, *[2000.0] * (len(USES) - 1)]))
    with pytest.raises(InputError, match="b0"):
        energy(BUILDINGS.set_geometry([Point(0, 0), *BUILDINGS.geometry[1:]]))
    with pytest.raises(InputError, match="class_f"):
        energy(BUILDINGS.assign(envelope_standard="class_f"))


def test_no_buildings_no_energy() -> None:
    found = energy(BUILDINGS.iloc[:0])
    assert found.energy_error == 0.0
    assert found.electricity.empty


def test_figure(figure: Callable[[str], Path]) -> None:
    found = energy(BUILDINGS)
    area = BUILDINGS["floor_area"]
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained", width_ratios=[1, 1.3])
    bars = pd.DataFrame({"heat": found.heating_demand / area, "cold": found.cooling_demand / area})
    bars.index = BUILDINGS["building_use"]
    bars.plot.barh(ax=left, color=["#c0504d", "#4f81bd"], width=0.8)
    left.set_xlabel("kWh per m² floor and year")
    left.set_ylabel("")
    left.set_title("Useful heat and cold by use (made-up year, zone 3A, built 2008)", fontsize=9)
    week = slice(200 * 24, 207 * 24)
    power = hours(1)[week] / area["b1"]
    clock = np.arange(week.stop - week.start)
    right.plot(clock, power[:, 1], color="#4f81bd", label="cold")
    right.plot(clock, power[:, 2], color="#404040", label="electricity", linewidth=1)
    right.plot(
        clock, energy_year()["dry_bulb"].to_numpy()[week], color="#f79646", label="outdoor air [°C]", linewidth=1
    )
    right.set_xlabel("hour of a week in July")
    right.set_ylabel("W per m² floor")
    right.set_title("The office, hour by hour", fontsize=9)
    right.set_ylim(top=100)
    right.legend(frameon=False, fontsize=8, ncols=3, loc="upper center")
    fig.savefig(figure("lowcarbon.building_energy"), dpi=130)
    plt.close(fig)
