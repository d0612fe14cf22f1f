"""citybraid check: read every file, print errors, guesses and suggested additions; write the intake report."""

import json as json_format
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

from citybraid.cli import paper
from citybraid.cli.early import EarlyReader, hand_over
from citybraid.cli.progress import progress_display
from citybraid.cli.recording import Recording
from citybraid.cli.store_place import study_store
from citybraid.cli.warning import print_warnings, template_problems
from citybraid.core.errors import CapacityError
from citybraid.core.text import LANGUAGES, say
from citybraid.report.chapter import Text, TranslatedText, in_words
from citybraid.report.intake.chapters import addition_line, refusal_text
from citybraid.report.intake.contents import IntakeReport, of_check
from citybraid.report.intake.problem_map import problem_words
from citybraid.report.intake.record import record_of
from citybraid.report.intake.tables import (
    contradiction_words,
    finding_text,
    largest_first,
    layer_name,
    part_short,
    to_confirm,
)
from citybraid.report.intake.write import write_intake
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.quality.value_problems import of_shape
from citybraid.store.store import Store
from citybraid.study.explain.checking import CheckResult, check, checked_cost
from citybraid.study.open.events import Emit, StageFinished, StageStarted, StepProgress, StepStarted
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import generate
from citybraid.study.open.plan_conflicts import CONFLICT
from citybraid.study.run import preflight
from citybraid.study.run.serving import message

REFUSED = 2
"""Exit code where an error prevents the study from running."""
GUESSES, ADDITIONS = 6, 5
"""Number of guesses, of contradictions and of additions printed; the report lists all."""
FOLDER = "intake"
Found = TypeVar("Found", Problem, Contradiction)


def check_files(
    path: Path,
    *,
    data: Path | None,
    out: Path | None,
    quiet: bool,
    json: bool,
    lang: str,
    report: bool,
    early: EarlyReader | None = None,
    events: bool = False,
    rehearsed: bool = True,
    record: bool = False,
) -> None:
    """Read the files of a study, print a summary, and write the intake report.

    `events` asks for progress as JSON lines, the last of which sums up. `record` writes which file is read, the record
    and the map of problems beside the store. `early` is a reading process with access to the study's files, where one
    was started already. `rehearsed` False leaves out the trial of every model.
    Exits with code 2 where an error prevents the study from running.
    """
    study = open_study(path, data=data)
    generate(study)
    store = study_store(study, out)
    written: tuple[Path, ...] = ()
    recording = Recording(store) if record else None
    with progress_display(silent=quiet or json, as_json=events, lang=lang) as emit:
        reading = emit if recording is None else recording.following(emit)
        with Sandbox(*study.roots, child=hand_over(early, study.roots)) as sandbox:
            checked = check(study, store, emit=reading, sandbox=sandbox, rehearsed=rehearsed)
        checked = replace(checked, refused=(*checked.refused, *template_problems(study)))
        summary = of_check(checked, store)
        if recording is not None:
            recording.finish(summary)
        if report:
            started = _start_stage(emit, "report")
            emit(StepStarted("report"))
            written = write_intake(
                summary, out or study.folder / FOLDER, tick=lambda share: emit(StepProgress("report", share))
            )
            emit(StageFinished("report", time.perf_counter() - started))
    if events:
        paper.line(json_format.dumps(_summed_up(summary, checked, store, written), ensure_ascii=False))
    elif json:
        paper.line(record_of(summary).model_dump_json())
    else:
        _tell(summary, checked, store, (lang,) if lang else LANGUAGES)
        for each in written:
            paper.line(str(each))
    if summary.refused:
        sys.exit(REFUSED)


def _start_stage(emit: Emit, stage: str) -> float:
    emit(StageStarted(stage))
    return time.perf_counter()


def _tell(summary: IntakeReport, checked: CheckResult, store: Store, languages: Sequence[str]) -> None:
    """Print a summary: errors first, then guesses, then suggested additions."""
    if summary.refused:
        _head("check.blocks", languages, len(summary.refused), error=True)
        for fault in summary.refused:
            _item("✕", refusal_text(fault), languages, error=True)
        sys.stderr.flush()
    print_warnings(summary.findings, languages)
    guesses = [each for each in to_confirm(summary) if each.kind == "guessed"]
    if guesses:
        _head("check.guessed", languages, len(guesses))
        for finding in guesses[:GUESSES]:
            _item("?", finding_text(summary, finding), languages)
        _more(len(guesses) - GUESSES, languages)
    if summary.trust:
        _trust(summary, languages)
    _contradictions(summary, languages)
    if summary.additions:
        _head("check.add", languages, len(summary.additions))
        for number in range(min(ADDITIONS, len(summary.additions))):
            _item("+", addition_line(summary, number), languages)
        _more(len(summary.additions) - ADDITIONS, languages)
    _idle(checked, languages)
    _tell_size(checked_cost(checked, store), languages)
    _say("check.refused" if summary.refused else "check.ready", languages)


