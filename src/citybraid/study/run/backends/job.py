"""The work of a worker of a cluster: one Step, from the store's folder into it."""

import time
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from distributed import Worker, get_worker

from citybraid.core.errors import Cancelled, StudyError
from citybraid.core.step import Step
from citybraid.store.store import Store
from citybraid.study.run.backends.backend import Done
from citybraid.study.run.backends.travel import unpacked
from citybraid.study.run.backends.workplace import RETRY_SECONDS, ValueCache, Workplace
from citybraid.study.run.versions import versions

CACHE_BYTES = 256 * 2**20
"""Memory for values in each worker; several may share a machine [byte]."""
PATIENCE = 10.0
"""Time that what one machine has written may take to show on another in a shared folder [s]."""
TOLD_SECONDS = 0.2
"""Least time between two reports of a Step's progress [s]."""


class Site(NamedTuple):
    """Where the values are, and what they are computed with: the same on all machines."""

    store: str
    token: str
    """Name of a file in the store that shows whether a worker sees the same folder."""
    versions: tuple[tuple[str, str], ...]


class Job(NamedTuple):
    """A Step for a worker; `topic` is where its progress is reported."""

    site: Site
    step: bytes
    alone: bool
    topic: str


def carry_out(job: Job, key: str) -> Done:
    """Run a Step on a worker unless its values are stored; `key` is the cluster's name of this request.

    Raises Cancelled where the request is withdrawn, and StudyError where this worker cannot compute what the others do.
    """
    worker, workplace, step = get_worker(), _workplace(job.site), unpacked(job.step)
    if all(workplace.store.intact(out.key) for out in step.outs):
        return Done(workplace.seconds(step), computed=False)
    worker.log_event(job.topic, {"step": step.name})
    threads = worker.state.nthreads if job.alone else 1
    return Done(workplace.execute(step, threads, _tick(worker, key, step, job.topic)), computed=True)


def _tick(worker: Worker, key: str, step: Step, topic: str) -> Callable[[float], None]:
    """Return what reports a Step's progress, and ends it once nobody waits for it: the run stopped or was killed."""
    told = time.monotonic()

    def tick(share: float) -> None:
        nonlocal told
        task = worker.state.tasks.get(key)
        if task is None or task.state == "cancelled":
            raise Cancelled("engine.cancelled", done=0, total=0)
        if (now := time.monotonic()) - told >= TOLD_SECONDS:
            told = now
            worker.log_event(topic, {"step": step.name, "share": float(share)})

    return tick


@lru_cache(maxsize=2)
def _workplace(site: Site) -> Workplace:
    """Return the workplace of this process; raises StudyError where it does not see the store or has other versions."""
    folder, here = Path(site.store), get_worker().address
    warnings.filterwarnings("ignore", message="Dataset has no geotransform")
    until = time.monotonic() + PATIENCE
    while not (folder / site.token).exists():
        if time.monotonic() >= until:
            raise StudyError("cluster.store_not_shared", worker=here, folder=site.store)
        time.sleep(RETRY_SECONDS)
    if other := _differing(dict(site.versions)):
        raise StudyError("cluster.versions", worker=here, names=other)
    return Workplace(ValueCache(Store(folder), bound=CACHE_BYTES, patience=PATIENCE))


def _differing(asked: Mapping[str, str]) -> list[str]:
    """Return what this machine has in another version than asked for, as `name here (there)`."""
    own = versions()
    return [f"{name} {own.get(name, '-')} ({there})" for name, there in asked.items() if own.get(name) != there]
