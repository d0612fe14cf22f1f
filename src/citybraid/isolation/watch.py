"""Watchdog of a child process: memory and wall-clock time, measured from outside."""

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

STEP = 0.05
"""Polling interval where /proc gives the memory [s]."""
SLOW_STEP = 0.5
"""Polling interval where `ps` has to be run [s]."""
KIB = 1024
BUSY = 20.0
"""Time that may pass at most, over the limit of time [-]: on a machine that gives a process a twentieth of itself."""


class Watch:
    """Kills a process that exceeds its time or memory limit while the `with` block runs.

    Time for which it waits for a processor that others use does not count, up to BUSY times the limit: a busy machine
    is no fault of a file. `reason` is why it was killed, '' where it was not; `seconds` how long the block took;
    `peak_mib` the most resident memory [MiB], 0 where the system does not report it (Windows:
    only time is watched).
    """

    def __init__(self, pid: int, kill: Callable[[], None], *, seconds: float, mib: float) -> None:
        self.reason: Literal["", "time", "memory"] = ""
        self.peak_mib = self.seconds = 0.0
        self._pid, self._kill, self._most_seconds, self._most_mib = pid, kill, seconds, mib
        self._look = _looking()
        self._begun, self._waited = time.monotonic(), waited_seconds(pid)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        _forget_peak(self._pid)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        self.seconds = time.monotonic() - self._begun
        if self._look is _by_kernel:
            self.peak_mib = max(self.peak_mib, self._look(self._pid))

    def _run(self) -> None:
        step = STEP if self._look is _by_kernel else SLOW_STEP
        while not self._done.wait(min(step, max(self._left(), 0.0))):
            self.peak_mib = max(self.peak_mib, self._look(self._pid))
            if self.peak_mib > self._most_mib:
                self.reason = "memory"
            elif self._left() <= 0:
                self.reason = "time"
            if self.reason:
                self._kill()
                return

    def _left(self) -> float:
        passed = time.monotonic() - self._begun
        left = self._most_seconds - passed
        if left > 0:
            return left
        waited = waited_seconds(self._pid) - self._waited
        return min(left + max(waited, 0.0), self._most_seconds * BUSY - passed)


def waited_seconds(pid: int) -> float:
    """Return how long a process has been ready to run while others had the processor [s]; 0 where no one tells."""
    try:
        words = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    return int(words[1]) / 1e9 if len(words) > 1 else 0.0


def _looking() -> Callable[[int], float]:
    """Return the function that measures a process's resident memory on this system [MiB]."""
    if Path("/proc/self/status").exists():
        return _by_kernel
    return _by_program if sys.platform != "win32" and shutil.which("ps") else _unknown


def _forget_peak(pid: int) -> None:
    """Reset the kernel's peak-memory counter of a process, where possible."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def _by_kernel(pid: int) -> float:
    """Return the peak resident memory since the last reset [MiB]; 0 where the process has exited."""
    try:
        words = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    line = next((line for line in words.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return float(line.split()[1]) / KIB


def _by_program(pid: int) -> float:
    listing = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, check=False, text=True)  # noqa: S603, S607
    return float(listing.stdout) / KIB if listing.stdout.strip().isdigit() else 0.0


def _unknown(_pid: int) -> float:
    return 0.0
