"""The Chromium that pages are tested with, what it is started with, and when a test of a page is told absent."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
import uvicorn

from citybraid.web.application.factory import BUNDLE, create_app
from citybraid.web.configuration.settings import Settings

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""Programs that are Chromium, as .ci/run looks for them."""
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
PLAIN = ["--no-sandbox", "--disable-gpu"]
DRAWING = ["--no-sandbox", "--use-gl=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
"""Flags of a page without a map, and of one whose map is drawn by the processor."""

_ON_CI = os.environ.get("CI") == "true"
ALONE = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not _ON_CI, reason="absent: no chromium"),
]
"""Marks of a module whose pages are files."""
SERVED = [
    *ALONE,
    pytest.mark.skipif(not (BUNDLE / "index.html").is_file() and not _ON_CI, reason="absent: the pages (make web)"),
]
"""Marks of a module whose pages are the workspace's."""


class Seen(NamedTuple):
    """What a tab complained of, and what it asked for."""

    complaints: list[str]
    fetched: list[str]


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Serve a workspace from a thread of this process, and give its address."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10.0)
