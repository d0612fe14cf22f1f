"""The work of a worker of a cluster: one Step, from the store's folder into it, or from an exchange to it."""

import shutil
import tempfile
import time
import warnings
import weakref
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from distributed import Worker, get_worker

from citybraid.core.errors import Cancelled, StudyError
from citybraid.core.step import Step
from citybraid.store.exchange import Exchange, shown
from citybraid.store.store import Store
from citybraid.study.run.backends.backend import Done
from citybraid.study.run.backends.courier import Courier
from citybraid.study.run.backends.travel import unpacked
from citybraid.study.run.backends.workplace import RETRY_SECONDS, WORKER_CACHE_BYTES, ValueCache, Workplace
from citybraid.study.run.versions import versions

PATIENCE = 10.0
"""Time that what one machine has written may take to show on another in a shared folder [s]."""
TOLD_SECONDS = 0.2
"""Least time between two reports of a Step's progress [s]."""


class Site(NamedTuple):
    """Where the values are, and what they are computed with: the same on all machines."""

    store: str
    """The folder that all machines share; '' where each has one of its own, and an exchange."""
    token: str
    """Name of a file in the store, or at the exchange, that shows whether a worker sees the same place."""
    versions: tuple[tuple[str, str], ...]
    exchange: str = ""
    """URL of the place that values are brought to and fetched from."""


class Job(NamedTuple):
    """A Step for a worker; `topic` is where its progress is reported."""

    site: Site
    step: bytes
    alone: bool
    topic: str


class Bench(NamedTuple):
    """Where a worker computes, and how values come there and leave again where there is an exchange."""

    workplace: Workplace
    courier: Courier | None


def carry_out(job: Job, key: str) -> Done:
    """Run a Step on a worker unless its values are stored; `key` is the cluster's name of this request.

    Raises Cancelled where the request is withdrawn, and StudyError where this worker cannot compute what the others do.
    """
    worker, step = get_worker(), unpacked(job.step)
    workplace, courier = _bench(job.site)
    if courier is not None and courier.fetch_results(step):
        return Done(workplace.seconds(step), computed=False)
    if courier is None and all(workplace.store.intact(out.key) for out in step.outs):
        return Done(workplace.seconds(step), computed=False)
    worker.log_event(job.topic, {"step": step.name})
    threads = worker.state.nthreads if job.alone else 1
    if courier is not None:
        courier.fetch_inputs(step)
    seconds = workplace.execute(step, threads, _tick(worker, key, step, job.topic))
    if courier is not None:
        courier.send_results(step)
    return Done(seconds, computed=True)


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
def _bench(site: Site) -> Bench:
    """Return the workplace of this process; raises StudyError where it does not see the store or has other versions."""
    warnings.filterwarnings("ignore", message="Dataset has no geotransform")
    if other := _differing(dict(site.versions)):
        raise StudyError("cluster.versions", worker=get_worker().address, names=other)
    store, exchange = Store(Path(site.store)), None
    if site.exchange:
        exchange = Exchange(site.exchange)
        _require_seen(site, lambda: exchange.sees(site.token))
        store = Store(Path(tempfile.mkdtemp(prefix="citybraid-", dir=get_worker().local_directory)))
    else:
        _require_seen(site, (store.folder / site.token).exists)
    workplace = Workplace(ValueCache(store, bound=WORKER_CACHE_BYTES, patience=PATIENCE))
    if exchange is None:
        return Bench(workplace, None)
    weakref.finalize(workplace, shutil.rmtree, store.folder, ignore_errors=True)
    return Bench(workplace, Courier(store, exchange, patience=PATIENCE))


def _require_seen(site: Site, seen: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not seen():
        if time.monotonic() >= until:
            here = get_worker().address
            if site.exchange:
                raise StudyError("exchange.not_shared", worker=here, url=shown(site.exchange))
            raise StudyError("cluster.store_not_shared", worker=here, folder=site.store)
        time.sleep(RETRY_SECONDS)


def _differing(wanted: Mapping[str, str]) -> list[str]:
    """Return what this machine has in another version than asked for, as `name here (there)`."""
    own = versions()
    return [f"{name} {own.get(name, '-')} ({there})" for name, there in wanted.items() if own.get(name) != there]
