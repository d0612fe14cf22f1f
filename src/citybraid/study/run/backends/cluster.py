"""Backend of a Dask cluster: Steps travel to its workers, arrays go through the store, a folder that all share.

Where they share none, arrays go through an exchange, and each worker has a store of its own.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from distributed import Client, LocalCluster

from citybraid.core.errors import StoreError, StudyError
from citybraid.core.memory import free_mib
from citybraid.core.step import Step
from citybraid.store.exchange import Exchange, shown
from citybraid.store.store import Store
from citybraid.study.run.backends.backend import Done, Room, Submit, Watch
from citybraid.study.run.backends.courier import Courier
from citybraid.study.run.backends.flights import Flights
from citybraid.study.run.backends.job import Job, Site
from citybraid.study.run.backends.travel import packed
from citybraid.study.run.backends.workplace import Workplace
from citybraid.study.run.versions import versions

FIRST_SECONDS = 20.0
"""Time for a scheduler to answer at the start, which on a busy machine is slow to [s]."""
PATIENCE = 120.0
"""Time that a run waits for a scheduler or a worker to come back [s]."""
COUNT_SECONDS = 1.0
"""Time for which a count of the workers holds [s]."""
TOKENS = "cluster"
"""Folder of the store with the files by which workers tell that they see the same one."""


class Cluster:
    """Runs Steps on the workers behind a scheduler; used as a block, which ends the connection.

    A worker that dies is replaced by the others, and a scheduler that is started again gets what it has lost: what is
    stored is not computed again.
    """

    def __init__(
        self, store: Store, target: str | LocalCluster, *, patience: float = PATIENCE, exchange: Exchange | None = None
    ) -> None:
        self._target, self._patience = target, patience
        self.client = self._connected(FIRST_SECONDS)
        self._slots, self._counted = sum(_counts(self.client).values()), time.monotonic()
        self._seen = self._counted
        self._topic = f"citybraid-{uuid.uuid4().hex}"
        self._watches: list[Watch] = []
        self.client.subscribe_topic(self._topic, self._pass_on)
        self._store, self._exchange = store, exchange
        self._token = _write_token(store)
        self._site = Site(
            str(store.folder.resolve()), f"{TOKENS}/{self._token.name}", tuple(sorted(versions().items()))
        )
        self.courier = None if exchange is None else Courier(store, exchange)
        if exchange is not None:
            self._site = self._site._replace(store="", token=exchange.token(), exchange=exchange.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._token.unlink(missing_ok=True)
        if self._exchange is not None:
            with suppress(StoreError):
                self._exchange.withdraw(self._site.token)
        self.client.close()
        if not isinstance(self._target, str):
            with suppress(TimeoutError):  # workers that a busy machine has not ended in time are killed by then
                self._target.close()

    @property
    def slots(self) -> int:
        """How many Steps run at once: one for each thread of the workers, at least one so that a run can wait."""
        return max(self._slots, 1)

    @property
    def divides(self) -> bool:
        """Yes: each worker holds the rows of a band, not the grid."""
        return True

    @property
    def rooms(self) -> tuple[Room, ...]:
        """The machines of the cluster as they are now."""
        threads: dict[str, list[int]] = {}
        for address, count in _counts(self.client).items():
            threads.setdefault(_host(address), []).append(count)
        free = {_host(address): mib for address, mib in self.client.run(free_mib).items()}
        return tuple(Room(sum(each), free.get(host), len(each)) for host, each in threads.items())

    @contextmanager
    def session(self, workplace: Workplace, watch: Watch) -> Iterator[Submit]:
        """Accept Steps until the end of the block; those still running then end at their next tick."""
        if workplace.store.folder.resolve() != self._store.folder.resolve():
            raise ValueError(workplace.store.folder)
        self._watches.append(watch)
        self._seen = time.monotonic()
        try:
            with Flights(self) as flights:

                def submit(step: Step, alone: bool) -> Future[Done]:  # noqa: FBT001  (the protocol's)
                    if self.courier is not None:
                        self.courier.send_inputs(step)
                    return flights.submit(step, Job(self._site, packed(step), alone, self._topic))

                yield submit
        finally:
            self._watches.remove(watch)

    def arrived(self, step: Step) -> None:
        """Bring what a Step has made into the store of this machine, where workers have stores of their own.

        Raises StoreError where it is not at the exchange.
        """
        if self.courier is None:
            return
        if step.band is not None:
            self.courier.passed(step)
        elif not self.courier.fetch_results(step):
            raise StoreError("exchange.lost", step=step.name, url=shown(self._site.exchange))
        self.courier.forget(out.key for band in step.bands for out in band.outs)

    def restore(self) -> None:
        """Connect again where the connection is lost; raises StudyError after the patience of this backend."""
        if self.client.status in ("running", "connecting"):
            return
        until = time.monotonic() + self._patience
        while True:
            try:
                self.client = self._connected(FIRST_SECONDS)
                break
            except StudyError as fault:
                if time.monotonic() >= until:
                    raise StudyError("cluster.lost", address=self._address, seconds=round(self._patience)) from fault
        self.client.subscribe_topic(self._topic, self._pass_on)
        self._seen = time.monotonic()

    def require_workers(self) -> None:
        """Count the workers; raises StudyError where there has been none for the patience of this backend."""
        now = time.monotonic()
        if now - self._counted < COUNT_SECONDS or self.client.status != "running":
            return
        counts = _counts(self.client)
        if self.client.status != "running":
            return
        self._counted, self._slots = now, sum(counts.values())
        self._seen = now if self._slots else self._seen
        if now - self._seen > self._patience:
            raise StudyError("cluster.no_workers", address=self._address, seconds=round(self._patience))

    @property
    def _address(self) -> str:
        return self._target if isinstance(self._target, str) else str(self._target.scheduler_address)

    def _connected(self, seconds: float) -> Client:
        try:
            return _Connection(self._target, timeout=seconds, set_as_default=False)
        except ValueError as fault:
            raise StudyError("cluster.no_address", address=self._address) from fault
        except (OSError, TimeoutError) as fault:
            raise StudyError("cluster.no_scheduler", address=self._address, seconds=round(seconds)) from fault

    def _pass_on(self, event: tuple[float, dict[str, Any]]) -> None:
        """Pass on what workers tell; who watches and wants to stop is asked by the engine itself."""
        _, message = event
        for watch in self._watches[-1:]:
            if "share" in message:
                watch.progress(message["step"], message["share"])
            else:
                watch.started(message["step"])


class _Connection(Client):
    """A client that ends at once where it reaches no scheduler.

    Else it would end whenever its memory is freed, in any thread: in one that starts the next client's event loop it
    waits for what waits for that loop, ten seconds long.
    """

    def __init__(self, target: Any, **options: Any) -> None:
        try:
            super().__init__(target, **options)  # type: ignore[no-untyped-call]  # its base is untyped
        except BaseException:
            if hasattr(self, "_loop_runner"):  # else it failed before it had anything to end
                self.close(timeout=options["timeout"])  # type: ignore[no-untyped-call]  # its base is untyped
            raise


def _counts(client: Client) -> dict[str, int]:
    try:
        return dict(client.nthreads())
    except (OSError, RuntimeError, TimeoutError):
        return {}


def _host(address: str) -> str:
    return address.rpartition("://")[2].rpartition(":")[0]


def _write_token(store: Store) -> Path:
    store.require_writable()
    token = store.folder / TOKENS / uuid.uuid4().hex
    token.parent.mkdir(parents=True, exist_ok=True)
    token.touch()
    return token


def local_workers(workers: int, threads: int) -> LocalCluster:
    """Start worker processes on this machine, reached on the loopback address only, that share its threads."""
    return LocalCluster(
        n_workers=workers, threads_per_worker=max(1, threads // workers), processes=True, host="127.0.0.1",
        dashboard_address=None, memory_limit=0, silence_logs=logging.CRITICAL,
    )  # fmt: skip
