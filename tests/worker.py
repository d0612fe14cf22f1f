"""One worker process that reads files for all tests: starting another for every intake costs more than most tests.

Where starting, fencing or ending a worker is what a test holds, it is marked `own_worker`.
"""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from citybraid.cli import early
from citybraid.core.errors import InputError
from citybraid.isolation.child import Child
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.fenced.worker_process import start_worker

JOBS = 150
"""Files after which the worker is started anew, so that its memory does not creep up to the limits."""


class SharedWorker:
    """Lets every sandbox whose folders lie below some folders read through the same worker, while `on`."""

    def __init__(self, *folders: Path) -> None:
        self.on = False
        self._folders = tuple(folder.resolve() for folder in folders)
        self._keeper = Sandbox(*self._folders)
        self._jobs = 0
        self._own = (Sandbox._started, Sandbox.close, Sandbox.__exit__)

    def lent_to(self, sandbox: Sandbox) -> bool:
        """Tell whether a sandbox reads through the shared worker."""
        return sandbox is not self._keeper and sandbox._child is None and self._reads(sandbox._folders)

    def _reads(self, folders: Iterable[Path]) -> bool:
        """Tell whether the shared worker reads what lies in folders."""
        given = tuple(folders)
        return self.on and bool(given) and all(self._below(folder.resolve()) for folder in given)

    def _below(self, folder: Path) -> bool:
        """Tell whether a folder lies below one that the shared worker may read."""
        return any(folder.is_relative_to(each) for each in self._folders)

    def lend(self, patch: pytest.MonkeyPatch) -> None:
        """Put the shared worker in the place of those that sandboxes start."""
        started, close, left = self._own

        def lent(sandbox: Sandbox, crash: InputError) -> Any:
            if not self.lent_to(sandbox):
                return started(sandbox, crash)
            self._jobs += 1
            if self._jobs % JOBS == 0:
                close(self._keeper)
            worker = started(self._keeper, crash)
            sandbox.fences = self._keeper.fences
            return worker

        def closed(sandbox: Sandbox) -> None:
            close(self._keeper if self.lent_to(sandbox) else sandbox)

        def exited(
            sandbox: Sandbox, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
        ) -> None:
            if not self.lent_to(sandbox):
                left(sandbox, kind, fault, trace)

        def started_early(folders: tuple[Path, ...]) -> Child | None:
            return None if self._reads(folders) else start_worker(folders)

        patch.setattr(early, "start_worker", started_early)
        patch.setattr(Sandbox, "_started", lent)
        patch.setattr(Sandbox, "close", closed)
        patch.setattr(Sandbox, "__exit__", exited)

    def end(self) -> None:
        """End the worker."""
        self._own[1](self._keeper)
