"""A run as pages read it: its view, its provenance codes and what they rest on, kept while its manifest stays."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from citybraid.report.annex.evidence import Evidence
from citybraid.report.annex.provenance import Codes
from citybraid.report.view import View
from citybraid.study.run.run import Run
from citybraid.web.studies.runs import OPEN, open_run


@dataclass(frozen=True)
class Opened:
    """A run with all that pages look up in it."""

    view: View
    codes: Codes
    evidence: Evidence

    @property
    def run(self) -> Run:
        """The run itself."""
        return self.view.run


def opened(study: Path, number: str) -> Opened:
    """Open a run of a study by its number, or the newest by `latest`; raises NotFound where there is none."""
    folder = open_run(study, number).folder
    return _kept(study, folder.name, changed_at(folder))


def changed_at(folder: Path) -> int:
    """Return when a run's manifest was written [ns]: what is kept of a run is kept for it."""
    return (folder / "manifest.json").stat().st_mtime_ns


@lru_cache(maxsize=OPEN)
def _kept(study: Path, number: str, _changed: int) -> Opened:
    view = View(open_run(study, number))
    codes = Codes(view)
    return Opened(view, codes, Evidence(codes))
