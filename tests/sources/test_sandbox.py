"""The worker process: it may crash, hang or grow, and the message stays clean; it reaches nothing outside."""

import os
import pickle
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from citybraid.core.errors import InputError
from citybraid.core.text import Phrase
from citybraid.sources import safety_watch
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.filespec import Options
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from citybraid.sources.safety import KEPT, environment
from citybraid.sources.safety_answers import answered
from citybraid.sources.sandbox import Job, Sandbox
from tests.sources.planner_files import CRS, buildings, raster

pytestmark = pytest.mark.own_worker
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's fences are Linux's")

HOSTILE = '''
"""A reader that misbehaves as its role says."""
import ctypes, os, pickle, socket, subprocess, tempfile, threading, time
from pathlib import Path

def natively(number, *arguments):
    kernel = ctypes.CDLL(None, use_errno=True)
    result = kernel.syscall(number, *arguments)
    raise ValueError(f"result {result} errno {ctypes.get_errno()}")

def deep(level):
    return deep(level + 1) + 1

class Sent:
    """As a worker that was taken over would send: a call that runs when it is unpickled."""
    def __reduce__(self):
        return os.system, ("echo x > taken_over.txt",)

def read(path, role, options, target, *, limits):
    if role == "hang":
        time.sleep(60)
    if role == "spin":
        while True:
            pass
    if role == "crash":
        os.abort()
    if role == "grow":
        return bytearray(1 << 40)
    if role == "grow_slowly":
        kept = []
        while True:
            kept.append(bytearray(1 << 24))
    if role == "grow_natively":
        kernel = ctypes.CDLL(None)
        kernel.malloc.restype = ctypes.c_void_p
        while True:
            got = kernel.malloc(ctypes.c_size_t(1 << 24))
            ctypes.memset(got, 1, 1 << 24)
    if role == "send":
        return Sent()
    if role == "talk":
        print("noise on standard output", flush=True)
        os.write(1, b"more noise")
        raise ValueError("after the noise")
    if role == "network":
        socket.create_connection(("127.0.0.1", 9))
    if role == "run":
        subprocess.run(["true"])
    if role == "fork":
        os.fork()
    if role == "native_socket":
        natively(41 if os.uname().machine == "x86_64" else 198, 2, 1, 0)
    if role == "native_fork":
        natively(57 if os.uname().machine == "x86_64" else 220, 17, 0, 0, 0, 0)
    if role == "thread":
        kept = []
        thread = threading.Thread(target=kept.append, args=(1,))
        thread.start()
        thread.join()
        raise ValueError(f"threads work: {kept}")
    if role == "unpickle":
        pickle.loads(pickle.dumps(Path("x")))
    if role == "recurse":
        deep(0)
    if role.startswith("read:"):
        raise ValueError("read " + Path(role[5:]).read_text(encoding="utf-8"))
    if role.startswith("write:"):
        Path(role[6:]).write_text("x", encoding="utf-8")
    if role.startswith("native_write:"):
        kernel = ctypes.CDLL(None, use_errno=True)
        result = kernel.open(role[13:].encode(), os.O_WRONLY | os.O_CREAT, 0o600)
        raise ValueError(f"result {result} errno {ctypes.get_errno()}")
    if role == "scratch":
        made = Path(tempfile.mkdtemp()) / "x.txt"
        made.write_text("x", encoding="utf-8")
        raise ValueError(f"wrote {made.parent.parent.name} {os.getcwd() == str(made.parent.parent)}")
    if role == "environment":
        raise ValueError(",".join(sorted(name for name in os.environ if "GDAL" in name or "AWS" in name)))
    if role == "drivers":
        import pyogrio, rasterio
        with rasterio.Env() as env:
            held = set(pyogrio.list_drivers()) | set(env.drivers())
        raise ValueError("drivers " + ",".join(sorted(held)))
'''


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a file to read; a misbehaving reader lies beside, where the worker can import it."""
    folder = tmp_path_factory.mktemp("hostile")
    code = tmp_path_factory.mktemp("code")
    (code / "misbehaving.py").write_text(HOSTILE, encoding="utf-8")
    (folder / "数据.bin").write_bytes(b"x")
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(code)
    yield folder
    os.environ.pop("PYTHONPATH")
    if before is not None:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def sandbox(hostile: Path) -> Iterator[Sandbox]:
    with Sandbox(hostile) as started:
        yield started


def job(folder: Path, role: str, limits: Limits | None = None) -> Job:
    return Job("misbehaving", folder / "数据.bin", role, Options(), Target(CRS, 5.0), limits or Limits())


def told(sandbox: Sandbox, asked: Job) -> InputError:
    with pytest.raises(InputError) as caught:
        sandbox.read(asked)
    assert "数据.bin" in caught.value.say("zh")
    assert str(asked.path.parent) not in caught.value.say("en")
    return caught.value


def said(sandbox: Sandbox, folder: Path, role: str) -> str:
    return told(sandbox, job(folder, role)).say("en")


@pytest.mark.parametrize("role", ["network", "run", "fork", "unpickle"])
def test_noise_network_children_and_pickles_become_messages(hostile: Path, sandbox: Sandbox, role: str) -> None:
    assert "after the noise" in said(sandbox, hostile, "talk")
    assert "may not" in said(sandbox, hostile, role)


def test_deep_recursion_is_told(hostile: Path, sandbox: Sandbox) -> None:
    assert "nesting" in said(sandbox, hostile, "recurse")


def test_only_drivers_that_readers_use_are_there(hostile: Path, sandbox: Sandbox) -> None:
    held = set(said(sandbox, hostile, "drivers").partition("drivers ")[2].partition(")")[0].split(","))
    assert held <= KEPT
    assert {"GTiff", "GPKG", "ESRI Shapefile", "GeoJSON"} <= held
    assert not held & {"VRT", "OGR_VRT", "GTI", "HTTP", "WMS", "WFS", "GML", "GMLAS", "MRF", "STACIT", "GDALG", "PDF"}


def test_drivers_of_another_gdal_are_found_and_taken_out(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this GDAL had a driver that no list of ours names: the worker tells, and is started without it."""
    whole = environment(hostile)["GDAL_SKIP"]
    assert "VRT" in whole.split(",")
    monkeypatch.setattr("citybraid.sources.safety.KNOWN", KEPT)
    with Sandbox(hostile) as bare:
        assert "VRT" not in said(bare, hostile, "drivers").split(",")
        assert "VRT" in bare._skipped


