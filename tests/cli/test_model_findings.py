"""citybraid model tells what intake finds in its files, keeps it in the provenance, and refuses it with --strict."""

import json
import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box

from tests.cli.test_model_command import citybraid, dem

FLOOD = ("model", "resilience.flood", "--rain-intensity", "storm.csv", "--duration", "900")
HOLE, PIT = 9, 60


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("发现")
    y, x = np.mgrid[0:30, 0:40]
    ground = 10 + 0.05 * x + 0.2 * np.cos(y / 4)
    dem(folder / "sound.tif", ground)
    ground[10:13, 10:13] = -9999.0
    ground[0:6, 30:40] = -600.0
    dem(folder / "dem.tif", ground)
    (folder / "storm.csv").write_text("time_min,rain_mm\n0,5\n5,10\n10,0\n", encoding="utf-8")
    return folder


def provenance(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    return content


def test_holes_and_values_beyond_the_range_are_told_and_kept(desk: Path) -> None:
    done = citybraid([*FLOOD, "--terrain", "dem.tif", "--manning", "0.03", "--out", "told"], desk)
    assert done.returncode == 0, done.stderr
    assert f"{HOLE} cells in 1 small hole" in done.stderr
    assert f"{PIT} pixels of 'dem.tif' lie outside −500 to 9000 m" in done.stderr
    assert "已按距离由边缘插补" in done.stderr
    kept = {(each["kind"], each["text"]) for each in provenance(desk / "told")["findings"]}
    assert {("guessed", "intake.holes_filled"), ("found", "intake.storm_read")} <= kept
    assert provenance(desk / "told")["problems"][0]["mended"]


def test_one_language_and_nothing_but_what_matters(desk: Path) -> None:
    words = ["--terrain", "dem.tif", "--manning", "0.03", "--out", "quiet", "--lang", "zh", "--quiet"]
    done = citybraid([*FLOOD, *words], desk)
    assert done.returncode == 0, done.stderr
    assert "插补" in done.stderr
    assert "small holes" not in done.stderr
    assert "暴雨" not in done.stderr, "a file that is read as it is"


def test_strict_makes_them_errors_and_sound_files_pass(desk: Path) -> None:
    done = citybraid([*FLOOD, "--terrain", "dem.tif", "--manning", "0.03", "--out", "never", "--strict"], desk)
    assert done.returncode == 2
    assert f"{HOLE} cells" in done.stderr
    assert not (desk / "never").exists()
    done = citybraid([*FLOOD, "--terrain", "sound.tif", "--manning", "0.03", "--out", "sound", "--strict"], desk)
    assert done.returncode == 0, done.stderr


def test_columns_that_no_one_uses_are_told(desk: Path) -> None:
    shapes = [box(500_010, 3_399_900, 500_020, 3_399_910), box(500_040, 3_399_900, 500_060, 3_399_920)]
    homes = gpd.GeoDataFrame(
        {"层数": [3, 6], "year_built": [1990, 2005], "颜色": ["红", "白"]}, geometry=shapes, crs=4549
    )
    homes.to_file(desk / "房屋.gpkg", engine="pyogrio")
    words = ["integrate.bridges.floor_area", "--buildings", "房屋.gpkg", "--crs", "EPSG:4549", "--out", "area"]
    done = citybraid(["model", *words], desk)
    assert done.returncode == 0, done.stderr
    assert "颜色" in done.stderr
    assert "columns that this model does not use: Year of completion" in done.stderr


@pytest.mark.slow
def test_two_different_runs_never_look_alike(desk: Path) -> None:
    """Numbers, series and fields are part of the provenance, and so is what the run did and where."""

    def asked(name: str) -> dict[str, Any]:
        content = provenance(desk / name)
        return {each: content[each] for each in ("model", "version", "inputs", "parameters", "factors", "crs", "cell")}

    shutil.copy(desk / "storm.csv", desk / "other.csv")
    (desk / "other.csv").write_text("time_min,rain_mm\n0,5\n5,11\n10,0\n", encoding="utf-8")
    (desk / "low.csv").write_text("hours,level (m)\n0,9\n1,9\n", encoding="utf-8")
    (desk / "high.csv").write_text("hours,level (m)\n0,9.5\n1,9.5\n", encoding="utf-8")
    runs = {
        "a": ["--manning", "0.03"], "b": ["--manning", "0.02"],
        "c": ["--manning", "0.03", "--edge-level", "low.csv", "--west", "level"],
        "d": ["--manning", "0.03", "--edge-level", "high.csv", "--west", "level"],
        "e": ["--manning", "0.03", "--side-levels", "west=low.csv", "--west", "level"],
    }  # fmt: skip
    for name, words in runs.items():
        done = citybraid([*FLOOD, "--terrain", "sound.tif", *words, "--out", name], desk)
        assert done.returncode == 0, done.stderr
    texts = [json.dumps(asked(name), sort_keys=True) for name in runs]
    assert len(set(texts)) == len(texts)
    run = provenance(desk / "a")["run"]
    assert run["steps"] > 90, "steps of at most 10 s in 900 s"
    assert run["cell_updates"] > run["steps"]
    assert run["threads"] >= 1
    assert {"system", "architecture", "processors"} <= run["machine"].keys()
    assert provenance(desk / "a")["inputs"]["manning"] == {"number": 0.03, "unit": "s m-1/3"}


@pytest.mark.parametrize(
    ("crs", "corner", "words", "said"),
    [
        ("EPSG:32633", (460_000, 5_548_000), (), "lie in region CZ"),
        ("EPSG:4549", (500_000, 3_400_000), (), ""),
        ("EPSG:4549", (500_000, 3_400_000), ("--region", "CZ"), "lie in region CZ"),
        ("EPSG:32624", (500_000, 2_500_000), (), "nothing tells whether the files lie there"),
    ],
    ids=["abroad", "at home", "region stated", "nowhere"],
)
def test_factors_of_another_country_are_told(
    crs: str, corner: tuple[float, float], words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    profile = {"driver": "GTiff", "height": 9, "width": 9, "count": 1, "dtype": "uint8", "crs": crs, "nodata": 0}
    with rasterio.open(tmp_path / "cover.tif", "w", transform=from_origin(*corner, 10, 10), **profile) as target:
        target.write(np.full((9, 9), 30, np.uint8), 1)
    run = ("model", "biodiversity.habitat_suitability", "--land-cover", "cover.tif", "--out", "out", *words)
    done = citybraid([*run, "--lang", "en"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert ("standards or surveys of CN" in done.stderr) == bool(said)
    assert said in done.stderr
    kept = [each["kind"] for each in provenance(tmp_path / "out")["findings"] if "foreign" in each["text"]]
    assert kept == ["warning"] * bool(said)


def test_a_raster_of_wider_cells_is_brought_to_the_grid_and_said(desk: Path) -> None:
    profile = {"driver": "GTiff", "height": 8, "width": 10, "count": 1, "dtype": "float32", "crs": "EPSG:4549"}
    with rasterio.open(desk / "wide.tif", "w", transform=from_origin(500_000, 3_400_000, 20, 20), **profile) as target:
        target.write(np.full((8, 10), 0.03, "float32"), 1)
    out: dict[str, np.ndarray] = {}
    for name, manning in (("one", "0.03"), ("wide", "wide.tif")):
        done = citybraid([*FLOOD, "--terrain", "sound.tif", "--manning", manning, "--out", name], desk)
        assert done.returncode == 0, done.stderr
        with rasterio.open(desk / name / "max_depth.tif") as source:
            out[name] = source.read(1)
    assert "'wide.tif' has cells of 20 m and was brought to the run's 5 m" in done.stderr
    assert np.allclose(out["one"], out["wide"], atol=1e-6, equal_nan=True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--manning", "abc"), "--manning: 'abc' is no file that is there"),
        (("--manning", "nan"), "--manning: 'nan' is no number to compute with"),
        (("--manning", "0.03", "--duration", "1e99"), "--duration: allowed is > 0"),
    ],
)
def test_a_wrong_value_names_its_option_in_the_language_asked_for(
    desk: Path, words: tuple[str, ...], said: str
) -> None:
    storm = ("model", "resilience.flood", "--rain-intensity", "storm.csv", "--terrain", "sound.tif")
    done = citybraid([*storm, *words, "--out", "never", "--lang", "en"], desk)
    assert done.returncode == 2
    assert said in done.stderr
    assert "问题" not in done.stderr
    assert not (desk / "never").exists()
