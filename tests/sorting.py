"""Which tests belong together in a parallel run, and which are slow by what they rest on."""

from collections.abc import Iterable

import pytest

SHARED = {"town_run": "", "town": "study"}
"""Fixtures made once a session, and the folder of the tests that share them; any folder where none is said."""
SLOW_FIXTURES = {"cases": "", "town_report": "", "ran": "study", "town": "study"}
"""Real data and published cases, a whole report, a whole town's run; with the folder as above."""
SLOW_FOLDERS = frozenset({"corpus", "validation"})
"""Every file of the corpus, every published case."""


def sort(items: Iterable[pytest.Item]) -> None:
    """Mark tests slow by what they rest on, and keep those that share something on one process (--dist loadgroup)."""
    for item in items:
        folder = item.path.parent.name
        if folder in SLOW_FOLDERS or _uses(item, SLOW_FIXTURES) or item.get_closest_marker("case"):
            item.add_marker(pytest.mark.slow)
        item.add_marker(pytest.mark.xdist_group(_uses(item, SHARED) or item.path.name))


def _uses(item: pytest.Item, fixtures: dict[str, str]) -> str:
    """The first of some fixtures that a test uses, '' where it uses none."""
    names: tuple[str, ...] = getattr(item, "fixturenames", ())
    return next(
        (name for name, where in fixtures.items() if name in names and where in ("", item.path.parent.name)), ""
    )