def _contradictions(summary: IntakeReport, languages: Sequence[str]) -> None:
    """Print what the plan's controls and the files contradict, the first of each kind; geometry errors as counts."""
    controls = [each for each in summary.problems if each.text.startswith(CONFLICT)]
    shapes = [each for each in summary.problems if of_shape(each) and not each.text.startswith(CONFLICT)]
    if shapes:
        left = sum(not each.mended for each in shapes)
        _say("check.faults", languages, open=left, mended=len(shapes) - left)
    messages = (
        ("check.conflicts", [problem_words(summary, each) for each in _each_kind(controls)]),
        ("check.contradictions", [contradiction_words(each, layer_name(summary, each.layer))
                                  for each in _each_kind(largest_first(summary.contradictions))]),
    )  # fmt: skip
    for head, texts in messages:
        if texts:
            _head(head, languages, len(texts))
            for text in texts[:GUESSES]:
                _item("≠", text, languages)
            _more(len(texts) - GUESSES, languages)


def _each_kind(kinds: Sequence[Found]) -> list[Found]:
    """Return what was found with the first of each kind before the rest."""
    first = {each.text: at for at, each in reversed([*enumerate(kinds)])}
    return sorted(kinds, key=lambda each: kinds[first[each.text]] is not each)


def _tell_size(size: preflight.Estimate | None, languages: Sequence[str]) -> None:
    """Print what a run takes, where that is known."""
    if size is None:
        return
    values = {"cells": f"{size.cells:,}", "mib": f"{size.mib:.0f}", "seconds": f"{size.seconds:.0f}"}
    _say("check.size" if size.steps else "check.size_stored", languages, steps=size.steps, **values)
    if size.rounds:
        _say("cli.size_rounds", languages, seconds=f"{size.rounds:.0f}")
    if size.unmeasured:
        _say("cli.size_rest", languages, unmeasured=size.unmeasured, steps=size.steps)


def _summed_up(summary: IntakeReport, checked: CheckResult, store: Store, written: Sequence[Path]) -> dict[str, object]:
    """Return what a program is told: what refuses the study, what a run takes, and what is wrong with that."""
    size, too_large = checked_cost(checked, store), dict[str, str]()
    try:
        if size is not None:
            preflight.refuse_if_too_large(size)
    except CapacityError as fault:
        too_large = {language: fault.say(language) for language in LANGUAGES}
    refused = [{language: in_words(refusal_text(each), language) for language in LANGUAGES} for each in summary.refused]
    return {
        "event": "Done", "refused": refused, "size": None if size is None else asdict(size), "too_large": too_large,
        "guessed": sum(each.kind == "guessed" for each in to_confirm(summary)),
        "problems": sum(not problem.mended for problem in summary.problems), "files": [str(each) for each in written],
    }  # fmt: skip


def _idle(checked: CheckResult, languages: Sequence[str]) -> None:
    for link in checked.idle:
        _item("!", TranslatedText(message(checked.study, link)), languages)


def _trust(summary: IntakeReport, languages: Sequence[str]) -> None:
    rows = [
        (
            _both(layer_name(summary, trust.layer), languages), " ".join(say(f"intake_light.{trust.light}", language)
                                                                      for language in languages),
            " · ".join(_both(part_short(part), languages) for part in trust.because) or "-",
        )
        for trust in summary.trust
    ]  # fmt: skip
    heads = [" ".join(say(text, language) for language in languages)
             for text in ("intake_chapter.layer", "intake_report.light", "intake_report.why")]  # fmt: skip
    paper.table(" ".join(say("intake_report.trust_title", language) for language in languages), heads, rows)


def _both(text: Text, languages: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(in_words(text, language) for language in languages))


def _head(text: str, languages: Sequence[str], count: int, *, error: bool = False) -> None:
    _put(" ".join(say(text, language, count=count) for language in languages), error=error)


def _item(sign: str, text: Text, languages: Sequence[str], *, error: bool = False) -> None:
    for position, language in enumerate(languages):
        _put(f"{sign if position == 0 else ' '} {in_words(text, language)}", error=error)


def _more(count: int, languages: Sequence[str]) -> None:
    if count > 0:
        _say("check.more", languages, count=count)


def _say(text: str, languages: Sequence[str], **values: object) -> None:
    for language in languages:
        paper.line(say(text, language, **values))


def _put(text: str, *, error: bool) -> None:
    paper.line(text, error=error)
