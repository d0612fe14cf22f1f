"""Streets and rescue over an event's time, by hand on small networks; the figures of the pages."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle
from shapely.geometry import LineString, box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.streets.street_network import NetworkParams
from citybraid.resilience.flood.depth_course import on_axes
from citybraid.resilience.rescue.isolation_course import IsolationCourse, isolation_course
from citybraid.resilience.rescue.rescue_course import RescueCourse, rescue_course
from citybraid.resilience.rescue.street_closure import StreetClosure, street_closure
from tests.resilience.street_town import CRS, FACTS, Town, course, facilities, grid, raster, streets, town

HERE = grid(1000, 100)
LINE = LineString([(0, 45), (1000, 45)])
"""A street along row 5 of the grid HERE."""
QUARTER = 0.25
RISE = [0.0, 0.2, 0.4, 0.4, 0.2, 0.0]
"""Depth at each quarter of an hour [m]: 0.3 m is passed at 3/8 h and again at 7/8 h."""


def pond(depths: list[float], cells: slice = slice(40, 45)) -> xr.DataArray:
    """Return the course of a pond on the street's row [m]."""
    where = np.zeros(HERE.shape)
    where[5, cells] = 1.0
    return course(HERE, depths, raster(where), step=QUARTER)


def closure(water: xr.DataArray, table: gpd.GeoDataFrame) -> StreetClosure:
    return street_closure(
        depth_course=water, streets=table, street_water_limit=resolve("street_water_limit"),
        flooded_road_speed=FACTS["flooded_road_speed"], street_crossing=FACTS["street_crossing"], grid=HERE,
    )  # fmt: skip


def rescue(water: xr.DataArray, table: gpd.GeoDataFrame, stations: gpd.GeoDataFrame) -> RescueCourse:
    return rescue_course(depth_course=water, streets=table, facilities=stations, grid=HERE, p=NetworkParams(), **FACTS)


def test_a_street_closes_and_opens_where_its_depth_crosses() -> None:
    found = closure(pond(RISE), streets(LINE))
    assert found.closed_from.tolist() == pytest.approx([0.375])
    assert found.closed_until.tolist() == pytest.approx([0.875])
    assert found.closed_hours.tolist() == pytest.approx([0.5])
    assert found.closed_street_course.index.tolist() == pytest.approx([0.0, 0.25, 0.5, 0.75, 1.0, 1.25])
    assert found.closed_street_course.tolist() == pytest.approx([0, 0, 50, 50, 0, 0])
    assert found.waterlogged_street_course.tolist() == pytest.approx([0, 50, 50, 50, 50, 0])


def test_a_street_still_closed_at_the_end_has_no_time_of_opening() -> None:
    found = closure(pond([0.0, 0.6, 0.6]), streets(LINE, LineString([(0, 15), (1000, 15)])))
    assert found.closed_from.iloc[0] == pytest.approx(0.125)
    assert np.isnan(found.closed_until.iloc[0])
    assert found.closed_hours.tolist() == pytest.approx([0.375, 0.0])
    assert np.isnan([found.closed_from.iloc[1], found.closed_until.iloc[1]]).all(), "never closed"


def test_a_street_that_closes_twice_counts_both() -> None:
    found = closure(pond([0.6, 0.0, 0.6, 0.0]), streets(LINE))
    assert found.closed_from.tolist() == [0.0]
    assert found.closed_until.tolist() == pytest.approx([0.625])
    assert found.closed_hours.tolist() == pytest.approx([0.125 + 0.25])


def test_bridges_stay_open_and_streets_off_the_grid_have_no_value() -> None:
    found = closure(pond(RISE), streets(LINE, LineString([(0, 900), (900, 900)]), bridge=["yes", ""]))
    assert found.closed_hours.iloc[0] == 0.0
    assert np.isnan(found.closed_hours.iloc[1])
    assert found.closed_street_course.max() == 0.0


def test_houses_behind_the_pond_are_cut_off_while_it_is_deep() -> None:
    found = rescue(pond(RISE), streets(LINE, road_class=["primary"]), facilities(fire_station=[(0, 45)]))
    states = found.rescue_state.to_numpy()[:, 5]
    np.testing.assert_array_equal(states[:, 80], [1, 1, 3, 3, 1, 1])
    np.testing.assert_array_equal(states[:, 20], 1)
    assert found.cut_off_hours[5, 80] == pytest.approx(0.5)
    assert found.cut_off_hours[5, 20] == 0.0
    assert found.worst_fire_moment == 0.5
    assert np.isnan(found.worst_hospital_moment), "no hospital"
    assert np.isnan(found.worst_fire_time[5, 80])
    assert float(found.worst_fire_time[5, 20]) < 1.0
    reached = found.fire_coverage_course.to_numpy()
    assert reached[2] == reached[3] < reached[1] <= reached[0]
    assert found.hospital_coverage_course.isna().all(), "no hospital"


