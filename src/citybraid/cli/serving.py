"""Serve a workspace: the same studies in the browser."""

from pathlib import Path

from citybraid.cli import paper
from citybraid.web.application.serving import serve as serve_workspace
from citybraid.web.base.settings import Settings


def serve(folder: Path, *, port: int, browser: bool, lang: str) -> None:
    """Serve a folder of studies on this machine alone, until Ctrl-C."""
    settings = Settings(folder=folder.resolve(), port=port)
    serve_workspace(settings, tell=lambda address: paper.tell("web.serving", lang, address=address), browser=browser)
