"""How far a command is, from the lines that it prints: stage, share, Steps, time left."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from citybraid.core.text import LANGUAGES, known, say

MIN_SHARE = 0.05
"""Share from which on the time left is estimated from the time passed [-]."""
MOST_SHARE = 0.99
"""Share that is shown while work goes on [-]: estimates fall short, and nothing is done before its end."""


class Progress:
    """Follows a command's events; `told` is what the job's row says of them.

    While files are read the share is that of their bytes, while Steps run that of the Steps which the pre-flight
    expects in all, in the report that of its pages. The time left is measured; before enough has passed for that it
    is the pre-flight's.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stage, self._size, self._read = "", 0, 0
        self._steps, self._seconds, self._done = 0, 0.0, 0
        self._share = 0.0
        self._since = clock()
        self._take: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
            "StageStarted": self._stage_started, "FilesPlanned": self._files_planned, "FileRead": self._file_read,
            "Sized": self._sized, "StepFinished": self._step_finished, "StepProgress": self._step_progress,
        }  # fmt: skip

    def take(self, event: Mapping[str, Any]) -> None:
        """Follow one event; those that tell nothing here pass."""
        follow = self._take.get(str(event.get("event")))
        if follow is not None:
            follow(event)

    @property
    def told(self) -> dict[str, Any]:
        """Stage, its name in every language, and what it is of; share, Steps computed and expected, time left [s]."""
        name, _, of = self._stage.partition(" ")
        messages = {each: say(f"stage.{name}", each) for each in LANGUAGES} if known(f"stage.{name}") else {}
        left = self._left
        return {
            "stage": self._stage,
            "said": messages,
            "of": of if messages else "",
            "share": round(min(self._share, MOST_SHARE), 3),
            "done": self._done,
            "steps": self._steps,
            "left_s": None if left is None else round(left),
        }

    @property
    def _left(self) -> float | None:
        passed = self._clock() - self._since
        if self._share >= MOST_SHARE:
            return None
        if self._share > MIN_SHARE:
            return passed / self._share * (1 - self._share)
        return max(self._seconds - passed, 0.0) or None

    def _stage_started(self, event: Mapping[str, Any]) -> None:
        stage = str(event.get("stage", ""))
        if "report" in (stage, self._stage) or not self._steps:
            self._share, self._since, self._seconds = 0.0, self._clock(), 0.0
        self._stage = stage

    def _files_planned(self, event: Mapping[str, Any]) -> None:
        self._size, self._read = int(event.get("size", 0)), 0

    def _file_read(self, event: Mapping[str, Any]) -> None:
        self._read += int(event.get("size", 0))
        if self._size and not self._steps:
            self._share = self._read / self._size

    def _sized(self, event: Mapping[str, Any]) -> None:
        self._steps, self._seconds = int(event.get("steps", 0)), float(event.get("seconds", 0.0))
        self._share, self._since = 0.0, self._clock()

    def _step_finished(self, event: Mapping[str, Any]) -> None:
        self._done += bool(event.get("computed"))
        if self._steps:
            self._share = self._done / self._steps

    def _step_progress(self, event: Mapping[str, Any]) -> None:
        if self._stage == "report":
            self._share = float(event.get("share", 0.0))
