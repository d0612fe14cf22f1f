"""Which backend a run uses, as it is asked for on the command line or from Python."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec

from citybraid.core.errors import InputError
from citybraid.store.store import Store
from citybraid.study.run.backends.backend import Backend
from citybraid.study.run.backends.in_process import InProcess

ENGINES = ("process", "dask")
MOST_WORKERS = 256


@dataclass(frozen=True)
class EngineChoice:
    """The engine by name ('' where the other options tell), the address of a scheduler, or a count of own workers.

    `exchange` is the URL of what values go through where machines share no folder.
    """

    engine: str = ""
    scheduler: str = ""
    workers: int = 0
    exchange: str = ""

    @property
    def distributed(self) -> bool:
        """Whether Steps run on a Dask cluster; raises InputError where the options contradict one another."""
        if self.engine and self.engine not in ENGINES:
            raise InputError("cluster.engine", got=self.engine, known=ENGINES)
        named = bool(self.scheduler) + bool(self.workers)
        if not 0 <= self.workers <= MOST_WORKERS:
            raise InputError("cluster.workers", got=self.workers, most=MOST_WORKERS)
        if (self.engine == "dask" and named != 1) or (self.engine == "process" and named) or named > 1:
            raise InputError("cluster.which")
        if self.exchange and not named:
            raise InputError("exchange.alone")
        return named == 1

    def require_possible(self) -> None:
        """Raise InputError where the options contradict one another or the extra citybraid[cluster] is missing."""
        if self.distributed and find_spec("distributed") is None:
            raise InputError("cluster.extra")


IN_PROCESS = EngineChoice()


@contextmanager
def backend_of(choice: EngineChoice, store: Store, *, threads: int) -> Iterator[Backend]:
    """Provide the backend of a run, and end it with the block.

    Raises InputError where the extra citybraid[cluster] is not installed, StudyError where no scheduler answers, and
    StoreError where the exchange cannot be reached.
    """
    choice.require_possible()
    if not choice.distributed:
        yield InProcess(threads)
        return
    from citybraid.store.exchange import Exchange
    from citybraid.study.run.backends.cluster import Cluster, local_workers

    exchange = Exchange(choice.exchange) if choice.exchange else None
    target = choice.scheduler or local_workers(choice.workers, threads)
    with Cluster(store, target, exchange=exchange) as cluster:
        yield cluster