def test_the_users_shell_does_not_reach_gdal(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GDAL_VRT_ENABLE_PYTHON", "GDAL_HTTP_PROXY", "AWS_SECRET_ACCESS_KEY", "GDAL_DATA"):
        monkeypatch.setenv(name, "YES")
    with Sandbox(hostile) as shielded:
        names = said(shielded, hostile, "environment")
    assert "GDAL_SKIP" in names
    assert "AWS" not in names
    assert "GDAL_HTTP_PROXY" not in names
    assert "GDAL_DATA" not in names
    assert environment(hostile)["GDAL_VRT_ENABLE_PYTHON"] == "NO"


def test_a_module_in_the_data_folder_is_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.gpkg"
    buildings().to_file(path)
    for name in ("pyogrio", "random", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(3)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [guess.role for guess in guess_roles(tmp_path) if guess.path == path] == ["buildings"]


def test_what_a_reader_writes_is_its_own_and_is_deleted(hostile: Path) -> None:
    with Sandbox(hostile) as tidy:
        assert "wrote citybraid-" in said(tidy, hostile, "scratch")
        assert "True" in said(tidy, hostile, "scratch")
        assert "may not open outside" in said(tidy, hostile, f"write:{hostile / 'new.txt'}")
        assert tidy._scratch is not None
        scratch = [Path(tidy._scratch.name)]
        assert list(scratch[0].rglob("x.txt"))
        told(tidy, job(hostile, "crash"))
        said(tidy, hostile, "scratch")
        scratch.append(Path(tidy._scratch.name))
    assert not [each for each in scratch if each.exists()]
    assert [each.name for each in hostile.iterdir()] == ["数据.bin"]


def test_an_answer_that_would_run_is_refused(
    hostile: Path, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told(sandbox, job(hostile, "send")).text == "intake.crashed"
    assert not list(tmp_path.iterdir())
    for value in (os.getcwd, Path.unlink, Sandbox, np.memmap, pd.HDFStore, eval):
        with pytest.raises(pickle.UnpicklingError):
            answered(pickle.dumps(value), [])
    frame = pd.Series([1.5, None], index=["甲", "乙"])
    back = answered(pickle.dumps(frame), [])
    assert isinstance(back, pd.Series)
    assert back.equals(frame)
    assert "after the noise" in said(sandbox, hostile, "talk")


@pytest.mark.parametrize(
    "value",
    [
        shapely.from_wkt("POINT (1 2)"), shapely.from_wkt("LINEARRING (0 0, 1 1, 1 0, 0 0)"), shapely.box(0, 0, 1, 1),
        pd.Series(pd.date_range("2024", periods=3)), pd.Series(["a"], dtype="category"),
        pd.Series([1, None], dtype="Int64"),
        pd.Series([1.0], index=pd.date_range("2024", periods=1)), pd.Series(["甲", None]), np.float64(3), pd.NaT,
        Phrase("intake.how_vote", {}), Path("a"), frozenset({"a"}),
    ],
    ids=str,
)  # fmt: skip
def test_every_kind_of_value_comes_through(value: object) -> None:
    back = answered(pickle.dumps(value, protocol=5), [])
    assert type(back) is type(value)
    assert str(back) == str(value)


@LINUX
def test_the_kernel_holds_what_python_does_not_see(hostile: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words", encoding="utf-8")
    said(sandbox, hostile, "talk")
    if "network" in sandbox.fences:
        assert "result -1 errno 1" in said(sandbox, hostile, "native_socket")
        assert "result -1 errno 1" in said(sandbox, hostile, "native_fork")
        assert "threads work: [1]" in said(sandbox, hostile, "thread")
    if "files" in sandbox.fences:
        assert "secret words" not in said(sandbox, hostile, f"read:{secret}")
        assert "PermissionError" in said(sandbox, hostile, f"read:{secret}")
        assert "PermissionError" in said(sandbox, hostile, "read:/etc/passwd")
        assert "read x" in said(sandbox, hostile, f"read:{hostile / '数据.bin'}")
        assert "result -1 errno 13" in said(sandbox, hostile, f"native_write:{hostile / 'new.txt'}")
        assert not (hostile / "new.txt").exists()
    if os.environ.get("CI", "").lower() == "true":
        assert set(sandbox.fences) == {"files", "network"}


@LINUX
def test_memory_is_bounded(hostile: Path, sandbox: Sandbox) -> None:
    assert told(sandbox, job(hostile, "grow")).text == "intake.too_big"
    assert told(sandbox, job(hostile, "grow_slowly", Limits(memory_mib=320))).text == "intake.too_big"
    natively = told(sandbox, job(hostile, "grow_natively", Limits(memory_mib=320))).text
    assert natively in {"intake.too_big", "intake.crashed"}
    assert max(usage.mib for usage in sandbox.usage) <= 1024


def test_a_crash_and_a_hang_end_the_worker_and_the_next_file_is_read(hostile: Path, sandbox: Sandbox) -> None:
    assert told(sandbox, job(hostile, "crash")).text == "intake.crashed"
    assert told(sandbox, job(hostile, "hang", Limits(seconds=0.5))).text == "intake.too_slow"
    assert told(sandbox, job(hostile, "spin", Limits(seconds=0.5))).text == "intake.too_slow"
    assert "after the noise" in said(sandbox, hostile, "talk")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ps")
def test_memory_is_watched_through_ps_where_there_is_no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety_watch, "_looking", lambda: safety_watch._by_program)
    monkeypatch.setattr(safety_watch, "SLOW_STEP", 0.01)
    killed = threading.Event()
    with safety_watch.Watch(os.getpid(), killed.set, seconds=30, mib=1.0) as watch:
        assert killed.wait(10)
    assert watch.reason == "memory"
    assert watch.peak_mib > 1.0


def test_no_packet_leaves_the_worker(tmp_path: Path) -> None:
    """A server listens on loopback; nothing that GDAL would fetch, in any format, comes by."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        where = f"http://127.0.0.1:{server.getsockname()[1]}"
        for name, content in beacons(where).items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        begun = time.monotonic()
        guess_roles(tmp_path)
        assert time.monotonic() - begun < 30
        with pytest.raises(TimeoutError):
            server.accept()


def beacons(where: str) -> dict[str, str]:
    """Files that make a credulous library fetch `where`."""
    source = f"<SimpleSource><SourceFilename relativeToVRT='0'>/vsicurl/{where}/a.tif</SourceFilename></SimpleSource>"
    band = f"<VRTRasterBand dataType='Byte' band='1'>{source}</VRTRasterBand>"
    layer = f"<OGRVRTLayer name='a'><SrcDataSource>/vsicurl/{where}/a.json</SrcDataSource></OGRVRTLayer>"
    tiles = f"<GDAL_WMS><Service name='TMS'><ServerUrl>{where}/${{z}}</ServerUrl></Service></GDAL_WMS>"
    point = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[120,30]}}'
    crs = f'{{"type":"link","properties":{{"href":"{where}/crs","type":"esriwkt"}}}}'
    kml = "<kml xmlns='http://www.opengis.net/kml/2.2'><Document>"
    link = f"<NetworkLink><Link><href>{where}/n.kml</href></Link></NetworkLink>"
    entity = f"<!DOCTYPE kml [<!ENTITY x SYSTEM '{where}/x'>]>"
    xsi = f"xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='urn:a {where}/a.xsd'"
    return {
        "a.tif": f"<VRTDataset rasterXSize='9' rasterYSize='9'>{band}</VRTDataset>",
        "b.tif": tiles,
        "c.gpkg": f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>",
        "d.geojson": f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>",
        "e.geojson": f'{{"type":"FeatureCollection","crs":{crs},"features":[{point}]}}',
        "f.geojson": f'{{"type":"FeatureCollection","features":[],"links":[{{"rel":"next","href":"{where}/next"}}]}}',
        "g.geojson": f'{{"stac_version":"1.0.0","type":"FeatureCollection","features":[],"url":"{where}"}}',
        "h.kml": f"<?xml version='1.0'?>{kml}{link}</Document></kml>",
        "i.kml": f"<?xml version='1.0'?>{entity}{kml}<name>&x;</name></Document></kml>",
        "j.gml": f"<?xml version='1.0'?><a {xsi}/>",
        "k.csv": f"id,name\n1,{where}\n",
        "l.asc": tiles,
        "m.nc": f"<NetCDF location='{where}/a.nc'/>",
        "n.dxf": f"0\nSECTION\n2\nENTITIES\n0\nIMAGE\n8\n0\n340\n1F\n1\n{where}/a.svg\n0\nENDSEC\n0\nEOF\n",
        "o.json": f"<OGRWFSDataSource><URL>{where}/wfs</URL></OGRWFSDataSource>",
        "p.tif": f"WMTS:{where}/WMTSCapabilities.xml",
    }


def test_peek_and_extent(tmp_path: Path) -> None:
    path = raster(tmp_path / "a.tif", np.full((80, 80), 2.0, dtype=np.float32))
    shapes = tmp_path / "b.gpkg"
    buildings().to_file(shapes)
    with Sandbox(tmp_path) as started:
        reader = reader_for(path)
        asked = Job(reader.module.__name__, path, "terrain", reader.options(), Target(CRS, 5.0), Limits())
        assert started.extent(asked)[2] - started.extent(asked)[0] == pytest.approx(200.0)
        vectors = reader_for(shapes)
        peeked = started.peek(Job(vectors.module.__name__, shapes, "", vectors.options(), Target(CRS, 5.0), Limits()))
    assert peeked[0].kind == "polygon"
    assert "用途" in peeked[0].columns
