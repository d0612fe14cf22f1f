"""Whether the last run of a study is up to date: same study, files, factors and program, and no missing values."""

import hashlib
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.core.layer import digest
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.study_intake import StudyIntake
from citybraid.study.run.run import Run
from citybraid.study.run.versions import versions

DOORS = ("web/", "cli/", "texts/web/", "catalogue.json")
"""Files through which a run is asked for or shown: another page or command gives the same run."""


def run_digest(study: OpenStudy, intake: StudyIntake, *, baseline_only: bool) -> str:
    """Return the digest of everything that determines a run: study, files, factors, program and library versions."""
    rows = [asdict(row) for row in study.book.rows if row.origin != "citybraid"]
    homes = sorted(layer.key for layers in intake.place.layers.values() for layer in layers)
    return digest("run", study.asked, rows, intake.files, homes, versions(), program_digest(), baseline_only)


def current_run(study: OpenStudy, intake: StudyIntake, *, baseline_only: bool) -> Run | None:
    """Return the last run of a study where it is identical to one computed now, else None.

    A run with a missing table or value, or one of an earlier program version, is not up to date.
    """
    numbered = [path for path in (study.folder / "runs").glob("[0-9][0-9][0-9]*") if path.name.isdigit()]
    if not numbered:
        return None
    try:
        run = Run.open(max(numbered, key=lambda path: int(path.name)))
    except InputError:
        return None
    same = run.manifest.basis == run_digest(study, intake, baseline_only=baseline_only)
    return run if same and _complete(run) else None


def _complete(run: Run) -> bool:
    """Tell whether every table and every value of a run exists, the values as they were written."""
    tables = (run.folder / "tables" / f"{name}.parquet" for name in run.manifest.tables)
    keys = {layer.key for record in run.manifest.alternatives.values() for layer in record.layers}
    return all(path.is_file() for path in tables) and all(map(run.store.intact, keys))


@cache
def program_digest() -> str:
    """Return the digest of the program's files that a run or its report rests on: all but doors and caches."""
    home = Path(str(files("citybraid")))
    checksum = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        relative = path.relative_to(home)
        shown = relative.as_posix().startswith(DOORS) or "__pycache__" in relative.parts
        if path.is_file() and not shown:
            checksum.update(f"{relative.as_posix()}\0".encode())
            checksum.update(hashlib.sha256(path.read_bytes()).digest())
    return checksum.hexdigest()[:20]
