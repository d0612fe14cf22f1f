"""A workspace served to a browser: one study with two made runs, and the address that lets its owner in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import uvicorn

from citybraid.web.application.factory import BUNDLE, create_app
from citybraid.web.configuration.settings import Settings
from tests.web.made import put_run
from tests.web.team import STUDY

BUILT = (BUNDLE / "index.html").is_file()


class ServedWorkspace(NamedTuple):
    """Where a workspace is served, the address that lets its owner in, and the folder of its study."""

    address: str
    enter: str
    study: Path


@contextmanager
def served_workspace(folder: Path) -> Iterator[ServedWorkspace]:
    """Serve a workspace with a study of two runs, the first with a page of a report, until the end."""
    study = folder / "片区 一"
    study.mkdir(parents=True)
    (study / "study.toml").write_text(STUDY, encoding="utf-8")
    run = put_run(study)
    put_run(study, "002", rehearsed=False)
    report = run.folder / "report"
    report.mkdir()
    page = "<h1>Report</h1><script>document.querySelector('h1').textContent = 'ran ' + self.origin</script>"
    (report / "report.html").write_text(page, encoding="utf-8")
    settings = Settings(folder=folder)
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    try:
        yield ServedWorkspace(address, f"{address}/enter?token={settings.token}", study)
    finally:
        server.should_exit = True
        thread.join(10.0)
