"""Flood damage to lifelines: chance, time and start of repairs by hand on a plain; the figure of the method."""

import math
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from shapely.geometry import Point

from citybraid.core.errors import InputError
from citybraid.core.vocabulary.resilience.lifelines import COMPONENT_HEIGHT
from citybraid.resilience.flood.depth_course import on_axes
from citybraid.resilience.lifelines.lifeline_flood import LifelineFlood, LifelineFloodParams, lifeline_flood
from tests.examples import at_most
from tests.ranges import ends

GRID = GeoBox((3, 4), Affine(10.0, 0, 500_000.0, 0, -10.0, 3_400_000.0), "EPSG:4549")
SPREAD = {"": 0.4}
HEIGHT = {"power": 0.5, "water": 0.8}
HOURS = np.arange(0.0, 5.0)
PEAK = [0.0, 0.4, 1.0, 0.5, 0.2]


def water(*depths: float) -> Any:
    """Return a course of uniform water [m] at each hour."""
    planes = np.array([np.full(GRID.shape, round(1000 * depth)) for depth in depths], np.int16)
    return on_axes(planes, HOURS[: len(depths)], GRID)


def plants(*systems: str, **columns: Any) -> gpd.GeoDataFrame:
    points = [Point(500_005.0 + 10 * at, 3_399_985.0) for at in range(len(systems))]
    index = [f"L{at}" for at in range(len(systems))]
    return gpd.GeoDataFrame({"lifeline_system": list(systems), **columns}, geometry=points, index=index, crs=GRID.crs)


def hit(table: gpd.GeoDataFrame, *depths: float, **p: Any) -> LifelineFlood:
    return lifeline_flood(
        depth_course=water(*depths), lifelines=table, lifeline_flood_depth=HEIGHT, lifeline_flood_spread=SPREAD,
        grid=GRID, p=LifelineFloodParams.model_validate(p),
    )  # fmt: skip


def test_the_chance_is_that_of_a_lognormal_height() -> None:
    """ln(1.0 / 0.5) / 0.4 = 1.733 standard deviations: 0.9585; at its own height of 1.0 m just a half."""
    found = hit(plants("power", "water", "power", component_height=[math.nan, math.nan, 1.0]), *PEAK)
    assert found.lifeline_depth.tolist() == [1.0, 1.0, 1.0]
    assert found.lifeline_hit_chance.tolist() == pytest.approx([0.95845, 0.71153, 0.5], abs=1e-4)
    assert found.lifeline_hit_time.tolist() == [2.0, 2.0, 2.0]


def test_crews_begin_when_the_water_lets_them() -> None:
    """Water stands above 0.3 m from 1 h to 3 h; at 4 h it is 0.2 m."""
    assert hit(plants("power"), *PEAK).lifeline_free_time.tolist() == [4.0]
    assert hit(plants("power"), *PEAK, workable=0.6).lifeline_free_time.tolist() == [3.0]
    assert hit(plants("power"), 0.0, 0.6, 0.9).lifeline_free_time.tolist() == [2.0], "the course ends first"


def test_dry_components_are_not_hit() -> None:
    found = hit(plants("power"), 0.0, 0.0)
    assert found.lifeline_hit_chance.tolist() == [0.0]
    assert found.lifeline_hit_time.isna().all()
    assert found.lifeline_free_time.isna().all()


def test_shallow_water_hits_at_its_deepest() -> None:
    found = hit(plants("power"), 0.0, 0.1, 0.3, 0.2)
    assert 0.0 < found.lifeline_hit_chance["L0"] < 0.5
    assert found.lifeline_hit_time["L0"] == 2.0


def test_parts_below_ground_are_reached_by_any_water_that_stands() -> None:
    found = hit(plants("power", component_height=[-3.0]), 0.0, 0.1)
    assert found.lifeline_hit_chance["L0"] > 0.99


def test_refuses_a_system_without_a_height() -> None:
    with pytest.raises((InputError, KeyError)):
        hit(plants("gas"), *PEAK)


@at_most(15)
@given(st.floats(0, 3), st.floats(0, 3), st.floats(0, 3))
def test_higher_parts_and_less_water_never_raise_the_chance(depth: float, one: float, two: float) -> None:
    low, high = sorted((one, two))
    found = hit(plants("power", "power", component_height=[low, high]), 0.0, depth)
    assert found.lifeline_hit_chance["L1"] <= found.lifeline_hit_chance["L0"]
    less = hit(plants("power", "power", component_height=[low, high]), 0.0, 0.5 * depth)
    assert (less.lifeline_hit_chance <= found.lifeline_hit_chance).all()


def corners() -> list[tuple[float, float]]:
    return list(product(ends(COMPONENT_HEIGHT), (0.0, 30.0)))


@pytest.mark.parametrize(("height", "depth"), corners())
def test_corners(height: float, depth: float) -> None:
    found = hit(plants("power", component_height=[height]), 0.0, depth)
    assert found.lifeline_hit_chance["L0"] == pytest.approx(float(depth > 0.0 and height <= depth), abs=0.11)


def test_figure(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.0, 3.4), layout="constrained")
    depth = np.linspace(0.0, 2.5, 60)
    for height, colour in ((0.3, "#d55e00"), (0.6, "#0072b2"), (1.2, "#009e73")):
        chance = [
            hit(plants("power", component_height=[height]), 0.0, float(each)).lifeline_hit_chance["L0"]
            for each in depth
        ]
        axis.plot(depth, 100 * np.array(chance), color=colour, label=f"parts at {height} m")
    axis.set(xlabel="greatest depth at the component [m]", ylabel="chance of damage [%]", xlim=(0, 2.5), ylim=(0, 102),
             title="Lognormal fragility to water, spread 0.4")  # fmt: skip
    axis.legend(frameon=False, loc="lower right")
    fig.savefig(figure("resilience.lifeline_flood"), dpi=110)
