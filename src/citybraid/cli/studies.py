"""Studies: demo, run, report."""

import json as json_format
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from citybraid.cli import paper
from citybraid.cli.progress import shown
from citybraid.report.write import write_report
from citybraid.store.store import Store
from citybraid.study.explain.checking import expected
from citybraid.study.open.events import Emit, StageFinished, StageStarted, StepProgress, StepStarted
from citybraid.study.open.opened import OpenStudy, open_study
from citybraid.study.open.pilots import copy_pilot, generate
from citybraid.study.open.taken import Taken, take
from citybraid.study.run import preflight
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

DEMO = "jiaxing-hsr"


def demo(out: Path, *, quiet: bool, json: bool, threads: int | None) -> None:
    """Copy the demo pilot, make its files, run it, write the report."""
    study = out / "study.toml"
    if not study.exists():
        copy_pilot(DEMO, out)
    run(study, data=None, out=None, quiet=quiet, json=json, threads=threads, baseline=False, report=True)


def run(
    path: Path, *, data: Path | None, out: Path | None, quiet: bool, json: bool, threads: int | None, baseline: bool,
    report: bool,
) -> None:  # fmt: skip
    """Run a study and write its report; the last lines tell where things are."""
    signal.signal(signal.SIGTERM, _interrupt)
    study = open_study(path, data=data)
    generate(study)
    with shown(silent=quiet, as_json=json) as emit:
        store = Store(study.folder / ".citybraid" / "store")
        _preflight(study, take(study, store), store, threads=threads, json=json, quiet=quiet)
        found = run_study(study, out=out, store=store, threads=threads, emit=emit, baseline_only=baseline)
        written = _written(found, found.folder / "report", emit) if report else ()
    if json:
        told = {
            "event": "Done",
            "run": str(found.folder),
            "executed": found.manifest.executed,
            "files": [str(each) for each in written],
        }
        paper.line(json_format.dumps(told, ensure_ascii=False))
        return
    paper.line(f"{found.manifest.executed} steps computed. Run: {found.folder}")
    for each in _places(found.folder / "report", written):
        paper.line(f"  {each}")


def report(path: Path, *, out: Path | None, quiet: bool) -> None:
    """Write a run's report."""
    found = Run.open(path)
    with shown(silent=quiet, as_json=False) as emit:
        folder = out or found.folder / "report"
        for each in _places(folder, _written(found, folder, emit)):
            paper.line(each)


def _places(folder: Path, written: Iterable[Path]) -> list[str]:
    """Return where things are: the files of a folder, and its folders with how many files they hold."""
    inside = [path.relative_to(folder) for path in written]
    single = [str(folder / path) for path in inside if len(path.parts) == 1]
    counts = Counter(path.parts[0] for path in inside if len(path.parts) > 1)
    return single + [f"{folder / name}/ ({count} files)" for name, count in counts.items()]


def _written(found: Run, out: Path, emit: Emit) -> tuple[Path, ...]:
    """Write the report as a stage of the work, so that it shows its progress as Steps do."""
    started = time.perf_counter()
    emit(StageStarted("report"))
    emit(StepStarted("report"))
    written = write_report(found, out, tick=lambda share: emit(StepProgress("report", share)))
    emit(StageFinished("report", time.perf_counter() - started, 1))
    return written


def _preflight(study: OpenStudy, taken: Taken, store: Store, *, threads: int | None, json: bool, quiet: bool) -> None:
    told = expected(study, taken, store, threads=threads)
    if not quiet and not json:
        sys.stderr.write(
            f"{told.cells:,} cells, about {told.mib:.0f} MiB and {told.seconds:.0f} s for the alternatives\n"
        )
    preflight.refuse_if_too_large(told)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
