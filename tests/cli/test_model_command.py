"""citybraid model NAME: one model on a user's own files, and what it says when they are wrong."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box

from citybraid.cli import single
from citybraid.core import catalogue
from citybraid.core.errors import InputError
from tests import commands


def citybraid(words: Sequence[str], folder: Path) -> commands.Done:
    return commands.citybraid(*words, folder=folder)


def dem(path: Path, values: np.ndarray, *, crs: str | None = "EPSG:4549") -> None:
    rows, columns = values.shape
    profile = {"driver": "GTiff", "height": rows, "width": columns, "count": 1, "dtype": "float32", "nodata": -9999.0}
    with rasterio.open(path, "w", crs=crs, transform=from_origin(500_000, 3_400_000, 5, 5), **profile) as target:
        target.write(values.astype("float32"), 1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("桌面 文件")
    y, x = np.mgrid[0:30, 0:40]
    dem(folder / "dem.tif", 10 + 0.05 * x + 0.2 * np.cos(y / 4))
    (folder / "storm.csv").write_text("time_min,rain_mm\n0,5\n5,10\n10,2\n15,0\n", encoding="utf-8")
    return folder


FLOOD = ("model", "resilience.flood", "--terrain", "dem.tif", "--rain", "storm.csv", "--manning", "0.03")


@pytest.mark.own_worker
def test_a_flood_from_a_terrain_a_storm_and_a_number(desk: Path) -> None:
    done = citybraid([*FLOOD, "--duration", "1800", "--out", "结果"], desk)
    assert done.returncode == 0, done.stderr
    with rasterio.open(desk / "结果" / "max_depth.tif") as source:
        depth = source.read(1)
        assert source.crs.to_epsg() == 4549
        assert source.tags()["units"] == "m"
    assert 0 < np.nanmax(depth) < 2
    provenance = json.loads((desk / "结果" / "provenance.json").read_text(encoding="utf-8"))
    assert abs(provenance["residuals"]["mass_error"]) < 1e-6
    assert provenance["inputs"]["manning"] == {"number": 0.03, "unit": "s m-1/3"}
    assert {each["file"] for each in provenance["inputs"].values() if "file" in each} == {"dem.tif", "storm.csv"}
    assert provenance["parameters"] == {"duration": 1800}
    assert "codes/column_names" in provenance["tables"], "the storm's columns were matched by it"
    with (desk / "结果" / "rain_volume.csv").open(encoding="utf-8") as lines:
        (row,) = csv.DictReader(lines)
    assert float(row["value"]) == pytest.approx(0.017 * 30 * 40 * 25)
    assert row["unit"] == "m3"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*FLOOD[:6], "--manning", "-1"), "manning"),
        ((*FLOOD, "--manning", "0.02"), "0.03, 0.02"),
        ((*FLOOD, "--alpha", "9"), "alpha"),
        ((*FLOOD, "--north", "sideways"), "north"),
        ((*FLOOD, "--nonsense", "1"), "--nonsense"),
        (("model", "resilience.flood", "--rain", "storm.csv", "--manning", "0.03"), "terrain"),
        (
            ("model", "resilience.flood", "--terrain", "gone.tif", "--rain", "storm.csv", "--manning", "0.03"),
            "gone.tif",
        ),
        (("model", "resilience.flood", "--terrain", "cut.tif", "--rain", "storm.csv", "--manning", "0.03"), "cut.tif"),
        (("model", "resilience.flood", "--terrain", "nowhere.tif", "--rain", "storm.csv", "--manning", "0.03"), "CRS"),
        (
            ("model", "resilience.flood", "--terrain", "degrees.tif", "--rain", "storm.csv", "--manning", "0.03"),
            "degrees",
        ),
        ((*FLOOD[:4], "--rain", "negative.csv", "--manning", "0.03"), "negative.csv"),
        ((*FLOOD[:4], "--rain", "text.csv", "--manning", "0.03"), "text.csv"),
        (("model", "resilience.tsunami"), "resilience.tsunami"),
    ],
)
def test_what_is_wrong_is_said_in_two_languages_and_nothing_is_written(
    desk: Path, words: Sequence[str], said: str
) -> None:
    dem(desk / "nowhere.tif", np.ones((5, 5)), crs=None)
    dem(desk / "degrees.tif", np.ones((5, 5)), crs="EPSG:4490")
    (desk / "cut.tif").write_bytes((desk / "dem.tif").read_bytes()[:600])
    (desk / "negative.csv").write_text("time_min,rain_mm\n0,5\n5,-1\n10,2\n", encoding="utf-8")
    (desk / "text.csv").write_bytes("时间(min),雨量(mm)\n0,五\n5,六\n".encode("gbk"))
    done = citybraid([*words, "--out", "never"], desk)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert said in done.stderr
    assert any("\u4e00" <= sign <= "\u9fff" for sign in done.stderr)
    assert not (desk / "never").exists()


@pytest.mark.slow
def test_every_model_has_help_and_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in catalogue.known():
        with pytest.raises(SystemExit) as left:
            single.model(name, ["--help"])
        assert left.value.code == 0
        for words in ([], ["--year", "x"], ["--nonsense"]):
            with pytest.raises(InputError) as caught:
                single.model(name, words)
            assert caught.value.exit_code == 2
            assert caught.value.say("zh")
    assert not list(tmp_path.iterdir())


def test_a_parameter_named_as_an_input_has_an_option_of_its_own(desk: Path) -> None:
    dem(desk / "cover.tif", np.full((30, 40), 30))
    words = ["model", "resilience.curve_number", "--land-cover", "cover.tif", "--out", "径流曲线"]
    refused = citybraid([*words, "--param-soil-group", "Z"], desk)
    assert refused.returncode == 2
    assert "--param-soil-group: allowed is A, B, C, D (got Z)" in refused.stderr
    done = citybraid([*words, "--param-soil-group", "C"], desk)
    assert done.returncode == 0, done.stderr
    assert (desk / "径流曲线" / "curve_number.tif").exists()


def test_a_table_model_writes_a_column_with_its_shapes(desk: Path) -> None:
    shapes = [box(500_010, 3_399_900, 500_020, 3_399_910), box(500_040, 3_399_900, 500_060, 3_399_920)]
    homes = gpd.GeoDataFrame({"层数": [3, 6]}, geometry=shapes, crs="EPSG:4549")
    homes.to_file(desk / "房屋.gpkg", layer="房屋", engine="pyogrio")
    done = citybraid(
        ["model", "integrate.bridges.floor_area", "--buildings", "房屋.gpkg", "--crs", "EPSG:4549", "--out", "面积"],
        desk,
    )
    assert done.returncode == 0, done.stderr
    found = gpd.read_file(desk / "面积" / "floor_area.gpkg")
    assert sorted(found["floor_area"]) == pytest.approx([300.0, 2400.0])


def test_the_schema_and_the_help_come_from_the_signature(desk: Path) -> None:
    done = citybraid(["model", "resilience.flood", "--schema"], desk)
    told = json.loads(done.stdout)
    assert told["needs"]["terrain"]["unit"] == "m"
    assert "alpha" in told["params"]["properties"]
    helped = citybraid(["model", "resilience.flood", "--help"], desk)
    assert helped.returncode == 0
    assert "--terrain" in helped.stdout
    assert "洪水演进" in helped.stdout


def test_an_option_that_a_model_lacks_is_told_in_the_language(desk: Path) -> None:
    refused = citybraid(["model", "resilience.curve_number", "--lang", "zh", "--rauhigkeit", "3"], desk)
    assert refused.returncode == 2
    assert "没有选项 --rauhigkeit 3" in refused.stderr
    assert "unrecognized" not in refused.stderr
