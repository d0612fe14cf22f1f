"""Workplace: what a Step needs to run in a process: the store, values in memory, and views of tables."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
import xarray as xr

from citybraid.core.check import check_range, stamp
from citybraid.core.errors import StoreError, StudyError
from citybraid.core.layer import Layer
from citybraid.core.model import reads
from citybraid.core.step import Step
from citybraid.core.var import Over, RunFacts, Table, Threads, Var
from citybraid.store.store import Store
from citybraid.study.run.backends import bands, tiles
from citybraid.study.run.backends.repeats import Repeats

CACHE_BYTES, WORKER_CACHE_BYTES = 512 * 2**20, 256 * 2**20
"""Memory for values in this process, and in each worker of a cluster, of which several may share a machine [byte]."""
VIEWS = 16
"""Views of tables that are kept: the events of an alternative read the same ones [-]."""
RETRY_SECONDS = 0.2
"""Time between two looks for a value that another machine has stored [s]."""


@dataclass
class ValueCache:
    """In-memory cache of values of this run, oldest evicted first; the store holds all of them.

    `patience` is how long a value that another machine has stored may take to show in a shared folder [s].
    """

    store: Store
    bound: int = CACHE_BYTES
    patience: float = 0.0
    _values: dict[str, Any] = field(default_factory=dict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.repeats = Repeats(self.store)
        """Steps whose values are stored, by what they read."""

    def get(self, key: str) -> Any:
        """Return a value, from memory where it is cached."""
        with self._lock:
            if key in self._values:
                return self._values[key]
        value = self._stored(key)
        self._remember(key, value)
        return value

    def read(self, key: str, rows: slice | None = None) -> Any:
        """Return a value, of a raster some rows if asked for, and do not cache it."""
        with self._lock:
            value = self._values.get(key)
        if value is None:
            return self._stored(key, rows)
        return value if rows is None else value.isel(y=rows)

    def put(self, key: str, value: Any) -> None:
        """Store a value and cache it."""
        self.store.put(key, value)
        self._remember(key, value)

    def put_together(self, step: str, values: Mapping[str, Any]) -> None:
        """Store the values that a Step made, by key, and cache them."""
        self.store.put_together(step, values)
        for key, value in values.items():
            self._remember(key, value)

    def _stored(self, key: str, rows: slice | None = None) -> Any:
        until = time.monotonic() + self.patience
        while True:
            try:
                return self.store.get(key, rows)
            except StoreError as fault:
                if fault.text != "store.missing" or time.monotonic() >= until:
                    raise
            time.sleep(RETRY_SECONDS)

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


class Workplace:
    """Runs single Steps: reads their inputs, stores their outputs and the record of how they were made."""

    def __init__(self, memory: ValueCache) -> None:
        self.memory = memory
        self.store = memory.store
        self._lock = threading.Lock()
        self._views: dict[tuple[tuple[str, str], ...], gpd.GeoDataFrame] = {}

    def execute(self, step: Step, threads: int, tick: Callable[[float], None]) -> float:
        """Compute and store a Step; returns its time [s]. One that reads what another has read has its values."""
        started, worked, facts = time.perf_counter(), time.thread_time(), RunFacts()
        if (repeat := self.memory.repeats.taken(step)) is not None:
            return self._repeat(step, *repeat, started=started)
        results = bands.joined(step, self.memory.read) if step.bands else self._results(step, threads, tick, facts)
        residuals: dict[str, float] = {}
        made: dict[str, Any] = {}
        for out, value in zip(step.outs, results.values(), strict=True):
            check_range(out.var, value, where=step.name, made=True)
            if out.var.closes is not None:
                residuals[out.var.name] = float(value)
            made[out.key] = stamp(out.var, value)
        if step.band is None:
            self.memory.put_together(step.key, made)
        else:  # another worker may be the one that joins it
            self.store.put_together(step.key, made)
        seconds = time.perf_counter() - started + sum(map(self.seconds, step.bands))
        self.store.note(
            step.key,
            {
                "model": step.model.id,
                "version": step.model.version,
                "seconds": seconds,
                "work": time.thread_time() - worked,
                "residuals": residuals,
                "facts": {**facts, "threads": threads},
            },
        )
        self.memory.repeats.add(step)
        return seconds

    def _repeat(self, step: Step, other: Step, record: Mapping[str, Any], *, started: float) -> float:
        """Note a Step whose values are those of another, without processor time: it would say nothing of its model."""
        facts = {name: value for name, value in record.items() if name != "work"}
        seconds = time.perf_counter() - started
        self.store.note(step.key, {**facts, "seconds": seconds, "same_as": other.key})
        return seconds

    def _results(self, step: Step, threads: int, tick: Callable[[float], None], facts: RunFacts) -> Mapping[str, Any]:
        arguments = {**self.arguments(step), **step.extra}
        given = {"tick": tick, "threads": Threads(threads), "facts": facts}
        arguments |= {name: given[need.what] for name, need in step.model.needs.items() if isinstance(need.what, str)}
        return tiles.results(step, arguments, threads)

    def seconds(self, step: Step) -> float:
        """Return the recorded time of a stored Step [s], 0 where it has no record."""
        return float((self.store.noted(step.key) or {}).get("seconds", 0.0))

    def arguments(self, step: Step) -> dict[str, Any]:
        """Return the stored inputs of a Step by parameter; of rasters, the rows that a band reads."""
        arguments: dict[str, Any] = {}
        rows = bands.rows_read(step)
        for name, layers in step.reads.items():
            what = step.model.needs[name].what if name in step.model.needs else None
            if isinstance(what, Table):
                arguments[name] = self.view(what, layers)
            elif isinstance(what, Over):
                arguments[name] = {label: self._value(layer, rows) for label, layer in layers.items()}
            else:
                arguments[name] = self._value(next(iter(layers.values())), rows)
        for name, need in step.model.needs.items():
            if need.optional and name not in arguments and (reads(need.what) or isinstance(need.what, Var)):
                arguments[name] = None
        return arguments

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

    def _value(self, layer: Layer, rows: slice | None = None) -> Any:
        return self.memory.get(layer.key) if rows is None or layer.grid is None else self.memory.read(layer.key, rows)
