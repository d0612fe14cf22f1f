"""Which tests run on one process of a parallel run, which are slow by what they rest on, and which come first."""

from typing import Any

import pytest

SHARED = {
    "a run of the town": (
        "tests/api/test_notebook.py", "tests/plausibility/", "tests/study/test_ensemble.py",
        "tests/study/test_imputation.py",
        "tests/study/test_pipeline.py", "tests/study/test_refusals.py", "tests/study/test_rescue_indicators.py",
        "tests/study/test_serving.py",
    ),
    "a made run": ("tests/browser/", "tests/report/"),
}  # fmt: skip
"""Files and folders whose tests share what is made once a session."""
SLOW_FIXTURES = frozenset({"cases", "coarse_town", "figure", "town_report"})
"""Real data and published cases, a whole town, a figure of a method page, a whole report."""
SLOW_FOLDERS = frozenset({"corpus", "validation"})
"""Every file of the corpus, every published case."""
HEAVY = ("slow", "fuzz", "browser")


def sort(items: list[pytest.Item]) -> None:
    """Mark tests slow by what they rest on, and put the files of heavy ones first, so that no process ends late."""
    for item in items:
        rests_on_slow = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if rests_on_slow or item.path.parent.name in SLOW_FOLDERS or item.get_closest_marker("case"):
            item.add_marker(pytest.mark.slow)
    heavy = {item.path for item in items if any(map(item.get_closest_marker, HEAVY))}
    items.sort(key=lambda item: item.path not in heavy)


def process(test: str) -> str:
    """What all tests of a process share: something made once a session, else their file."""
    file = test.partition("::")[0]
    return next((name for name, starts in SHARED.items() if file.startswith(starts)), file)


def scheduler(config: pytest.Config, log: Any) -> Any:
    """Hand out whole files, and files that share together: not by marks, which xdist 3.8 loses under pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    config.option.loadscopereorder = False
    made = LoadScopeScheduling(config, log)
    made._split_scope = process
    return made
