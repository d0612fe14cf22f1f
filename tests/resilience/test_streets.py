"""Streets as a network, and water along them, on cases whose answer is known by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from shapely.geometry import LineString, Point

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.streets.street_network import Network, lines_of, marked, nearest, network
from citybraid.resilience.rescue.street_depth import StreetDepth, street_depth
from citybraid.resilience.rescue.street_water import closing_depth, wet_speed
from tests.resilience.street_town import FACTS, grid, raster, streets, town

LAW = FACTS["flooded_road_speed"]
HERE = grid(1000, 100)


def made(*lines: LineString, apart: bool = False, tolerance: float = 1.0) -> Network:
    table = streets(*lines)
    found, row = lines_of(table, np.ones(len(table), np.bool_))
    stops = nearest(np.array([], dtype=object), found, reach=100.0)
    return network(found, row, apart=np.full(len(found), apart), tolerance=tolerance, stops=stops)


def depths(water: np.ndarray, table: Any, **more: Any) -> StreetDepth:
    final = more.pop("final_depth", raster(np.zeros(HERE.shape)))
    return street_depth(
        max_depth=raster(water), final_depth=final, streets=table, grid=HERE,
        street_water_limit=resolve("street_water_limit"), flooded_road_speed=LAW,
        street_crossing=FACTS["street_crossing"], **more,
    )  # fmt: skip


def test_a_cross_is_four_stretches_or_two() -> None:
    across, along = LineString([(0, 50), (100, 50)]), LineString([(50, 0), (50, 100)])
    joined, apart = made(across, along), made(across, along, apart=True)
    assert (joined.line.size, joined.nodes) == (4, 5)
    assert (apart.line.size, apart.nodes) == (2, 4)


def test_vertices_that_lines_share_are_junctions_on_any_level() -> None:
    across, along = LineString([(0, 50), (50, 50), (100, 50)]), LineString([(50, 0), (50, 50), (50, 100)])
    assert made(across, along, apart=True).line.size == 4


def test_ends_that_nearly_touch_meet() -> None:
    first, second, third = [(0, 0), (100, 0)], [(100.6, 0), (200, 0)], [(50, 0.7), (50, 80)]
    lines = [LineString(points) for points in (first, second, third)]
    assert (made(*lines).line.size, made(*lines).nodes) == (4, 5)
    assert made(*lines, tolerance=0.1).nodes == 6


def test_streets_of_several_lines_keep_their_row() -> None:
    table = streets(
        None, LineString(), LineString([(0, 0), (10, 0)]).union(LineString([(20, 0), (30, 0)])), Point(1, 1)
    )
    _, row = lines_of(table, np.ones(4, np.bool_))
    assert row.tolist() == [2, 2]


def test_a_layer_without_lines_is_refused() -> None:
    with pytest.raises(InputError, match="centre lines"):
        lines_of(streets(None, Point(0, 0)), np.ones(2, np.bool_))


@pytest.mark.parametrize("word", ["yes", "viaduct", "是", "1", " T "])
def test_words_that_mark(word: str) -> None:
    table = streets(LineString([(0, 0), (9, 0)]), LineString([(0, 0), (0, 9)]), bridge=[word, "no"])
    assert marked(table, "bridge").tolist() == [True, False]
    assert not marked(table, "tunnel").any()


def test_speed_on_water() -> None:
    depth = np.array([0.0, 0.1, 0.1, 0.2999, 0.3, 2.0, np.nan])
    free = np.array([50.0, 50.0, 30.0, 50.0, 50.0, 50.0, 50.0])
    slowest = 0.0009 * 299.9**2 - 0.5529 * 299.9 + 86.9448
    np.testing.assert_allclose(wet_speed(free, depth, LAW), [50, 40.6548, 30, slowest, 0, 0, 50])


def test_the_law_falls_up_to_the_closing_depth() -> None:
    speed = wet_speed(np.full(3001, 200.0), np.linspace(0, 0.3, 3001), LAW)
    assert (np.diff(speed) <= 0).all()
    assert closing_depth(LAW) == 0.3
    lowest = 0.5529 / (2 * 0.0009)
    assert LAW["closed"] < lowest, "past its lowest point the polynomial would rise again"


@pytest.mark.parametrize("row", [{"closed": 400.0}, {"slope": 0.1}, {"closed": 0.0}, {"dry": 10.0}])
def test_a_law_that_does_not_fall_is_refused(row: dict[str, float]) -> None:
    with pytest.raises(InputError, match="flooded_road_speed"):
        closing_depth(dict(LAW) | row)


def test_lengths_under_water() -> None:
    water = np.zeros(HERE.shape)
    water[5, 20:30], water[5, 30:34] = 0.2, 0.5
    duration = np.where(water > 0.05, 1.5, 0.0)
    duration[5, 32] = 2.5
    found = depths(water, streets(LineString([(0, 45), (1000, 45)])), flood_duration=raster(duration))
    assert found.peak_street_depth.tolist() == [0.5]
    assert found.waterlogged_length.tolist() == pytest.approx([140.0])
    assert found.closed_length.tolist() == pytest.approx([40.0])
    assert found.closure_time.tolist() == [2.5]
    assert found.final_street_depth.tolist() == [0.0]


def test_bridges_and_open_water_are_dry_and_tunnels_fill_from_their_mouths() -> None:
    water = np.zeros(HERE.shape)
    water[5, :4] = 0.4
    line = LineString([(0, 45), (1000, 45)])
    plain, bridge, tunnel = (
        depths(water, streets(line, **mark)) for mark in ({}, {"bridge": ["yes"]}, {"tunnel": ["yes"]})
    )
    assert plain.closed_length.tolist() == pytest.approx([40.0])
    assert bridge.closed_length.tolist() == [0.0]
    assert tunnel.closed_length.tolist() == pytest.approx([1000.0])
    cover = np.full(HERE.shape, 51)
    cover[:, :4] = 80
    assert depths(water, streets(line), land_cover=raster(cover)).peak_street_depth.tolist() == [0.0]


def test_water_that_is_not_known() -> None:
    water = np.zeros(HERE.shape)
    water[5, 10:20], water[5, 20:30] = 0.2, np.nan  # a building stands over the street
    beside, off = LineString([(0, 45), (1000, 45)]), LineString([(0, 500), (900, 500)])
    found = depths(water, streets(beside, off))
    assert found.waterlogged_length.tolist()[0] == pytest.approx(200.0)
    assert np.isnan([values.iloc[1] for values in found]).all()
    assert np.isnan(found.closure_time.iloc[0])
    assert np.isnan(depths(np.full(HERE.shape, np.nan), streets(beside)).peak_street_depth.iloc[0])


def test_figure(figure: Callable[[str], Path]) -> None:
    place = town()
    found = street_depth(
        max_depth=place.peak, final_depth=place.final, streets=place.streets, grid=place.grid,
        street_water_limit=resolve("street_water_limit"), flooded_road_speed=LAW,
        street_crossing=FACTS["street_crossing"],
    )  # fmt: skip
    left, right = plt.figure(figsize=(11, 5)).subplots(1, 2)
    shown = left.imshow(
        np.where(place.peak > 0.02, place.peak, np.nan), extent=(0, 2000, 0, 2000), cmap="Blues", vmin=0, vmax=1.2
    )
    drawn = place.streets.assign(depth=found.peak_street_depth)
    colours = np.select([drawn["depth"] >= 0.3, drawn["depth"] > 0.15], ["#b3261e", "#e69f00"], "#8c8c8c")
    drawn.plot(ax=left, color=colours, linewidth=np.where(drawn["road_class"] == "primary", 2.0, 1.0))
    left.figure.colorbar(shown, ax=left, label="deepest water [m]", shrink=0.75)
    left.set(title="Above 0.15 m orange, closed red", xlabel="m", ylabel="m")
    depth = np.linspace(0, 0.36, 361)
    for name in ("motorway", "primary", "tertiary"):
        free = np.full(depth.size, FACTS["road_speed"][name])
        right.plot(depth * 1000, wet_speed(free, depth, LAW), label=name)
    right.plot(depth * 1000, 0.0009 * (depth * 1000) ** 2 - 0.5529 * depth * 1000 + 86.9448, "k:", label="polynomial")
    right.set(title="Speed that is left", xlabel="water [mm]", ylabel="km/h")
    right.legend()
    plt.savefig(figure("resilience.street_depth"), dpi=110, bbox_inches="tight")
    plt.close("all")
    assert 0 < found.closed_length.sum() < found.waterlogged_length.sum() < place.streets.length.sum()
    assert (found.peak_street_depth[place.streets["bridge"] == "yes"] == 0).all()


def test_the_network_of_equal_lines_is_made_once_and_cannot_be_written_to() -> None:
    cross = LineString([(0, 50), (100, 50)]), LineString([(50, 0), (50, 100)])
    first, again = made(*cross), made(*cross)
    assert again.tail is first.tail
    assert not first.tail.flags.writeable
    assert made(*cross, tolerance=2.0).tail is not first.tail
    assert made(*cross, apart=True).line.size == 2
