"""Engine: decides which Step is next, and has a backend run those whose values are not stored."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

import geopandas as gpd
import numpy as np

from citybraid.core.errors import Cancelled
from citybraid.core.layer import Layer
from citybraid.core.step import Step
from citybraid.core.var import RunFacts, Table, Threads
from citybraid.store.draft_store import DraftStore
from citybraid.store.store import Store
from citybraid.study.open.events import Emit, StepFinished, StepProgress, StepsPlanned, StepStarted, quiet
from citybraid.study.run.backends.backend import Backend, Done, Watch
from citybraid.study.run.backends.bands import divided, read_by
from citybraid.study.run.backends.in_process import InProcess
from citybraid.study.run.backends.workplace import ValueCache, Workplace
from citybraid.study.run.preflight import estimate


class Engine:
    """Runs the Steps whose values are not in the store; stops within two seconds when cancelled.

    Many Steps have one thread each; a Step that nothing else can run beside has all of them. Without a backend they
    run on threads of this process.
    """

    def __init__(
        self, store: Store, *, threads: int | None = None, emit: Emit = quiet, backend: Backend | None = None,
        memory: ValueCache | None = None,
    ) -> None:  # fmt: skip
        self.memory = memory or ValueCache(store)
        self.store = store
        self.emit = emit
        self.threads = threads or os.cpu_count() or 1
        self.backend = backend or InProcess(self.threads)
        self._workplace = Workplace(self.memory)
        self._intact = set[str]()
        self._stop = threading.Event()
        self._stored: dict[str, float] = {}
        """Seconds of the Steps whose values this engine has found or put in the store, by key."""

    def anew(self, *, emit: Emit = quiet) -> "Engine":
        """Return an engine on the same store, memory and backend that no error has stopped."""
        return Engine(self.store, threads=self.threads, emit=emit, backend=self.backend, memory=self.memory)

    def drafting(self) -> "Engine":
        """Return an engine whose values stay in memory and end with it; those of this one are read."""
        store = DraftStore(self.store, self.memory.get)
        return Engine(store, threads=self.threads, emit=self.emit, backend=self.backend, memory=ValueCache(store))

    def stop(self) -> None:
        """Ask running Steps to stop at their next tick."""
        self._stop.set()

    def run(self, steps: Sequence[Step]) -> tuple[str, ...]:
        """Run missing Steps in dependency order; returns the keys of the Steps that ran.

        A Step whose outputs are all stored and undamaged is not run again. The first error ends the
        run after the Steps in progress; finished Steps stay stored. Raises Cancelled on Ctrl-C.
        """
        todo = self._missing(steps)
        makers = {out.key: step.key for step in todo.values() for out in step.outs}
        waits = {key: {makers[k] for k in read_by(step) if k in makers} for key, step in todo.items()}
        ran: list[str] = []
        running: dict[Future[Done], Step] = {}
        watch = Watch(
            started=lambda name: self.emit(StepStarted(name)),
            progress=lambda name, share: self.emit(StepProgress(name, share)),
            stopping=self._stop.is_set,
        )
        with self.backend.session(self._workplace, watch) as submit:
            try:
                while todo or running:
                    ready = [key for key in todo if not waits[key]]
                    slots, alone = self.backend.slots, len(ready) == 1 and not running
                    for step in self._unlike(running.values(), [todo[key] for key in ready], slots - len(running)):
                        running[submit(todo.pop(step.key), alone)] = step
                    finished, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                    for future in finished:
                        step = running.pop(future)
                        self._finish(step, future.result(), ran)
                        for others in waits.values():
                            others.discard(step.key)
                    if self._stop.is_set():
                        raise Cancelled("engine.cancelled", done=0, total=0)  # noqa: TRY301  (told below with its counts)
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
        with contextlib.suppress(_StartedError):
            step.model.run(self._arguments(step, _end))

    def rehearse(self, step: Step) -> None:
        """Compute a Step and store nothing: what its model remembers of buildings and shapes is known afterwards."""
        step.model.run(self._arguments(step, lambda _: None))

    def _arguments(self, step: Step, tick: Callable[[float], None]) -> dict[str, Any]:
        arguments = {**self._workplace.arguments(step), **step.extra}
        given = {"tick": tick, "threads": Threads(self.threads), "facts": RunFacts()}
        return arguments | {
            name: given[need.what] for name, need in step.model.needs.items() if isinstance(need.what, str)
        }

    def view(self, table: Table, layers: Mapping[str, Layer]) -> gpd.GeoDataFrame:
        """Return the view of a table that a model declares; raises StudyError where row indices differ."""
        return self._workplace.view(table, layers)

    def _missing(self, steps: Sequence[Step]) -> dict[str, Step]:
        """Return the Steps that are to run by key, with the bands of those that are divided; tell of both."""
        missing = [step for step in steps if not self._done(step)]
        for step in steps if missing else ():
            if step.key in self._stored:
                self.memory.repeats.add(step)
        parts = divided(missing) if self.backend.divides else missing
        todo = {step.key: step for step in parts if step.band is None or not self._done(step)}
        for step in steps:
            if step.key not in todo:
                self.emit(StepFinished(step.name, self._stored[step.key], computed=False))
        self._announce(missing, len(todo))
        return todo

    def _unlike(self, running: Iterable[Step], ready: Iterable[Step], count: int) -> list[Step]:
        """Return the first `count` Steps of those that are ready, without those that read what another one reads.

        Of equal Steps one is computed, and the others have its values once it is finished.
        """
        content, chosen = self.memory.repeats.content, list[Step]()
        under_way = {content(step) for step in running} if count > 0 else set()
        for step in ready:
            if len(chosen) >= count:
                break
            if not (described := content(step)) or described not in under_way:
                chosen.append(step)
                under_way.add(described)
        return chosen

    def _announce(self, todo: Sequence[Step], count: int) -> None:
        if not todo:
            return
        grids = [out.grid for step in todo for out in step.outs if out.grid is not None]
        cells = max((int(grid.shape[0] * grid.shape[1]) for grid in grids), default=0)
        cost = estimate(todo, self.store, cells=cells, rows=0, threads=self.backend.slots)
        self.emit(StepsPlanned(count, cells, round(cost.seconds, 1)))

    def _done(self, step: Step) -> bool:
        """Tell whether a Step's values are stored and undamaged; each is looked at once."""
        if step.key in self._stored:
            return True
        missing = [out.key for out in step.outs if out.key not in self._intact and not self.store.intact(out.key)]
        self._intact |= {out.key for out in step.outs} - set(missing)
        if not missing:
            self._stored[step.key] = self._workplace.seconds(step)
        return not missing

    def _finish(self, step: Step, done: Done, ran: list[str]) -> None:
        self._intact |= {out.key for out in step.outs}
        self._stored[step.key] = done.seconds
        self.emit(StepFinished(step.name, done.seconds, computed=done.computed))
        self.store.forget(out.key for band in step.bands for out in band.outs)
        if done.computed and step.band is None:
            ran.append(step.key)


class _StartedError(Exception):
    """A Step has reached its first tick."""


def _end(_: float) -> None:
    raise _StartedError


def finite(value: Any) -> Any:
    """Return a number for JSON: None where it is not finite."""
    return None if isinstance(value, float) and not np.isfinite(value) else value
