"""Steps that leave a trace: each writes who ran it into a folder, so that a test can count."""

import errno
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox
from scipy import ndimage

from citybraid.core.errors import Cancelled
from citybraid.core.factor import FactorBook
from citybraid.core.layer import Layer, digest
from citybraid.core.model import Params, model, var_of
from citybraid.core.place import Place
from citybraid.core.step import Step
from citybraid.core.var import Over, Tick, Var
from citybraid.store.store import Store
from citybraid.study.plan.planner import Settings, plan
from citybraid.study.run.backends import job

RAIN = Annotated[float, Var("rain", "mm", "Rain of an event", on="", ge=0)]
WATER = Annotated[xr.DataArray, Var("water", "mm", "Water of an event", ge=0)]
TOTAL = Annotated[float, Var("total", "mm", "Water of all events", on="", ge=0)]
GRID = GeoBox((40, 30), Affine(10, 0, 0, 0, -10, 0), 32651)
CELLS = 40 * 30
PATIENCE = 300.0
"""Time after which what a test waits for counts as not coming [s]: a busy machine takes minutes for a moment's work."""
HOLD = "hold-"
"""Start of the names of files that hold what runs."""


class ClockworkParams(Params):
    trace: str
    """Folder that each run writes a file into."""
    seconds: float = 0.2
    """Time that a run takes [s]."""
    fatal: bool = False
    """Whether a run ends its process."""
    meet: int = 1
    """Processes that must have begun something before a run goes on: a busy machine may leave one without any."""


class Water(NamedTuple):
    water: WATER


class Total(NamedTuple):
    total: TOTAL


@model(version=1, cite="toy", validity="toy")
def clockwork(rain: RAIN, p: ClockworkParams, tick: Tick = lambda _: None) -> Water:
    if p.fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    trace = Path(p.trace) / f"{rain:g}-{os.getpid()}-{time.monotonic_ns()}"
    trace.with_suffix(".begun").touch()
    linger(Path(p.trace), rain, p)
    for done in range(10):
        try:
            tick(done / 10)
        except Cancelled:
            trace.with_suffix(".stopped").touch()
            raise
        time.sleep(p.seconds / 10)
    trace.with_suffix(".done").touch()
    return Water(xr.DataArray(np.random.default_rng(int(rain)).random((40, 30)) * rain, dims=("y", "x")))


def linger(trace: Path, rain: float, p: ClockworkParams) -> None:
    """Wait for other processes where they must meet, and as long as this process or this event is held."""
    until = time.monotonic() + PATIENCE
    holds = [trace / f"{HOLD}{name}" for name in (f"e{rain:g}", f"p{os.getpid()}")]
    while len(begun(trace)) < p.meet or any(map(Path.exists, holds)):
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.01)


def begun(trace: Path, kind: str = "begun") -> set[int]:
    """Return the processes that have left traces of a kind."""
    return {int(path.name.split("-")[1]) for path in trace.glob(f"*.{kind}")}


@model(version=1, cite="toy", validity="toy")
def summing(water: Annotated[dict[str, Any], Over(WATER, "event")]) -> Total:
    return Total(float(sum(float(values.sum()) for values in water.values())))


class Ridge(NamedTuple):
    water: WATER


class RidgeParams(ClockworkParams):
    around: float = 30.0
    """Distance within which the highest value counts [m]."""


