"""The coarse town and its run, and copies of them."""

import os
import shutil
from pathlib import Path

import pytest

from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study
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


@pytest.fixture(scope="session")
def readings(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of what the town's files hold, read once."""
    folder = tmp_path_factory.mktemp("readings") / "store"
    take_in_study(open_study(town), Store(folder))
    return folder


@pytest.fixture
def read_store(readings: Path, tmp_path: Path) -> Store:
    """A store in which the town's files are read and nothing is computed."""
    return Store(shutil.copytree(readings, tmp_path / "store", copy_function=os.link))
