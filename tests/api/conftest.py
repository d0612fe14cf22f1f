"""The tutorial's own cells, run once; what they leave is what other tests look at."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from citybraid.api.run import Run
from citybraid.study.run.run import Run as Kept
from tests.discovered import ROOT
from tests.report.made_run import made_run

NOTEBOOK = ROOT / "docs" / "tutorials" / "python-api.ipynb"


def cells(kind: str) -> list[str]:
    told = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in told["cells"] if cell["cell_type"] == kind]


@pytest.fixture(scope="session")
def notebook(coarse_run: Kept, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The names that the notebook's cells leave, run one after another in a folder with a Chinese name.

    The town and its cells are those of the coarse town: what its run computed lies in the store.
    """
    space: dict[str, Any] = {"__name__": "__main__"}
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("教程 notebook"))
    shutil.copytree(coarse_run.store.folder, Path("town/.citybraid/store"))
    try:
        for number, text in enumerate(cells("code")):
            exec(compile(text, f"{NOTEBOOK.name}[{number}]", "exec"), space)  # noqa: S102  (our own documentation)
    finally:
        os.chdir(before)
    return space


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return made_run(tmp_path_factory.mktemp("规划 api"))


@pytest.fixture(scope="session")
def run(kept: Kept) -> Run:
    return Run(kept)
