"""A run is cancelled amid the steps of a flood, which the worker's own program computes, not a stand-in."""

import os
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from sqlalchemy.orm import Session, sessionmaker

from citybraid.web.configuration.settings import Settings
from citybraid.web.jobs.command import GRACE_S
from citybraid.web.jobs.progress import Progress
from citybraid.web.jobs.states import State
from citybraid.web.jobs.worker import LOOK_S, Worker
from tests.web.jobs.conftest import Asking, until

SIDE, CELL = 400, 5.0
FLOOD = "resilience.flood"
STUDY = """
[study]
name = "flat"
title = { zh = "平地", en = "Flat ground" }
crs = "EPSG:4549"
region = "CN-SH"
year = 2025
resolution = 5
synthetic = true

[files]
terrain = { path = "terrain.tif" }
storm = { path = "rain.csv", event = "long" }

[uniform]
manning = 0.03

[parameters."resilience.flood"]
west = "closed"
north = "closed"
south = "closed"
east = "closed"

[alternatives.as_is]
title = { zh = "现状", en = "As it is" }
"""
ASKED_S, BUSY_S = 2.0, 60.0
"""Time in which a run is to end on an idle machine, and on one that others use as well [s]."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.parametrize("settings", ["sqlite"], indirect=True),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at as Linux shows them"),
]


def write_study(folder: Path) -> None:
    """Write a study whose only flood takes minutes: rolling ground of 160 000 cells under six hours of rain."""
    down, across = np.mgrid[:SIDE, :SIDE]
    ground = (5 + np.sin(down / 7.0) + np.cos(across / 9.0) + down * 0.01).astype(np.float32)
    place = from_origin(500_000.0, 3_400_000.0 + SIDE * CELL, CELL, CELL)
    profile = {"driver": "GTiff", "height": SIDE, "width": SIDE, "count": 1, "dtype": "float32"}
    with rasterio.open(folder / "terrain.tif", "w", crs="EPSG:4549", transform=place, **profile) as file:
        file.write(ground, 1)
    rows = "".join(f"{minute},10\n" for minute in range(0, 360, 10))
    (folder / "rain.csv").write_text(f"time_min,rain_mm\n{rows}", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")


def processes_in(folder: Path) -> dict[int, float]:
    """Return the processes whose command names a folder, and the processor time that each has taken [s]."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            words = (path / "cmdline").read_text(encoding="utf-8", errors="replace")
            told = (path / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if str(folder) in words and "\0run\0" in words:
            found[int(path.name)] = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return found


def test_a_flood_that_is_cancelled_takes_little_more_of_the_processor(
    settings: Settings,
    maker: sessionmaker[Session],
    asking: Asking,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is bounded is the processor time after the word, which other work on the machine does not lengthen."""
    shares: list[float] = []

    def take(self: Progress, event: Mapping[str, Any]) -> None:
        if event["event"] == "StepProgress" and FLOOD in event["step"]:
            shares.append(event["share"])

    monkeypatch.setattr(Progress, "take", take)
    write_study(folder)
    job = asking.submit("run", baseline=True, report=False)
    thread = threading.Thread(target=Worker(settings, maker, cores=1).once)
    thread.start()
    until(lambda: any(shares))
    before, asked = sum(processes_in(folder).values()), time.monotonic()
    asking.cancel(job)
    last = before
    while now := processes_in(folder):
        last = max(last, sum(now.values()))
        time.sleep(0.02)
    until(lambda: asking.job(job).state == State.CANCELLED)
    thread.join()
    assert before > 0
    assert last - before < ASKED_S
    assert LOOK_S + GRACE_S < ASKED_S
    assert time.monotonic() - asked < BUSY_S
    assert max(shares) < 1
