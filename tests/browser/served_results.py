"""A workspace served to a browser: one study with two made runs, a library of two cases, and the owner's address."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from citybraid.web.configuration.settings import Settings
from tests.browser.chromium import serving
from tests.web.made import put_run, put_years
from tests.web.packed_place import published_library
from tests.web.team import STUDY


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
    put_years(put_run(study, "002", rehearsed=False))
    report = run.folder / "report"
    report.mkdir()
    page = "<h1>Report</h1><script>document.querySelector('h1').textContent = 'ran ' + self.origin</script>"
    (report / "report.html").write_text(page, encoding="utf-8")
    published_library(folder / "library", folder / ".made cases")
    settings = Settings(folder=folder)
    with serving(settings) as address:
        yield ServedWorkspace(address, f"{address}/enter?token={settings.token}", study)