def test_shallow_water_makes_rescue_late_before_it_cuts_off() -> None:
    law, turnout = FACTS["flooded_road_speed"], FACTS["turnout_time"]["fire_station"]
    limit = FACTS["rescue_time_limit"]["fire_station"] - turnout
    speed = law["square"] * 290**2 + law["slope"] * 290 + law["dry"]
    assert 995 / (50 * 1000 / 60) < limit < 500 / (speed * 1000 / 60)
    water = pond([0.0, 0.29, 0.4], slice(20, 70))
    found = rescue(water, streets(LINE, road_class=["primary"]), facilities(fire_station=[(0, 45)]))
    np.testing.assert_array_equal(found.rescue_state.to_numpy()[:, 5, 95], [1, 2, 3])


def test_a_second_station_keeps_both_sides_reached() -> None:
    stations = facilities(fire_station=[(0, 45)], hospital=[(1000, 45)])
    found = rescue(pond(RISE), streets(LINE, road_class=["primary"]), stations)
    assert (found.rescue_state.to_numpy()[:, 5, [20, 80]] < 3).all()
    drowned = found.rescue_state.to_numpy()[:, 5, 42]
    np.testing.assert_array_equal(drowned, [1, 1, 3, 3, 1, 1])


def test_open_water_is_no_ground_to_reach() -> None:
    cover = raster(np.full(HERE.shape, 50))
    cover[5, 60:] = 80
    found = rescue_course(
        depth_course=pond(RISE), streets=streets(LINE, road_class=["primary"]),
        facilities=facilities(fire_station=[(0, 45)]), grid=HERE, p=NetworkParams(), land_cover=cover, **FACTS,
    )  # fmt: skip
    assert (found.rescue_state.to_numpy()[:, 5, 60:] == 0).all()
    assert np.isnan(found.cut_off_hours[5, 60:]).all()
    assert found.cut_off_hours[5, 50] == pytest.approx(0.5)


def test_shares_in_time_are_of_land() -> None:
    """All beyond the pond is a lake: the flood takes ten rows beside its five cells from 450 of land, not half."""
    cover = raster(np.full(HERE.shape, 50))
    cover[:, 45:] = 80
    found = rescue_course(
        depth_course=pond(RISE), streets=streets(LINE, road_class=["primary"]),
        facilities=facilities(fire_station=[(0, 45)]), grid=HERE, p=NetworkParams(), land_cover=cover, **FACTS,
    )  # fmt: skip
    wet = 1.0 - 50.0 / 450.0
    assert found.fire_coverage_course.tolist() == pytest.approx([1.0, 1.0, wet, wet, 1.0, 1.0])


def homes(*residents: float) -> gpd.GeoDataFrame:
    shapes = [box(10 * x + 2, 2, 10 * x + 8, 8) for x in range(len(residents))]
    return gpd.GeoDataFrame({"residents": list(residents)}, geometry=shapes, crs=CRS)


def people(states: list[list[int]], table: gpd.GeoDataFrame, step: float = 0.5) -> IsolationCourse:
    there = grid(10.0 * len(states), 10.0)
    over_time = np.asarray(states, np.int8).T[:, None, :]
    return isolation_course(
        buildings=table, rescue_state=on_axes(over_time, step * np.arange(len(over_time)), there), grid=there
    )


def test_people_hour_by_hour_and_person_hours() -> None:
    found = people([[1, 3, 3, 1, 3], [1, 2, 3, 1, 1], [0, 0, 0, 0, 0]], homes(10, 20, 5))
    assert found.isolated_course.tolist() == [0, 10, 30, 0, 10]
    assert found.late_course.tolist() == [0, 20, 0, 0, 0]
    assert found.isolated_at_once.tolist()[:2] == [10, 20]
    assert found.isolated_hours.tolist()[:2] == [1.0, 0.5], "two times of half an hour each; the last stands for half"
    assert found.isolated_person_hours.tolist()[:2] == [12.5, 10.0]
    for column in (found.isolated_at_once, found.isolated_hours, found.isolated_person_hours):
        assert np.isnan(column.iloc[2]), "nobody reaches it when dry"


def test_the_moment_is_that_of_most_people_then_most_late() -> None:
    found = people([[3, 3, 1], [1, 2, 3]], homes(10, 10))
    assert found.isolated_at_once.tolist() == [10, 0]


def test_without_residents_nobody_is_counted() -> None:
    found = people([[1, 3]], homes(np.nan))
    assert found.isolated_course.isna().all()
    assert np.isnan(found.isolated_person_hours.iloc[0])
    assert found.isolated_hours.tolist() == [0.25]


def test_a_course_of_another_grid_is_refused() -> None:
    with pytest.raises(InputError, match="grid"):
        closure(pond(RISE)[:, :, 1:], streets(LINE))


def test_uneven_times_are_refused() -> None:
    with pytest.raises(InputError, match="even"):
        closure(pond(RISE).isel(time=[0, 1, 3]), streets(LINE))
    with pytest.raises(InputError, match="even"):
        closure(pond([0.0]), streets(LINE))


