"""A study in Python: its study file, and its runs."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from citybraid.api.run import Run
from citybraid.core.errors import PlanError
from citybraid.store.store import Store
from citybraid.study.explain.checking import CheckResult, check, expected_cost
from citybraid.study.open.events import Emit, quiet
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.pilots import generate
from citybraid.study.open.schema import StudyFile
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run import preflight
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run as StoredRun


@dataclass(frozen=True, repr=False)
class Study:
    """An opened and validated study file; data files are read only when needed."""

    _opened: OpenStudy

    def __repr__(self) -> str:
        return f"<Study {self.asked.study.name}: {', '.join(self.alternatives) or '-'}>"

    @property
    def path(self) -> Path:
        """The study file."""
        return self._opened.path

    @property
    def asked(self) -> StudyFile:
        """Content of the study file."""
        return self._opened.asked

    @property
    def title(self) -> Mapping[str, str]:
        """Title by language."""
        return {str(language): text for language, text in self.asked.study.title.items()}

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Names of the alternatives."""
        return tuple(self.asked.alternatives)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The readable runs of the study, the oldest first."""
        runs = []
        for path in sorted((self._opened.folder / "runs").glob("[0-9]*")):
            try:
                runs.append(Run(StoredRun.open(path)))
            except PlanError:
                continue
        return tuple(runs)

    def generate(self) -> tuple[Path, ...]:
        """Generate the study's synthetic files where one is missing; returns those written."""
        return generate(self._opened)

    def check(self) -> CheckResult:
        """Read the files and return errors, gaps and suggested additions; no model is run."""
        return check(self._opened, self._store)

    def run(
        self,
        *,
        out: str | PathLike[str] | None = None,
        threads: int | None = None,
        baseline: bool = False,
        emit: Emit = quiet,
    ) -> Run:
        """Run the study and return its Run; stored values are not computed again.

        The run is written under runs/ in the study's folder, or to `out`. `baseline` runs the alternatives alone,
        without choosing measures; `emit` is called with every progress event.

        Raises:
            PlanError: files are refused, an alternative cannot be planned, or the run does not fit this machine.
        """
        preflight.refuse_if_too_large(
            expected_cost(self._opened, take_in_study(self._opened, self._store), self._store, threads=threads)
        )
        folder = None if out is None else Path(out)
        with warnings.catch_warnings():
            # rasterio hides this warning itself, but not when several threads burn shapes at once
            warnings.filterwarnings("ignore", message="Dataset has no geotransform")
            return Run(run_study(self._opened, out=folder, threads=threads, emit=emit, baseline_only=baseline))

    @property
    def _store(self) -> Store:
        return Store(self._opened.folder / ".citybraid" / "store")
