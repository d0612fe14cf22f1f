"""Serve a workspace: the same studies in the browser; do its jobs."""

import json
from pathlib import Path

from citybraid.cli import paper
from citybraid.cli.progress import progress_display
from citybraid.study.open.events import FileRead, FilesPlanned, StageStarted
from citybraid.web.application.serving import serve as serve_workspace
from citybraid.web.cases.opening import finish
from citybraid.web.configuration.settings import Settings
from citybraid.web.jobs.worker import work as work_for

MOST_TOLD = 200
"""Lines at most that tell how far a case is read."""


def serve(folder: Path, *, port: int, browser: bool, database: str, library: Path | None, lang: str) -> None:
    """Serve a folder of studies on this machine alone, until Ctrl-C."""
    settings = Settings(folder=folder.resolve(), port=port, database=database, library=library)
    serve_workspace(settings, tell=lambda address: paper.tell("web.serving", lang, address=address), browser=browser)


def work(folder: Path, *, database: str, workers: int, parent: int | None, lang: str) -> None:
    """Do the jobs of a workspace until Ctrl-C, or until the server that started this worker has ended."""
    settings = Settings(folder=folder.resolve(), database=database, workers=workers)
    work_for(settings, parent=parent, tell=lambda text: paper.tell(text, lang, folder=folder))


def open_case(folder: Path) -> None:
    """Open the case that a study was begun with; prints what is read as lines of JSON."""
    told = 0
    with progress_display(silent=False, as_json=True) as emit:
        emit(StageStarted("case"))

        def tell(read: int, of: int) -> None:
            nonlocal told
            if not told:
                emit(FilesPlanned(1, of))
            if read - told > of / MOST_TOLD or read == of:
                emit(FileRead("", read - told, 0.0, known=False))
                told = read

        finish(folder, tell=tell)
    paper.line(json.dumps({"event": "Done"}))
