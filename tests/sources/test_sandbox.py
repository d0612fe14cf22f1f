"""The worker process: it may crash, hang or grow, and the message stays clean; it reaches nothing outside."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from citybraid.core.errors import InputError
from citybraid.core.text import known
from citybraid.isolation.fences import FENCES
from citybraid.sources.fenced.intake_run import IntakeOptions
from citybraid.sources.fenced.invisible_characters import with_character_findings
from citybraid.sources.fenced.safety import gdal_drivers, gdal_environment
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.filespec import Options, options_of
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target
from tests.sources.planner_files import CRS, buildings, raster
from tests.sources.test_intake import FILES
from tests.sources.test_intake import folder as planner_folder

pytestmark = [pytest.mark.own_worker, pytest.mark.slow]
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's fences are Linux's")

SHELL = ("GDAL_VRT_ENABLE_PYTHON", "GDAL_HTTP_PROXY", "AWS_SECRET_ACCESS_KEY", "GDAL_DATA")
FAULTS = {
    "crash": ("intake.crashed", ""), "hang": ("intake.too_slow", ""), "network": ("intake.unreadable", "may not"),
    "recurse": ("intake.unreadable", "nesting"), "remember": ("intake.unreadable", "remembered"),
    "send": ("intake.crashed", ""), "spin": ("intake.too_slow", ""),
}  # fmt: skip
"""What ends a worker, and what is told of it."""
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
    """What no reading consists of, and what would run if it were unpickled."""
    def __reduce__(self):
        return os.system, ("echo x > taken_over.txt",)

def attempted(role, path, *about, limits):
    try:
        read(path, role, *about, limits=limits)
    except Exception as fault:
        return f"{role.partition(':')[0]}: {type(fault).__name__} {str(fault)[:40]}"

def telling(path, words):
    """A plain refusal, which leaves the worker for the next file."""
    from citybraid.core.errors import InputError
    return InputError("intake.file_empty", name=f"{path.name} {words}")

def peek(path):
    (Path(tempfile.mkdtemp()) / "x.txt").write_text("x", encoding="utf-8")
    return ()

def read(path, role, options, target, *, limits):
    if role == "refuse":
        raise telling(path, "refused")
    if role == "remember":
        os.environ["REMEMBERED"] = "yes"
        raise ValueError("remembered")
    if role == "recall":
        raise telling(path, os.environ.get("REMEMBERED", "nothing"))
    if role.startswith("all:"):
        roles = role[4:].split(";")
        raise telling(path, " | ".join(attempted(each, path, options, target, limits=limits) for each in roles))
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
        raise telling(path, f"wrote {made.parent.parent.name} {os.getcwd() == str(made.parent.parent)}")
    if role == "environment":
        raise telling(path, ",".join(sorted(name for name in os.environ if "GDAL" in name or "AWS" in name)))
    if role == "arrays":
        import sys, xarray
        made = xarray.DataArray([0.0])
        held = sum(name.startswith("dask.") for name in sys.modules)
        raise telling(path, f"{made.size} cell, {held} of the clusters'")
    if role == "drivers":
        import pyogrio, rasterio
        with rasterio.Env() as env:
            held = set(pyogrio.list_drivers()) | set(env.drivers())
        raise telling(path, f"(drivers {','.join(sorted(held))})")
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


@pytest.fixture(scope="module")
def observer(hostile: Path) -> Iterator[Sandbox]:
    """A worker whose reader refuses every file and tells what it tried; its user's shell has settings and a secret."""
    with Sandbox(hostile) as started:
        with pytest.MonkeyPatch.context() as patch:
            for name in SHELL:
                patch.setenv(name, "YES")
            told(started, job(hostile, "refuse"))
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
def test_network_children_and_pickles_are_refused(hostile: Path, observer: Sandbox, role: str) -> None:
    assert f"{role}: PermissionError a fenced process may not" in said(observer, hostile, f"all:{role}")


def test_what_a_reader_prints_is_no_answer(hostile: Path, observer: Sandbox) -> None:
    assert "after the noise" in said(observer, hostile, "all:talk")


def test_rasters_are_made_without_the_library_of_clusters(hostile: Path, observer: Sandbox) -> None:
    assert find_spec("dask") is not None
    assert "1 cell, 0 of the clusters'" in said(observer, hostile, "arrays")


def test_only_drivers_that_readers_use_are_there(hostile: Path, observer: Sandbox) -> None:
    held = set(said(observer, hostile, "drivers").partition("drivers ")[2].partition(")")[0].split(","))
    assert held <= gdal_drivers()[0]
    assert {"GTiff", "GPKG", "ESRI Shapefile", "GeoJSON"} <= held
    assert not held & {"VRT", "OGR_VRT", "GTI", "HTTP", "WMS", "WFS", "GML", "GMLAS", "MRF", "STACIT", "GDALG", "PDF"}


