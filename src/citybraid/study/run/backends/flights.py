"""Steps on their way: handed to a cluster, and handed to it again where it has lost them."""

import threading
import uuid
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self

from distributed import Client, KilledWorker
from distributed.comm.core import CommClosedError

from citybraid.core.errors import StudyError
from citybraid.core.step import Step
from citybraid.study.run.backends.backend import Done
from citybraid.study.run.backends.job import Job, carry_out

LOOK_SECONDS = 0.25
"""Time between two looks for Steps that the cluster has lost [s]."""
LOST = frozenset({"cancelled", "lost"})
"""States of a request whose Step has to be handed over again."""


class Link(Protocol):
    """The connection to a cluster."""

    @property
    def client(self) -> Client:
        """The client of now: another one after the connection was lost."""

    def arrived(self, step: Step) -> None:
        """Bring what a Step has made to this machine; raises StoreError where that is in vain."""

    def restore(self) -> None:
        """Connect again where the connection is lost; raises StudyError where that is in vain."""

    def require_workers(self) -> None:
        """Raise StudyError where the cluster has had no worker for long."""


@dataclass(eq=False)
class Flight:
    """A Step on its way: what was asked for, the cluster's request, and the answer that the engine waits for."""

    step: Step
    job: Job
    answer: Future[Done] = field(default_factory=Future)
    request: Any = None
    lost: bool = False
    """Whether it has to be handed over again; not while it is handed over for the first time."""

    @property
    def astray(self) -> bool:
        """Whether the cluster does not work on it any more."""
        return self.lost or (self.request is not None and self.request.status in LOST)


class Flights:
    """The Steps that a cluster works on, until the end of a block, which withdraws what is left."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._flights: set[Flight] = set()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="citybraid-flights", daemon=True)

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._keeper.join()
        with self._lock:
            requests = [flight.request for flight in self._flights if flight.request is not None]
            self._flights.clear()
        if requests and self._link.client.status == "running":
            self._link.client.cancel(requests)

    def submit(self, step: Step, job: Job) -> Future[Done]:
        """Hand a Step over and return its answer."""
        flight = Flight(step, job)
        with self._lock:
            self._flights.add(flight)
        self._launch(flight)
        return flight.answer

    def _launch(self, flight: Flight) -> None:
        """Ask the cluster for a Step; where it cannot be reached, the next look asks again."""
        key = f"{flight.step.model.id}-{flight.step.key}{uuid.uuid4().hex}"
        flight.lost = False
        try:
            request = self._link.client.submit(carry_out, flight.job, key, key=key, pure=False)
        except (OSError, RuntimeError):
            flight.lost = True
            return
        flight.request = request
        request.add_done_callback(lambda done: self._landed(flight, done))

    def _landed(self, flight: Flight, request: Any) -> None:
        """Answer the engine; a request that was lost is left for the next look."""
        if request is not flight.request or request.status in LOST or self._over.is_set():
            return
        try:
            fault = request.exception() if request.status == "error" else None
            result = None if fault is not None else Done(*request.result())
        except (OSError, CommClosedError, RuntimeError, CancelledError):
            flight.lost = True
            return
        if isinstance(fault, KilledWorker):
            fault = StudyError("cluster.step_kills", step=flight.step.name)
        if result is not None:
            try:
                self._link.arrived(flight.step)
            except Exception as lost:  # noqa: BLE001  (the engine waits for an answer, whatever it is)
                fault = lost
        self._answer(flight, fault, result)

    def _answer(self, flight: Flight, fault: BaseException | None, result: Done | None) -> None:
        with self._lock:
            if flight not in self._flights:
                return
            self._flights.discard(flight)
        if fault is not None:
            flight.answer.set_exception(fault)
        elif result is not None:
            flight.answer.set_result(result)
        if flight.request is not None:
            flight.request.release()

    def _keep(self) -> None:
        """Look until the end of the block whether the cluster is there, and hand over again what it has lost.

        What cannot be mended, whatever it is, ends every Step on its way: the engine waits for them.
        """
        while not self._over.wait(LOOK_SECONDS):
            with self._lock:
                flights = list(self._flights)
            if not flights:
                continue
            try:
                self._link.restore()
                self._link.require_workers()
                for flight in flights:
                    if flight.astray and flight in self._flights:
                        self._launch(flight)
            except Exception as fault:  # noqa: BLE001  (a connection fails in many ways)
                for flight in flights:
                    self._answer(flight, fault, None)
