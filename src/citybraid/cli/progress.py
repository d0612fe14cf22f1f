"""Progress display: bars with steps and time left, JSON lines, or nothing."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from citybraid.core.text import visible
from citybraid.study.open.events import (
    Emit,
    Event,
    FileRead,
    FilesPlanned,
    FileStarted,
    Noticed,
    StageFinished,
    StageStarted,
    StepFinished,
    StepProgress,
    StepsPlanned,
    StepStarted,
    quiet,
)

MIN_SHARE = 0.02
"""Minimum progress for an estimate of a Step's remaining time [-]."""


class Files:
    """Progress of file reading: file n of m, and remaining time estimated from the bytes read."""

    def __init__(self) -> None:
        self.files, self.size = 0, 0
        self._begun, self._read, self._since = 0, 0, time.monotonic()

    def tell(self, event: FilesPlanned | FileStarted | FileRead) -> None:
        """Update from an event."""
        if isinstance(event, FilesPlanned):
            self.files, self.size, self._begun, self._read = event.files, event.size, 0, 0
            self._since = time.monotonic()
        elif isinstance(event, FileStarted):
            self._begun += 1
        else:
            self._read += event.size

    @property
    def number(self) -> str:
        """Number of the current file and of all files, as n/m."""
        return f"{self._begun}/{self.files}"

    @property
    def share(self) -> float:
        """Share of bytes read [-]."""
        return self._read / self.size if self.size else 0.0

    @property
    def left(self) -> float | None:
        """Remaining time [s]; None before enough was read for an estimate."""
        passed = time.monotonic() - self._since
        return passed / self.share * (1 - self.share) if self.share > MIN_SHARE else None


@contextmanager
def progress_display(*, silent: bool, as_json: bool) -> Iterator[Emit]:
    """Provide a receiver of progress events."""
    if as_json:
        yield _line
    elif silent:
        yield quiet
    elif not sys.stderr.isatty():
        yield _Plain().emit
    else:
        with _Bars() as bars:
            yield bars.emit


def _line(event: Event) -> None:
    if not isinstance(event, StepProgress):
        sys.stdout.write(json.dumps({"event": type(event).__name__, **asdict(event)}, ensure_ascii=False) + "\n")
        sys.stdout.flush()


class _Plain:
    """Prints stages and files as lines, for logs, where bars do not work."""

    def __init__(self) -> None:
        self._files = Files()

    def emit(self, event: Event) -> None:
        """Print an event."""
        if isinstance(event, StageStarted):
            cells = f" · {event.cells:,} cells" if event.cells else ""
            sys.stderr.write(f"{event.stage}{cells} …\n")
        elif isinstance(event, StageFinished):
            sys.stderr.write(f"{event.stage}: {event.computed} steps computed in {event.seconds:.1f} s\n")
        elif isinstance(event, Noticed):
            sys.stderr.writelines(f"! {visible(text)}\n" for text in event.said.values())
        elif isinstance(event, FilesPlanned | FileStarted | FileRead):
            self._files.tell(event)
            if isinstance(event, FileRead):
                how = "read before" if event.known else f"{event.seconds:.1f} s"
                sys.stderr.write(f"  {self._files.number} {visible(event.file)}: {how}\n")


class _Bars:
    """One bar for the stage with the time left, one for each running Step."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[done]}"),
            TimeElapsedColumn(), TextColumn("{task.fields[left]}"), console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._stage = self._progress.add_task("", total=None, done="", left="")
        self._planned, self._computed, self._until = 0, 0, 0.0
        self._steps: dict[str, tuple[TaskID, float]] = {}
        self._files = Files()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def emit(self, event: Event) -> None:
        """Show an event."""
        if isinstance(event, StageStarted):
            self._planned, self._computed, self._until = 0, 0, 0.0
            cells = f" · {event.cells:,} cells" if event.cells else ""
            self._progress.reset(self._stage, description=f"{event.stage}{cells}", total=None, done="", left="")
        elif isinstance(event, Noticed):
            for text in event.said.values():
                self._progress.console.print(f"! {escape(visible(text))}", highlight=False)
        elif isinstance(event, FilesPlanned | FileStarted | FileRead):
            self._file(event)
        elif isinstance(event, StepsPlanned):
            self._planned += event.steps
            self._until = max(self._until, time.monotonic()) + event.seconds
            self._advance()
        elif isinstance(event, StepStarted):
            task = self._progress.add_task(f"  {event.step}", total=100, done="", left="")
            self._steps[event.step] = (task, time.monotonic())
        elif isinstance(event, StepProgress):
            self._step(event)
        elif isinstance(event, StepFinished):
            self._computed += event.computed
            if event.step in self._steps:
                self._progress.remove_task(self._steps.pop(event.step)[0])
            self._advance()
        else:
            self._progress.console.print(f"{event.stage}: {event.computed} steps computed in {event.seconds:.1f} s")

    def _file(self, event: FilesPlanned | FileStarted | FileRead) -> None:
        self._files.tell(event)
        left = self._files.left
        self._progress.update(
            self._stage,
            total=self._files.size or None,
            completed=round(self._files.share * self._files.size),
            done=f"file {self._files.number}"
            + (f" {escape(visible(event.file))}" if not isinstance(event, FilesPlanned) else ""),
            left=f"about {left:.0f} s left" if left is not None and left > 1 else "",
        )

    def _step(self, event: StepProgress) -> None:
        if event.step not in self._steps:
            return
        task, since = self._steps[event.step]
        passed = time.monotonic() - since
        left = f"{passed / event.share * (1 - event.share):.0f} s left" if event.share > MIN_SHARE else ""
        self._progress.update(task, completed=100 * event.share, left=left)
        self._advance()

    def _advance(self) -> None:
        left = self._until - time.monotonic()
        self._progress.update(
            self._stage,
            total=self._planned or None,
            completed=self._computed,
            done=f"{self._computed}/{self._planned} steps" if self._planned else "",
            left=f"about {left:.0f} s left" if left > 1 else "",
        )
