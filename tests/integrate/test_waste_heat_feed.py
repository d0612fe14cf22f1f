"""Waste heat into the heat network: which plants, how much pipe, by hand on the small plan, and bounds."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from citybraid.integrate.measures.equipment.waste_heat_feed import (
    WasteHeatFeed,
    WasteHeatFeedParams,
    waste_heat_feed,
)
from tests.integrate.plan import BUILDINGS, UNITS

NONE = float("nan")
SLAB = ["district_heat", "as_built", "as_built", "as_built", "as_built"]
"""The slab, whose middle is at (20, 11), is on the network."""


def works(*rows: tuple[float, float, float]) -> gpd.GeoDataFrame:
    """Return plants: x and waste heat [m, GJ], and the share connected already, all at y = 11."""
    return gpd.GeoDataFrame(
        {"plant_waste_heat": [row[1] for row in rows], "network_share": [row[2] for row in rows]},
        geometry=[Point(row[0], 11.0) for row in rows], index=[f"w{at}" for at in range(len(rows))], crs=UNITS.crs,
    )  # fmt: skip


def arguments(plants: gpd.GeoDataFrame, heated: list[str] | None = None, **params: Any) -> dict[str, Any]:
    return {
        "plants": plants, "buildings": BUILDINGS.assign(heating_system=heated or SLAB),
        "units": UNITS.assign(feed_pipe_length=0.0),
        "p": WasteHeatFeedParams.model_validate({"share": 1.0} | params),
    }  # fmt: skip


def piped(plants: gpd.GeoDataFrame, heated: list[str] | None = None, **params: Any) -> WasteHeatFeed:
    return waste_heat_feed(**arguments(plants, heated, **params))


FURNACE, DYER = (40.0, 300.0, 0.0), (90.0, 80.0, 0.5)


def golden_case() -> Mapping[str, Any]:
    return arguments(works(FURNACE, DYER), share=0.5)


def test_every_plant_with_waste_heat_is_connected_by_hand() -> None:
    """20 m from the furnace to the slab; 70 m from the dye works, of which half is there."""
    found = piped(works(FURNACE, DYER, (60.0, 0.0, 0.0), (60.0, NONE, 0.0)))
    assert found.network_share.to_list() == [1.0, 1.0, 0.0, 0.0]
    assert found.feed_pipe_length.to_dict() == pytest.approx({"west": 20.0, "east": 35.0})


def test_half_of_the_measure_is_half_of_what_is_lacking() -> None:
    found = piped(works(FURNACE, DYER), share=0.5)
    assert found.network_share.to_list() == [0.5, 0.75]
    assert found.feed_pipe_length.to_dict() == pytest.approx({"west": 10.0, "east": 17.5})


@pytest.mark.parametrize(
    ("heated", "params"),
    [(["as_built"] * 5, {}), (None, {"reach": 19.0}), (None, {"where": ["east"]}), (None, {"share": 0.0})],
)
def test_without_a_network_in_reach_or_outside_the_units_nothing_changes(
    heated: list[str] | None, params: dict[str, Any]
) -> None:
    found = piped(works(FURNACE), heated, **params)
    assert found.network_share.to_list() == [0.0]
    assert found.feed_pipe_length.sum() == 0.0


def test_in_the_north_buildings_as_built_are_on_the_network() -> None:
    """The shop's middle, at (35, 35), is 24.5 m from the furnace; the slab's is nearer."""
    found = piped(works(FURNACE), ["heat_pump", "as_built", "as_built", "as_built", "as_built"], as_built=True)
    assert found.feed_pipe_length["west"] == pytest.approx(np.hypot(5.0, 24.0))


share = st.floats(0, 1)


@given(share, share, st.floats(0, 1e6))
def test_two_steps_connect_what_one_of_both_shares_does(first: float, second: float, heat: float) -> None:
    once = piped(works((40.0, heat, 0.0)), share=first)
    twice = piped(works((40.0, heat, float(once.network_share["w0"]))), share=second)
    whole = piped(works((40.0, heat, 0.0)), share=1 - (1 - first) * (1 - second))
    assert twice.network_share["w0"] == pytest.approx(whole.network_share["w0"], abs=1e-12)
    assert 0.0 <= twice.network_share["w0"] <= 1.0
    laid = once.feed_pipe_length.sum() + twice.feed_pipe_length.sum()
    assert laid == pytest.approx(whole.feed_pipe_length.sum(), abs=1e-9)


def corners() -> list[tuple[float, float, float]]:
    """No waste heat and very much, none and all connected, none and all of the measure."""
    return list(itertools.product((0.0, 1e9), (0.0, 1.0), (0.0, 1.0)))


@pytest.mark.parametrize(("heat", "before", "part"), corners())
def test_corners(heat: float, before: float, part: float) -> None:
    found = piped(works((40.0, heat, before)), share=part)
    assert found.network_share["w0"] == (1.0 if heat * part > 0.0 else before)
    assert (found.feed_pipe_length.sum() > 0.0) == (heat * part > 0.0 and before < 1.0)


def test_figure(figure: Callable[[str], Path]) -> None:
    plants = works(FURNACE, (90.0, 80.0, 0.0))
    fig, axes = plt.subplots(1, 2, figsize=(7.0, 3.4), layout="constrained", sharey=True)
    for axis, reach in zip(axes, (60.0, 80.0), strict=True):
        found = piped(plants, reach=reach)
        colours = ["#b5541c" if each == "district_heat" else "0.85" for each in SLAB]
        BUILDINGS.plot(ax=axis, color=colours, edgecolor="0.5", linewidth=0.6)
        UNITS.boundary.plot(ax=axis, color="0.6", linewidth=0.6, linestyle="--")
        for name, plant in plants.geometry.items():
            axis.plot(plant.x, plant.y, "s", color="#3b7ea1")
            if found.network_share[name] > 0.0:
                axis.plot([plant.x, 20.0], [plant.y, 11.0], color="#3b7ea1", linewidth=1.2, zorder=0)
        length = found.feed_pipe_length.sum()
        axis.set(title=f"reach {reach:.0f} m: {length:.0f} m of pipe", xlabel="[m]", xlim=(0, 100), ylim=(0, 100))
    axes[0].set_ylabel("[m]")
    axes[0].annotate("on the network", (20, 17), ha="center", va="bottom", fontsize=8, color="#b5541c")
    axes[0].annotate("furnace", (40, 8), ha="left", va="top", fontsize=8, color="#3b7ea1")
    axes[0].annotate("dye works", (90, 8), ha="center", va="top", fontsize=8, color="#3b7ea1")
    fig.savefig(figure("integrate.measures.waste_heat_feed"), dpi=130)
    plt.close(fig)
