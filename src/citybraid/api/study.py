"""A study in Python: its study file, and its runs."""

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from citybraid.api.run import Run
from citybraid.core.errors import PlanError
from citybraid.core.evaluate import GridRole
from citybraid.store.store import Store
from citybraid.study.explain.checking import CheckResult, check, expected_cost
from citybraid.study.open.events import Emit, quiet
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.pilots import generate
from citybraid.study.open.schema import StudyFile
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run import preflight
from citybraid.study.run.backends.choice import EngineChoice, backend_of
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run as StoredRun
from citybraid.study.whatif import learning
from citybraid.study.whatif.answer import WhatIf, what_if
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.edit import edit_of, learned_measures


@dataclass(frozen=True, repr=False)
class Study:
    """An opened and validated study file; data files are read only when needed."""

    _opened: OpenStudy
    _learned: dict[str, learning.Learned] = field(default_factory=dict, repr=False, compare=False)

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
        scheduler: str = "",
        workers: int = 0,
        exchange: str = "",
    ) -> Run:
        """Run the study and return its Run; stored values are not computed again.

        The run is written under runs/ in the study's folder, or to `out`. `baseline` runs the alternatives alone,
        without choosing measures; `emit` is called with every progress event. The Steps run on threads of this
        process, on so many `workers` of a Dask cluster on this machine, or on the cluster of a `scheduler`;
        `exchange` is the URL that values go through where its machines share no folder.

        Raises:
            PlanError: files are refused, an alternative cannot be planned, the run does not fit this machine, or no
                scheduler answers.
        """
        store, choice = self._store, EngineChoice(scheduler=scheduler, workers=workers, exchange=exchange)
        with (
            backend_of(choice, store, threads=threads or os.cpu_count() or 1) as backend,
            warnings.catch_warnings(),
        ):
            # rasterio hides this warning itself, but not when several threads burn shapes at once
            warnings.filterwarnings("ignore", message="Dataset has no geotransform")
            taken = take_in_study(self._opened, store)
            size = expected_cost(
                self._opened, taken, store, threads=backend.slots, rooms=backend.rooms, baseline_only=baseline
            )
            preflight.refuse_if_too_large(size)
            folder = None if out is None else Path(out)
            computed = run_study(
                self._opened, out=folder, store=store, threads=threads, emit=emit, baseline_only=baseline,
                backend=backend,
            )  # fmt: skip
            return Run(computed)

    def learn_what_if(
        self, edits: int, *, seed: int = 1, measures: Sequence[str] = (), alternative: str = "",
        full_grid: bool = False, threads: int | None = None, emit: Emit = quiet,
    ) -> None:  # fmt: skip
        """Run random edits of single parcels through the models, so that `what_if` answers at once.

        `measures` are placed as well, by name. Stored runs are not computed again.

        Raises:
            PlanError: no parcel can be edited, a measure cannot be placed on one, or a run does not fit this machine.
        """
        bench = self._bench(alternative, full_grid=full_grid, threads=threads, emit=emit)
        self._learned[bench.key] = learning.learn(bench, edits, seed, learned_measures(self._opened, measures))

    def what_if(
        self, parcel: str, *, measures: Mapping[str, float] | None = None, alternative: str = "",
        full_grid: bool = False, about: Sequence[str] = (), **controls: float | str,
    ) -> WhatIf:  # fmt: skip
        """Return what an edit of one parcel does to every indicator, with bands.

        Where a band is wide, holds a target or is not known, its models are run if they take less than a second;
        those of the indicators and controls that the question is `about` come first.

        `controls` are `floor_area_ratio`, `building_density`, `height_limit`, `green_ratio` and `land_use`, `measures`
        the share of each measure that is placed on the parcel. `run_full` of the result runs every model.

        Raises:
            PlanError: all problems of the edit, or nothing was learned for the study as it is.
        """
        edit = edit_of(self._opened, parcel, controls, measures or {})
        bench = self._bench(alternative, full_grid=full_grid)
        if bench.key not in self._learned:
            self._learned[bench.key] = learning.learned(bench)
        return what_if(self._learned[bench.key], edit, about=about)

    def _bench(self, alternative: str, *, full_grid: bool, threads: int | None = None, emit: Emit = quiet) -> Bench:
        role: GridRole = "full" if full_grid else "screening"
        return Bench.of(self._opened, self._store, alternative=alternative, role=role, threads=threads, emit=emit)

    @property
    def _store(self) -> Store:
        return Store(self._opened.folder / ".citybraid" / "store")
