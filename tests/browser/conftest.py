"""One Chromium a module."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import CHROMIUM, PLAIN, Seen


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A Chromium started with the module's FLAGS, else with those of a page without a map."""
    assert CHROMIUM is not None, "the CI installs chromium"
    with sync_playwright() as playwright:
        flags = getattr(request.module, "FLAGS", PLAIN)
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield started
        started.close()


@pytest.fixture
def seen() -> Seen:
    """What the tab of a test complained of and asked for."""
    return Seen([], [])
