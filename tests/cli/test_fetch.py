"""citybraid fetch: entries, records and notices; and no other command that opens a connection."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from citybraid.core.errors import InputError
from citybraid.sources.open_data import area, entries
from citybraid.sources.open_data.entries import Entry
from tests.commands import citybraid
from tests.sources.open_data.served import serving
from tests.sources.planner_files import CRS, parcels, raster

STUDY = f"""# 我的项目 — the comments stay
[study]
name = "open"
title = {{ zh = "开放", en = "Open" }}   # both
crs = "{CRS}"
region = "CN"
year = 2025
resolution = 20
[files.parcels]
path = "地块.gpkg"
[files.terrain]
path = "dem.tif"  # mine
[alternatives.as_is]
title = {{ zh = "现状", en = "As is" }}
"""
TILE = "v200/2021/map/ESA_WorldCover_10m_2021_v200_N30E120_Map.tif"
DEM = "Copernicus_DSM_COG_10_N30_00_E121_00_DEM/Copernicus_DSM_COG_10_N30_00_E121_00_DEM.tif"


def tile(path: Path, west: float, north: float, side: float, values: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype=values.dtype,
        crs="EPSG:4326", transform=from_origin(west, north, side, side),
    ) as out:  # fmt: skip
        out.write(values, 1)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "规划 项目"
    folder.mkdir()
    parcels().to_file(folder / "地块.gpkg")
    raster(folder / "dem.tif", np.full((80, 80), 3.0, dtype=np.float32))
    path = folder / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    tile(tmp_path / "mirror" / "worldcover" / TILE, 120, 33, 3 / 3600, np.full((3600, 3600), 30, dtype=np.uint8))
    for corner in ("N30_00_E120_00", "N30_00_E121_00"):
        name = f"Copernicus_DSM_COG_10_{corner}_DEM"
        west = int(corner[-6:-3])
        tile(tmp_path / "mirror" / name / f"{name}.tif", west, 31, 1 / 360, np.full((360, 360), 5, dtype=np.float32))
    return path


def test_sources_are_listed_without_a_study() -> None:
    told = json.loads(citybraid("fetch", "--list", "--json").stdout)
    assert {each["source"] for each in told} == {"osm", "dem", "worldcover", "worldpop", "era5", "cmip6"}
    assert all(each["licence"] and each["attribution"] for each in told)
    assert "已有" not in citybraid("fetch", "--list", "--lang", "zh").stdout
    done = citybraid("fetch", "study.toml", "--lang", "en")
    assert done.returncode == 2
    assert "citybraid fetch study.toml --source cmip6," in done.stderr


def test_a_plan_names_files_and_addresses_and_fetches_nothing(study: Path) -> None:
    done = citybraid("fetch", str(study), "--source", "worldcover,dem", "--list", "--json")
    told = json.loads(done.stdout)
    assert TILE in {each["file"] for each in told["files"]}
    assert all(each["url"].startswith("https://") for each in told["files"])
    west, south, east, north = told["bounds"]
    assert 0 < east - west < 0.1
    assert 0 < north - south < 0.1
    assert not (study.parent / "data").exists()


def test_entries_are_told_or_written_and_the_study_stays_as_it_was(study: Path, tmp_path: Path) -> None:
    before = study.read_bytes()
    words = ("fetch", str(study), "--source", "worldcover,dem", "--mirror", str(tmp_path / "mirror"), "--quiet")
    told = citybraid(*words)
    assert told.returncode == 0, told.stderr
    assert "[files.land_cover]" in told.stdout
    assert "[files.terrain_2]" in told.stdout
    assert "WorldCover" in told.stdout
    assert "CC BY 4.0" in told.stdout
    assert "地表高程" in told.stdout
    assert study.read_bytes() == before
    done = citybraid(*words, "--write")
    assert done.returncode == 0, done.stderr
    after = study.read_bytes()
    assert after.startswith(before)
    files = tomllib.loads(after.decode())["files"]
    assert set(files) == {"parcels", "terrain", "land_cover"}
    assert files["land_cover"] == {"path": "data/open/worldcover/land_cover.tif", "as_of": 2021}
    again = citybraid(*words, "--write")
    assert again.returncode == 0, again.stderr
    assert study.read_bytes() == after


def test_a_record_stands_beside_the_data(study: Path, tmp_path: Path) -> None:
    done = citybraid("fetch", str(study), "--source", "worldcover", "--json", "--bounds", "120.6,30.6,120.7,30.7",
                     "--mirror", (tmp_path / "mirror").as_uri())  # fmt: skip
    told = json.loads(done.stdout)
    record = json.loads((study.parent / "data/open/worldcover/source.json").read_text(encoding="utf-8"))
    assert record == {name: value for name, value in told.items() if name != "entries"}
    assert record["bounds"] == [120.6, 30.6, 120.7, 30.7]
    assert record["attribution"].startswith("© ESA WorldCover project 2021")
    assert record["files"][0]["path"] == TILE
    assert len(record["files"][0]["sha256"]) == 64


def test_a_mirror_may_be_named_by_the_environment_and_a_cache_shared(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path / "mirror") as served:
        monkeypatch.setenv("CITYBRAID_MIRROR", served.url)
        words = ("fetch", str(study), "--source", "worldcover", "--quiet", "--cache", str(tmp_path / "cache"))
        for _ in range(2):
            done = citybraid(*words)
            assert done.returncode == 0, done.stderr
        assert [asked[0] for asked in served.how.asked] == ["GET"]
    assert "1 of them was here already" in done.stdout


def test_what_is_missing_is_told_in_both_languages(study: Path, tmp_path: Path) -> None:
    done = citybraid("fetch", str(study), "--source", "worldpop", "--set", "worldpop.country=CHN",
                     "--mirror", str(tmp_path / "mirror"))  # fmt: skip
    assert done.returncode == 2
    assert "chn_pop_2020_CN_100m_R2025A_v1.tif' is not there" in done.stderr
    assert "不存在" in done.stderr
    assert "Traceback" not in done.stderr


NO_NETWORK = """
import json, socket, sys
def refuse(*_, **__):
    raise AssertionError("a connection was opened")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
