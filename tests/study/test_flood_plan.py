"""A district's flood plan from its study file: alternatives, a portfolio of what has a price, and bands of changes."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box

from citybraid.core.errors import StudyError
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

CRS, CELL, SIDE = "EPSG:4549", 10.0, 16
WEST, NORTH = 400_000.0, 3_400_160.0
ROAD, PAVED, GRASS, ROOF = 51, 50, 30, 52
PERIODS = {"p5": 5.0, "p50": 50.0}
BUDGET = 2_000_000.0
FLOORS = [0.0, 0.05, 0.1] * 3
"""Ground floors above the street [m], as surveyed."""
STUDY = """
[study]
name = "district"
title = {{ zh = "片区", en = "District" }}
crs = "EPSG:4549"
region = "CN-SH"
year = 2025
resolution = 10
screening_resolution = 20

[files.units]
path = "社区.gpkg"
[files.parcels]
path = "地块.gpkg"
[files.buildings]
path = "建筑.gpkg"
[files.terrain]
path = "地形.tif"
[files.land_cover]
path = "地表覆盖.tif"

[[storms]]
label = "p5"
return_period = 5
[[storms]]
label = "p50"
return_period = 50

[parameters."resilience.soil"]
soil_group = "D"
[parameters."resilience.flood"]
north = "closed"
south = "closed"
east = "closed"
west = "closed"

[alternatives.as_is]
title = {{ zh = "现状", en = "As it is" }}
[alternatives.houses]
title = {{ zh = "房屋与预警", en = "Houses and warnings" }}
measures = [{{ measure = "floor_elevation", params = {{ height = 1.0 }} }}, {{ measure = "early_warning" }}]
[alternatives.chosen]
title = {{ zh = "推荐", en = "Chosen" }}
portfolio = true

[[objectives]]
id = "goal"
title = {{ zh = "目标", en = "Goal" }}
strategy = {{ zh = "策略", en = "Strategy" }}
indicator = "{indicator}"
target = 1

[budget]
total = {budget}
maximise = "goal"
pairs = false

