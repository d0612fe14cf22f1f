"""A worker: takes jobs one after another, runs their commands, tells how far they are."""

import logging
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from citybraid.core.errors import InputError, PlanError
from citybraid.core.text import LANGUAGES
from citybraid.isolation.fences import die_with_parent
from citybraid.web.configuration.settings import Settings
from citybraid.web.database.engine import open_database, sessions
from citybraid.web.jobs import leasing
from citybraid.web.jobs.command import Command
from citybraid.web.jobs.held_memory import tells_memory
from citybraid.web.jobs.leasing import Lease
from citybraid.web.jobs.locks import lock
from citybraid.web.jobs.lookup import arguments, kinds
from citybraid.web.jobs.states import State

logger = logging.getLogger("citybraid.web.jobs")

LOOK_S, BEAT_S, IDLE_S, SETTLE_S = 0.25, 1.0, 0.5, 5.0
"""Time between two looks at whether a job is cancelled, heartbeats, looks for work, and for jobs without worker [s]."""
MOST_FAILURES = 3
"""How often a command is tried that was ended from outside, or could not write."""
STORE_EXIT = 4
"""Exit code of a command whose store could not be read or written, which may pass."""


class Worker:
    """Does the jobs of a workspace, one at a time, with up to `cores` cores, until stopped or left by its parent."""

    def __init__(
        self, settings: Settings, maker: sessionmaker[Session], *, cores: int, parent: int | None = None
    ) -> None:
        self.name = f"{socket.gethostname()[:32]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.stopping = threading.Event()
        self._parent, self._settled = parent, float("-inf")
        self._settings, self._maker, self._cores = settings, maker, cores
        self._reading = tuple(name for name, kind in kinds().items() if not kind.writes)

    def work(self) -> None:
        """Take jobs until stopped; a database that cannot be reached is asked again."""
        while not self._ends():
            try:
                worked = self.once()
            except SQLAlchemyError as fault:
                logger.warning("the database cannot be reached (%s)", type(fault).__name__)
                worked = False
            if not worked:
                self.stopping.wait(IDLE_S)

    def once(self) -> bool:
        """Take one job and bring it to its end, or as far as it goes; False where there is none."""
        with self._maker.begin() as session:
            if time.monotonic() - self._settled > SETTLE_S:
                leasing.settle(session)
                self._settled = time.monotonic()
            lease = leasing.claim(session, self.name, cores=self._cores, reading=self._reading)
        if lease is None:
            return False
        self._do(lease)
        return True

    def _ends(self) -> bool:
        """Tell whether this worker shall end."""
        return self.stopping.is_set() or (self._parent is not None and os.getppid() != self._parent)

    def _do(self, lease: Lease) -> None:
        folder = self._settings.folder / lease.path
        try:
            if not folder.is_dir():
                raise InputError("web.jobs.no_study_folder")
            job_command = arguments(lease.kind, folder, lease.options)
        except PlanError as fault:
            self._write(leasing.end, lease, State.FAILED, result={}, error=_error(fault))
            return
        held = None if lease.kind in self._reading else lock(self._settings, lease.study)
        if held is None and lease.kind not in self._reading:
            self._write(leasing.give_back, lease)
            return
        try:
            command = Command(job_command, cores=lease.cores, held=held)
        finally:
            if held is not None:
                held.close()
        self._follow(lease, command)

    def _follow(self, lease: Lease, command: Command) -> None:
        """Run a command to its end, unless it is cancelled, the lease is lost, or this worker stops."""
        try:
            why = self._watch(lease, command)
        except BaseException:
            command.stop()
            raise
        if why is None:
            command.close()
            self._tell_end(lease, command)
            return
        command.stop()
        if why is State.CANCELLED:
            self._write(leasing.end, lease, State.CANCELLED, result={}, error={})
        elif why is State.QUEUED:
            self._write(leasing.give_back, lease)
        elif isinstance(why, PlanError):
            self._write(leasing.end, lease, State.FAILED, result={}, error=_error(why))

    def _watch(self, lease: Lease, command: Command) -> State | PlanError | None:
        """Wait for a command's end; return None then, else the state to which the job goes meanwhile.

        RUNNING means that another worker has the job by now, an error that its person's quota ends it. The lease ends
        by this machine's own clock as well where the database cannot be reached.
        """
        began = time.monotonic()
        held_until, beat = began + leasing.LEASE.total_seconds() - 1, 0.0
        while not command.ended(within=LOOK_S):
            if self._ends():
                return State.QUEUED
            present = time.monotonic()
            try:
                with self._maker.begin() as session:
                    if present - beat >= BEAT_S:
                        cancel = leasing.renew(session, lease, command.progress.told, spent=present - began)
                        beat = present
                        capped = _capped(leasing.caps(session, lease), lease.worked + present - began, command)
                        if capped is not None and cancel is False:
                            return capped
                    else:
                        cancel = leasing.cancelled(session, lease)
                held_until = held_until if cancel is None else max(held_until, beat + leasing.LEASE.total_seconds() - 1)
            except SQLAlchemyError:
                if present > held_until:
                    return State.RUNNING
                continue
            if cancel is None:
                return State.RUNNING
            if cancel:
                return State.CANCELLED
        return None

    def _tell_end(self, lease: Lease, command: Command) -> None:
        if command.done is not None:
            self._write(leasing.end, lease, State.DONE, result=command.done, error={})
            return
        error = command.error
        for line in command.complaints:
            logger.error("job %s: %s", lease.job, line)
        passing = error["exit"] < 0 or error["exit"] == STORE_EXIT
        if passing and lease.failures + 1 < MOST_FAILURES:
            self._write(leasing.give_back, lease, error={**error, "tries": lease.failures + 1}, tried=True)
        else:
            self._write(leasing.end, lease, State.FAILED, result={}, error=error)

    def _write(self, change: Callable[..., bool], *values: Any, **more: Any) -> bool:
        """Write the end of a job; a database that cannot be reached is asked again while the lease lasts."""
        until = time.monotonic() + leasing.LEASE.total_seconds()
        while True:
            try:
                with self._maker.begin() as session:
                    return change(session, *values, **more)
            except SQLAlchemyError:
                if time.monotonic() > until:
                    raise
                time.sleep(IDLE_S)


def _capped(caps: tuple[int | None, int | None], worked: float, command: Command) -> PlanError | None:
    """Return why a quota ends a job that has worked so long [s]; None where it does not."""
    minutes, mib = caps
    if minutes is not None and worked > minutes * 60:
        return InputError("web.jobs.time_is_up", minutes=minutes)
    if mib is not None and tells_memory() and (held := command.memory_mib) > mib:
        return InputError("web.jobs.memory_is_up", mib=mib, held=round(held))
    return None


def _error(fault: PlanError) -> dict[str, Any]:
    return {"error": fault.text, "said": {each: fault.say(each) for each in LANGUAGES}}


def work(settings: Settings, *, parent: int | None, tell: Callable[[str], None]) -> None:
    """Do the jobs of a workspace until SIGTERM or Ctrl-C, or until its `parent`, a server's process, has ended.

    Raises InputError where the folder is missing or the database cannot be reached.
    """
    if not settings.folder.is_dir():
        raise InputError("web.no_folder", folder=settings.folder)
    if parent is not None:
        die_with_parent(parent=parent)
    cores = max((os.cpu_count() or 1) // max(settings.workers, 1), 1)
    worker = Worker(settings, sessions(open_database(settings)), cores=cores, parent=parent)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stopping.set())
    if parent is None:
        tell("web.jobs.working")
    worker.work()