socket.create_connection = refuse
from citybraid.cli import app
for words in json.loads(sys.argv[1]):
    sys.argv = ["citybraid", *words]
    try:
        app.main()
    except SystemExit as left:
        print("left:", words[0], left.code or 0, flush=True)
"""


def offline(*commands: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run commands one after another in a process that opens no connection."""
    return subprocess.run(
        [sys.executable, "-c", NO_NETWORK, json.dumps(commands)], capture_output=True, text=True, encoding="utf-8",
        check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_only_fetch_opens_connections(study: Path, tmp_path: Path) -> None:
    mirror = str(tmp_path / "mirror")
    citybraid("fetch", str(study), "--source", "worldcover", "--mirror", mirror, "--write", "--quiet")
    fetch = ("fetch", str(study), "--source", "worldcover", "--quiet")
    done = offline(
        ("check", str(study), "--quiet", "--no-report"),
        ("run", str(study), "--quiet", "--baseline", "--no-report"),
        (*fetch, "--mirror", mirror),
        fetch,
    )
    ends = [line for line in done.stdout.splitlines() if line.startswith("left: ")]
    assert ends[:3] == ["left: check 0", "left: run 0", "left: fetch 0"], done.stderr
    assert "left: fetch 0" not in ends[3:]
    assert "a connection was opened" in done.stderr + done.stdout  # by the last, as the others ended well


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = 1\nfiles = { parcels = { path = "a" } }\n', 'files = { parcels = { path = "a" } }'),
        ('[files.land_cover]\npath = "mine.tif"\n', "mine.tif"),
    ],
)
def test_a_study_that_entries_do_not_fit_is_left_alone(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    new = Entry("land_cover", "land_cover", '[files.land_cover]\npath = "b.tif"', second=False)
    with pytest.raises(InputError, match="left alone"):
        entries.add(path, [new])
    assert path.read_text(encoding="utf-8") == text
    assert said in text


def test_line_ends_and_a_missing_last_one_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_bytes(b"[files.a]\r\npath = 'x'")
    entries.add(path, [Entry("b", "b", '[files.b]\npath = "y"', second=False)])
    assert path.read_bytes() == b"[files.a]\r\npath = 'x'\r\n\r\n[files.b]\r\npath = \"y\"\r\n"


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "121,30,120,31", "0,0,0,nan", "120,30,121,91"])
def test_an_area_that_is_none_is_told(text: str) -> None:
    with pytest.raises(InputError, match="needs west"):
        area.parse_bounds(text)


def test_an_area_far_too_wide_is_told() -> None:
    with pytest.raises(InputError, match="wider than"):
        area.parse_bounds("100,20,120,40")
