"""Events of a study: climates with whose factor they are, and rain, inflow and levels that come together."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from scipy.io import netcdf_file
from shapely.geometry import LineString, Point

from citybraid.core.errors import InputErrors
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import StudyIntake, take_in_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

WEST, NORTH, CELL = 500_000, 3_400_000, 10
SHAPE = (12, 20)
HEAD = """
factors = "own.csv"

[study]
name = "coast"
title = { zh = "海岸", en = "Coast" }
crs = "EPSG:4549"
region = "CN-JS-SZ"
year = 2025
resolution = 10
synthetic = true

[files.terrain]
path = "dem.tif"

[uniform]
manning = 0.03

[parameters."resilience.flood"]
duration = 2400
"""
OWN = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
CHANGE = f"""{OWN}rain_change,ssp245,1.15,,,,1,CN-JS,2041,2060,user,Report of the county 2024,
sea_level_rise,ssp245,0.3,,,,m,CN-JS,2050,2050,user,the same,
"""
STORM = '[[storms]]\nlabel = "rp20"\nreturn_period = 20\nduration = 60\n'


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    profile = {"driver": "GTiff", "height": SHAPE[0], "width": SHAPE[1], "count": 1, "dtype": "float32"}
    affine = from_origin(WEST, NORTH, CELL, CELL)
    with rasterio.open(tmp_path / "dem.tif", "w", crs="EPSG:4549", transform=affine, **profile) as target:
        target.write((3.0 - 0.05 * x + 0.02 * y).astype("float32"), 1)
    (tmp_path / "tide.csv").write_text("hours,潮位(m)\n0,1.5\n0.5,2.2\n1,2.4\n", encoding="utf-8")
    (tmp_path / "river.csv").write_text("hours,水位(m)\n0,3.0\n0.5,3.3\n1,3.3\n", encoding="utf-8")
    (tmp_path / "flow.csv").write_text("hours,流量(m3/s)\n0,1\n0.5,4\n1,1\n", encoding="utf-8")
    (tmp_path / "own.csv").write_text(CHANGE, encoding="utf-8")
    return tmp_path


def study(desk: Path, more: str) -> Path:
    path = desk / "study.toml"
    path.write_text(HEAD + more, encoding="utf-8")
    return path


def taken(desk: Path, more: str) -> StudyIntake:
    opened = open_study(study(desk, more))
    return take_in_study(opened, Store(desk / "store"))


def at(found: StudyIntake, name: str) -> dict[frozenset[tuple[str, str]], Any]:
    return {layer.at: layer for layer in found.place.layers.get(name, ())}


def number(desk: Path, found: StudyIntake, name: str, event: str) -> float:
    layer = at(found, name)[frozenset({("event", event)})]
    return float(Store(desk / "store").get(layer.key))


def said(told: InputErrors) -> set[str]:
    return {problem.text for problem in told.problems}


def test_a_climate_s_factor_is_the_study_s_own_row(desk: Path) -> None:
    found = taken(desk, STORM + 'climate = "ssp245"\nhorizon = 2050\n')
    assert number(desk, found, "climate_factor", "rp20") == 1.15
    (told,) = [finding for finding in found.findings if finding.text == "study.climate_factor"]
    assert told.values["source"] == "Report of the county 2024"
    assert told.values["status"] == "user"


def test_a_factor_said_at_the_storm_is_recorded_as_the_user_s(desk: Path) -> None:
    found = taken(desk, STORM + "climate_factor = 1.2\n")
    assert number(desk, found, "climate_factor", "rp20") == 1.2
    (told,) = [finding for finding in found.findings if finding.text == "study.climate_factor"]
    assert told.values["status"] == "user"


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("study.climate_half", STORM + 'climate = "ssp245"\n'),
        ("study.no_climate", STORM + 'climate = "ssp245"\nhorizon = 2090\n'),
        ("study.no_climate", STORM + 'climate = "ssp999"\nhorizon = 2050\n'),
        ("study.climate_twice", STORM + 'climate = "ssp245"\nhorizon = 2050\nclimate_factor = 1.1\n'),
        ("study.twice", STORM + '[[events]]\nlabel = "a"\nrain = "rp20"\n[[events]]\nlabel = "a"\nrain = "rp20"\n'),
        ("study.value", STORM + '[[events]]\nlabel = "a"\nrain = "rp20"\ntide_lag = 100\n'),
        ("study.unknown_word", STORM + '[[events]]\nlabel = "a"\nrain = "rp20"\ntide = 1\n'),
    ],
)
def test_refuses_when_opened(text: str, more: str, desk: Path) -> None:
    with pytest.raises(InputErrors) as told:
        open_study(study(desk, more))
    assert said(told.value) == {text}
    assert told.value.problems[0].say("zh") != told.value.problems[0].say("en")


def test_a_part_that_nothing_brings_is_refused(desk: Path) -> None:
    with pytest.raises(InputErrors) as told:
        taken(desk, STORM + '[[events]]\nlabel = "a"\nrain = "rp50"\nlevel = "spring"\n')
    assert said(told.value) == {"study.event_part"}
    assert len(told.value.problems) == 2


FILES = """
[files.tide]
role = "edge_level"
path = "tide.csv"
event = "spring"

[files.river]
role = "edge_level"
path = "river.csv"
event = "spring"
side = "west"

[files.inflow_discharge]
path = "flow.csv"
event = "flush"

[files.inflows]
path = "inflows.geojson"
"""
TOGETHER = """
[[events]]
label = "alone"
rain = "rp20"

