"""One small run of the demo town, made once for every test that reads it."""

import shutil
from pathlib import Path

import pytest

from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot, generate
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

COARSE = [
    ("resolution = 5\n", "resolution = 40\n"),
    ("screening_resolution = 20\n", "screening_resolution = 80\n"),
    ("trade_off = ", "pairs = false\ntrade_off = "),
]


def coarsened(text: str) -> str:
    """The demo's study on cells of 40 m, without runs of pairs: every model in seconds."""
    for old, new in COARSE:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo pilot with its files, in a folder with a Chinese name and a space; returns the study file."""
    path = copy_pilot("jiaxing-hsr", tmp_path_factory.mktemp("规划 项目（一）") / "town")
    path.write_text(coarsened(path.read_text(encoding="utf-8")), encoding="utf-8")
    generate(open_study(path))
    return path


@pytest.fixture(scope="session")
def ran(town: Path) -> Run:
    """The whole run of the coarse town."""
    return run_study(open_study(town), threads=2)


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
