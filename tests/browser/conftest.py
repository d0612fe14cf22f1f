"""Chromium for all modules, a window for each, a tab for each test, and patience for what pages are to show."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.chromium import CHROMIUM, PATIENCE, PLAIN, Seen, Windows
from tests.browser.served_results import ServedWorkspace, served_workspace


@pytest.fixture(scope="module", autouse=True)
def _patience(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give every wait of a module its PATIENCE, else that of all: not what another module has left behind."""
    patience = getattr(request.module, "PATIENCE", PATIENCE)
    new_context, new_page = Browser.new_context, Browser.new_page

    def context(browser: Browser, **options: Any) -> BrowserContext:
        made = new_context(browser, **options)
        made.set_default_timeout(patience)
        return made

    def page(browser: Browser, **options: Any) -> Page:
        made = new_page(browser, **options)
        made.set_default_timeout(patience)
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Browser, "new_context", context)
        patch.setattr(Browser, "new_page", page)
        expect.set_options(timeout=patience)
        yield


@pytest.fixture(scope="package")
def started() -> Iterator[Callable[[list[str]], Browser]]:
    """Chromium by the flags that it is started with, each where it is first wanted: starting costs a second."""
    assert CHROMIUM is not None, "the CI installs chromium"
    known: dict[tuple[str, ...], Browser] = {}
    with sync_playwright() as playwright:

        def start(flags: list[str]) -> Browser:
            found = known.get(tuple(flags))
            if found is None or not found.is_connected():
                found = playwright.chromium.launch(executable_path=CHROMIUM, args=flags, timeout=PATIENCE)
                known[tuple(flags)] = found
            return found

        yield start
        for each in known.values():
            each.close()


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest, started: Callable[[list[str]], Browser]) -> Browser:
    """A Chromium started with the module's FLAGS, else with those of a page without a map."""
    return started(getattr(request.module, "FLAGS", PLAIN))


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Windows]:
    """The windows of a module's tabs."""
    with Windows(browser) as made:
        yield made


@pytest.fixture
def tab(request: pytest.FixtureRequest, windows: Windows) -> Iterator[Page]:
    """A tab as new in a window as the module's WINDOW says."""
    with windows.tab(**getattr(request.module, "WINDOW", {})) as made:
        yield made


@pytest.fixture(scope="package")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedWorkspace]:
    """A workspace for all tests that only look at its pages."""
    with served_workspace(tmp_path_factory.mktemp("looked at")) as found:
        yield found


@pytest.fixture
def seen() -> Seen:
    """What the tab of a test complained of and asked for."""
    return Seen([], [])


@pytest.fixture(autouse=True, scope="module")
def _no_cases_of_the_program() -> Iterator[None]:
    """Show the cases of a test's own library only; `tests/commons/test_shipped.py` is about those of the program."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("citybraid.commons.library.shipped.shipped", tuple)
        yield
