from pathlib import Path

import pytest

from citybraid.study.run.run import Run
from tests.written import Written


@pytest.fixture(scope="session")
def run(town_run: Run) -> Run:
    return town_run


@pytest.fixture(scope="session")
def report(town_report: Written) -> Path:
    """The folder of the whole report of a made run."""
    return town_report.folder
