"""Rescue times on small networks by hand; people cut off; the figures of the pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import BoundaryNorm
from odc.geo.geobox import GeoBox
from shapely.geometry import LineString, box

from citybraid.core.errors import InputError, RangeError
from citybraid.core.streets.street_network import NetworkParams
from citybraid.resilience.rescue.flooded_access import FloodedAccess, flooded_access
from citybraid.resilience.rescue.isolated_people import IsolatedPeople, isolated_people
from citybraid.resilience.rescue.rescue_access import RescueAccess, rescue_access
from tests.resilience.street_town import CRS, DRY, FACTS, Town, facilities, grid, raster, streets, town

P = NetworkParams()
HERE = grid(1000, 100)
LINE = LineString([(0, 45), (1000, 45)])
"""A street along row 5 of the grid HERE."""
PRIMARY = 50 * 1000 / 60
"""Metres a minute on a primary street."""


def dry(table: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, there: GeoBox = HERE, **more: Any) -> RescueAccess:
    p = more.pop("p", P)
    return rescue_access(streets=table, facilities=stations, grid=there, p=p, **DRY, **more)


def wet(table: gpd.GeoDataFrame, stations: gpd.GeoDataFrame, water: np.ndarray, there: GeoBox = HERE) -> FloodedAccess:
    return flooded_access(
        max_depth=raster(water), final_depth=raster(0 * water), streets=table, facilities=stations, grid=there, p=P,
        **FACTS,
    )  # fmt: skip


def test_along_one_street() -> None:
    found = dry(streets(LINE, road_class=["primary"]), facilities(fire_station=[(0, 45)]))
    first_piece = (10 * np.arange(100) + 2.5) / PRIMARY
    np.testing.assert_allclose(found.fire_time[5], first_piece, atol=1e-6)
    yard = 20 * 1000 / 60
    np.testing.assert_allclose(found.fire_time[2], first_piece + 30 / yard, atol=1e-6)
    assert np.isnan(found.hospital_time).all()
    assert np.isnan(found.hospital_coverage).all()
    assert found.disconnected_share == 0.0


def test_from_the_middle_of_a_street_and_off_it() -> None:
    found = dry(streets(LINE, road_class=["primary"]), facilities(fire_station=[(500, 85)]))
    assert found.street_distance.tolist() == [40.0]
    leg = 40 / (20 * 1000 / 60)
    assert float(found.fire_time[5, 49]) == pytest.approx(leg + 2.5 / PRIMARY, abs=1e-6)
    assert float(found.fire_time[5, 0]) == pytest.approx(leg + 492.5 / PRIMARY, abs=1e-6)


def test_covered_is_turnout_and_drive_within_the_limit() -> None:
    there = grid(4000, 100)
    line = LineString([(0, 45), (4000, 45)])
    found = dry(streets(line, road_class=["primary"]), facilities(fire_station=[(0, 45)], hospital=[(0, 45)]), there)
    reach = (5 - 1) * PRIMARY
    assert found.fire_coverage[5].sum() == np.ceil((reach - 2.5) / 10)
    assert found.hospital_coverage[5].all(), "7 minutes take an ambulance 5.8 km far"


def test_a_lattice_is_driven_in_right_angles() -> None:
    there = grid(500, 500)
    ways = [LineString([(100 * k + 5, 5), (100 * k + 5, 405)]) for k in range(5)]
    ways += [LineString([(5, 100 * k + 5), (405, 100 * k + 5)]) for k in range(5)]
    found = dry(streets(*ways, road_class=["primary"] * 10), facilities(hospital=[(5, 5)]), there)
    up, right = np.meshgrid(np.arange(5) * 100, np.arange(5) * 100, indexing="ij")
    at = found.hospital_time.to_numpy()[::-1][:: 100 // 10, :: 100 // 10]
    np.testing.assert_allclose(at, (up + right) / PRIMARY, atol=2.51 / PRIMARY)


def test_own_speed_wins_and_paths_carry_no_vehicle() -> None:
    stations = facilities(fire_station=[(0, 45)])
    slow = dry(streets(LINE, road_class=["primary"], speed_limit=[10.0]), stations)
    other = dry(streets(LINE, road_class=["primary"], speed_limit=[np.nan]), stations)
    assert float(slow.fire_time[5, 99]) == pytest.approx(5 * float(other.fire_time[5, 99]), rel=1e-6)
    assert float(dry(streets(LINE), stations).fire_time[5, 0]) == pytest.approx(2.5 / 500, abs=1e-6)
    with pytest.raises(InputError, match="centre lines"):
        dry(streets(LINE, road_class=["path"], speed_limit=[30.0]), stations)
    with pytest.raises(RangeError):
        dry(streets(LINE, speed_limit=[0.0]), stations)


@pytest.mark.parametrize(("word", "open_"), [("yes", True), ("-1", False), ("no", True), ("", True)])
def test_one_way(word: str, *, open_: bool) -> None:
    found = dry(streets(LINE, one_way=[word]), facilities(fire_station=[(0, 45)]))
    assert np.isfinite(found.fire_time[5]).all() == open_
    back = dry(streets(LINE, one_way=[word]), facilities(fire_station=[(1000, 45)]))
    assert np.isfinite(back.fire_time[5]).all() == (word != "yes")


def test_a_closed_place_cuts_the_street_there_and_nowhere_else() -> None:
    water = np.zeros(HERE.shape)
    water[5, 50] = 0.4
    found = wet(streets(LINE, road_class=["primary"]), facilities(fire_station=[(0, 45)]), water)
    time = found.peak_fire_time.to_numpy()
    np.testing.assert_allclose(time[5, :50], (10 * np.arange(50) + 2.5) / PRIMARY, atol=1e-6)
    assert np.isnan(time[:, 50:]).all()
    assert np.isfinite(found.after_fire_time).all()
    assert found.peak_fire_coverage.sum() < found.after_fire_coverage.sum()


def test_water_slows_by_the_law() -> None:
    water = np.zeros(HERE.shape)
    water[5, 50:60] = 0.1
    found = wet(streets(LINE, road_class=["primary"]), facilities(fire_station=[(0, 45)]), water)
    passed = 900 / PRIMARY + 100 / (40.6548 * 1000 / 60)
    assert float(found.peak_fire_time[5, 99]) == pytest.approx(passed - 7.5 / PRIMARY, abs=1e-6)


def test_round_the_block_when_the_short_way_is_closed() -> None:
    there = grid(310, 310)
    corners = [(5, 5), (305, 5), (305, 305), (5, 305), (5, 5)]
    sides = [LineString(corners[k : k + 2]) for k in range(4)]
    water = np.zeros(there.shape)
    water[30, 15] = 1.0
    table, stations = streets(*sides, road_class=["primary"] * 4), facilities(hospital=[(5, 5)])
    assert float(dry(table, stations, there).hospital_time[30, 30]) == pytest.approx(295 / PRIMARY, abs=6 / PRIMARY)
    found = wet(table, stations, water, there)
    assert float(found.peak_hospital_time[30, 30]) == pytest.approx(900 / PRIMARY, abs=6 / PRIMARY)


def test_a_station_under_water_serves_nobody() -> None:
    found = wet(streets(LINE), facilities(fire_station=[(500, 45)]), np.full(HERE.shape, 0.5))
    assert np.isnan(found.peak_fire_time).all()
    assert (found.peak_fire_coverage == 0).all()


def test_a_bridge_is_no_junction_and_stays_open() -> None:
    there = grid(1000, 1000)
    over, under = LineString([(0, 505), (995, 505)]), LineString([(505, 0), (505, 1000)])
    water = np.full(there.shape, 1.0)
    stations = facilities(fire_station=[(0, 505)])
    found = wet(streets(over, under, bridge=["yes", ""]), stations, water, there)
    assert np.isnan(found.peak_fire_time).all(), "the street below is closed, and nobody fronts a bridge"
    ramp = streets(over, under, LineString([(995, 505), (995, 900)]), bridge=["yes", "", ""])
    water[:, 95:] = 0.0
    found = wet(ramp, stations, water, there)
    assert np.isfinite(found.peak_fire_time[20:40, 99]).all()
    assert np.isnan(found.peak_fire_time[:, 50]).all()


def test_cells_in_deep_water_off_the_street() -> None:
    water = np.zeros(HERE.shape)
    water[0] = 0.6
    found = wet(streets(LINE), facilities(fire_station=[(0, 45)]), water)
    assert np.isnan(found.peak_fire_time[0]).all()
    assert np.isfinite(found.peak_fire_time[1]).all()


def test_unknown_water_is_dry_and_the_rim_has_no_value() -> None:
    water = np.full(HERE.shape, np.nan)
    table, stations = streets(LINE), facilities(fire_station=[(0, 45)])
    np.testing.assert_array_equal(wet(table, stations, water).peak_fire_time, dry(table, stations).fire_time)
    terrain = np.zeros(HERE.shape)
    terrain[:, :10] = np.nan
    found = dry(table, stations, terrain=raster(terrain))
    assert np.isnan(found.fire_coverage[:, :10]).all()
    assert np.isfinite(found.fire_coverage[:, 10:]).all()


def test_facilities_out_of_reach_or_of_no_kind() -> None:
    table = streets(LINE, LineString([(0, 95), (50, 95)]))
    found = dry(table, facilities(fire_station=[(0, 45), (5000, 5000)]))
    assert found.street_distance.tolist()[0] == 0.0
    assert np.isnan(found.street_distance.tolist()[1])
    assert found.disconnected_share == pytest.approx(50 / 1050)
    with pytest.raises(InputError, match="coordinates"):
        dry(table, facilities(fire_station=[(5000, 5000)]))
    with pytest.raises(InputError, match="facility_kind"):
        dry(table, facilities(fire_station=[(0, 45)]).assign(facility_kind=""))
    shelter = dry(table, facilities(shelter=[(5000, 5000)]))
    assert np.isnan(shelter.fire_coverage).all(), "no vehicle starts from a shelter"
    with pytest.raises(InputError, match="centre lines"):
        dry(streets(None), facilities(fire_station=[(0, 45)]))


def cut_off(place: Town) -> IsolatedPeople:
    before = dry(place.streets, place.facilities, place.grid)
    peak = flooded_access(
        max_depth=place.peak, final_depth=place.final, streets=place.streets, facilities=place.facilities,
        grid=place.grid, p=P, **FACTS,
    )  # fmt: skip
    names = {
        "hospital_time", "fire_time", "hospital_coverage", "fire_coverage", "peak_hospital_time", "peak_fire_time",
        "peak_hospital_coverage", "peak_fire_coverage", "after_hospital_time", "after_fire_time",
    }  # fmt: skip
    found = {name: value for name, value in (before._asdict() | peak._asdict()).items() if name in names}
    return isolated_people(buildings=place.buildings, grid=place.grid, **found)


def test_people_behind_the_water() -> None:
    there = grid(4000, 100)
    line = LineString([(0, 45), (3000, 45)])
    water = np.zeros(there.shape)
    water[:, 100:102], water[:, 50:70] = 0.5, 0.25
    water[:, 60] = 0.0
    houses = [box(x, 60, x + 10, 70) for x in (200, 900, 1500, 3900, 9000)]
    buildings = gpd.GeoDataFrame({"residents": [10.0, 20.0, 40.0, 80.0, 160.0]}, geometry=houses, crs=CRS)
    place = Town(
        there, streets(line, road_class=["primary"]), facilities(fire_station=[(0, 45)]), buildings,
        raster(water), raster(0 * water),
    )  # fmt: skip
    found = cut_off(place)
    nowhere = np.nan
    assert found.isolated_people.tolist() == pytest.approx([0, 0, 40, nowhere, nowhere], nan_ok=True)
    assert found.late_people.tolist() == pytest.approx([0, 0, 40, nowhere, nowhere], nan_ok=True)
    assert found.after_isolated_people.tolist() == pytest.approx([0, 0, 0, nowhere, nowhere], nan_ok=True)
    water[:, 70:75] = 0.28
    slow = cut_off(place._replace(peak=raster(water)))
    assert slow.isolated_people.tolist()[:3] == [0, 0, 40]
    assert slow.late_people.tolist()[:3] == [0, 20, 40]


def shown(axes: Any, place: Town, time: Any, kind: str, title: str) -> Any:
    bounds = [0, 1, 2, 3, 4, 6, 8, 12]
    colours = plt.get_cmap("YlOrRd", len(bounds))
    extent = (0, 2000, 0, 2000)
    found = axes.imshow(time, extent=extent, cmap=colours, norm=BoundaryNorm(bounds, len(bounds), extend="max"))
    if "dry" not in title:
        axes.contour(np.asarray(place.peak)[::-1] >= 0.3, levels=[0.5], extent=extent, colors="#0072b2", linewidths=1)
    place.streets.plot(ax=axes, color="black", linewidth=np.where(place.streets["road_class"] == "primary", 0.9, 0.2))
    place.facilities[place.facilities["facility_kind"] == kind].plot(
        ax=axes, color="#0072b2", marker="*", markersize=90
    )
    axes.set(title=title, xlim=(0, 2000), ylim=(0, 2000), xticks=[], yticks=[], xlabel="", ylabel="")
    return found


def test_figure_dry(figure: Callable[[str], Path]) -> None:
    place = town()
    found = dry(place.streets, place.facilities, place.grid)
    canvas = plt.figure(figsize=(11, 5))
    left, right = canvas.subplots(1, 2)
    shown(left, place, found.fire_time, "fire_station", "Fire engines, dry")
    bar = shown(right, place, found.hospital_time, "hospital", "Ambulances, dry")
    canvas.colorbar(bar, ax=[left, right], label="drive [min]")
    plt.savefig(figure("resilience.rescue_access"), dpi=110, bbox_inches="tight")
    plt.close("all")
    assert np.isfinite(found.fire_time).mean() > 0.99
    assert float(found.fire_time.min()) < 0.2


def test_figure_flooded(figure: Callable[[str], Path]) -> None:
    place = town()
    before = dry(place.streets, place.facilities, place.grid)
    found = flooded_access(
        max_depth=place.peak, final_depth=place.final, streets=place.streets, facilities=place.facilities,
        grid=place.grid, p=P, **FACTS,
    )  # fmt: skip
    canvas = plt.figure(figsize=(14, 8.4))
    axes = canvas.subplots(2, 3)
    rows = {"fire": ("fire_station", "Fire engines"), "hospital": ("hospital", "Ambulances")}
    for line, (name, (kind, said)) in zip(axes, rows.items(), strict=True):
        states = (
            getattr(before, f"{name}_time"),
            getattr(found, f"peak_{name}_time"),
            getattr(found, f"after_{name}_time"),
        )
        for ax, time, state in zip(line, states, ("before", "peak", "after"), strict=True):
            bar = shown(ax, place, time, kind, f"{said}, {state}")
    canvas.colorbar(bar, ax=axes, label="drive [min]; white: no way; blue: 0.3 m deep at the peak")
    plt.savefig(figure("resilience.flooded_access"), dpi=90, bbox_inches="tight")
    plt.close("all")
    open_ = np.isfinite(found.peak_fire_time)
    assert open_.sum() < np.isfinite(before.fire_time).sum()
    assert (found.peak_fire_time >= before.fire_time).where(open_, other=True).all()


def test_figure_isolated(figure: Callable[[str], Path]) -> None:
    place = town()
    found = cut_off(place)
    axes = plt.figure(figsize=(6.4, 6)).subplots()
    axes.imshow(np.where(place.peak > 0.3, 1.0, np.nan), extent=(0, 2000, 0, 2000), cmap="Blues", vmin=0, vmax=2)
    place.streets.plot(ax=axes, color="#8c8c8c", linewidth=0.5)
    colour = np.select([found.isolated_people > 0, found.late_people > 0], ["#b3261e", "#e69f00"], "#d0d0d0")
    place.buildings.plot(ax=axes, color=colour)
    place.facilities.plot(ax=axes, color="#0072b2", marker="*", markersize=90)
    isolated, late = found.isolated_people.sum(), found.late_people.sum()
    axes.set(title=f"At the peak: {isolated:.0f} people cut off (red), {late:.0f} too late (also orange)", xlabel="m")
    plt.savefig(figure("resilience.isolated_people"), dpi=110, bbox_inches="tight")
    plt.close("all")
    assert 0 < isolated <= late < place.buildings["residents"].sum()
    assert found.after_isolated_people.sum() < isolated
