"""A command of ours in a process of its own: its lines, its end; it dies with the worker."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

from citybraid.core.text import LANGUAGES, say
from citybraid.isolation.fences import die_with_parent
from citybraid.web.jobs.held_memory import held_mib
from citybraid.web.jobs.progress import Progress

PROGRAM: Sequence[str] = (sys.executable, "-m", "citybraid")
GRACE_S = 1.0
"""Time that a command has to end by itself when it is asked to [s]."""
DRAIN_S = 60.0
"""Time for what a command has said to be read after its end [s]: its last line is the result, read late where
others use the machine."""
LAST_LINES = 40
"""Lines of its complaints that are kept."""
HIDDEN = frozenset({"CITYBRAID_DATABASE", "CITYBRAID_METRICS_KEY", "CITYBRAID_OIDC_SECRET", "CITYBRAID_DATA"})
"""Secrets of the server that its commands do not see, and the folder of files for pilots: a study of the workspace
reads its own files, which its pages show."""
COUNTS = ("CITYBRAID_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS")
"""Variables by which a command and its libraries are told how many cores they may use."""


class Command:
    """`python -m citybraid ARGUMENTS`, running. Use it from the thread that started it: it dies with that thread.

    `held` is an open file whose lock the process holds as long as it lives.
    """

    def __init__(self, arguments: Sequence[str], *, cores: int, held: IO[bytes] | None = None) -> None:
        self.progress = Progress()
        self.done: dict[str, Any] | None = None
        """The last line, which is the result, where it has come."""
        self._refused: dict[str, Any] | None = None
        self.complaints: deque[str] = deque(maxlen=LAST_LINES)
        parent = os.getpid()
        self._process = subprocess.Popen(  # noqa: S603  (our own program, no shell)
            [*PROGRAM, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(cores),
            start_new_session=True, pass_fds=() if held is None else (held.fileno(),),
            preexec_fn=lambda: die_with_parent(parent=parent),  # noqa: PLW1509  (no other thread runs yet)
        )  # fmt: skip
        self._readers = [
            threading.Thread(target=self._follow, args=(pipe, take), daemon=True)
            for pipe, take in ((self._process.stdout, self._line), (self._process.stderr, self._complaint))
        ]
        for reader in self._readers:
            reader.start()

    def ended(self, *, within: float) -> bool:
        """Wait so long for the end [s]; tell whether it has come."""
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def memory_mib(self) -> float:
        """The memory that it holds with all that it has started [MiB]."""
        return held_mib(self._process.pid)

    def stop(self) -> None:
        """End the command and all that it started: asked first, then killed."""
        self._signal(signal.SIGTERM)
        self.ended(within=GRACE_S)
        self._signal(signal.SIGKILL)
        self.close()

    def close(self) -> int:
        """Wait for the end, read what is left, and return the exit code."""
        code = self._process.wait()
        self._signal(signal.SIGKILL)  # what it has left behind
        for reader in self._readers:
            reader.join(DRAIN_S)
        return code

    @property
    def error(self) -> dict[str, Any]:
        """What went wrong, in every language; the exit code."""
        code = self._process.returncode
        if self._refused is not None:
            return {"error": self._refused.get("error", ""), "said": self._refused.get("said", {}), "exit": code}
        if code < 0:
            text, values = "web.jobs.killed", {"signal": signal.Signals(-code).name}
        else:
            text, values = "web.jobs.defect", {"code": str(code)}
        return {"error": text, "said": {each: say(text, each, **values) for each in LANGUAGES}, "exit": code}

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _follow(self, pipe: IO[bytes] | None, take: Any) -> None:
        assert pipe is not None  # noqa: S101  (opened as a pipe)
        with pipe:
            for line in pipe:
                take(line.decode("utf-8", "replace").rstrip("\n"))

    def _line(self, line: str) -> None:
        event = _event(line)
        if event is not None and event["event"] == "Done":
            self.done = event
        elif event is not None:
            self.progress.take(event)

    def _complaint(self, line: str) -> None:
        event = _event(line)
        if event is not None and event["event"] == "Refused":
            self._refused = event
        else:
            self.complaints.append(line)


def environment(cores: int) -> Mapping[str, str]:
    """Return the environment of a command that may use so many cores."""
    own = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    return own | dict.fromkeys(COUNTS, str(cores)) | {"CITYBRAID_REFUSALS": "json", "PYTHONUTF8": "1"}


def _event(line: str) -> dict[str, Any] | None:
    """Return a line's event; None for another line."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and "event" in event else None
