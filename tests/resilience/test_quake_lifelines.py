"""Earthquake screening of lifelines: chances and failures by hand on a small town, invariants; the figure."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox

from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.resilience.earthquake import GROUND_ACCELERATION
from citybraid.resilience.earthquake.quake_lifelines import QuakeLifelines, QuakeLifelinesParams, quake_lifelines
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.lifeline_town import components, exact_factors, homes

GRID = GeoBox((12, 12), Affine(100.0, 0, -100.0, 0, -100.0, 1100.0), "EPSG:4549")
SYSTEMS = ("power", "water", "gas", "telecom", "heat", "road", "health", "drainage")
HITS = ["lifeline_hit_chance", "lifeline_hit_time", "lifeline_free_time"]


def shaken(
    acceleration: float, median: dict[str, float] | None = None, buildings: gpd.GeoDataFrame | None = None, **p: Any
) -> QuakeLifelines:
    return quake_lifelines(
        ground_acceleration=xr.DataArray(np.full(GRID.shape, acceleration), dims=("y", "x")),
        components=components().drop(columns=HITS), buildings=homes() if buildings is None else buildings,
        quake_lifeline=dict.fromkeys(SYSTEMS, 0.3) | (median or {}), quake_lifeline_spread={"": 0.6},
        **exact_factors(), bed_occupancy={"": 0.8}, grid=GRID,
        p=QuakeLifelinesParams.model_validate({"runs": 100, "muster": 0.0, **p}),
    )  # fmt: skip


def test_chances_are_those_of_the_median_of_the_system() -> None:
    """Φ(ln(0.3 / 0.2) / 0.6) = Φ(0.6758) = 0.7504."""
    found = shaken(0.3, {"power": 0.2})
    assert found.quake_hit_chance["W1"] == pytest.approx(0.5)
    assert found.quake_hit_chance["E1"] == pytest.approx(0.7504, abs=1e-4)


def test_a_town_without_power_fails_as_a_whole_and_comes_back_by_hand() -> None:
    """Power fails for sure, all else never: one crew mends E0, E1 and E2 in a day each."""
    strong = dict.fromkeys(SYSTEMS, 1e6) | {"power": 1e-6}
    found = shaken(0.3, strong)
    assert found.quake_services_lost == pytest.approx(1.0)
    assert found.quake_beds_lost == pytest.approx(400.0)
    assert found.quake_recovery == 72.0
    # Of 1600 services power lacks from 0 h: 300 until 48 h, 100 until 72 h. Water (4 h of reserve) and the mast (8 h)
    # are back with E1 at 48 h; the hospital lasts 4 + 12 h and needs water, back at 48 h, and E2, back at 72 h.
    lost = 300 * 48 + 100 * 72 + 400 * (48 - 4) + 400 * (48 - 8) + 400 * (72 - 16)
    assert found.quake_recovery_loss == pytest.approx(lost / 1600)


def test_no_shaking_damages_nothing() -> None:
    found = shaken(0.0)
    assert found.quake_services_lost == found.quake_recovery == found.quake_recovery_loss == 0.0


@at_most(8)
@given(st.floats(0, 1), st.floats(0, 1))
def test_more_shaking_is_never_better(one: float, two: float) -> None:
    less, more = (shaken(each, runs=30) for each in sorted((one, two)))
    assert (more.quake_hit_chance >= less.quake_hit_chance).all()
    assert more.quake_services_lost >= less.quake_services_lost - 1e-12
    assert more.quake_beds_lost >= less.quake_beds_lost


def corners() -> list[tuple[float, float]]:
    return list(product(ends(GROUND_ACCELERATION), ends(RESIDENTS)))


@pytest.mark.parametrize(("acceleration", "people"), corners())
def test_corners(acceleration: float, people: float) -> None:
    found = shaken(acceleration, buildings=homes(people, people), runs=10)
    assert 0.0 <= found.quake_services_lost <= 1.0
    assert (found.quake_services_lost > 0.0) == bool(acceleration and people)


def test_figure(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.2, 3.6), layout="constrained")
    for acceleration, colour in ((0.1, "#009e73"), (0.2, "#0072b2"), (0.4, "#d55e00")):
        course = shaken(acceleration, runs=1000).quake_recovery_course
        axis.step(course.index / 24.0, 100 * course, where="post", color=colour, label=f"{acceleration} g")
    axis.set(xlabel="days after the earthquake", ylabel="share of all services [%]", xlim=(0, 8), ylim=(0, 102))
    axis.legend(frameon=False, loc="lower right")
    fig.savefig(figure("resilience.quake_lifelines"), dpi=110)
