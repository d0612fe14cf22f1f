"""A coast through its study file: storms, another climate, tide, inflow, a typhoon, slides and sinking ground."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from pydantic import TypeAdapter
from rasterio.transform import from_origin
from shapely.geometry import LineString, box

from citybraid.core.catalogue import event_design
from citybraid.core.errors import InputErrors
from citybraid.core.finding import Finding
from citybraid.store.store import Store
from citybraid.study.open.event_layers import _finding, _named
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

WEST, NORTH, CELL = 610_000.0, 2_712_000.0, 20.0
ROWS, COLUMNS, COAST = 24, 36, 28
CRS = "EPSG:4548"
STUDY = """
factors = "own.csv"

[study]
name = "coast"
title = { zh = "海岸", en = "Coast" }
crs = "EPSG:4548"
region = "CN-FJ-XM"
year = 2035
resolution = 20
synthetic = true

[numbers]
high_tide = 2.5
subsidence_years = 10

[uniform]
manning = 0.03
subsidence_rate = 12

[files.terrain]
path = "dem.tif"
[files.buildings]
path = "buildings.geojson"
[files.study_area]
path = "area.geojson"
[files.meranti]
role = "typhoon_track"
path = "台风.csv"
event = "meranti"
[files.inflows]
path = "inflows.geojson"
[files.inflow_discharge]
path = "入流.csv"
event = "flush"

[parameters."resilience.flood"]
east = "sea"
duration = 5400
[parameters."resilience.tide_level"]
constituents = [{ name = "M2", amplitude = 1.5, phase = 0 }]
mean_level = 0.2
span = 25
tide_lag = 0
surge_rise = 6
surge_fall = 12
surge_lag = 0
[parameters."resilience.surge"]
seaward = 110
shelf_width = 100
shelf_depth = 30
[parameters."resilience.coastal_inundation"]
sides = ["east"]

[[storms]]
label = "rp20"
return_period = 20
duration = 60
[[storms]]
label = "rp100"
return_period = 100
duration = 60
[[storms]]
label = "rp100_2050"
return_period = 100
duration = 60
climate = "ssp245"
horizon = 2050
[[storms]]
label = "rp50"
return_period = 50
duration = 60