def test_drivers_of_another_gdal_are_found_and_taken_out(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this GDAL had a driver that no list of ours names: the worker tells, and is started without it."""
    whole = gdal_environment(hostile)["GDAL_SKIP"]
    assert "VRT" in whole.split(",")
    kept = gdal_drivers()[0]
    monkeypatch.setattr("citybraid.sources.fenced.safety.gdal_drivers", lambda: (kept, frozenset()))
    with Sandbox(hostile) as bare:
        assert "VRT" not in said(bare, hostile, "drivers").split(",")
        assert "VRT" in bare._skipped


def test_the_users_shell_does_not_reach_gdal(hostile: Path, observer: Sandbox) -> None:
    names = said(observer, hostile, "environment")
    assert "GDAL_SKIP" in names
    assert "AWS" not in names
    assert "GDAL_HTTP_PROXY" not in names
    assert "GDAL_DATA" not in names
    assert gdal_environment(hostile)["GDAL_VRT_ENABLE_PYTHON"] == "NO"


def test_a_module_in_the_data_folder_is_never_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.gpkg"
    buildings().to_file(path)
    for name in ("pyogrio", "random", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(3)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [guess.role for guess in guess_roles(tmp_path) if guess.path == path] == ["buildings"]


def test_what_a_reader_writes_is_its_own_and_is_deleted(hostile: Path) -> None:
    with Sandbox(hostile) as tidy:
        told_of = said(tidy, hostile, "scratch")
        assert "wrote citybraid-" in told_of
        assert "True" in told_of
        assert "may not open outside" in said(tidy, hostile, f"all:write:{hostile / 'new.txt'}")
        tidy.peek(job(hostile, "scratch"))
        assert tidy._child is not None
        scratch = [tidy._child.folder]
        assert list(scratch[0].rglob("x.txt"))
        told(tidy, job(hostile, "crash"))
        tidy.peek(job(hostile, "scratch"))
        assert tidy._child is not None
        scratch.append(tidy._child.folder)
    assert not [each for each in scratch if each.exists()]
    assert [each.name for each in hostile.iterdir()] == ["数据.bin"]


@LINUX
def test_the_kernel_holds_what_python_does_not_see(hostile: Path, observer: Sandbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret words", encoding="utf-8")
    assert observer.fences is not None
    if "network" in observer.fences:
        did = said(observer, hostile, "all:native_socket;native_fork;thread")
        assert "native_socket: ValueError result -1 errno 1 |" in did
        assert "native_fork: ValueError result -1 errno 1 |" in did
        assert "thread: ValueError threads work: [1]" in did
    if "files" in observer.fences:
        new = hostile / "new.txt"
        paths = f"read:{secret};read:/etc/passwd;read:{hostile / '数据.bin'};native_write:{new}"
        did = said(observer, hostile, f"all:{paths}")
        assert "secret" not in did
        assert did.count("read: PermissionError") == 2
        assert "read: ValueError read x |" in did
        assert "native_write: ValueError result -1 errno 13" in did
        assert not new.exists()
    if os.environ.get("CI", "").lower() == "true":
        assert set(observer.fences) == set(FENCES)


@LINUX
def test_memory_is_bounded(hostile: Path, sandbox: Sandbox) -> None:
    assert told(sandbox, job(hostile, "grow")).text == "intake.too_big"
    assert told(sandbox, job(hostile, "grow_slowly", Limits(memory_mib=320))).text == "intake.too_big"
    natively = told(sandbox, job(hostile, "grow_natively", Limits(memory_mib=320))).text
    assert natively in {"intake.too_big", "intake.crashed"}
    assert max(usage.mib for usage in sandbox.usage) <= 1024


@pytest.mark.parametrize("role", sorted(FAULTS))
def test_no_file_is_read_by_a_worker_that_met_a_fault(
    hostile: Path, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """A plain refusal leaves the worker for the next file; what no reader foresaw is told, and is the end of it."""
    monkeypatch.chdir(tmp_path)
    assert told(sandbox, job(hostile, "refuse")).text == "intake.file_empty"
    child = sandbox._child
    assert child is not None
    assert told(sandbox, job(hostile, "refuse")).text == "intake.file_empty"
    assert sandbox._child is child
    text, words = FAULTS[role]
    fault = told(sandbox, job(hostile, role, Limits(seconds=0.5) if text == "intake.too_slow" else None))
    assert fault.text == text
    assert words in fault.say("en")
    assert not child.alive
    assert not child.folder.exists()
    assert "nothing" in said(sandbox, hostile, "recall")
    assert not list(tmp_path.iterdir()), "an answer that would run is refused"


def test_no_packet_leaves_the_worker(tmp_path: Path) -> None:
    """A server listens on loopback; nothing that GDAL would fetch, in any format, comes by."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        where = f"http://127.0.0.1:{server.getsockname()[1]}"
        for name, content in beacons(where).items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        begun = time.monotonic()
        guess_roles(tmp_path)
        assert time.monotonic() - begun < 240
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


def test_peek_and_extent(town: Path, townsfolk: Sandbox) -> None:
    path = raster(town / "a.tif", np.full((80, 80), 2.0, dtype=np.float32))
    shapes = town / "b.gpkg"
    buildings().to_file(shapes)
    reader, vectors = reader_for(path), reader_for(shapes)
    asked = Job(reader.module.__name__, path, "terrain", reader.options(), Target(CRS, 5.0), Limits())
    west, _, east, _ = townsfolk.extent(asked)
    assert east - west == pytest.approx(200.0)
    peeked = townsfolk.peek(Job(vectors.module.__name__, shapes, "", vectors.options(), Target(CRS, 5.0), Limits()))
    assert peeked[0].kind == "polygon"
    assert "用途" in peeked[0].columns


@pytest.mark.parametrize("entry", sorted(FILES))
def test_a_reading_comes_through_as_it_was(entry: str, town: Path, townsfolk: Sandbox) -> None:
    """What the worker's reading becomes on its way is what the reader gives in this process."""
    spec = FILES[entry]
    path = (town / spec.paths[0]).resolve()
    reader = reader_for(path)
    target = Target(CRS, 5.0).placed((572_000.0, 3_397_000.0, 572_200.0, 3_397_200.0))
    options = options_of(spec, reader.options, name=entry)
    came = townsfolk.read(Job(reader.module_name, path, spec.role or entry, options, target, Limits()))
    gave: Reading = reader.module.read(path, spec.role or entry, options, target, limits=Limits())
    assert [repr(each) for each in came.findings] == [
        repr(each) for each in with_character_findings(gave, name=path.name).findings
    ]
    assert [each.record() for each in came.problems] == [each.record() for each in gave.problems]
    for one, other in zip(came.layers, gave.layers, strict=True):
        assert (one.var, dict(one.at), one.grid, one.native_resolution) == (
            other.var, dict(other.at), other.grid, other.native_resolution,
        )  # fmt: skip
        assert (one.position, one.mappings, one.spread) == (other.position, other.mappings, other.spread)
        identical(one.value, other.value)
        identical(one.stated, other.stated)


def identical(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, gpd.GeoSeries):
        assert one.to_wkb().equals(other.to_wkb())
        assert (one.crs, one.crs.srs) == (other.crs, other.crs.srs)
        pd.testing.assert_index_equal(one.index, other.index, exact=True)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, check_exact=True)
        assert [type(each) for each in one] == [type(each) for each in other]
    elif isinstance(one, xr.DataArray):
        assert one.identical(other)
        assert one.to_numpy().dtype == other.to_numpy().dtype
    else:
        assert one == other


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planner_folder(tmp_path_factory.mktemp("规划 项目"))


@pytest.fixture(scope="module")
def townsfolk(town: Path) -> Iterator[Sandbox]:
    with Sandbox(town) as started:
        yield started


def test_what_this_system_cannot_forbid_is_told_with_the_files(
    town: Path, townsfolk: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the kernel had no Landlock and no seccomp: each lacking fence is one advice in both languages."""
    files = {"parcels": FILES["parcels"]}
    conduct = IntakeOptions(sandbox=townsfolk)
    fenced = take_in(files, Target(CRS, 5.0), root=town, conduct=conduct)
    stood = townsfolk.fences
    assert stood is not None
    assert {each.text for each in fenced.findings if each.text.startswith("intake.unfenced")} == {
        f"intake.unfenced_{each}" for each in FENCES if each not in stood
    }
    monkeypatch.setattr(townsfolk, "fences", ("limits",))
    bare = take_in(files, Target(CRS, 5.0), root=town, conduct=conduct)
    told = [each for each in bare.findings if each.text.startswith("intake.unfenced")]
    assert [each.text.rpartition("_")[2] for each in told] == ["files", "network", "parent"]
    assert all(each.kind == "advice" and each.say("en") != each.say("zh") for each in told)
    assert all(known(f"intake.unfenced_{each}") for each in FENCES)
