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

from citybraid.core.text import known, say, visible
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

BETWEEN_S = 1.0
"""Time between two lines on the progress of Steps [s]."""


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
def progress_display(*, silent: bool, as_json: bool, lang: str = "") -> Iterator[Emit]:
    """Provide a receiver of progress events, which speaks English where no language is asked for."""
    if as_json:
        yield _Lines().emit
    elif silent:
        yield quiet
    elif not sys.stderr.isatty():
        yield _Plain(lang or "en").emit
    else:
        with _Bars(lang or "en") as bars:
            yield bars.emit


def _stage(event: StageStarted, language: str) -> str:
    name = stage_name(event.stage, language)
    return say("progress.stage", language, stage=name, cells=f"{event.cells:,}") if event.cells else name


def _finished(event: StageFinished, language: str) -> str:
    stage, seconds = stage_name(event.stage, language), f"{event.seconds:.1f}"
    if event.computed is None:
        return say("progress.ended", language, stage=stage, seconds=seconds)
    return say("progress.finished", language, stage=stage, count=event.computed, seconds=seconds)


def stage_name(stage: str, language: str) -> str:
    """Return the name of a stage; an alternative's is its id."""
    return say(f"stage.{stage}", language) if known(f"stage.{stage}") else visible(stage)


class _Lines:
    """Prints events as JSON lines; the progress of Steps once a second."""

    def __init__(self) -> None:
        self._told = 0.0

    def emit(self, event: Event) -> None:
        """Print an event."""
        if isinstance(event, StepProgress):
            if time.monotonic() - self._told < BETWEEN_S:
                return
            self._told = time.monotonic()
        sys.stdout.write(json.dumps({"event": type(event).__name__, **asdict(event)}, ensure_ascii=False) + "\n")
        sys.stdout.flush()


class _Plain:
    """Prints stages and files as lines, for logs, where bars do not work."""

    def __init__(self, language: str) -> None:
        self._files, self._language = Files(), language

    def emit(self, event: Event) -> None:
        """Print an event."""
        if isinstance(event, StageStarted):
            sys.stderr.write(f"{_stage(event, self._language)} …\n")
        elif isinstance(event, StageFinished):
            sys.stderr.write(f"{_finished(event, self._language)}\n")
        elif isinstance(event, Noticed):
            sys.stderr.writelines(f"! {visible(text)}\n" for text in event.said.values())
        elif isinstance(event, FilesPlanned | FileStarted | FileRead):
            self._files.tell(event)
            if isinstance(event, FileRead):
                how = say("progress.known", self._language) if event.known else f"{event.seconds:.1f} s"
                sys.stderr.write(f"  {self._files.number} {visible(event.file)}: {how}\n")


class _Bars:
    """One bar for the stage with the time left, one for each running Step."""

    def __init__(self, language: str) -> None:
        self._language = language
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
            self._progress.reset(self._stage, description=_stage(event, self._language), total=None, done="", left="")
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
            self._progress.console.print(_finished(event, self._language))

    def _file(self, event: FilesPlanned | FileStarted | FileRead) -> None:
        self._files.tell(event)
        left = self._files.left
        self._progress.update(
            self._stage,
            total=self._files.size or None,
            completed=round(self._files.share * self._files.size),
            done=say("progress.file", self._language, number=self._files.number)
            + (f" {escape(visible(event.file))}" if not isinstance(event, FilesPlanned) else ""),
            left=self._left(left) if left is not None and left > 1 else "",
        )

    def _step(self, event: StepProgress) -> None:
        if event.step not in self._steps:
            return
        task, since = self._steps[event.step]
        passed = time.monotonic() - since
        left = self._left(passed / event.share * (1 - event.share)) if event.share > MIN_SHARE else ""
        self._progress.update(task, completed=100 * event.share, left=left)
        self._advance()

    def _left(self, seconds: float) -> str:
        return say("progress.left", self._language, seconds=f"{seconds:.0f}")

    def _advance(self) -> None:
        left = self._until - time.monotonic()
        self._progress.update(
            self._stage,
            total=self._planned or None,
            completed=self._computed,
            done=say("progress.steps", self._language, number=f"{self._computed}/{self._planned}")
            if self._planned
            else "",
            left=self._left(left) if left > 1 else "",
        )
