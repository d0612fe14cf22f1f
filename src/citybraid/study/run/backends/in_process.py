"""Backend of this process: a pool of threads."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass

from citybraid.core.errors import Cancelled
from citybraid.core.step import THREADS, Step
from citybraid.study.run.backends.backend import Done, Room, Submit, Watch
from citybraid.study.run.backends.workplace import Workplace

GRACE_S = 1.0
"""Time that Steps in progress have to reach a tick once the run is cancelled [s]; what they compute then is not waited
for."""


@dataclass(frozen=True)
class InProcess:
    """Runs Steps on threads of this process: many Steps have one each, one alone has all of them."""

    threads: int

    @property
    def slots(self) -> int:
        """How many Steps run at once."""
        return self.threads

    @property
    def divides(self) -> bool:
        """No: the threads of a Step share its tiles."""
        return False

    @property
    def rooms(self) -> tuple[Room, ...]:
        """None: an estimate is of this machine by itself."""
        return ()

    @contextmanager
    def session(self, workplace: Workplace, watch: Watch) -> Iterator[Submit]:
        """Accept Steps; the end of the block waits for those in progress, which end at their next tick if stopped.

        Where the run is cancelled it waits GRACE_S at most: a Step without a tick goes on in its thread, and what it
        makes is stored, unless the process ends before.
        """
        begun: list[Future[Done]] = []

        def run(step: Step, threads: int) -> Done:
            def tick(share: float) -> None:
                if watch.stopping():
                    raise Cancelled("engine.cancelled", done=0, total=0)
                watch.progress(step.name, share)

            tick(0.0)
            watch.started(step.name)
            return Done(workplace.execute(step, threads, tick), computed=True)

        pool = ThreadPoolExecutor(max_workers=self.threads, thread_name_prefix=THREADS)

        def submit(step: Step, alone: bool) -> Future[Done]:  # noqa: FBT001  (the protocol's)
            begun.append(pool.submit(run, step, self.threads if alone else 1))
            return begun[-1]

        cancelled = False
        try:
            yield submit
        except (Cancelled, KeyboardInterrupt):
            cancelled = True
            raise
        finally:
            pool.shutdown(wait=not cancelled, cancel_futures=cancelled)
            wait(begun, timeout=GRACE_S if cancelled else None)
