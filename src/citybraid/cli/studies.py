"""Studies: demo, run, report."""

import json as json_format
import os
import signal
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from citybraid.cli import paper
from citybraid.cli.progress import progress_display
from citybraid.cli.store_place import study_store
from citybraid.cli.warning import print_warnings, template_problems
from citybraid.core.errors import InputErrors
from citybraid.report.report_record import inputs_digest, unchanged_files
from citybraid.store.store import Store
from citybraid.study.open.events import Emit, StageFinished, StageStarted, StepProgress, StepStarted
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.open.pilots import DEMO, copy_pilot, generate
from citybraid.study.open.study_intake import StudyIntake, take_in_study
from citybraid.study.run.backends.backend import Backend
from citybraid.study.run.backends.choice import IN_PROCESS, EngineChoice, backend_of
from citybraid.study.run.last_run import current_run
from citybraid.study.run.run import Run


def demo(out: Path, *, quiet: bool, json: bool, threads: int | None, lang: str) -> None:
    """Copy the demo pilot, make its files, run it, write the report."""
    study = out / "study.toml"
    if not study.exists():
        copy_pilot(DEMO, out)
    run(study, data=None, out=None, quiet=quiet, json=json, threads=threads, baseline=False, report=True, lang=lang)


def run(
    path: Path, *, data: Path | None, out: Path | None, quiet: bool, json: bool, threads: int | None, baseline: bool,
    report: bool, lang: str, choice: EngineChoice = IN_PROCESS,
) -> None:  # fmt: skip
    """Run a study and write its report; the last lines list the output files. `choice` is where its Steps run.

    Where nothing has changed since the last run, that run and its report are reused.
    """
    signal.signal(signal.SIGTERM, interrupt)
    choice.require_possible()
    study = open_study(path, data=data)
    generate(study)
    if report and (problems := template_problems(study)):
        raise InputErrors(problems)
    with progress_display(silent=quiet, as_json=json, lang=lang) as emit:
        store = study_store(study, out)
        intake = take_in_study(study, store)
        previous = current_run(study, intake, baseline_only=baseline) if out is None else None
        if previous is None:
            with backend_of(choice, store, threads=threads or os.cpu_count() or 1) as backend:
                _preflight(
                    study,
                    intake,
                    store,
                    backend=backend,
                    lang=lang,
                    silent=quiet,
                    json=json,
                    baseline=baseline,
                    report=report,
                )
                answer = _compute(
                    study, out=out, store=store, threads=threads, emit=emit, baseline=baseline, backend=backend
                )
        else:
            answer = previous
        written = _report(answer, answer.folder / "report", emit) if report else WrittenReport((), anew=False)
    computed = 0 if previous else answer.manifest.executed
    implausible, conflicts = _implausible(answer), _conflicts(answer)
    if json:
        record = {
            "event": "Done",
            "run": str(answer.folder),
            "executed": computed,
            "unchanged": previous is not None,
            "files": [str(each) for each in written.files],
            "implausible": implausible,
            "conflicts": conflicts,
        }
        paper.line(json_format.dumps(record, ensure_ascii=False))
        return
    if store.damaged:
        paper.tell("store.set_aside", lang, folder=store.folder, count=len(store.damaged))
    if not quiet:
        print_warnings(answer.findings, paper.spoken(lang), error=True)
    if previous:
        paper.tell("cli.unchanged", lang, run=answer.folder.name)
    paper.tell("cli.computed", lang, count=computed, folder=answer.folder)
    _tell_crossings(answer, lang)
    for each in (*conflicts, *implausible):
        for language in paper.spoken(lang):
            paper.line(f"! {each[language]}")
    _tell(answer.folder / "report", written, lang)


def _implausible(answer: Run) -> list[dict[str, str]]:
    """Return what lies outside its published range, in each language."""
    from citybraid.report.chapter import in_words
    from citybraid.report.plausible import sentences
    from citybraid.report.view import View

    return [
        {language: in_words(text, language) for language in paper.spoken("")} for _, text in sentences(View(answer))
    ]


def _conflicts(answer: Run) -> list[dict[str, str]]:
    """Return what is said of limits of the portfolio that cannot be kept together, in each language."""
    from citybraid.report.chapter import in_words
    from citybraid.report.portfolio.limits import limit_sentences
    from citybraid.report.view import View

    sentences = limit_sentences(View(answer))
    return [{language: in_words(text, language) for language in paper.spoken("")} for text in sentences]


