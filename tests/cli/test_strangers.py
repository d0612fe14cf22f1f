"""Folders of strangers from drop to first map: new, check and run, without a line of TOML written by hand."""

import json
import re
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import LineString, box

from tests.commands import citybraid
from tests.sources.planner_files import new_drawing
from tests.sources.readers.drawings import at, draw, ring, write
from tests.sources.test_strangers import overpass


def dropped(root: Path, files: Path, *words: str, report: bool = True) -> tuple[str, Path]:
    """Draft, check and run a folder of files; return what the terminal said and the folder of the first run."""
    study = root / "study"
    new = citybraid("new", str(study), "--files", str(files), *words)
    assert new.returncode == 0, new.stderr
    check = citybraid("check", str(study / "study.toml"), "--lang", "en", "--no-report")
    assert check.returncode == 0, check.stdout + check.stderr
    assert "Ready" in check.stdout
    run = citybraid("run", str(study / "study.toml"), *([] if report else ["--no-report"]))
    assert run.returncode == 0, run.stderr
    return new.stdout + check.stdout + run.stdout + run.stderr, study / "runs" / "001"


@pytest.mark.slow
def test_an_export_of_openstreetmap_abroad(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    overpass(files / "export.geojson")
    said, run = dropped(tmp_path, files)
    assert {"place_as_is.png", "land_cover_as_is.png"} <= {
        path.name for path in (run / "report" / "maps" / "en").iterdir()
    }
    text = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert 'region = "CN-' in text
    assert "buildings" in said


@pytest.mark.slow
def test_a_folder_in_france_takes_no_chinese_factor_in_silence(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    west, south = 449_000.0, 5_411_000.0
    profile = {"driver": "GTiff", "height": 30, "width": 30, "count": 1, "crs": "EPSG:32631",
               "transform": from_origin(west, south + 300, 10, 10)}  # fmt: skip
    heights = np.add.outer(np.arange(30.0)[::-1], np.arange(30.0)).astype("float32") * 0.05 + 30
    with rasterio.open(files / "dem.tif", "w", dtype="float32", **profile) as target:
        target.write(heights, 1)
    with rasterio.open(files / "landcover.tif", "w", dtype="uint8", **profile) as target:
        target.write(np.full((30, 30), 30, "uint8"), 1)
    houses = [box(west + 40 * column, south + 40 * row, west + 40 * column + 15, south + 40 * row + 12)
              for column in range(5) for row in range(5)]  # fmt: skip
    gpd.GeoDataFrame({"floors": [2] * 25}, geometry=houses, crs="EPSG:32631").to_file(files / "buildings.gpkg")
    roads = [LineString([(west, south + 35), (west + 200, south + 35)])]
    gpd.GeoDataFrame({"highway": ["residential"]}, geometry=roads, crs="EPSG:32631").to_file(files / "roads.gpkg")
    said, run = dropped(tmp_path, files)
    text = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert 'region = "FR"' in text
    assert "come from standards or surveys of CN, but the study lies in region FR" in said
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    foreign = [each for each in manifest["findings"] if each["text"] == "study.foreign_factors"]
    assert [each["kind"] for each in foreign] == ["warning"]
    rows = manifest["factors"].values()
    used = {row["factor"] for row in rows if not row["region"]}
    assert set(foreign[0]["values"]["factors"].replace(" …", "").split(", ")) <= used
    assert not [row for row in rows if row["region"].startswith("CN")]


@pytest.mark.slow
def test_a_drawing_with_a_legend_and_several_controls_in_one_text(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    document = new_drawing()
    for number, label in enumerate(("A-01 R2/2.0", "A-02 B1/3.2/80", "A-03 R2 FAR1.5-2.0 H≤60")):
        draw(document, ring(120.0 * number))
        write(document, label, 120.0 * number + 10, 50)
    for number, name in enumerate(("二类居住用地", "商业用地", "公园绿地")):
        west, south = at(600, 15.0 * number)
        draw(document, [(west, south), (west + 20, south), (west + 20, south + 10), (west, south + 10)])
        write(document, name, 625, 15.0 * number + 3)
    document.saveas(files / "用地规划.dxf")
    said, run = dropped(tmp_path, files, "--crs", "EPSG:4549")
    assert "3 rings are swatches of a legend" in said
    assert 'region = "CN-' in (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert "land_use_as_is.png" in {path.name for path in (run / "report" / "maps" / "en").iterdir()}
    controls = pd.read_parquet(next((run / "tables" / "controls").iterdir()))
    stated = controls[controls["control"] == "far"].set_index("parcel")["stated"]
    assert sorted(stated) == [2.0, 2.0, 3.2]


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_left_out_with_its_reason(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    overpass(files / "export.geojson")
    (files / "terrain.tif").write_bytes(b"II*\x00" + bytes(40))
    said, _ = dropped(tmp_path, files, report=False)
    text = (tmp_path / "study" / "study.toml").read_text(encoding="utf-8")
    assert "# terrain.tif: not used" in text
    assert "left out of study.toml" in said or "terrain.tif" in said


def test_a_drawing_without_a_system_lists_the_zones_it_may_lie_in(tmp_path: Path) -> None:
    """Six digits fit every zone: each is told with the place it means; the one picked gives the region with it."""
    files = tmp_path / "files"
    files.mkdir()
    drawing = new_drawing()
    for column in range(4):
        west = 540_000.0 + 120 * column
        corners = [(west, 3_410_000.0), (west + 100, 3_410_000.0), (west + 100, 3_410_100.0), (west, 3_410_100.0)]
        draw(drawing, corners, "用地-R2")
    drawing.saveas(files / "规划图.dxf")
    study = tmp_path / "study"
    new = citybraid("new", str(study), "--files", str(files))
    assert new.returncode == 0, new.stderr
    assert "is not accepted as a coordinate system" not in new.stdout
    for code, place, region in (("EPSG:4549", "120.42°E 30.81°N", "CN-ZJ"), ("EPSG:4547", "114.42°E 30.81°N", "CN-HB")):
        assert re.search(f"{code} .*{place} .*{region}", new.stdout), new.stdout
        assert re.search(f"# {code} .*{place} {region}", (study / "study.toml").read_text(encoding="utf-8"))
    assert "--crs EPSG:…" in new.stdout
    picked = citybraid("new", str(study), "--files", str(files), "--crs", "EPSG:4549")
    assert picked.returncode == 0, picked.stderr
    text = (study / "study.toml").read_text(encoding="utf-8")
    assert 'crs = "EPSG:4549"' in text
    assert 'region = "CN-ZJ' in text
    again = citybraid("new", str(study), "--files", str(files), "--crs", "EPSG:4548")
    assert again.returncode == 2
    assert "has a study already" in again.stderr
