"""Earthquake screening: chances by hand from the published medians, more shaking never better; the figure."""

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
from shapely.geometry import box

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.resilience.earthquake import GROUND_ACCELERATION
from citybraid.resilience.earthquake.earthquake import Earthquake, EarthquakeParams, earthquake
from tests.examples import at_most
from tests.ranges import ends

GRID = GeoBox((4, 10), Affine(20.0, 0, 0.0, 0, -20.0, 80.0), "EPSG:4549")
NAMES = ("quake_extensive", "quake_complete", "quake_spread", "building_waste")


def quarter(floors: list[float], **columns: Any) -> gpd.GeoDataFrame:
    shapes = [box(20 * at + 5, 5, 20 * at + 15, 15) for at in range(len(floors))]
    table = {"floors": floors, "residents": 10.0, **columns}
    return gpd.GeoDataFrame(table, geometry=shapes, index=[f"b{at}" for at in range(len(floors))], crs=GRID.crs)


def factors() -> dict[str, Any]:
    return {name: shipped().resolve(name, region="CN", year=2025) for name in NAMES}


def shaken(acceleration: float, buildings: gpd.GeoDataFrame) -> Earthquake:
    return earthquake(
        ground_acceleration=xr.DataArray(np.full(GRID.shape, acceleration), dims=("y", "x")), buildings=buildings,
        **factors(), grid=GRID, p=EarthquakeParams(),
    )  # fmt: skip


def test_at_its_median_a_state_is_as_likely_as_not() -> None:
    """Low masonry of before 1980: extensive damage at 0.26 g, complete 0.37 g; Φ(ln(0.26 / 0.37) / 0.64) = 0.2908."""
    found = shaken(0.26, quarter([2.0], year_built=[1975.0]))
    assert found.quake_heavy_chance["b0"] == pytest.approx(0.5)
    assert found.quake_complete_chance["b0"] == pytest.approx(0.2908, abs=2e-4)
    assert found.quake_displaced["b0"] == pytest.approx(5.0)
    assert found.quake_debris["b0"] == pytest.approx(100.0 * 2.0 * 1300.0 * 0.2908, rel=1e-3)


def test_height_and_age_choose_the_row() -> None:
    buildings = quarter([3.0, 4.0, 7.0, 8.0, 6.0, 6.0, 6.0], year_built=[2010, 2010, 2010, 2010, 1985, 1990, np.nan])
    found = shaken(0.3, buildings).quake_heavy_chance
    assert found["b1"] == found["b2"] == found["b5"]
    assert found["b3"] < found["b1"] < found["b0"], "frames of more storeys have higher medians here"
    assert found["b5"] < found["b4"] < found["b6"], "an unknown year counts as the oldest"


def test_no_shaking_damages_nothing_and_off_the_grid_nothing_is_known() -> None:
    found = shaken(0.0, quarter([3.0]))
    assert found.quake_heavy_chance["b0"] == found.quake_debris["b0"] == 0.0
    away = quarter([3.0])
    away.geometry = away.geometry.translate(5000.0)
    assert shaken(0.3, away).quake_heavy_chance.isna().all()


@at_most(20)
@given(st.floats(0, 3), st.floats(0, 3), st.floats(1, 60), st.floats(1900, 2050))
def test_more_shaking_and_older_buildings_are_never_better(one: float, two: float, floors: float, year: float) -> None:
    less, more = (shaken(each, quarter([floors], year_built=[year])) for each in sorted((one, two)))
    assert more.quake_heavy_chance["b0"] >= less.quake_heavy_chance["b0"]
    assert more.quake_complete_chance["b0"] <= more.quake_heavy_chance["b0"]
    newer = shaken(max(one, two), quarter([floors], year_built=[year + 20.0]))
    assert newer.quake_heavy_chance["b0"] <= more.quake_heavy_chance["b0"]


def corners() -> list[tuple[float, float]]:
    return list(product(ends(GROUND_ACCELERATION), ends(RESIDENTS)))


@pytest.mark.parametrize(("acceleration", "people"), corners())
def test_corners(acceleration: float, people: float) -> None:
    found = shaken(acceleration, quarter([6.0], residents=[people]))
    assert 0.0 <= found.quake_displaced["b0"] <= people
    assert (found.quake_displaced["b0"] > 0.0) == bool(acceleration and people)


def test_figure(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.2, 3.6), layout="constrained")
    shaking = np.linspace(0.0, 1.0, 60)
    for floors, year, colour, label in (
        (5.0, 1975, "#d55e00", "5 storeys, 1975"), (5.0, 1985, "#e69f00", "5 storeys, 1985"),
        (5.0, 2005, "#0072b2", "5 storeys, 2005"), (18.0, 2005, "#009e73", "18 storeys, 2005"),
    ):  # fmt: skip
        chance = [shaken(float(a), quarter([floors], year_built=[year])).quake_heavy_chance["b0"] for a in shaking]
        axis.plot(shaking, 100 * np.array(chance), color=colour, label=label)
    axis.set(xlabel="peak ground acceleration [g]", ylabel="chance of heavy damage [%]", xlim=(0, 1), ylim=(0, 100))
    axis.legend(frameon=False)
    fig.savefig(figure("resilience.earthquake"), dpi=110)