def report(path: Path, *, out: Path | None, quiet: bool, json: bool, lang: str) -> None:
    """Write a run's report unless it exists already."""
    signal.signal(signal.SIGTERM, interrupt)
    answer = Run.open(path)
    folder = out or answer.folder / "report"
    with progress_display(silent=quiet, as_json=json, lang=lang) as emit:
        written = _report(answer, folder, emit)
    if json:
        record = {
            "event": "Done", "run": str(answer.folder), "unchanged": not written.anew,
            "files": [str(each) for each in written.files],
        }  # fmt: skip
        paper.line(json_format.dumps(record, ensure_ascii=False))
        return
    _tell(folder, written, lang, indent="")


def _tell_crossings(run: Run, lang: str) -> None:
    """Print the bridges that were inferred along streets, and the culverts that are asked for."""
    from citybraid.report.chapter import in_words
    from citybraid.report.remarks.crossings import crossings
    from citybraid.report.view import View

    view = View(run)
    crossing_table = crossings(view, view.base)
    for sentence in () if crossing_table is None else crossing_table.sentences():
        for language in paper.spoken(lang):
            paper.line(in_words(sentence, language))


class WrittenReport(NamedTuple):
    """The files of a report, and whether this command wrote them."""

    files: tuple[Path, ...]
    anew: bool


def _tell(folder: Path, written: WrittenReport, lang: str, indent: str = "  ") -> None:
    """Print where the report's files are, with a note where they existed already."""
    if written.files and not written.anew:
        paper.tell("cli.report_unchanged", lang, folder=folder)
    for each in _places(folder, written.files, lang):
        paper.line(f"{indent}{each}")


def _compute(
    study: OpenStudy, *, out: Path | None, store: Store, threads: int | None, emit: Emit, baseline: bool,
    backend: Backend,
) -> Run:  # fmt: skip
    from citybraid.study.run.pipeline import run_study

    return run_study(study, out=out, store=store, threads=threads, emit=emit, baseline_only=baseline, backend=backend)


def _places(folder: Path, written: Iterable[Path], lang: str) -> list[str]:
    """Return output locations: files of a folder, and subfolders with their number of files."""
    inside = [path.relative_to(folder) for path in written]
    single = [str(folder / path) for path in inside if len(path.parts) == 1]
    counts = Counter(path.parts[0] for path in inside if len(path.parts) > 1)
    return single + [
        f"{folder / name}/ ({paper.title('cli.files', lang, count=count)})" for name, count in counts.items()
    ]


def _report(answer: Run, out: Path, emit: Emit) -> WrittenReport:
    """Write the report as a stage with progress; an up-to-date one is reused."""
    existing = unchanged_files(out, inputs_digest(answer))
    if existing is not None:
        return WrittenReport(existing, anew=False)
    from citybraid.report.drawing.beside import second_process
    from citybraid.report.write import write_report

    started = time.perf_counter()
    emit(StageStarted("report"))
    emit(StepStarted("report"))
    files = write_report(
        answer, out, tick=lambda share: emit(StepProgress("report", share)), elsewhere=second_process()
    )
    emit(StageFinished("report", time.perf_counter() - started))
    return WrittenReport(files, anew=True)


def _preflight(
    study: OpenStudy, intake: StudyIntake, store: Store, *, backend: Backend, lang: str, silent: bool, json: bool,
    baseline: bool, report: bool,
) -> None:  # fmt: skip
    from citybraid.study.explain.checking import expected_cost
    from citybraid.study.run import preflight

    size = expected_cost(
        study, intake, store, threads=backend.slots, rooms=backend.rooms, baseline_only=baseline, report=report
    )
    if json:
        paper.line(json_format.dumps({"event": "Sized", **asdict(size)}))
    elif not silent:
        values = {"cells": f"{size.cells:,}", "mib": f"{size.mib:.0f}", "seconds": f"{size.seconds:.0f}"}
        values["report"] = f"{size.report:.0f}"
        paper.line(paper.title("cli.size", lang or "en", **values), error=True)
        if size.rounds:
            paper.line(paper.title("cli.size_rounds", lang or "en", seconds=f"{size.rounds:.0f}"), error=True)
        if size.unmeasured:
            rest = {"unmeasured": size.unmeasured, "steps": size.steps}
            paper.line(paper.title("cli.size_rest", lang or "en", **rest), error=True)
        if size.compile:
            paper.line(paper.title("cli.first_run", lang or "en", seconds=f"{size.compile:.0f}"), error=True)
    preflight.refuse_if_too_large(size)


def interrupt(_signal: int, _frame: object) -> None:
    """End a command at SIGTERM as Ctrl-C does."""
    raise KeyboardInterrupt