@model(version=1, cite="toy", validity="toy", reach=lambda *, p, **_: p.around)
def ridge(water: WATER, grid: GeoBox, p: RidgeParams) -> Ridge:
    """Return the highest value around a cell, and leave a trace of who looked at which rows."""
    trace = Path(p.trace) / f"{round(grid.affine.f / grid.affine.e)}-{os.getpid()}-{time.monotonic_ns()}"
    trace.with_suffix(".begun").touch()
    linger(Path(p.trace), -1, p)
    rows, columns = (int(p.around // abs(float(size))) for size in (grid.resolution.y, grid.resolution.x))
    highest = ndimage.maximum_filter(water.to_numpy(), size=(2 * rows + 1, 2 * columns + 1), mode="nearest")
    time.sleep(p.seconds)
    trace.with_suffix(".done").touch()
    return Ridge(xr.DataArray(highest, dims=("y", "x")))


def ridge_step(store: Store, trace: Path, shape: tuple[int, int], *, seconds: float = 0.0, meet: int = 1) -> Step:
    """Return a Step on stored water of random values."""
    grid, water = GeoBox(shape, Affine(10, 0, 0, 0, -10, 0), 32651), var_of(WATER)
    read = Layer(water, digest("water", *shape), grid)
    values = np.random.default_rng(1).integers(0, 10_000, shape).astype(np.float32)
    store.put(read.key, xr.DataArray(values, dims=("y", "x")))
    params = RidgeParams(trace=str(trace), seconds=seconds, meet=meet)
    key = digest("ridge", *shape)
    out = Layer(water, digest(key, "water"), grid)
    return Step(ridge, key, {"water": {"water": read}}, {"grid": grid, "p": params}, (out,))


def expected(events: int) -> float:
    """Return the total by another way than through the engine."""
    return sum(float((np.random.default_rng(k).random((40, 30)) * k).sum()) for k in range(1, events + 1))


class Clock(NamedTuple):
    """The Steps of some events and the one that adds them up, with the folder of their traces."""

    store: Store
    steps: tuple[Step, ...]
    total: Layer
    trace: Path

    @classmethod
    def made(
        cls, folder: Path, *, events: int = 12, seconds: float = 0.2, fatal: bool = False, meet: int = 1
    ) -> "Clock":
        store, trace = Store(folder / "store"), folder / "trace"
        trace.mkdir(parents=True, exist_ok=True)
        layers = []
        for number in range(1, events + 1):
            key = digest("rain", number)
            store.put(key, float(number))
            layers.append(Layer(var_of(RAIN), key, None, frozenset({("event", f"e{number:02d}")})))
        params = {clockwork.id: ClockworkParams(trace=str(trace), seconds=seconds, fatal=fatal, meet=meet)}
        settings = Settings(grid=GRID, book=FactorBook(()), region="", year=2025, params=params)
        planned = plan(Place().put(layers), (clockwork, summing), (), settings)
        return cls(store, planned.steps, planned.place.one("total"), trace)

    def traces(self, kind: str) -> Counter[str]:
        """Return how often each event has begun, is done or was stopped."""
        return Counter(path.name.partition("-")[0] for path in self.trace.glob(f"*.{kind}"))

    def processes(self, kind: str = "begun") -> set[int]:
        """Return the processes that ran something."""
        return begun(self.trace, kind)

    def hold(self, *names: str) -> None:
        """Let what runs at e5, an event, or p4711, a process, wait after its begin until it is freed."""
        for name in names:
            (self.trace / f"{HOLD}{name}").touch()

    def free(self) -> None:
        """Let all go on that is held."""
        for path in self.trace.glob(f"{HOLD}*"):
            path.unlink()

    def wait_for(self, count: int, kind: str = "begun") -> None:
        """Wait until so many runs have left a trace."""
        wait_until(lambda: sum(self.traces(kind).values()) >= count)

    def wait_for_process(self, process: int, kind: str = "begun") -> None:
        """Wait until a process has left a trace."""
        wait_until(lambda: process in self.processes(kind))

    def wait_for_stored(self, count: int) -> None:
        """Wait until so many Steps have stored what they make."""
        wait_until(lambda: sum(self.store.has(out.key) for step in self.steps for out in step.outs) >= count)

    def wait_for_drafts(self) -> None:
        """Wait until the store has no half-written value."""
        folder = self.store.folder / "incoming"
        wait_until(lambda: all(path.suffix == ".json" for path in folder.iterdir()))


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.02)


def run_apart(folder: str, address: str) -> None:
    """Run long Steps on a cluster: the program that a test kills."""
    from citybraid.study.run.backends.cluster import Cluster
    from citybraid.study.run.engine import Engine

    clock = Clock.made(Path(folder), seconds=60.0)
    with Cluster(clock.store, address) as backend:
        backend.client.wait_for_workers(3, timeout=PATIENCE)
        Engine(clock.store, backend=backend).run(clock.steps)


JOB_PATIENCE = job.PATIENCE


def lose_patience() -> None:
    """Let jobs of this process wait a moment for what has to show on another machine, not ten seconds."""
    job.PATIENCE = 0.5


def be_patient() -> None:
    """Let jobs of this process wait again."""
    job.PATIENCE = JOB_PATIENCE


WRITE_BYTES = Path.write_bytes


def fill_disk() -> None:
    """Let files of this process end after some bytes, as on a full disk."""

    def part(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:100])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    setattr(Path, "write_bytes", part)  # noqa: B010  (no type of its own)


def free_disk() -> None:
    """Let this process write again."""
    setattr(Path, "write_bytes", WRITE_BYTES)  # noqa: B010  (the same)
