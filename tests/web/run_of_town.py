"""A study's folder with the run of the small made town."""

import shutil
from pathlib import Path

from citybraid.study.run.run import Run


def add_run(study: Path, run: Run, number: str = "001") -> Path:
    """Copy a run into a study's folder and return its folder; its store stays where it is."""
    folder = study / "runs" / number
    folder.parent.mkdir(exist_ok=True)
    shutil.copytree(run.folder, folder)
    return folder
