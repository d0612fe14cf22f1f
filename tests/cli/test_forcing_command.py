"""citybraid model on forcing: a storm that moves, sides of their own, soils by name, and clean refusals."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import xarray as xr
from shapely.geometry import Point

from tests.cli.test_model_command import FLOOD, citybraid, dem

MOVE = ("model", "resilience.moving_storm", "--rain", "storm.csv", "--grid", "dem.tif")
PATH = ("--direction", "90", "--speed", "1", "--reach", "60", "--peak-at", "middle", "--block", "20")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("桌面 文件")
    y, x = np.mgrid[0:30, 0:40]
    dem(folder / "dem.tif", 10 + 0.05 * x + 0.2 * np.cos(y / 4))
    (folder / "storm.csv").write_text("time_min,rain_mm\n0,5\n5,10\n10,2\n15,0\n", encoding="utf-8")
    (folder / "river.csv").write_text("hours,level\n0,10.1\n0.25,10.8\n0.5,10.8\n", encoding="utf-8")
    (folder / "minus.csv").write_text("time_min,rain_mm\n0,5\n5,-10\n10,2\n", encoding="utf-8")
    return folder


def test_a_moving_storm_s_field_is_what_the_flood_reads(desk: Path) -> None:
    done = citybraid([*MOVE, *PATH, "--out", "storm"], desk)
    assert done.returncode == 0, done.stderr
    with xr.open_dataset(desk / "storm" / "rain_field.nc", engine="scipy", decode_times=False) as held:
        assert held["rain_field"].dims == ("time", "y", "x")
        most = float(held["rain_field"].max())
    assert 60.0 < most <= 120.0
    done = citybraid([*FLOOD, "--areal-rain", "storm/rain_field.nc", "--duration", "1500", "--out", "flood"], desk)
    assert done.returncode == 0, done.stderr
    even = citybraid([*FLOOD, "--duration", "1500", "--out", "even"], desk)
    assert even.returncode == 0, even.stderr
    volume = [float((desk / name / "rain_volume.csv").read_text().split(",")[-2]) for name in ("flood", "even")]
    assert 0.0 < volume[0] < volume[1]


def test_gauges_rain_is_what_the_flood_reads(desk: Path) -> None:
    """Both the field and the series that one command writes are inputs of the next, as they stand."""
    spots = [Point(500_040.0, 3_399_900.0), Point(500_160.0, 3_399_900.0)]
    gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=spots, crs="EPSG:4549").to_file(desk / "gauges.gpkg")
    for name, times in (("a", 1), ("b", 3)):
        (desk / f"{name}.csv").write_text(f"time (h),rain (mm/h)\n0,{20 * times}\n0.1,{40 * times}\n0.2,0\n")
    words = ["--gauges", "gauges.gpkg", "--gauge-rain", "a=a.csv", "--gauge-rain", "b=b.csv", "--grid", "dem.tif"]
    done = citybraid(
        ["model", "resilience.gauge_rain", *words, "--method", "thiessen", "--block", "10", "--out", "gauged"], desk
    )
    assert done.returncode == 0, done.stderr
    wet = ["model", "resilience.flood", "--terrain", "dem.tif", "--manning", "0.03", "--duration", "1500"]
    wet += ["--rain-intensity", "gauged/rain_intensity.csv"]
    for more, name in (([], "mean"), (["--areal-rain", "gauged/rain_field.nc"], "areal")):
        done = citybraid([*wet, *more, "--out", name], desk)
        assert done.returncode == 0, done.stderr
    volume = [float((desk / name / "rain_volume.csv").read_text().split(",")[-2]) for name in ("mean", "areal")]
    assert volume[0] == pytest.approx(volume[1], rel=0.01)
    assert volume[0] > 0.0


def test_a_side_has_a_level_of_its_own(desk: Path) -> None:
    words = ["--side-levels", "west=river.csv", "--west", "level", "--duration", "1500", "--out", "river"]
    done = citybraid([*FLOOD, *words], desk)
    assert done.returncode == 0, done.stderr
    with rasterio.open(desk / "river" / "max_depth.tif") as source:
        depth = source.read(1)
    assert np.nanmean(depth[:, 0]) > 0.4
    assert np.nanmean(depth[:, 0]) > np.nanmean(depth[:, -1])


def test_horton_by_numbers(desk: Path) -> None:
    words = ["--horton-first-rate", "60", "--horton-last-rate", "5", "--horton-decay", "4", "--out", "horton"]
    done = citybraid([*FLOOD, *words, "--duration", "1500"], desk)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("infiltration", ["--horton-first-rate", "60", "--horton-last-rate", "5", "--horton-decay", "4",
                          "--potential-retention", "50", "--initial-abstraction", "10"]),
        ("below the last", ["--horton-first-rate", "5", "--horton-last-rate", "60", "--horton-decay", "4"]),
        ("side_level", ["--side-levels", "west=river.csv"]),
        ("has no series", ["--west", "level"]),
    ],
)  # fmt: skip
def test_refuses_in_words(said: str, words: list[str], desk: Path) -> None:
    done = citybraid([*FLOOD, *words, "--out", "never"], desk)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert not (desk / "never").exists()


def test_rain_below_zero_is_refused(desk: Path) -> None:
    words = [*FLOOD[:4], "--rain-intensity", "minus.csv", "--manning", "0.03", "--out", "never"]
    done = citybraid(words, desk)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "-10" in done.stderr
    assert not (desk / "never").exists()


def test_a_storm_s_profile_and_range_are_refused_in_words(desk: Path) -> None:
    design = ["model", "resilience.design_storm", "--return-period", "20", "--storm-duration", "240", "--out", "never"]
    done = citybraid([*design, "--region", "CN-SH"], desk)
    assert done.returncode == 2
    assert "beyond = true" in done.stderr + done.stdout
    done = citybraid([*design, "--region", "CN-JS-SZ", "--shape", "profile", "--profile", "[0.5, 0.4]"], desk)
    assert done.returncode == 2
    assert "0.9" in done.stderr + done.stdout
    done = citybraid([*design[:-1], "profile", "--region", "CN-SN-XA", "--shape", "uniform"], desk)
    assert done.returncode == 0, done.stderr
