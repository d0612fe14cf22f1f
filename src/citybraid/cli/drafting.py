"""citybraid new: a study from a folder of files, or from a pilot."""

import shlex
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from citybraid.cli import paper
from citybraid.cli.early import EarlyReader, hand_over
from citybraid.cli.progress import progress_display
from citybraid.cli.warning import print_warnings
from citybraid.core.errors import InputError, PlanError, StoreError
from citybraid.core.text import say
from citybraid.report.chapter import TextList, in_words
from citybraid.report.intake.chapters import addition_line
from citybraid.report.intake.contents import of_check
from citybraid.report.view import named
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.guess import Guess
from citybraid.sources.intake.zone_choices import ZoneQuestion
from citybraid.sources.placement.crs import older_datums
from citybraid.store.store import Store
from citybraid.study.explain.checking import CheckResult, check
from citybraid.study.explain.prospects import Lineage
from citybraid.study.open.drafting import (
    create_study,
    require_folder,
    require_one_read,
    without_refused,
    write_whole,
)
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot

UNKNOWN = "intake.guess_none"
ROUNDS = 4
"""Most times that files are read while those that are refused are mended or left out."""
ADDITIONS = 5
"""Number of suggested additions printed; `citybraid check` prints all."""


def new(folder: Path, *, files: Path | None, pilot: str, crs: str, lang: str, early: EarlyReader | None = None) -> None:
    """Write study.toml; print what can be computed now and what one more file would add.

    `early` is the reading process, where it was started already.
    """
    if pilot:
        with _nothing_half_written(folder):
            copied = copy_pilot(pilot, folder)
        paper.line(str(copied))
        return
    files = require_folder(files)
    with _nothing_half_written(folder), Sandbox(files, child=hand_over(early, [files])) as sandbox:
        _write_draft(folder, files, crs=crs, sandbox=sandbox, lang=lang)


@contextmanager
def _nothing_half_written(folder: Path) -> Iterator[None]:
    """Take back what a command wrote into a study's folder where it ends in a refusal."""
    path, kept, there = folder / "study.toml", folder / ".citybraid", folder.exists()
    before, had_values = path.read_bytes() if path.is_file() else None, kept.exists()
    try:
        yield
    except (PlanError, OSError, KeyboardInterrupt) as fault:
        with suppress(OSError):
            if before is not None:
                write_whole(path, before.decode())
            else:
                path.unlink(missing_ok=True)
        if not had_values:
            shutil.rmtree(kept, ignore_errors=True)
        if not there:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(fault, StoreError) or (isinstance(fault, OSError) and _in(folder, fault)):
            raise StoreError("new.no_room", folder=str(folder), why=_why(fault)) from fault
        raise


def _in(folder: Path, fault: OSError) -> bool:
    """Tell whether what the system refuses is to write below a folder, not to read a file elsewhere."""
    named = fault.filename2 or fault.filename
    return not isinstance(named, str) or Path(named).resolve().is_relative_to(folder.resolve())


def _why(fault: StoreError | OSError) -> str:
    """Return what the system says of what it refuses; of several files that were copied, of the first."""
    if isinstance(fault, StoreError):
        return str(fault.values.get("why", fault))
    if isinstance(fault, shutil.Error) and isinstance(fault.args[0], list):
        return str(fault.args[0][0][-1])
    return fault.strerror or str(fault)


def _write_draft(folder: Path, files: Path, *, crs: str, sandbox: Sandbox, lang: str) -> None:
    """Write the study file of a folder of files and print its guesses; one worker guesses and reads."""
    path, draft = create_study(folder, files, crs=crs, sandbox=sandbox)
    rows = [(_shown_name(guess), guess.role or "-", f"{guess.confidence:.0%}") for guess in draft.guesses]
    paper.table(str(path), [paper.title(f"new.{head}", lang) for head in ("file", "role", "sure")], rows)
    _tell_unused(draft.guesses, lang)
    _tell_notes(draft.guesses, lang)
    if _without_roles(draft.guesses):
        raise InputError("new.no_role", folder=str(files))
    if draft.zones is not None:
        _ask_zone(draft.zones, folder, files, lang)
        return
    try:
        for _ in range(ROUNDS):
            preview = _preview(path, sandbox, lang)
            refused = preview.checked.refused
            rewritten = without_refused(path, files, draft, refused, crs=crs) if refused else draft
            changed = [each for each in rewritten.guesses if each not in draft.guesses]
            draft = rewritten
            if not changed or _without_roles(draft.guesses):
                break
            names = [_shown_name(each) for each in changed if not each.role]
            for sign, language in _bulleted("→", lang) if names else ():
                paper.line(f"{sign} {say('new.left_out', language, names=names)}")
            _tell_notes(changed, lang)
        if not _without_roles(draft.guesses):
            _tell_preview(preview, lang)
    except StoreError:
        raise
    except PlanError as fault:
        for language in paper.spoken(lang):
            paper.line(fault.say(language))
    require_one_read(files, draft.guesses)