[[events]]
label = "compound"
rain = "rp20"
inflow = "flush"
level = "spring"
tide_lag = 2
surge_height = 0.8
climate = "ssp245"
horizon = 2050
"""


def inflows(desk: Path) -> None:
    line = LineString([(WEST + 15, NORTH - 30), (WEST + 15, NORTH - 80)])
    gpd.GeoDataFrame({"id": ["in"]}, geometry=[line], crs="EPSG:4549").to_file(desk / "inflows.geojson")


def test_parts_stand_together_under_the_event_s_name(desk: Path) -> None:
    inflows(desk)
    found = taken(desk, STORM + FILES + TOGETHER)
    alone, compound = (frozenset({("event", label)}) for label in ("alone", "compound"))
    assert set(at(found, "rain_return_period")) == {alone, compound}
    assert set(at(found, "return_period")) == {alone}
    assert set(at(found, "edge_level")) == {compound}
    assert set(at(found, "inflow_discharge")) == {alone, compound}
    assert Store(desk / "store").get(at(found, "inflow_discharge")[alone].key).max() == 0.0
    assert set(at(found, "side_level")) == {frozenset({("event", "compound"), ("side", "west")})}
    assert number(desk, found, "tide_lag", "compound") == 2.0
    assert number(desk, found, "surge_height", "compound") == 0.8
    assert number(desk, found, "climate_factor", "compound") == 1.15
    assert number(desk, found, "event_sea_level_rise", "compound") == 0.3
    assert alone not in at(found, "climate_factor")


def test_a_compound_event_runs(desk: Path) -> None:
    inflows(desk)
    one = TOGETHER[TOGETHER.index('[[events]]\nlabel = "compound"') :]
    run = run_study(open_study(study(desk, 'west = "level"\neast = "level"\n' + STORM + FILES + one)), threads=1)
    assert told(run, "rain_volume")["compound"] > 0.0
    assert told(run, "inflow_volume")["compound"] > 2.0 * 2400.0 * 0.9
    assert abs(told(run, "mass_error")["compound"]) < 1e-6


def told(run: Run, name: str) -> dict[str, float]:
    """Return a number of the flood by event."""
    (alternative,) = run.alternatives
    return {dict(layer.at)["event"]: float(run.value(layer)) for layer in run.layers(alternative)[name].values()}


def test_a_radar_field_and_gauges_run(desk: Path) -> None:
    with netcdf_file(desk / "radar.nc", "w") as target:
        for name, values in (
            ("time", np.arange(3) * 15.0),
            ("y", NORTH - 40.0 * (np.arange(3) + 0.5)),
            ("x", WEST + 40.0 * (np.arange(5) + 0.5)),
        ):
            target.createDimension(name, len(values))
            target.createVariable(name, "d", (name,))[:] = values
        setattr(target.variables["time"], "units", "minutes since 2020-07-01")  # noqa: B010  (scipy has no types for it)
        target.createVariable("rain", "f", ("time", "y", "x"))[:] = np.arange(45.0).reshape(3, 3, 5)
    (desk / "gauges.csv").write_text("历时(min),A (mm),B (mm)\n0,5,0\n10,8,2\n20,0,4\n", encoding="utf-8")
    points = [Point(WEST + 20, NORTH - 20), Point(WEST + 180, NORTH - 100)]
    gpd.GeoDataFrame({"id": ["A", "B"]}, geometry=points, crs="EPSG:4549").to_file(desk / "places.geojson")
    more = """
[files.rain_field]
path = "radar.nc"
crs = "EPSG:4549"
unit = "mm/h"
event = "radar"

[files.gauge_rain]
path = "gauges.csv"
event = "gauged"

[files.gauges]
path = "places.geojson"

[parameters."resilience.gauge_rain"]
method = "thiessen"
block = 20
"""
    run = run_study(open_study(study(desk, more)), threads=1)
    rain = told(run, "rain_volume")
    hours = np.array([0.25, 0.25, 2400.0 / 3600.0 - 0.5])
    want = (np.arange(45.0).reshape(3, 15).sum(axis=1) * hours).sum() * 1e-3 * 40.0 * 40.0
    assert rain["radar"] == pytest.approx(want, rel=1e-5)
    assert 0.0 < rain["gauged"] < 13.0e-3 * SHAPE[0] * SHAPE[1] * CELL**2


def test_a_moving_storm_meets_a_tide_on_horton_s_soil(desk: Path) -> None:
    more = """
infiltration = "horton"
east = "level"

[parameters."resilience.moving_storm"]
direction = 90
speed = 1
reach = 80
peak_at = "middle"

[parameters."resilience.tide_level"]
constituents = [{ name = "M2", amplitude = 1.4, phase = 301 }]
mean_level = 0.5
span = 25
surge_rise = 3
surge_fall = 6
surge_lag = 0

[[events]]
label = "early"
rain = "rp20"
tide_lag = -3

[[events]]
label = "late"
rain = "rp20"
tide_lag = 0
surge_height = 1.0
"""
    soil = "horton_first_rate = 60\nhorton_last_rate = 5\nhorton_decay = 4\n"
    path = study(desk, more + STORM)
    path.write_text(
        path.read_text(encoding="utf-8").replace("manning = 0.03\n", "manning = 0.03\n" + soil), encoding="utf-8"
    )
    run = run_study(open_study(path), threads=1)
    rain, held, entered = (told(run, name) for name in ("rain_volume", "infiltration_volume", "inflow_volume"))
    assert rain["early"] == rain["late"]
    assert 0.0 < rain["early"] < 0.118 * SHAPE[0] * SHAPE[1] * CELL**2
    assert all(volume > 0.0 for volume in held.values())
    assert entered["late"] > 10.0 * entered["early"]
    assert {finding.text for finding in run.manifest.findings} >= {"intake.raster_read"}
