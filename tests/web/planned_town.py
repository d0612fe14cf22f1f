"""The made town of the what-if tests, run once, as a study of a workspace."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from tests.study.what_if_town import write_what_if_town


@cache
def planned_town() -> Path:
    """Return the folder of the town with its run; whoever changes it copies it first."""
    folder = Path(mkdtemp(prefix="planned town "))
    run_study(open_study(write_what_if_town(folder)), threads=1)
    return folder
