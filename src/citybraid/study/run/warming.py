"""Warm-up: compiles every kernel by running the demo pilot on a coarse grid and the tiny runs that strands declare."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from odc.geo.geobox import GeoBox

from citybraid.core import catalogue
from citybraid.core.factor import FactorBook
from citybraid.core.model import Need, Params
from citybraid.core.var import Fact
from citybraid.core.warm_case import Tiny, WarmCase
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.open.pilots import DEMO, copy_pilot, generate
from citybraid.study.run.pipeline import run_study

COARSE = 40.0
MIN_REPORTED_SECONDS = 0.05
"""Minimum reported time of a model [s]."""


def warm() -> Iterator[tuple[str, float]]:
    """Compile the kernels; yields each model, or build of one, that was run, with its time [s]."""
    with tempfile.TemporaryDirectory(prefix="citybraid-") as folder:
        path = copy_pilot(DEMO, Path(folder) / DEMO)
        study = _coarse(open_study(path))
        generate(study)
        run = run_study(study, baseline_only=True)
        seconds = {step.model: step.seconds for name in run.alternatives for step in run.steps(name)}
        slow = {model: spent for model, spent in seconds.items() if spent >= MIN_REPORTED_SECONDS}
        yield from sorted(slow.items(), key=lambda pair: -pair[1])
        yield from tiny_runs(study)


def _coarse(study: OpenStudy) -> OpenStudy:
    about = study.asked.study.model_copy(update={"resolution": COARSE, "screening_resolution": COARSE})
    study_file = study.asked.model_copy(update={"study": about})
    return OpenStudy(study.path, study_file, study.book, study.models, study.measures, study.data)


def tiny_runs(study: OpenStudy) -> Iterator[tuple[str, float]]:
    """Run every warm-up case that a strand declares for a model, with a study's factors."""
    about = study.asked.study
    for case in catalogue.declared(WarmCase):
        arguments = _arguments(case, study.book, region=about.region, year=about.year)
        started = time.perf_counter()
        case.model.of(arguments)
        name = f"{case.model.id} ({case.build})" if case.build else case.model.id
        yield name, time.perf_counter() - started


def _arguments(case: WarmCase, book: FactorBook, *, region: str, year: int) -> dict[str, Any]:
    """Return the arguments of a case's model; optional inputs that the case does not define are left out."""
    tiny = case.given()
    arguments: dict[str, Any] = {}
    for name, need in case.model.needs.items():
        if isinstance(need.what, Fact):
            arguments[name] = book.resolve(need.what.name, region=region, year=year, by_year=need.what.by_year)
        elif (value := _value(name, need, tiny, case)) is not None:
            arguments[name] = value
    return arguments


def _value(name: str, need: Need, tiny: Tiny, case: WarmCase) -> Any:
    if need.what == "tick":
        return _ignore_progress
    if isinstance(need.what, type) and issubclass(need.what, GeoBox):
        return tiny.grid
    if isinstance(need.what, type) and issubclass(need.what, Params):
        return need.what(**case.params)
    return tiny.values.get(name)


def _ignore_progress(_: float) -> None:
    """Ignore progress of a tiny run."""
