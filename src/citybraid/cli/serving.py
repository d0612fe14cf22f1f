"""Serve a workspace: the same studies in the browser; do its jobs."""

from pathlib import Path

from citybraid.cli import paper
from citybraid.web.application.serving import serve as serve_workspace
from citybraid.web.configuration.settings import Settings
from citybraid.web.jobs.worker import work as work_for


def serve(folder: Path, *, port: int, browser: bool, database: str, library: Path | None, lang: str) -> None:
    """Serve a folder of studies on this machine alone, until Ctrl-C."""
    settings = Settings(folder=folder.resolve(), port=port, database=database, library=library)
    serve_workspace(settings, tell=lambda address: paper.tell("web.serving", lang, address=address), browser=browser)


def work(folder: Path, *, database: str, workers: int, parent: int | None, lang: str) -> None:
    """Do the jobs of a workspace until Ctrl-C, or until the server that started this worker has ended."""
    settings = Settings(folder=folder.resolve(), database=database, workers=workers)
    work_for(settings, parent=parent, tell=lambda text: paper.tell(text, lang, folder=folder))
