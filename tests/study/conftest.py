"""The coarse town and its run, and copies of them."""

import shutil
from pathlib import Path

import pytest

from citybraid.study.run.run import Run


@pytest.fixture(scope="session")
def town(coarse_town: Path) -> Path:
    return coarse_town


@pytest.fixture(scope="session")
def ran(coarse_run: Run) -> Run:
    return coarse_run


@pytest.fixture
def ran_copy(ran: Run, tmp_path: Path) -> Path:
    """A copy of the town whose store holds all that its run computed, and no run."""
    folder = tmp_path / "副本"
    shutil.copytree(ran.folder.parents[1], folder, ignore=shutil.ignore_patterns("runs"))
    return folder / "study.toml"


@pytest.fixture
def town_copy(town: Path, tmp_path: Path) -> Path:
    """A copy of the town with nothing computed."""
    folder = tmp_path / "副本"
    shutil.copytree(town.parent, folder, ignore=shutil.ignore_patterns(".citybraid", "runs"))
    return folder / "study.toml"
