"""Progress as people and machines read it: bars with steps and time left, JSON lines, or nothing."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from citybraid.study.events import (
    Emit,
    Event,
    StageFinished,
    StageStarted,
    StepFinished,
    StepProgress,
    StepStarted,
    quiet,
)


@contextmanager
def shown(*, silent: bool, as_json: bool) -> Iterator[Emit]:
    """Give a study something to tell its progress to."""
    if as_json:
        yield _line
    elif silent:
        yield quiet
    elif not sys.stderr.isatty():
        yield _plain
    else:
        with _Bars() as bars:
            yield bars.emit


def _line(event: Event) -> None:
    if not isinstance(event, StepProgress):
        sys.stdout.write(json.dumps({"event": type(event).__name__, **asdict(event)}, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _plain(event: Event) -> None:
    """Tell stages only: a log is no place for bars."""
    if isinstance(event, StageStarted):
        cells = f" · {event.cells:,} cells" if event.cells else ""
        sys.stderr.write(f"{event.stage}{cells} …\n")
    elif isinstance(event, StageFinished):
        sys.stderr.write(f"{event.stage}: {event.computed} steps computed in {event.seconds:.1f} s\n")


class _Bars:
    """One bar for the stage, one for each running Step."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"), console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._stage = self._progress.add_task("", total=None, left="")
        self._steps: dict[str, tuple[int, float]] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def emit(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, StageStarted):
            self._progress.reset(self._stage, description=event.stage, total=event.steps or None, left="")
        elif isinstance(event, StepStarted):
            self._steps[event.step] = (self._progress.add_task(event.step, total=100, left=""), time.monotonic())
        elif isinstance(event, StepProgress) and event.step in self._steps:
            task, since = self._steps[event.step]
            passed = time.monotonic() - since
            left = f"{passed / event.share * (1 - event.share):.0f} s left" if event.share > 0.02 else ""  # noqa: PLR2004
            self._progress.update(task, completed=100 * event.share, left=left)  # type: ignore[arg-type]  # a TaskID
        elif isinstance(event, StepFinished):
            self._progress.advance(self._stage)
            if event.step in self._steps:
                self._progress.remove_task(self._steps.pop(event.step)[0])  # type: ignore[arg-type]  # a TaskID
        elif isinstance(event, StageFinished):
            self._progress.console.print(f"{event.stage}: {event.computed} steps computed in {event.seconds:.1f} s")
