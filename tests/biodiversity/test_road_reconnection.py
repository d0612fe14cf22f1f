"""Stretches of road by what they would reconnect: a row of cells by hand, ranking, bounds, the figure."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.road_reconnection import ReconnectionParams, RoadReconnection, road_reconnection
from citybraid.core.errors import InputError
from tests.examples import at_most
from tests.movement_case import CELL, COLUMNS, ROAD, ROWS, box, covers, patches, raster, resistances


def lines(severed: list[float], shapes: list[shapely.Geometry | None]) -> gpd.GeoDataFrame:
    names = [f"road-{at}" for at in range(len(severed))]
    return gpd.GeoDataFrame({"severed_current": severed}, index=names, geometry=shapes, crs="EPSG:32651")


def halves() -> gpd.GeoDataFrame:
    """Return the northern and the southern half of the road of the small plan."""
    x, middle, top = CELL * (ROAD + 0.5), CELL * ROWS / 2, CELL * ROWS
    return lines([2.0, 1.0], [shapely.LineString([(x, top), (x, middle)]), shapely.LineString([(x, middle), (x, 0)])])


def gained(
    resistance: np.ndarray, patch: np.ndarray, cover: np.ndarray, streets: gpd.GeoDataFrame, **words: Any
) -> RoadReconnection:
    return road_reconnection(
        movement_resistance=raster(resistance), habitat_patch=raster(patch), land_cover=raster(cover), streets=streets,
        grid=box(*resistance.shape), tick=lambda _: None, p=ReconnectionParams.model_validate({"edges": 5, **words}),
    )  # fmt: skip


def row_of_cells() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    resistance = np.full((3, 5), np.nan)
    resistance[1] = [1.0, 1.0, 9.0, 1.0, 1.0]
    patch = np.zeros((3, 5), np.int32)
    patch[1, 0], patch[1, 4] = 1, 2
    cover = np.full((3, 5), 30)
    cover[:, 2] = 51
    return resistance, patch, cover


def test_a_row_of_cells_by_hand() -> None:
    """Cells of 1, 1, 9, 1, 1: 1 + 5 + 5 + 1 = 12 with the road, 4 without: 1/4 over 1/12 is three times as much."""
    street = lines([1.0], [shapely.LineString([(50, 0), (50, 60)])])
    found = gained(*row_of_cells(), street)
    assert found.reconnection_gain.tolist() == pytest.approx([2.0], rel=1e-5)
    assert found.reconnection_order.tolist() == [1.0]
    assert found.reconnection_best == pytest.approx(2.0, rel=1e-5)


def test_the_half_without_a_bridge_gains_more_although_it_cuts_less_current() -> None:
    cover = covers(bridge=True)
    found = gained(resistances(cover), patches(), cover, halves())
    assert found.reconnection_order.tolist() == [2.0, 1.0]
    assert found.reconnection_gain.iloc[1] > found.reconnection_gain.iloc[0] > 0.0


def test_only_the_stretches_that_cut_most_are_tried_and_others_have_no_place() -> None:
    cover = covers(bridge=False)
    far = lines([2.0, 1.0, 0.0, 9.0], [*halves().geometry, None, shapely.LineString([(5, 900), (9, 900)])])
    found = gained(resistances(cover), patches(), cover, far, edges=1)
    assert found.reconnection_order.tolist() == [1.0, 0.0, 0.0, 0.0]
    assert found.reconnection_gain.tolist()[1:] == [0.0, 0.0, 0.0]


def test_one_patch_or_no_street_gains_nothing_and_bad_ground_is_refused() -> None:
    cover = covers()
    alone = gained(resistances(cover), patches() * (patches() == 1), cover, halves())
    assert alone.reconnection_best == 0.0
    assert gained(resistances(cover), patches(), cover, lines([], [])).reconnection_best == 0.0
    with pytest.raises(InputError, match="not above 0"):
        gained(0.0 * resistances(cover), patches(), cover, halves())


@at_most(10)
@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3))
def test_no_gain_is_below_nought_and_units_do_not_matter(seed: int, factor: float) -> None:
    draw = np.random.default_rng(seed)
    cover = covers(bridge=bool(draw.integers(2)))
    resistance = 10 ** (3 * draw.random(cover.shape))
    found = gained(resistance, patches(), cover, halves())
    assert (found.reconnection_gain >= 0.0).all()
    scaled = gained(factor * resistance, patches(), cover, halves())
    np.testing.assert_allclose(scaled.reconnection_gain, found.reconnection_gain, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("value", [1e-6, 1.0, 1e6])
def test_corners(value: float) -> None:
    even = gained(np.full((ROWS, COLUMNS), value), patches(), covers(), halves())
    assert even.reconnection_best == pytest.approx(0.0, abs=1e-5)


def golden_case() -> Mapping[str, Any]:
    cover = covers(bridge=True)
    return {
        "movement_resistance": raster(resistances(cover)), "habitat_patch": raster(patches()),
        "land_cover": raster(cover), "streets": halves(), "grid": box(), "tick": lambda _: None,
        "p": ReconnectionParams(edges=2),
    }  # fmt: skip


def test_figure(figure: Callable[[str], Path]) -> None:
    cover = covers(bridge=True)
    found, resistance = gained(resistances(cover), patches(), cover, halves()), resistances(cover)
    axes = plt.figure(figsize=(6.4, 3.2), layout="constrained").subplots()
    shown = axes.imshow(resistance, extent=(0, 280, 0, 180), norm="log", cmap="Greys")
    axes.figure.colorbar(shown, ax=axes, label="resistance [-]")
    for (name, line), colour in zip(halves().geometry.items(), ("tab:blue", "tab:red"), strict=True):
        gain = found.reconnection_gain[name]
        axes.plot(*line.xy, color=colour, lw=3, label=f"gain {gain:.0%}")
    axes.legend(loc="upper left")
    axes.set(xlabel="easting [m]", ylabel="northing [m]")
    plt.savefig(figure("biodiversity.road_reconnection"), dpi=110)
