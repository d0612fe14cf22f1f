"""Bridges of streets: stated in words, inferred over channels and water, never over ramps or through embankments."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from shapely.geometry import LineString

from citybraid.core.factor import resolve
from citybraid.core.streets.street_structures import stated_bridges, stated_on_ground, stated_tunnels
from citybraid.resilience.rescue.channel_spans import channel_spans
from citybraid.resilience.rescue.street_depth import StreetDepth, street_depth
from citybraid.resilience.rescue.water_bodies import CHANNEL, OPEN_WATER, WETLAND, StreetCrossings, water_bodies
from tests.resilience.canal_street import ACROSS, BED, CELL, HERE, PLAIN, X, Y, canal, ramp, street, water_at
from tests.resilience.street_town import FACTS, raster, streets

CROSSING = FACTS["street_crossing"]


def depth(terrain: xr.DataArray, level: float, table: gpd.GeoDataFrame, **more: Any) -> StreetDepth:
    """Water on streets where it stands at a level [m]."""
    water = more.pop("water", water_at(level, terrain))
    return street_depth(
        max_depth=water, final_depth=water, streets=table, grid=HERE, terrain=terrain,
        street_water_limit=resolve("street_water_limit"), flooded_road_speed=FACTS["flooded_road_speed"],
        street_crossing=CROSSING, **more,
    )  # fmt: skip


def crossings(terrain: xr.DataArray, table: gpd.GeoDataFrame, **more: Any) -> StreetCrossings:
    found = water_bodies(terrain=terrain, street_crossing=CROSSING, grid=HERE, streets=table, **more).crossings
    assert found is not None
    return found


def test_water_far_below_the_deck_of_a_canal_closes_nothing() -> None:
    found = depth(canal(), BED + 1.3, street())
    assert found.peak_street_depth.iloc[0] == 0.0
    assert found.closed_length.iloc[0] == 0.0


@pytest.mark.parametrize(("over", "closed"), [(-0.1, 0.0), (0.2, 0.0), (0.35, 400.0)])
def test_depth_on_a_deck_is_the_water_level_less_the_decks(over: float, closed: float) -> None:
    found = depth(canal(), PLAIN + over, street())
    assert found.peak_street_depth.iloc[0] == pytest.approx(max(over, 0.0))
    assert found.closed_length.iloc[0] == pytest.approx(closed)


def test_a_deck_between_abutments_of_two_levels_is_straight() -> None:
    terrain = canal() + raster(0.005 * (X - 200.0))
    water = raster(np.clip(PLAIN + 0.05 - terrain.to_numpy(), 0.0, None))
    found = depth(terrain, 0.0, street(), water=water)
    line = PLAIN + 0.05 - (PLAIN + 0.005 * (X[0] - 200.0))
    assert found.peak_street_depth.iloc[0] == pytest.approx(line.max(), abs=0.02)


def test_an_underpass_with_ramps_keeps_its_own_low_level() -> None:
    assert crossings(ramp(), street()).inferred_bridges.sum() == 0
    assert depth(ramp(), BED + 1.0, street()).peak_street_depth.iloc[0] == pytest.approx(1.0)


@pytest.mark.parametrize("word", ["是", "yes", "viaduct", "1"])
def test_bridges_in_words(word: str) -> None:
    assert stated_bridges(street(bridge=[word])).all()


def test_structure_layer_and_fords_in_words() -> None:
    assert stated_bridges(street(road_structure=["高架桥"])).all()
    assert not stated_bridges(street(road_structure=["路基"])).any()
    assert stated_tunnels(street(road_structure=["下穿通道"])).all()
    assert stated_bridges(street(street_layer=["1"])).all()
    assert stated_tunnels(street(street_layer=["-1"])).all()
    assert not stated_bridges(street(street_layer=["道路中心线"])).any()
    assert stated_on_ground(street(bridge=["low_water_crossing"])).all()
    assert not stated_bridges(street(bridge=["漫水桥"])).any()
    assert not stated_on_ground(street(bridge=[""])).any()


@pytest.mark.parametrize("word", ["no", "否", "ford"])
def test_a_street_said_not_to_be_a_bridge_is_a_ford(word: str) -> None:
    assert crossings(canal(), street(bridge=[word])).inferred_bridges.sum() == 0
    assert depth(canal(), BED + 1.3, street(bridge=[word])).peak_street_depth.iloc[0] == pytest.approx(1.3)


def test_a_stated_bridge_needs_no_channel() -> None:
    table = streets(LineString([(0, 102), (170, 102)]), LineString([(170, 102), (230, 102)]), bridge=["", "yes"])
    found = depth(canal(), BED + 1.3, table)
    assert found.peak_street_depth.iloc[1] == 0.0
    assert crossings(canal(), table).inferred_bridges.sum() == 0


def test_a_bridge_drawn_from_shore_to_shore_rests_on_the_tops_of_the_banks() -> None:
    table = streets(LineString([(186, 102), (214, 102)]), bridge=["yes"])
    assert depth(canal(), PLAIN - 0.1, table).peak_street_depth.iloc[0] == 0.0
    assert depth(canal(), PLAIN + 0.2, table).peak_street_depth.iloc[0] == pytest.approx(0.2, abs=0.02)


def test_the_middle_of_a_viaduct_of_three_lines_hangs_in_the_air() -> None:
    ends = [0, 130, 270, 400]
    table = streets(*(LineString([(a, 102), (b, 102)]) for a, b in pairwise(ends)), bridge=["yes"] * 3)
    found = depth(canal(), PLAIN + 0.5, table)
    assert found.peak_street_depth.iloc[1] == 0.0


def test_a_tunnel_counts_its_own_low_ground_but_not_the_hill_above() -> None:
    hill = raster(np.where(np.abs(X - 200.0) < 60.0, 9.0, PLAIN))
    wet = raster(np.where(np.abs(X - 200.0) < 60.0, 0.9, 0.0))
    tunnel = street(tunnel=["yes"])
    assert depth(hill, 0.0, tunnel, water=wet).peak_street_depth.iloc[0] == 0.0
    assert depth(ramp(), BED + 1.2, tunnel).closed_length.iloc[0] == pytest.approx(400.0)


def test_water_of_the_land_cover_is_bridged_without_a_channel() -> None:
    cover = raster(np.where(np.abs(X - 200.0) < 60.0, 80, 50))
    flat = raster(np.where(np.abs(X - 200.0) < 60.0, 2.8, PLAIN))
    assert crossings(flat, street(), land_cover=cover).inferred_bridges.iloc[0] == 1
    assert depth(flat, PLAIN - 0.01, street(), land_cover=cover).peak_street_depth.iloc[0] == 0.0


def test_a_channel_that_does_not_go_on_is_a_pit() -> None:
    pit = raster(np.where(np.abs(Y - 102.0) < 12.0, canal().to_numpy(), PLAIN))
    assert crossings(pit, street()).inferred_bridges.sum() == 0


def test_a_ditch_and_a_wide_valley_are_not_bridged() -> None:
    ditch = raster(np.where(np.abs(X - 200.0) < 4.0, PLAIN - 0.4, PLAIN))
    assert crossings(ditch, street()).inferred_bridges.sum() == 0
    assert crossings(canal(width=150.0), street()).inferred_bridges.sum() == 0


def test_an_embankment_across_a_channel_is_asked_about_not_opened() -> None:
    blocked = raster(np.where(np.abs(Y - 102.0) < 12.0, PLAIN + 0.2, canal().to_numpy()))
    found = crossings(blocked, street())
    assert found.inferred_bridges.iloc[0] == 0
    assert found.embanked_channels.iloc[0] == 1
    assert crossings(canal(), street()).embanked_channels.iloc[0] == 0
    assert crossings(blocked, street(bridge=["yes"])).embanked_channels.iloc[0] == 0


def test_a_width_of_nothing_infers_none() -> None:
    law = {**CROSSING, "widest": 0.0}
    assert channel_spans(canal().to_numpy()[20], CELL, cell=CELL, law=law) == []
    assert len(channel_spans(canal().to_numpy()[20], CELL, cell=CELL, law=CROSSING)) == 1


def test_a_terraced_bank_ends_at_its_upper_edge() -> None:
    ground = np.r_[[3.0] * 6, 2.0, 2.0, 1.0, [1.0] * 4, 2.0, 2.0, 3.0, [3.0] * 6]
    (span,) = channel_spans(ground, CELL, cell=CELL, law=CROSSING)
    assert (ground[span.first], ground[span.last]) == (3.0, 3.0)


def test_kinds_of_water() -> None:
    cover = np.full(HERE.shape, 51)
    cover[:, :4], cover[:, 4:8] = 80, 90
    found = water_bodies(
        terrain=canal(), street_crossing=CROSSING, grid=HERE, land_cover=raster(cover), streets=street()
    ).water_body.to_numpy()
    assert (found[:, :4] == OPEN_WATER).all()
    assert (found[:, 4:8] == WETLAND).all()
    bed = (np.abs(X - 200.0) < 15.0) & (np.abs(Y - 102.0) < 28.0)
    assert (found[bed] == CHANNEL).all()
    assert (found[np.abs(X - 200.0) > 40.0][found[np.abs(X - 200.0) > 40.0] == CHANNEL]).size == 0
    assert (found[np.abs(Y - 102.0) > 33.0] != CHANNEL).all()
    without = water_bodies(terrain=canal(), street_crossing=CROSSING, grid=HERE)
    assert without.crossings is None
    assert (without.water_body == 0).all()


def test_figure(figure: Callable[[str], Path]) -> None:
    terrain, row = canal(), 19
    found = water_bodies(terrain=terrain, street_crossing=CROSSING, grid=HERE, streets=street())
    left, right = plt.figure(figsize=(11, 4.2), layout="constrained").subplots(1, 2)
    shown = left.imshow(terrain, extent=(0, 400, 0, 200), cmap="terrain", vmin=0, vmax=5)
    left.contour(X[0], Y[:, 0], found.water_body == CHANNEL, [0.5], colors="#0b559f")
    left.plot(*ACROSS.xy, color="#333333")
    left.figure.colorbar(shown, ax=left, label="ground [m]", shrink=0.8)
    left.set(title="A street over a canal; outlined: channel under its deck", xlabel="m", ylabel="m")
    ground = terrain.to_numpy()[row]
    (span,) = channel_spans(ground, CELL, cell=CELL, law=CROSSING)
    ends = [span.first, span.last]
    right.plot(X[row], ground, color="#7a5c3a", label="ground along the street")
    right.plot(X[row][ends], ground[ends], "o-", color="#333333", label="deck between its abutments")
    right.axhline(BED + 1.3, color="#3a86c8", linestyle="--", label="water level")
    right.set(title="Depth on the deck = water level - deck level", xlabel="m", ylabel="m")
    right.legend(loc="lower left")
    plt.savefig(figure("resilience.water_bodies"), dpi=110, bbox_inches="tight")
    plt.close("all")
    assert found.crossings is not None
    assert found.crossings.inferred_bridge_length.iloc[0] == pytest.approx(50.0, abs=2 * CELL)
