"""Chromium for all modules, a window for each, a tab for each test, and patience for what pages are to show."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import PATIENCE, PLAIN, Chromiums, Seen, Windows
from tests.browser.served_results import ServedWorkspace, served_workspace

CHROMIUMS = Chromiums()


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Stop what drives Chromium before tests of other folders: no loop of asyncio can run beside it."""
    yield
    if nextitem is None or nextitem.path.parent != item.path.parent:
        CHROMIUMS.stop()


@pytest.fixture(scope="session")
def started() -> Callable[[Sequence[str]], Browser]:
    """Chromium by its flags."""
    return CHROMIUMS.started


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest, started: Callable[[Sequence[str]], Browser]) -> Browser:
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


@pytest.fixture(scope="session")
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