[uncertainty]
runs = 8
draws = 64
"""


def shelled(folder: Path, *, indicator: str = "expected_annual_damage") -> Path:
    """Write a bowl of 160 m by 160 m with nine houses on its lowest ground, in two units; return the study file."""
    folder.mkdir()
    side = CELL * SIDE
    halves = [box(WEST + at * side / 2, NORTH - side, WEST + (at + 1) * side / 2, NORTH) for at in (0, 1)]
    gpd.GeoDataFrame({"社区": ["西", "东"], "常住人口": [60, 60]}, geometry=halves, crs=CRS).to_file(
        folder / "社区.gpkg"
    )
    inner = [half.buffer(-12.0, join_style="mitre") for half in halves]
    gpd.GeoDataFrame({"用地代码": ["070102", "0901"]}, geometry=inner, crs=CRS).to_file(folder / "地块.gpkg")
    houses = [box(WEST + x, NORTH - y - 12.0, WEST + x + 18.0, NORTH - y) for x in (22, 52, 102) for y in (30, 74, 114)]
    uses = {"用途": ["居住"] * 6 + ["商业"] * 3, "层数": [2] * 9, "居住人口": [20.0] * 6 + [0.0] * 3,
            "室内外高差": FLOORS}  # fmt: skip
    gpd.GeoDataFrame(uses, geometry=houses, crs=CRS).to_file(folder / "建筑.gpkg")
    row, column = np.mgrid[0:SIDE, 0:SIDE]
    away = np.hypot(row - 7.5, column - 7.5)
    cover = np.where((row + column) % 3 == 0, GRASS, PAVED)
    cover[:, 7:9] = ROAD
    profile = {"driver": "GTiff", "height": SIDE, "width": SIDE, "count": 1, "crs": CRS}
    place = from_origin(WEST, NORTH, CELL, CELL)
    for name, values, kind in (("地形.tif", 3.0 + 0.06 * away, "float32"), ("地表覆盖.tif", cover, "uint8")):
        with rasterio.open(folder / name, "w", transform=place, dtype=kind, **profile) as target:
            target.write(values.astype(kind), 1)
    path = folder / "study.toml"
    path.write_text(STUDY.format(indicator=indicator, budget=BUDGET), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_study(open_study(shelled(tmp_path_factory.mktemp("内涝 方案") / "片区")), threads=1)


def value(run: Run, alternative: str, name: str, event: str = "") -> pd.Series:
    found: pd.Series = run.value(run.layers(alternative)[name][event])
    return found


def losses(run: Run, alternative: str, name: str = "building_damage") -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([float(value(run, alternative, name, event).sum()) for event in PERIODS])


def test_rarer_storms_cost_more_and_the_average_year_is_the_area_under_the_curve(ran: Run) -> None:
    for name, annual in (("building_damage", "expected_annual_damage"), ("people_exposed", "expected_annual_exposed")):
        often, rare = losses(ran, "as_is", name)
        assert 0.0 < often < rare or name == "people_exposed"
        years = tuple(1.0 / period for period in PERIODS.values())
        area = 0.5 * often * (1.0 - years[0]) + 0.5 * (often + rare) * (years[0] - years[1]) + rare * years[1]
        assert float(value(ran, "as_is", annual).sum()) == pytest.approx(area, rel=1e-6)


def test_surveyed_floors_reach_the_damage(ran: Run) -> None:
    """From a column of the file, in metres, to the loss: none up to the floor, some above it."""
    for event in PERIODS:
        depth, damage = (value(ran, "as_is", name, event) for name in ("building_depth", "building_damage"))
        floor = value(ran, "as_is", "floor_height")
        assert floor.tolist() == FLOORS
        assert ((damage > 0.0) == (depth > floor)).all()


def test_houses_and_warnings_leave_the_water_and_lower_the_loss(ran: Run) -> None:
    for event in PERIODS:
        np.testing.assert_array_equal(value(ran, "houses", "max_depth", event), value(ran, "as_is", "max_depth", event))
    assert (losses(ran, "houses") < losses(ran, "as_is")).all()


def test_without_named_candidates_those_with_a_price_that_can_be_built_are_offered(ran: Run) -> None:
    choice = ran.choice
    assert choice is not None
    offered = {name.rpartition(".")[2] for name in choice.candidates}
    assert {"pump", "pipe_upgrade", "floor_elevation", "early_warning", "rain_garden", "storage_tank"} <= offered
    assert not offered & (set(choice.unpriced) | {"levee", "built_form"})
    assert {"property_protection", "street_trees", "envelope_retrofit"} <= set(choice.unpriced)
    assert set(choice.left_out["levee"]) == {"en", "zh"}
    assert set(choice.prices) == offered
    assert all(price.source and price.unit for price in choice.prices.values())


def test_the_portfolio_keeps_to_its_budget_and_the_engine_finds_less_damage(ran: Run) -> None:
    choice = ran.choice
    assert choice is not None
    assert 0.0 < choice.cost <= BUDGET * (1.0 + 1e-9)
    assert float(value(ran, "chosen", "expected_annual_damage").sum()) < 0.9 * float(
        value(ran, "as_is", "expected_annual_damage").sum()
    )


def test_changes_are_surer_than_what_they_change(ran: Run) -> None:
    changes, year = ran.table("uncertainty_change"), ran.table("uncertainty/as_is")
    assert changes is not None
    assert year is not None
    assert set(changes["alternative"]) == {"houses", "chosen"}
    assert (changes["lowered"] > 0.95).all()
    assert (changes["high"] < 0.0).all()
    base = year[year["event"] == ""].iloc[0]
    width = (base["high"] - base["low"]) / base["median"]
    assert (changes["share_high"] - changes["share_low"] < width).all()
    assert ran.manifest.uncertainty is not None
    assert ran.manifest.uncertainty.alternatives == ("as_is", "houses", "chosen")


def test_a_goal_that_cannot_be_computed_is_refused_before_any_measure_runs(tmp_path: Path) -> None:
    study = open_study(shelled(tmp_path / "片区", indicator="emissions_per_resident"))
    with pytest.raises(StudyError) as caught:
        run_study(study, threads=1)
    for language in ("en", "zh"):
        assert "emissions_per_resident" in caught.value.say(language)
