"""Which tests belong together in a parallel run, and which are slow by what they rest on."""

from collections.abc import Iterable

import pytest

SHARED = {"town_run": "", "ran": "study", "town": "study"}
"""Fixtures that are made once a session, and the folder of the tests that share them; any folder where none is said."""
SLOW_FIXTURES = frozenset({"ran", "town"})
"""Those of tests/study that a whole town's run stands behind."""
SLOW_FOLDERS = frozenset({"corpus", "validation"})
"""Published cases, real data, and every file of the corpus."""


def sort(items: Iterable[pytest.Item]) -> None:
    """Mark tests slow by what they rest on, and keep those that share something on one process (--dist loadgroup)."""
    for item in items:
        folder = item.path.parent.name
        names: tuple[str, ...] = getattr(item, "fixturenames", ())
        if folder in SLOW_FOLDERS or (folder == "study" and SLOW_FIXTURES.intersection(names)):
            item.add_marker(pytest.mark.slow)
        shared = next((name for name in SHARED if name in names and SHARED[name] in ("", folder)), item.path.name)
        item.add_marker(pytest.mark.xdist_group(shared))
