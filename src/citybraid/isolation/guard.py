"""Audit hook of a child, on every system: refuses network, programs, pickles, and changes outside its folder."""

import os
from pathlib import Path

BLOCKED = (
    "socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "subprocess.Popen", "os.system", "os.exec",
    "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.startfile", "webbrowser.open", "os.kill",
    "sqlite3.enable_load_extension", "sqlite3.load_extension", "pickle.find_class",
)  # fmt: skip
"""What no child may do (events of Python's audit hooks)."""
CHANGES = (
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate",
    "os.utime", "shutil.rmtree", "shutil.move",
)  # fmt: skip
"""What a child may do in its own folder only."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Guard:
    """An audit hook: it sees what Python does; C libraries are restricted by the kernel's fences."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = str(scratch)

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        """Raise PermissionError where a child is not allowed this event."""
        if event.startswith(BLOCKED):
            message = f"a fenced process may not {event}"
            raise PermissionError(message)
        writes = event == "open" and isinstance(args[2], int) and bool(args[2] & WRITING)
        if writes or event in CHANGES:
            self._refuse_outside(event, args[0])

    def _refuse_outside(self, event: str, path: object) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        where = os.path.realpath(os.fsdecode(path))
        inside = where == self._scratch or where.startswith(self._scratch + os.sep)
        if where != os.devnull and not inside:
            message = f"a fenced process may not {event} outside its folder"
            raise PermissionError(message)
