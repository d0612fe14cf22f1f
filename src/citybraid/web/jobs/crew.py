"""The workers that a server starts and stops with itself; one that ends is started anew."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from citybraid.web.configuration.settings import Settings

LOOK_S = 1.0
"""Time between two looks at whether a worker has ended [s]."""
STOP_S = 5.0
"""Time that workers have to give their jobs back [s]."""


@contextmanager
def crew(settings: Settings) -> Iterator[None]:
    """Keep a server's workers running inside the block.

    They are started by a thread that lasts as long as the server: on Linux a worker is killed when it ends.
    """
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(settings, stop), name="crew")
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()


def _keep(settings: Settings, stop: threading.Event) -> None:
    workers = [_started(settings) for _ in range(settings.workers)]
    while not stop.wait(LOOK_S):
        workers = [each if each.poll() is None else _started(settings) for each in workers]
    for each in workers:
        each.terminate()
    for each in workers:
        try:
            each.wait(STOP_S)
        except subprocess.TimeoutExpired:
            each.kill()
            each.wait()


def _started(settings: Settings) -> subprocess.Popen[bytes]:
    words = ["work", str(settings.folder), "--parent", str(os.getpid()), "--workers", str(settings.workers)]
    environment = os.environ | {"CITYBRAID_DATABASE": settings.database, "PYTHONUTF8": "1"}
    return subprocess.Popen(  # noqa: S603  (our own program, no shell)
        [sys.executable, "-m", "citybraid", *words], stdin=subprocess.DEVNULL, env=environment, start_new_session=True
    )
