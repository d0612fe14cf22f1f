"""What stops a command says what to do: no network, a store that cannot be written, no files, Ctrl-C."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from citybraid.cli import fetching, paper
from citybraid.core.errors import InputError
from citybraid.sources.open_data.network import FOLDER, require_network
from tests.commands import citybraid
from tests.sources.planner_files import raster
from tests.study.made_study import Made

HANG = 600.0
"""A resolver that waits [s]."""


def test_a_folder_without_files_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    empty = tmp_path / "空"
    empty.mkdir()
    for words, said in (
        (("--files", str(empty)), "no file in it that citybraid reads"),
        (("--files", str(tmp_path / "none")), "not found"),
        ((), "no folder of files is named"),
    ):
        done = citybraid("new", str(tmp_path / "new"), *words)
        assert done.returncode == 2
        assert said in done.stderr
        assert "资料" in done.stderr
        assert not (tmp_path / "new").exists()


def test_a_store_that_cannot_be_written_names_itself_and_out_moves_it(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    path = Made(folder, ("parcels",)).written()
    (folder / ".citybraid").write_text("in the way", encoding="utf-8")
    refused = citybraid("run", str(path), "--no-report", "--quiet")
    assert refused.returncode == 4
    assert str(folder / ".citybraid" / "store") in refused.stderr
    assert "--out" in refused.stderr
    done = citybraid("run", str(path), "--no-report", "--quiet", "--out", str(tmp_path / "results" / "first"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results" / ".citybraid" / "store" / "values").is_dir()
    assert citybraid("report", str(tmp_path / "results" / "first"), "--quiet").returncode == 0


def test_a_source_without_network_is_told_and_the_next_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(address: tuple[str, int], timeout: float) -> socket.socket:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "create_connection", unknown)
    path = Made(tmp_path, ("parcels",)).written()
    started = time.monotonic()
    done = citybraid("fetch", str(path), "--source", "osm,dem", "--bounds", "120.7,30.7,120.8,30.8", "--quiet")
    assert time.monotonic() - started < 120.0  # a source is not asked again and again
    assert done.returncode == 2
    assert done.stderr.count("no network: ") == 2
    assert "overpass" in done.stderr
    assert "copernicus" in done.stderr
    assert done.stderr.count("没有网络") == 2


def test_no_network_is_told_before_the_study_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All servers are tried at once and first: reading the study took 8 s of the processor, 91 s of a busy machine."""

    def unknown(address: tuple[str, int], timeout: float) -> socket.socket:
        raise socket.gaierror(-2, "Name or service not known")

    def opened(*_: object, **__: object) -> None:
        message = "the study was opened"
        raise AssertionError(message)

    monkeypatch.setattr(socket, "create_connection", unknown)
    monkeypatch.setattr(fetching, "fetch", opened)
    path = Made(tmp_path, ("parcels",)).written()
    done = citybraid("fetch", str(path), "--source", "dem, worldcover", "--lang", "zh")
    assert done.returncode == 2
    assert done.stderr.count("没有网络") == 2
    (tmp_path / ".citybraid" / FOLDER / "dem").mkdir(parents=True)  # what was fetched before may be all that is asked
    with pytest.raises(AssertionError, match="was opened"):
        citybraid("fetch", str(path), "--source", "dem,worldcover")


def test_what_asks_for_the_network_loads_no_heavy_library() -> None:
    heavy = "numpy", "pandas", "xarray", "rasterio", "pyproj"
    code = f"import citybraid.cli.app, citybraid.sources.open_data.network, sys; print({heavy} & sys.modules.keys())"
    code = code.replace(str(heavy), str(set(heavy)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_resolver_that_hangs_does_not_hold_up_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object, **__: object) -> socket.socket:
        time.sleep(HANG)
        return socket.socket()

    monkeypatch.setattr(socket, "create_connection", late)
    started = time.monotonic()
    with pytest.raises(InputError, match="no network"):
        require_network("https://example.org/x")
    assert time.monotonic() - started < HANG / 2


def test_a_proxy_is_what_has_to_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def seen(address: tuple[str, int], timeout: float) -> socket.socket:
        asked.append(address)
        return socket.socket()

    monkeypatch.setattr(socket, "create_connection", seen)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("https_proxy", raising=False)
    require_network("https://example.org/x")
    require_network("http://127.0.0.1:1/x")
    assert asked == [("proxy.example", 3128)]


def test_control_c_says_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Made(tmp_path, ("parcels",)).written()

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("citybraid.cli.studies.take_in_study", interrupted)
    done = citybraid("run", str(path), "--no-report", "--quiet")
    assert done.returncode == 130
    assert "Stopped by you." in done.stderr
    assert "kept" in done.stderr
    assert "保留" in done.stderr


def test_the_title_of_a_table_is_never_broken(capsys: pytest.CaptureFixture[str]) -> None:
    title = "/" + "/".join(["一个很长的文件夹"] * 20) + "/study.toml"
    paper.table(title, ["file"], [["a.tif"]])
    assert capsys.readouterr().out.splitlines()[0].rstrip() == title


def test_a_folder_of_files_that_cannot_be_read_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    """Broken when looked into, broken only when read, of a format that nothing reads: each told, no study written."""
    files = tmp_path / "资料"
    files.mkdir()
    raster(files / "dem.tif", np.full((80, 80), 4.0, "float32"))
    whole = (files / "dem.tif").read_bytes()
    (files / "dem.tif").write_bytes(whole[: len(whole) // 2])
    (files / "parcels.gpkg").write_bytes(b"SQLite format 3\0" + bytes(50))
    (files / "note.docx").write_bytes(b"PK\x03\x04" + bytes(30))
    done = citybraid("new", str(tmp_path / "new"), "--files", str(files))
    assert done.returncode == 2, done.stdout
    assert all(name in done.stderr for name in ("dem.tif", "parcels.gpkg", "note.docx")), done.stderr
    assert "none of its files can be read" in done.stderr
    assert "没有一个文件能够读取" in done.stderr
    assert not (tmp_path / "new").exists()
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine.txt").write_text("mine", encoding="utf-8")
    assert citybraid("new", str(tmp_path / "kept"), "--files", str(files)).returncode == 2
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["mine.txt"]
