"""One Chromium a module, and patience for what its pages are to show."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.chromium import CHROMIUM, PATIENCE, PLAIN, Seen


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


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A Chromium started with the module's FLAGS, else with those of a page without a map."""
    assert CHROMIUM is not None, "the CI installs chromium"
    with sync_playwright() as playwright:
        flags = getattr(request.module, "FLAGS", PLAIN)
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=flags, timeout=PATIENCE)
        yield started
        started.close()


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
