"""Engine: runs Steps in this process on a thread pool and stores their results."""

import contextlib
import os
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from citybraid.core.check import check_range, stamp
from citybraid.core.errors import Cancelled, StudyError
from citybraid.core.layer import Layer
from citybraid.core.model import reads
from citybraid.core.step import Step
from citybraid.core.var import Over, RunFacts, Table, Threads, Var
from citybraid.store.store import Store
from citybraid.study.open.events import Emit, StepFinished, StepProgress, StepsPlanned, StepStarted, quiet
from citybraid.study.run.preflight import estimate

CACHE_BYTES = 512 * 2**20
VIEWS = 16
"""Views of tables that are kept: the events of an alternative read the same ones [-]."""


@dataclass
class ValueCache:
    """In-memory cache of values of this run, oldest evicted first; the store holds all of them."""

    store: Store
    bound: int = CACHE_BYTES
    _values: dict[str, Any] = field(default_factory=dict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: str) -> Any:
        """Return a value, from memory where it is cached."""
        with self._lock:
            if key in self._values:
                return self._values[key]
        value = self.store.get(key)
        self._remember(key, value)
        return value

    def put(self, key: str, value: Any) -> None:
        """Store a value and cache it."""
        self.store.put(key, value)
        self._remember(key, value)

    def put_together(self, step: str, values: Mapping[str, Any]) -> None:
        """Store the values that a Step made, by key, and cache them."""
        self.store.put_together(step, values)
        for key, value in values.items():
            self._remember(key, value)

    def _remember(self, key: str, value: Any) -> None:
        with self._lock:
            if key in self._values:
                return
            self._values[key] = value
            self._bytes += _size(value)
            while self._bytes > self.bound and len(self._values) > 1:
                first = next(iter(self._values))
                self._bytes -= _size(self._values.pop(first))


def _size(value: Any) -> int:
    if isinstance(value, xr.DataArray):
        return int(value.nbytes)
    return 200 * len(value) if isinstance(value, pd.Series) else 64