[[events]]
label = "together"
rain = "rp50"
inflow = "flush"
tide_lag = 0.5
surge_height = 1.0
"""
OWN = """factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note
ground_floor_height,any,0,,,,m,CN-FJ-XM,,,user,made up for this test: floors level with the ground,
storm_formula,r,0.4,,,,1,CN-FJ-XM,,,user,made up for this test,
rain_change,ssp245,1.2,,,,1,CN-FJ-XM,2041,2060,user,made up for this test,
sea_level_rise,ssp245,0.3,,,,m,CN-FJ-XM,2050,2050,user,made up for this test,
"""
STANDS = 'rain = "rp50"\n'
UNKNOWN = 'event_titles = { nowhere = { zh = "无", en = "none" } }'


def ground() -> np.ndarray:
    """A hill at the west, a plain, and a sea bed that falls to 6 m below the datum."""
    x = np.arange(COLUMNS) + 0.5
    hill, plain = 3.0 + 4.0 * (8.0 - x), 3.0 - 0.05 * (x - 8.0)
    line = np.where(x < 8.0, hill, np.where(x < COAST, plain, -(x - COAST)))
    return np.tile(line, (ROWS, 1))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("海岸")
    profile = {"driver": "GTiff", "height": ROWS, "width": COLUMNS, "count": 1, "dtype": "float32", "crs": CRS}
    with rasterio.open(folder / "dem.tif", "w", transform=from_origin(WEST, NORTH, CELL, CELL), **profile) as target:
        target.write(ground().astype("float32"), 1)
    homes = [box(WEST + 40 * k, NORTH - 220, WEST + 40 * k + 12, NORTH - 208) for k in range(5, 13)]
    gpd.GeoDataFrame({"用途": ["居住"] * 8, "层数": [3] * 8}, geometry=homes, crs=CRS).to_file(
        folder / "buildings.geojson"
    )
    whole = box(WEST, NORTH - CELL * ROWS, WEST + CELL * COLUMNS, NORTH)
    gpd.GeoDataFrame({"名称": ["片区"]}, geometry=[whole], crs=CRS).to_file(folder / "area.geojson")
    line = LineString([(WEST + 170, NORTH - 100), (WEST + 170, NORTH - 380)])
    gpd.GeoDataFrame({"id": ["in"]}, geometry=[line], crs=CRS).to_file(folder / "inflows.geojson")
    (folder / "入流.csv").write_text("历时(h),流量(m3/s)\n0,2\n0.5,6\n1,2\n", encoding="utf-8")
    (folder / "台风.csv").write_text(
        "yyyymmddhh,lat,lon,pres_hPa,wind_ms\n2016091412,23.5,119.0,935,55\n2016091418,24.3,118.4,940,52\n"
        "2016091500,25.2,117.5,990,25\n",
        encoding="utf-8",
    )
    (folder / "own.csv").write_text(OWN, encoding="utf-8")
    return folder


def run(desk: Path, text: str = STUDY) -> Run:
    path = desk / "study.toml"
    path.write_text(text, encoding="utf-8")
    return run_study(open_study(path), threads=1)


@pytest.fixture(scope="module")
def first(desk: Path) -> Run:
    return run(desk)


def by_event(run: Run, name: str) -> dict[str, Any]:
    (alternative,) = run.alternatives
    found = run.layers(alternative).get(name, {})
    return {dict(layer.at).get("event", ""): run.value(layer) for layer in found.values()}


def test_the_sea_moves_with_the_tide_and_volumes_close(first: Run) -> None:
    levels, depth, stored = (by_event(first, name) for name in ("edge_level", "final_depth", "stored_volume"))
    for event, level in levels.items():
        surface = depth[event].to_numpy()[:, COAST + 1 :] + ground()[:, COAST + 1 :]
        np.testing.assert_allclose(surface, level.iloc[-1], atol=0.08)
        assert abs(by_event(first, "mass_error")[event]) < 1e-6
        sea = CELL**2 * ROWS * (COLUMNS - COAST)
        assert by_event(first, "inflow_volume")[event] < 3.0 * sea + by_event(first, "rain_volume")[event] + 3e4
        assert stored[event] > 0.0
        assert float(by_event(first, "max_speed")[event].max()) < 4.0


def test_events_differ_as_they_should(first: Run) -> None:
    rain, levels = by_event(first, "rain_volume"), by_event(first, "edge_level")
    assert rain["rp20"] < rain["together"] < rain["rp100"] < rain["rp100_2050"]
    assert rain["rp100_2050"] == pytest.approx(1.2 * rain["rp100"], rel=1e-6)
    assert levels["rp100_2050"].max() - levels["rp100"].max() == pytest.approx(0.3, abs=1e-6)
    assert levels["together"].max() - levels["rp100"].max() > 0.8
    lasting = by_event(first, "inflow_discharge")
    assert lasting["together"].max() == 6.0
    assert lasting["rp100"].max() == 0.0


def test_an_average_year_counts_events_by_their_own_return_period(first: Run, desk: Path) -> None:
    assert by_event(first, "return_period") == {"rp20": 20.0, "rp100": 100.0}
    assert by_event(first, "rain_return_period")["together"] == 50.0
    (apart,) = by_event(first, "expected_annual_damage").values()
    findings = {finding.text for finding in first.findings}
    assert {"study.not_counted", "study.other_climate", "study.no_inflow"} <= findings
    joint = run(desk, STUDY.replace(STANDS, STANDS + "return_period = 500\n"))
    assert by_event(joint, "return_period")["together"] == 500.0
    (counted,) = by_event(joint, "expected_annual_damage").values()
    damage = {event: float(np.nansum(values)) for event, values in by_event(joint, "building_damage").items()}
    assert damage["together"] > damage["rp100"] > 0.0
    more = 0.5 * (damage["together"] - damage["rp100"]) * (1 / 100 - 1 / 500)
    more += (damage["together"] - damage["rp100"]) / 500
    assert float(np.nansum(counted)) - float(np.nansum(apart)) == pytest.approx(more, rel=1e-6)


def test_screenings_agree_with_the_physics(first: Run) -> None:
    level = by_event(first, "sea_level_peak")["meranti"]
    wind = by_event(first, "peak_wind")["meranti"]
    assert 25.0 < float(wind.max()) < 60.0
    assert 2.5 + 0.3 < level < 2.5 + 4.0
    depth = by_event(first, "coastal_depth")["meranti"].to_numpy()
    np.testing.assert_allclose(depth[:, COAST], level - ground()[:, COAST], atol=1e-5)
    assert np.nanmax(depth[:, :4]) == 0.0
    assert by_event(first, "mean_subsidence")[""] == pytest.approx(0.12)
    index = by_event(first, "slope_stability")[""].to_numpy()
    assert index[:, 20].min() > index[:, 3].max()


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("study.storm_formula_lacking", 'factors = "own.csv"', 'factors = "bare.csv"'),
        ("study.same_period", STANDS, STANDS + "return_period = 100\n"),
        ("study.event_part", 'inflow = "flush"', 'inflow = "flood"'),
        ("study.value", STANDS, STANDS + "return_period = 0\n"),
        ("study.no_such_event", 'factors = "own.csv"', f'factors = "own.csv"\n{UNKNOWN}'),
    ],
)
def test_what_cannot_be_counted_is_refused_before_the_run(desk: Path, text: str, old: str, new: str) -> None:
    (desk / "bare.csv").write_text("\n".join(line for line in OWN.splitlines() if "storm_formula" not in line))
    path = desk / "wrong.toml"
    path.write_text(STUDY.replace(old, new), encoding="utf-8")
    with pytest.raises(InputErrors) as told:
        take_in_study(open_study(path), Store(desk / ".citybraid" / "store"))
    assert text in {problem.text for problem in told.value.problems}
    assert told.value.problems[0].say("zh") != told.value.problems[0].say("en")


def test_a_tide_at_a_river_s_side_is_told(desk: Path) -> None:
    path = desk / "tide.toml"
    path.write_text(STUDY.replace('east = "sea"', 'east = "level"'), encoding="utf-8")
    found = take_in_study(open_study(path), Store(desk / ".citybraid" / "store")).findings
    assert "study.tide_at_level" in {finding.text for finding in found}


def test_events_without_a_return_period_are_told_by_name_and_number() -> None:
    """A page said "events user have no return period"."""
    kept = TypeAdapter(Finding)
    one, two = "user-defined rainfall: no return period of its own", ", 'x1' event: no return period of its own"
    for labels, told in ((["user"], one), (["user", "x1"], one.partition(":")[0] + two)):
        finding = _finding("study.not_counted", event_design().together, [*map(_named, labels)])
        for each in (finding, kept.validate_json(kept.dump_json(finding))):
            assert each.say("en").startswith(told)
            assert each.say("zh").startswith("自定义降雨")
