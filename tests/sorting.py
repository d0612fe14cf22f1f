"""Which tests run on one process of a parallel run, which are slow by what they rest on, and which come first."""

import os
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

SHARED = {
    "a run of the town": (
        "tests/api/test_notebook.py", "tests/plausibility/", "tests/study/test_ensemble.py",
        "tests/study/test_imputation.py",
        "tests/study/test_pipeline.py", "tests/study/test_portfolio_rounds.py", "tests/study/test_rebase.py",
        "tests/study/test_refusals.py",
        "tests/study/test_rescue_indicators.py",
        "tests/study/test_screening.py", "tests/study/test_serving.py",
    ),
    "a made run": (
        "tests/browser/", "tests/report/", "tests/web/maps/", "tests/web/results/test_assumptions.py",
        "tests/web/routes/test_maps.py",
    ),
}  # fmt: skip
"""Files and folders whose tests share what is made once a session."""
SLOW_FIXTURES = frozenset({"cases", "coarse_town", "figure", "town_report"})
"""Real data and published cases, a whole town, a figure of a method page, a whole report."""
SLOW_FOLDERS = frozenset({"corpus", "validation"})
"""Every file of the corpus, every published case."""
SLOW_FILES = frozenset({
    "tests/cli/test_check.py", "tests/cli/test_commands.py", "tests/cli/test_doors.py",
    "tests/cli/test_model_columns.py", "tests/core/test_tables.py", "tests/invariants/test_building_energy.py",
    "tests/invariants/test_flood_drains.py", "tests/invariants/test_hourly_balance.py",
    "tests/invariants/test_imputation.py", "tests/invariants/test_overheating.py",
    "tests/invariants/test_ready_means_ready.py", "tests/invariants/test_typhoon_wind.py",
    "tests/report/test_row_order.py", "tests/resilience/test_drain_fences.py",
    "tests/resilience/test_drain_mouths.py", "tests/resilience/test_flood_structures.py",
    "tests/sources/open_data/test_fetching.py", "tests/sources/readers/test_dxf_encodings.py",
    "tests/sources/readers/test_dxf_heights.py", "tests/sources/readers/test_dxf_hostile.py",
    "tests/sources/readers/test_dxf_plots.py", "tests/sources/readers/test_dxf_shapes.py",
    "tests/sources/readers/test_dxf_units.py", "tests/sources/readers/test_epw.py",
    "tests/sources/synthetic/test_files.py", "tests/sources/synthetic/test_pilots.py",
    "tests/sources/test_suspicion.py", "tests/study/test_rehearsal.py",
    "tests/cli/test_review_command.py", "tests/isolation/test_child.py", "tests/sources/synthetic/test_delta.py",
    "tests/sources/test_strangers.py", "tests/study/backends/test_choice.py", "tests/study/test_levels_study.py",
    "tests/study/test_special.py", "tests/web/cases/test_search.py", "tests/web/routes/test_files_upload.py",
    "tests/integrate/test_conformal.py", "tests/integrate/test_order.py", "tests/sources/open_data/test_providers.py",
    "tests/web/jobs/test_leasing.py", "tests/architecture/test_generic.py", "tests/cli/test_bad_carbon.py",
    "tests/cli/test_model_doors.py", "tests/sources/test_facilities.py", "tests/sources/test_guess.py",
    "tests/sources/test_intake.py", "tests/study/test_drift.py",
})  # fmt: skip
"""Files whose tests together take 1.5 s or more with five examples each: what they share is made by the first."""
HEAVY = ("slow", "fuzz", "browser")
COSTS = Path(__file__).parent / "costs.txt"
"""Tests that were measured to be COSTLY, a line each."""
COSTLY = 0.1
"""Time of the processor from which a test is slow, with what it makes, takes down and starts [s]."""
MEASURED = "CITYBRAID_TEST_COSTS"
"""Where this is 1 the costs of tests are measured and COSTS is written anew."""


def costly() -> frozenset[str]:
    """Return the tests that were measured to be slow; none where they are measured now."""
    if os.environ.get(MEASURED) == "1":
        return frozenset()
    return frozenset(line for line in COSTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))


class Clock:
    """Tells with each report what its phase took of the processor: other work on the machine does not count."""

    def __init__(self) -> None:
        self.last = 0.0

    def pytest_runtest_logstart(self) -> None:
        """Begin a test."""
        self.last = _processor()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add the time since the last phase to the report; xdist hands it on."""
        report = yield
        now = _processor()
        report.processor, self.last = now - self.last, now  # type: ignore[attr-defined]
        return report


def _processor() -> float:
    """Time of the processor that this process and those it has ended took so far [s]."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Costs:
    """Sums up the time of each test and writes the costly ones where a run ends."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a phase of a test."""
        self.spent[report.nodeid] += report.processor

    def pytest_sessionfinish(self) -> None:
        """Write the costly tests below the head of the file."""
        head = [line for line in COSTS.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
        slow = sorted(test for test, seconds in self.spent.items() if seconds >= COSTLY)
        COSTS.write_text("\n".join([*head, *slow, ""]), encoding="utf-8")


def sort(items: list[pytest.Item]) -> None:
    """Mark tests slow by what they rest on or were measured to take; put files of heavy ones first: none ends late."""
    measured = costly()
    for item in items:
        rests_on_slow = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        file = item.nodeid.partition("::")[0]
        slow = rests_on_slow or item.path.parent.name in SLOW_FOLDERS or file in SLOW_FILES or item.nodeid in measured
        if slow or item.get_closest_marker("case"):
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