class Engine:
    """Runs the Steps whose values are not in the store; stops within two seconds when cancelled.

    Many Steps have one thread each; a Step that nothing else can run beside has all of them.
    """

    def __init__(self, store: Store, *, threads: int | None = None, emit: Emit = quiet) -> None:
        self.memory = ValueCache(store)
        self.store = store
        self.emit = emit
        self.threads = threads or os.cpu_count() or 1
        self._intact = set[str]()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._views: dict[tuple[tuple[str, str], ...], gpd.GeoDataFrame] = {}
        self._stored: dict[str, float] = {}
        """Seconds of the Steps whose values this engine has found or put in the store, by key."""

    def stop(self) -> None:
        """Ask running Steps to stop at their next tick."""
        self._stop.set()

    def run(self, steps: Sequence[Step]) -> tuple[str, ...]:
        """Run missing Steps in dependency order; returns the keys of the Steps that ran.

        A Step whose outputs are all stored and undamaged is not run again. The first error ends the
        run after the Steps in progress; finished Steps stay stored. Raises Cancelled on Ctrl-C.
        """
        makers = {out.key: step.key for step in steps for out in step.outs}
        todo = {step.key: step for step in steps if not self._done(step)}
        for step in steps:
            if step.key not in todo:
                self.emit(StepFinished(step.name, self._stored[step.key], computed=False))
        self._announce(list(todo.values()))
        waits = {key: {makers[k] for k in _inputs(step) if makers.get(k) in todo} for key, step in todo.items()}
        ran: list[str] = []
        running: dict[Future[float], str] = {}
        with ThreadPoolExecutor(max_workers=self.threads) as pool:
            try:
                while todo or running:
                    ready = [key for key in todo if not waits[key]]
                    threads = self.threads if len(ready) == 1 and not running else 1
                    for key in ready[: self.threads - len(running)]:
                        running[pool.submit(self._execute, todo.pop(key), threads)] = key
                    finished, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                    for future in finished:
                        key = running.pop(future)
                        future.result()
                        ran.append(key)
                        for others in waits.values():
                            others.discard(key)
            except (KeyboardInterrupt, Cancelled) as fault:
                self._stop.set()
                raise Cancelled(
                    "engine.cancelled", done=len(steps) - len(todo) - len(running), total=len(steps)
                ) from fault
            except BaseException:
                self._stop.set()
                raise
        return tuple(ran)

    def start(self, step: Step) -> None:
        """Start a Step and end it at its first tick; nothing is stored. Raises the errors of its inputs."""
        arguments = {**self._arguments(step), **step.extra}
        for name, need in step.model.needs.items():
            if need.what in ("tick", "threads", "facts"):
                arguments[name] = {"tick": _end, "threads": Threads(self.threads), "facts": RunFacts()}[str(need.what)]
        with contextlib.suppress(_StartedError):
            step.model.run(arguments)

    def _announce(self, todo: Sequence[Step]) -> None:
        if not todo:
            return
        grids = [out.grid for step in todo for out in step.outs if out.grid is not None]
        cells = max((int(grid.shape[0] * grid.shape[1]) for grid in grids), default=0)
        cost = estimate(todo, self.store, cells=cells, rows=0, threads=self.threads)
        self.emit(StepsPlanned(len(todo), cells, round(cost.seconds, 1)))

    def _done(self, step: Step) -> bool:
        """Tell whether a Step's values are stored and undamaged; each is looked at once."""
        if step.key in self._stored:
            return True
        missing = [out.key for out in step.outs if out.key not in self._intact and not self.store.intact(out.key)]
        self._intact |= {out.key for out in step.outs} - set(missing)
        if not missing:
            self._stored[step.key] = float((self.store.noted(step.key) or {}).get("seconds", 0.0))
        return not missing

    def _tick(self, name: str, share: float) -> None:
        if self._stop.is_set():
            raise Cancelled("engine.cancelled", done=0, total=0)
        self.emit(StepProgress(name, share))

    def _execute(self, step: Step, threads: int) -> float:
        self._tick(step.name, 0.0)
        self.emit(StepStarted(step.name))
        started = time.perf_counter()
        arguments = {**self._arguments(step), **step.extra}
        arguments |= {
            name: lambda share: self._tick(step.name, share)
            for name, need in step.model.needs.items()
            if need.what == "tick"
        }
        arguments |= {name: Threads(threads) for name, need in step.model.needs.items() if need.what == "threads"}
        facts = RunFacts()
        arguments |= {name: facts for name, need in step.model.needs.items() if need.what == "facts"}
        results = step.model.run(arguments)
        residuals: dict[str, float] = {}
        made: dict[str, Any] = {}
        for out, value in zip(step.outs, results.values(), strict=True):
            check_range(out.var, value, where=step.name)
            if out.var.closes is not None:
                residuals[out.var.name] = float(value)
            made[out.key] = stamp(out.var, value)
        self.memory.put_together(step.key, made)
        self._intact |= made.keys()
        seconds = time.perf_counter() - started
        self.store.note(
            step.key,
            {
                "model": step.model.id,
                "version": step.model.version,
                "seconds": seconds,
                "residuals": residuals,
                "facts": {**facts, "threads": threads},
            },
        )
        self._stored[step.key] = seconds
        self.emit(StepFinished(step.name, seconds, computed=True))
        return seconds

    def _arguments(self, step: Step) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        for name, layers in step.reads.items():
            what = step.model.needs[name].what if name in step.model.needs else None
            if isinstance(what, Table):
                arguments[name] = self.view(what, layers)
            elif isinstance(what, Over):
                arguments[name] = {label: self._value(layer) for label, layer in layers.items()}
            else:
                arguments[name] = self._value(next(iter(layers.values())))
        for name, need in step.model.needs.items():
            if need.optional and name not in arguments and (reads(need.what) or isinstance(need.what, Var)):
                arguments[name] = None
        return arguments

    def _value(self, layer: Layer) -> Any:
        return self.memory.get(layer.key)

    def view(self, table: Table, layers: Mapping[str, Layer]) -> gpd.GeoDataFrame:
        """Return the view of a table that a model declares; raises StudyError where row indices differ.

        The last views are kept. The caller gets a lazy copy: what it writes does not reach the one that is kept.
        """
        key = tuple((name, layer.key) for name, layer in layers.items())
        with self._lock:
            known = self._views.pop(key, None)
        view = self._built_view(table, layers) if known is None else known
        with self._lock:
            self._views[key] = view
            while len(self._views) > VIEWS:
                self._views.pop(next(iter(self._views)))
        return view.copy(deep=False)

    def _built_view(self, table: Table, layers: Mapping[str, Layer]) -> gpd.GeoDataFrame:
        geometry = self._value(layers[table.on])
        columns: dict[str, pd.Series] = {}
        for name, layer in layers.items():
            if name == table.on:
                continue
            column = self._value(layer)
            if not column.index.equals(geometry.index):
                raise StudyError("plan.rows", table=table.on, column=name)
            columns[name] = column
        return gpd.GeoDataFrame(columns, geometry=geometry, index=geometry.index, crs=geometry.crs)


class _StartedError(Exception):
    """A Step has reached its first tick."""


def _end(_: float) -> None:
    raise _StartedError


def _inputs(step: Step) -> set[str]:
    return {layer.key for layers in step.reads.values() for layer in layers.values()}


def finite(value: Any) -> Any:
    """Return a number for JSON: None where it is not finite."""
    return None if isinstance(value, float) and not np.isfinite(value) else value
