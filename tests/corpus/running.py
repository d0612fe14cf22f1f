"""The corpus run through intake: one worker for all, every verdict with its message, seconds and MiB."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import geopandas as gpd
import pytest

from citybraid.core.errors import InputErrors, PlanError
from citybraid.core.finding import Finding
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.target import Target
from tests.corpus.case import Case, Verdict
from tests.sources import planner_files

LANGUAGES = ("en", "zh")
BESIDE = "beside.gpkg"


class Kept(Sandbox):
    """A sandbox that stays when intake is done with it, so that one worker reads the whole corpus."""

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def __enter__(self) -> Self:
        self.usage.clear()
        return self


@dataclass(frozen=True)
class Outcome:
    """What became of a file: the verdict, text ids, sentences by language, what it took, and its layers."""

    verdict: Verdict
    texts: tuple[str, ...]
    sentences: dict[str, tuple[str, ...]]
    seconds: float
    mib: float
    layers: tuple[SourceLayer, ...] = ()


@contextlib.contextmanager
def one_worker(root: Path, patch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """Let every intake below `root` use the same worker."""
    kept = Kept(root)
    patch.setattr("citybraid.sources.intake.intake.Sandbox", lambda _folder: kept)
    try:
        yield kept
    finally:
        kept.close()


def made(case: Case, root: Path) -> Path:
    """Write a case into a folder of its own; returns the path of its file."""
    folder = root / case.make.__name__
    folder.mkdir(parents=True)
    return case.make(folder)


def outcome(case: Case, path: Path, sandbox: Sandbox) -> Outcome:
    """Take a case's file in and return what became of it."""
    folder = path.parent
    files = {"file": FileSpec(path=case.path or path.name, role=case.role, **case.said)}  # type: ignore[arg-type]
    if case.beside:
        shapes = {"parcels": planner_files.parcels, "buildings": planner_files.buildings, "units": _units}[case.beside]
        shapes().to_file(folder / BESIDE)
        files["beside"] = FileSpec(path=BESIDE, role=case.beside)
    try:
        intake = take_in(files, Target(planner_files.CRS, 5.0), root=folder, limits=case.limits)
    except PlanError as fault:
        faults = fault.problems if isinstance(fault, InputErrors) else (fault,)
        return _told("refused", faults, (), sandbox)
    problems: list[Problem | Contradiction] = [*intake.problems, *intake.contradictions]
    verdict: Verdict = "read with findings" if case.findings else "read"
    return _told(verdict, (*intake.findings, *problems), intake.layers, sandbox)


def _told(
    verdict: Verdict, told: Sequence[PlanError | Finding | Problem | Contradiction], layers: tuple[SourceLayer, ...],
    sandbox: Sandbox,
) -> Outcome:  # fmt: skip
    sentences = {language: tuple(each.say(language) for each in told) for language in LANGUAGES}
    texts = tuple(each.text for each in told)
    used = [each for each in sandbox.usage if each.file != BESIDE]
    seconds = sum(each.seconds for each in used)
    return Outcome(verdict, texts, sentences, seconds, max([0.0, *(each.mib for each in used)]), layers)


def _units() -> gpd.GeoDataFrame:
    return planner_files.parcels()[["地块编号", "geometry"]].rename(columns={"地块编号": "单元名称"})