SHARES = [0.0, 0.1, 0.35, 0.7, 1.0, 0.95, 0.8, 0.65, 0.5, 0.4, 0.3, 0.2, 0.1]
"""Depth of the hollow over two hours, of its peak."""


def flooded(place: Town) -> tuple[RescueCourse, StreetClosure, IsolationCourse]:
    """Return the town over the two hours in which its hollow fills and drains."""
    water = course(place.grid, SHARES, place.peak, step=1.0 / 6.0)
    found = rescue_course(
        depth_course=water, streets=place.streets, facilities=place.facilities, grid=place.grid, p=NetworkParams(),
        land_cover=raster(np.where(place.final >= 2.5, 80, 50)), **FACTS,
    )  # fmt: skip
    shut = street_closure(
        depth_course=water, streets=place.streets, street_water_limit=resolve("street_water_limit"),
        flooded_road_speed=FACTS["flooded_road_speed"], street_crossing=FACTS["street_crossing"], grid=place.grid,
    )  # fmt: skip
    return found, shut, isolation_course(buildings=place.buildings, rescue_state=found.rescue_state, grid=place.grid)


def test_figures(figure: Callable[[str], Path]) -> None:
    place = town()
    found, shut, isolated = flooded(place)
    _draw_closures(place, shut, figure("resilience.street_closure"))
    _draw_rescue(place, found, figure("resilience.rescue_course"))
    _draw_people(isolated, figure("resilience.isolation_course"))
    assert isolated.isolated_course.max() > isolated.late_course.max() > 0
    assert shut.closed_hours.max() > 1.0


def _draw_closures(place: Town, shut: StreetClosure, path: Path) -> None:
    left, right = plt.figure(figsize=(11, 4.6), layout="constrained").subplots(1, 2)
    table = place.streets.assign(hours=shut.closed_hours)
    table.plot(ax=left, color="#c9c5be", linewidth=0.8)
    table[table["hours"] > 0].plot(
        ax=left, column="hours", cmap="YlOrRd", vmin=0, vmax=2, linewidth=2.4, legend=True,
        legend_kwds={"label": "closed [h]", "shrink": 0.8},
    )  # fmt: skip
    left.set_aspect("equal")
    left.set_axis_off()
    left.set_title("Hours for which water closes each street", loc="left", fontsize=10)
    for name, line, colour in (
        ("waterlogged, > 150 mm", shut.waterlogged_street_course, "#7fb2d9"),
        ("closed, ≥ 300 mm", shut.closed_street_course, "#b91c1c"),
    ):
        right.plot(line.index, line / 1000, "o-", color=colour, markersize=3.5, label=name)
    right.set(xlabel="hours from the start", ylabel="streets [km]", ylim=(0, None))
    right.legend(frameon=False)
    right.spines[["top", "right"]].set_visible(False)
    plt.savefig(path, dpi=110, bbox_inches="tight")


def _draw_rescue(place: Town, found: RescueCourse, path: Path) -> None:
    canvas = plt.figure(figsize=(13, 4.3), layout="constrained")
    panels = canvas.subplots(1, 4)
    colours = ListedColormap(["#ffffff", "#dfe9d8", "#f2b968", "#b3261e"])
    for axes, at in zip(panels[:3], (1, 4, 10), strict=True):
        axes.imshow(found.rescue_state[at], cmap=colours, vmin=-0.5, vmax=3.5, extent=(0, 2000, 0, 2000))
        place.streets.plot(ax=axes, color="#6b7280", linewidth=0.4)
        place.facilities.plot(ax=axes, color="#1d4ed8", markersize=22)
        axes.set_axis_off()
        axes.set_title(f"{float(found.rescue_state['time'][at]) * 60:.0f} min", loc="left", fontsize=10)
    shown = panels[3].imshow(found.cut_off_hours, cmap="YlOrRd", vmin=0, vmax=2, extent=(0, 2000, 0, 2000))
    panels[3].set_axis_off()
    panels[3].set_title("Hours without a way for rescue", loc="left", fontsize=10)
    canvas.colorbar(shown, ax=panels[3], shrink=0.6, label="h")
    patches = [Rectangle((0, 0), 1, 1, color=colours(k)) for k in (1, 2, 3)]
    canvas.legend(patches, ["as when dry", "too late", "cut off"], loc="outside lower left", ncols=3, frameon=False)
    plt.savefig(path, dpi=100, bbox_inches="tight")


def _draw_people(isolated: IsolationCourse, path: Path) -> None:
    axes = plt.figure(figsize=(7, 3.8), layout="constrained").subplots()
    hours = isolated.isolated_course.index
    axes.stackplot(
        hours, isolated.isolated_course, isolated.late_course, colors=["#b3261e", "#f2b968"],
        labels=["cut off", "reached too late"],
    )  # fmt: skip
    axes.set(xlabel="hours from the start", ylabel="residents", xlim=(0, 2), ylim=(0, None))
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    plt.savefig(path, dpi=110, bbox_inches="tight")
