"""The fixture that holds values to published answers and notes them for the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.validation.publishing import FIGURES, PAGE, WANTED, Measured, Published, about, page


@pytest.fixture(scope="session")
def account() -> Iterator[list[Measured]]:
    """All that is measured in this run; written as the page with CITYBRAID_VALIDATION=1, in one process."""
    found: list[Measured] = []
    yield found
    if WANTED:
        PAGE.write_text(page(found), encoding="utf-8")


@pytest.fixture
def published(request: pytest.FixtureRequest, account: list[Measured], tmp_path: Path) -> Published:
    """Holds values of this test to published answers."""
    into = Measured(request.module, about(request.function))
    account.append(into)
    if WANTED:
        FIGURES.mkdir(parents=True, exist_ok=True)
    return Published(into, FIGURES if WANTED else tmp_path)
