"""Runs of a study, opened once and kept while their manifest stays."""

from functools import lru_cache
from pathlib import Path

from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run
from citybraid.web.access.refusals import NotFound

OPEN = 16
"""Number of runs that are kept open."""


def numbers(study: Path) -> list[str]:
    """Return the names of a study's runs, the newest first; a folder that has lost its manifest is none."""
    names = [path.parent.name for path in (study / "runs").glob(f"[0-9]*/{MANIFEST}") if path.parent.name.isdigit()]
    return sorted(names, key=int, reverse=True)


def open_run(study: Path, number: str) -> Run:
    """Open a run of a study by its number, or the newest by `latest`.

    Raises NotFound where there is none, InputError where it cannot be read.
    """
    known = numbers(study)
    name = next(iter(known), None) if number == "latest" else number
    if name is None or name not in known:
        raise NotFound("web.no_run")
    folder = study / "runs" / name
    try:
        changed = (folder / MANIFEST).stat().st_mtime_ns
    except OSError as fault:
        raise NotFound("web.no_run") from fault
    return _opened(folder, changed)


@lru_cache(maxsize=OPEN)
def _opened(folder: Path, _changed: int) -> Run:
    return Run.open(folder)
