"""The Chromium that pages are tested with, what it is started with, and when a test of a page is told absent."""

import asyncio
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Self

import numpy as np
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from citybraid.web.application.factory import BUNDLE, create_app
from citybraid.web.configuration.settings import Settings
from citybraid.web.database.engine import open_database, sessions
from citybraid.web.jobs.worker import Worker

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""Programs that are Chromium, as .ci/run looks for them."""
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
PLAIN = ["--no-sandbox", "--disable-gpu"]
DRAWING = ["--no-sandbox", "--use-gl=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
"""Flags of a page without a map, and of one whose map is drawn by the processor."""

SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Waits until what follows a change of size, language or address is laid out: two frames on, however long they take."""
BLANK = "about:blank"
"""Address of a tab that has gone to no page."""
PATIENCE = 300_000
"""Time after which what a page is to show counts as not coming [ms]: moments of work take a busy machine minutes."""

LATE_MS = float(os.environ.get("CITYBRAID_TEST_LATE_MS", "0"))
"""How late answers of the server come at most [ms]: with some hundreds, what a page asked for comes out of order."""

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


class Chromiums:
    """Chromium by the flags that it is started with, each where it is first wanted: starting costs a second."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._known: dict[tuple[str, ...], Browser] = {}

    def started(self, flags: Sequence[str]) -> Browser:
        """Return the Chromium of these flags, started anew where it is gone."""
        assert CHROMIUM is not None, "the CI installs chromium"
        if self._playwright is None:
            self._playwright = sync_playwright().start()
        browser = self._known.get(tuple(flags))
        if browser is None or not browser.is_connected():
            browser = self._playwright.chromium.launch(executable_path=CHROMIUM, args=[*flags], timeout=PATIENCE)
            self._known[tuple(flags)] = browser
        return browser

    def stop(self) -> None:
        """End them, and the loop that drives them."""
        for each in self._known.values():
            each.close()
        self._known.clear()
        if self._playwright is not None:
            self._playwright.stop()
        self._playwright = None


class Windows:
    """Windows of a browser by what they are opened with, each with one tab after another.

    A window of its own for every test would load the fonts and the program of the pages anew: 1.5 s of the processor.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: dict[str, BrowserContext] = {}

    @contextmanager
    def tab(self, whose: str = "", **options: Any) -> Iterator[Page]:
        """Open a tab in a person's window with these options: nothing is known in it of the tabs before it there."""
        name = repr((whose, sorted(options.items())))
        if name not in self._open:
            self._open[name] = self._browser.new_context(**options)
        window = self._open[name]
        before = window.pages
        made = window.new_page()  # before those are closed: with the last of them its process would end
        for each in before:
            each.close()
        window.clear_cookies()
        window.set_offline(False)
        yield made
        made.unroute_all(behavior="ignoreErrors")
        if made.url != BLANK:
            made.wait_for_load_state()  # of a page that is being gone to nothing can be cleared
            made.evaluate("localStorage.clear()")
            made.goto(BLANK)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_left: object) -> None:
        for each in self._open.values():
            each.close()


def eventually(holds: Callable[[], bool], page: Page) -> None:
    """Wait until something holds that no locator can be expected to show."""
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < end, "it never came"
        page.wait_for_timeout(50)


AWAY = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})"


def away(page: Page) -> None:
    """Leave a window behind another: its page no longer looks by itself for what others change."""
    page.evaluate(AWAY)


@contextmanager
def working(settings: Settings, *, cores: int) -> Iterator[None]:
    """Do the jobs of a workspace in a thread of this process; none goes on after the end."""
    engine = open_database(settings)
    worker = Worker(settings, sessions(engine), cores=cores)
    thread = threading.Thread(target=worker.work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stopping.set()
        thread.join()
        engine.dispose()


def late(app: ASGIApp) -> ASGIApp:
    """Answer what pages ask for late by chance, before or after it is done: the same chances in every process."""
    chances = np.random.default_rng(1)

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await app(scope, receive, send)
            return
        wait, last = chances.uniform(0, LATE_MS) / 1000, chances.random() < 0.5

        async def answer(message: Message) -> None:
            if last and message["type"] == "http.response.start":
                await asyncio.sleep(wait)
            await send(message)

        if not last:
            await asyncio.sleep(wait)
        await app(scope, receive, answer)

    return served


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Serve a workspace from a thread of this process, and give its address."""
    app = late(create_app(settings)) if LATE_MS else create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server has ended"
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE / 1000)