def _without_roles(guesses: Sequence[Guess]) -> bool:
    return not any(guess.role for guess in guesses)


def _ask_zone(question: ZoneQuestion, folder: Path, files: Path, lang: str) -> None:
    """Print the zones in which files without a coordinate system may lie, where each puts them, and how to pick one."""
    text = "new.zone_pick" if question.choices else "new.zone_none"
    values = {"names": list(question.files), "east": f"{question.middle[0]:.0f}", "north": f"{question.middle[1]:.0f}",
              "folder": shlex.quote(str(folder)), "files": shlex.quote(str(files))}  # fmt: skip
    rows = [(each.crs, each.meridian, f"{each.place[0]:.2f}°E {each.place[1]:.2f}°N", each.region or "-",
             f"{each.city} ({each.distance:.0f} km)" if each.city else "-") for each in question.choices]  # fmt: skip
    if rows:
        heads = [paper.title(f"new.zone_{head}", lang) for head in ("crs", "meridian", "place", "region", "city")]
        paper.table("", heads, rows)
    for sign, language in _bulleted("?", lang):
        paper.line(f"{sign} {say(text, language, **values)}")
    if older := older_datums(question.choices[0].crs) if question.choices else {}:
        for sign, language in _bulleted("?", lang):
            paper.line(f"{sign} {say('new.zone_datum', language, **older)}")


def _shown_name(guess: Guess) -> str:
    return f"{guess.path.name} / {guess.layer}" if guess.layer else guess.path.name


def _tell_unused(guesses: Sequence[Guess], lang: str) -> None:
    """Print every file or layer without a role and why; those of which nothing tells what they are in one line."""
    unknown = [_shown_name(guess) for guess in guesses if not guess.role and guess.reason == UNKNOWN]
    for guess in guesses:
        if not guess.role and guess.reason != UNKNOWN:
            for sign, language in _bulleted("-", lang):
                paper.line(f"{sign} {_shown_name(guess)}: {say(guess.reason, language, **guess.values)}")
    if unknown:
        for sign, language in _bulleted("-", lang):
            paper.line(f"{sign} {say('new.unknown_files', language, names=unknown)}")


def _tell_notes(guesses: Sequence[Guess], lang: str) -> None:
    """Print what was written for a file because the other files, or impossible coordinates, tell it."""
    noted = [(text, values) for guess in guesses if guess.role for text, values in guess.notes.items()]
    for at, (text, values) in enumerate(noted):
        for sign, language in _bulleted("!", lang) if (text, values) not in noted[:at] else ():
            paper.line(f"{sign} {say(text, language, **values)}")


def _bulleted(sign: str, lang: str) -> list[tuple[str, str]]:
    """Return (bullet, language) pairs: the sign for the first language, a blank for the others."""
    return [(" " if position else sign, language) for position, language in enumerate(paper.spoken(lang))]


class _Preview(NamedTuple):
    """What a first check of a draft found, and where its values are."""

    checked: CheckResult
    store: Store


def _preview(path: Path, sandbox: Sandbox, lang: str) -> _Preview:
    """Read the files once and print the errors; a draft that is written anew is read again."""
    study = open_study(path)
    store = Store(study.folder / ".citybraid" / "store")
    with progress_display(silent=False, as_json=False, lang=lang) as emit:
        checked = check(study, store, emit=emit, sandbox=sandbox, rehearsed=False)
    for fault in checked.refused:
        for sign, language in _bulleted("✕", lang):
            paper.line(f"{sign} {fault.say(language)}")
    return _Preview(checked, store)


def _tell_preview(preview: _Preview, lang: str) -> None:
    """Print what the files of the final draft bring: doubts, computable results and suggested additions."""
    checked = preview.checked
    print_warnings(checked.findings, paper.spoken(lang))
    first = next(iter(checked.plans.values()), None)
    if first is None:
        return
    ready = Lineage.of(first).indicators
    for language in paper.spoken(lang):
        names = TextList(tuple(named("indicator", name) for name in ready), ", ").say(language)
        paper.line(say("new.ready", language, names=names or "-"))
    intake_report = of_check(checked, preview.store)
    for number in range(min(ADDITIONS, len(intake_report.additions))):
        for sign, language in _bulleted("+", lang):
            paper.line(f"{sign} {in_words(addition_line(intake_report, number), language)}")
