from pathlib import Path

import pytest

from citybraid.report.write import write_report
from citybraid.study.run.run import Run
from tests.report.made_run import made_run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return made_run(tmp_path_factory.mktemp("规划 run"))


@pytest.fixture(scope="session")
def report(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole report of a made run, written once."""
    out = tmp_path_factory.mktemp("规划 项目（一）")
    write_report(run, out, system="planning")
    return out
