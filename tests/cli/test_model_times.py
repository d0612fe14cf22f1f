"""citybraid model on series: 5 m³/s for ten minutes are 3 000 m³, in every unit and language of times."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from tests.cli.test_model_command import citybraid, dem
from tests.sources.planner_files import workbook

FLOOD = ("model", "resilience.flood", "--terrain", "dem.tif", "--manning", "0.03", "--duration", "900")
INFLOW = (*FLOOD, "--rain-intensity", "dry.csv", "--inflows", "source.gpkg", "--inflow-discharge")
VOLUME, DEPTH, AREA = 3000.0, 0.012, 12 * 12 * 25.0


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("时间")
    dem(folder / "dem.tif", np.full((12, 12), 10.0))
    (folder / "dry.csv").write_text("time (min),rain (mm/h)\n0,0\n10,0\n", encoding="utf-8")
    source = Point(500_000 + 5 * 5.5, 3_400_000 - 5 * 5.5)
    gpd.GeoDataFrame(geometry=[source], crs="EPSG:4549").to_file(folder / "source.gpkg", engine="pyogrio")
    return folder


def volume(folder: Path, name: str) -> float:
    return float(pd.read_csv(folder / "out" / f"{name}.csv")["value"].iloc[0])


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("分钟.csv", "分钟,流量(m3/s)\n0,5\n5,5\n10,0\n", "gbk"),
        ("seconds.csv", "seconds,Q [L/s]\n0,5000\n300,5000\n600,0\n", "utf-8"),
        ("hour.tsv", "hour (h)\tdischarge (m3/s)\n0\t5\n0.166666667\t0\n", "utf-8"),
        ("dates.csv", "日期时间,入流流量\n2026-07-01 08:00,5\n2026-07-01 08:10,0\n", "utf-8-sig"),
        ("uneven.csv", "minutes,flow (m3/s)\n0,10\n4,2\n9,2\n10,0\n12,0\n", "utf-8"),
    ],
)
def test_the_volume_of_an_inflow_is_what_the_file_says(name: str, text: str, encoding: str, desk: Path) -> None:
    expected = 10 * 240 + 2 * 360 if name == "uneven.csv" else VOLUME
    (desk / name).write_bytes(text.encode(encoding))
    done = citybraid([*INFLOW, name, "--out", "out"], desk)
    assert done.returncode == 0, done.stderr
    assert volume(desk, "inflow_volume") == pytest.approx(expected, rel=1e-6)


def test_an_inflow_from_a_workbook(desk: Path) -> None:
    workbook(desk / "流量.xlsx", {"流量": [["历时（分钟）", "流量（m3/s）"], [0, 5], [10, 0]]})
    done = citybraid([*INFLOW, "流量.xlsx", "--out", "out"], desk)
    assert done.returncode == 0, done.stderr
    assert volume(desk, "inflow_volume") == pytest.approx(VOLUME)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hour.csv", "hour,rain (mm)\n0,8\n0.1,4\n0.2,0\n"),
        ("秒.csv", "秒,降雨量(mm)\n0,8\n360,4\n720,0\n"),
        ("h.csv", "h,雨强(mm/h)\n0,80\n0.1,40\n0.2,0\n"),
    ],
)
def test_the_depth_of_a_storm_is_what_the_file_says(name: str, text: str, desk: Path) -> None:
    (desk / name).write_text(text, encoding="utf-8")
    done = citybraid([*FLOOD, "--rain-intensity", name, "--out", "out"], desk)
    assert done.returncode == 0, done.stderr
    assert volume(desk, "rain_volume") == pytest.approx(DEPTH * AREA, rel=1e-6)


@pytest.mark.parametrize("option", ["--inflow-discharge", "--rain-intensity"])
def test_a_unit_that_is_not_understood_is_refused(option: str, desk: Path) -> None:
    (desk / "weeks.csv").write_text("time (weeks),flow (mm/h)\n0,5\n10,0\n", encoding="utf-8")
    words = [*INFLOW, "weeks.csv"] if option == "--inflow-discharge" else [*FLOOD, option, "weeks.csv"]
    done = citybraid([*words, "--out", "never"], desk)
    assert done.returncode == 2
    assert "weeks" in done.stderr
    assert not (desk / "never").exists()
