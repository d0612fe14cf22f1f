"""Where the Word templates lie that a study has for its annex and its report."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from citybraid.study.run.run import Run

Kind = Literal["text", "memorandum", "statement"]
KINDS: tuple[Kind, ...] = ("text", "memorandum", "statement")
"""Documents of the annex that have a template each."""
OWN = "templates"
"""Folder beside the study file whose templates are used without being named: of these names."""
REPORT = "report.docx"


def own_name(kind: Kind) -> str:
    """Return the name of the template of a document in that folder."""
    return f"annex_{kind}.docx"


def named_template(run: Run, kind: Kind) -> Path | None:
    """Return the study's template for a document: the one that it names, else that of its own folder, None else.

    Both are sought beside the study file.
    """
    name: str = getattr(run.manifest.asked.annex, kind)
    return _file_of(run, name or f"{OWN}/{own_name(kind)}")


def report_template(run: Run) -> Path | None:
    """Return the study's template for the report, None where its own folder has none."""
    return _file_of(run, f"{OWN}/{REPORT}")


def _file_of(run: Run, name: str) -> Path | None:
    return next((home / name for home in _homes(run) if (home / name).is_file()), None)


def _homes(run: Run) -> Iterator[Path]:
    """Yield where the study file may be: the folder that holds the run's folder of runs, else the one of its store."""
    yield from dict.fromkeys([run.folder.resolve().parent.parent, run.store.folder.resolve().parent.parent])
