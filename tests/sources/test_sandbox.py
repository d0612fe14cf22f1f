"""The worker process: it may crash, hang or grow, and the message stays clean."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.sources.discovery import reader_for
from citybraid.sources.filespec import Options
from citybraid.sources.limits import Limits
from citybraid.sources.sandbox import Job, Sandbox
from citybraid.sources.target import Target
from tests.sources.planner_files import CRS, buildings, raster

HOSTILE = '''
"""A reader that misbehaves as its role says."""
import os, socket, subprocess, time
def read(path, role, options, target, *, limits):
    if role == "hang":
        time.sleep(60)
    if role == "crash":
        os.abort()
    if role == "grow":
        return bytearray(1 << 40)
    if role == "grow_slowly":
        kept = []
        while True:
            kept.append(bytearray(1 << 24))
    if role == "talk":
        print("noise on standard output", flush=True)
        os.write(1, b"more noise")
        raise ValueError("after the noise")
    if role == "network":
        socket.create_connection(("127.0.0.1", 9))
    if role == "run":
        subprocess.run(["true"])
    if role == "vrt":
        import pyogrio, rasterio
        held = set(rasterio.drivers.raster_driver_extensions().values()) | set(pyogrio.list_drivers())
        with rasterio.Env() as env:
            held |= set(env.drivers())
        raise ValueError(",".join(sorted(held & {"VRT", "OGR_VRT", "HTTP", "WFS", "WMS"})) or "none")
'''


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a misbehaving reader that the worker can import, and a file to read."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "misbehaving.py").write_text(HOSTILE, encoding="utf-8")
    (folder / "数据.bin").write_bytes(b"x")
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(folder)
    yield folder
    os.environ.pop("PYTHONPATH")
    if before is not None:
        os.environ["PYTHONPATH"] = before


@pytest.fixture(scope="module")
def sandbox(hostile: Path) -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


def job(folder: Path, role: str, limits: Limits | None = None) -> Job:
    return Job("misbehaving", folder / "数据.bin", role, Options(), Target(CRS, 5.0), limits or Limits())


def told(sandbox: Sandbox, asked: Job) -> InputError:
    with pytest.raises(InputError) as caught:
        sandbox.read(asked)
    assert "数据.bin" in caught.value.say("zh")
    assert str(asked.path.parent) not in caught.value.say("en")
    return caught.value


def test_noise_network_children_and_faults_become_messages(hostile: Path, sandbox: Sandbox) -> None:
    assert "after the noise" in told(sandbox, job(hostile, "talk")).say("en")
    assert "may not" in told(sandbox, job(hostile, "network")).say("en")
    assert "may not" in told(sandbox, job(hostile, "run")).say("en")


def test_no_driver_that_reads_other_files_is_there(hostile: Path, sandbox: Sandbox) -> None:
    assert "ValueError: none" in told(sandbox, job(hostile, "vrt")).say("en")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory limits are Linux's here")
def test_memory_is_bounded(hostile: Path, sandbox: Sandbox) -> None:
    assert told(sandbox, job(hostile, "grow")).text == "intake.too_big"
    assert told(sandbox, job(hostile, "grow_slowly", Limits(memory_mib=256))).text == "intake.too_big"


def test_a_crash_and_a_hang_end_the_worker_and_the_next_file_is_read(hostile: Path, sandbox: Sandbox) -> None:
    assert told(sandbox, job(hostile, "crash")).text == "intake.crashed"
    assert told(sandbox, job(hostile, "hang", Limits(seconds=0.5))).text == "intake.too_slow"
    assert "after the noise" in told(sandbox, job(hostile, "talk")).say("en")


def test_peek_and_extent(tmp_path: Path) -> None:
    path = raster(tmp_path / "a.tif", np.full((80, 80), 2.0, dtype=np.float32))
    shapes = tmp_path / "b.gpkg"
    buildings().to_file(shapes)
    with Sandbox() as started:
        reader = reader_for(path)
        asked = Job(reader.module.__name__, path, "terrain", reader.options(), Target(CRS, 5.0), Limits())
        assert started.extent(asked)[2] - started.extent(asked)[0] == pytest.approx(200.0)
        vectors = reader_for(shapes)
        peeked = started.peek(Job(vectors.module.__name__, shapes, "", vectors.options(), Target(CRS, 5.0), Limits()))
    assert peeked[0].kind == "polygon"
    assert "用途" in peeked[0].columns
