"""citybraid controls: an edited control table against the run that wrote it."""

import json as json_format
from dataclasses import asdict, replace
from pathlib import Path

import typer

from citybraid.cli import paper
from citybraid.core.text import say
from citybraid.report.drawing.units import number
from citybraid.report.returned.changes import Change, ReturnedControls
from citybraid.report.returned.control_file import returned_controls
from citybraid.report.returned.writing_back import write_back
from citybraid.study.run.run import Run

HEADS = ("parcel", "control", "old", "new", "unit", "author", "when")


def controls(run: Path, file: Path, *, by: str, json: bool, lang: str) -> None:
    """Print what differs between an edited control table and its run; exit code 1 where anything does.

    `by` is who changed what the file itself names nobody for.
    """
    returned = returned_controls(Run.open(run), file)
    returned = replace(returned, changes=tuple(replace(each, author=each.author or by) for each in returned.changes))
    if json:
        remarks = [each._asdict() for each in returned.remarks]
        paper.line(
            json_format.dumps({**asdict(returned), "remarks": remarks, "same": returned.same}, ensure_ascii=False)
        )
    else:
        _tell(returned, file.name, lang)
    if not returned.same:
        raise typer.Exit(1)


def write(run: Path, file: Path, study: Path, *, by: str, json: bool, lang: str) -> None:
    """Make the changes of an edited control table the study's, and print each with who made it."""
    done = write_back(Run.open(run), file, study, author=by)
    if json:
        values = {
            "file": str(done.file),
            "named": done.named,
            "left": list(done.left),
            "edits": [each._asdict() for each in done.edits],
        }
        paper.line(json_format.dumps(values, ensure_ascii=False))
        return
    rows = [
        (each.number, say(f"var.{each.quantity}", lang), each.before or "–", each.value or "–", each.author or "–",
         each.when or "–")
        for each in done.edits
    ]  # fmt: skip
    heads = [say(f"returned.{head}", lang) for head in ("parcel", "control", "old", "new", "author", "when")]
    paper.table(say("edits.written", lang, count=len(rows), file=done.file.name, study=study.name), heads, rows)
    if done.left:
        paper.line(f"! {say('returned.left', lang, which=list(done.left))}")


def _tell(returned: ReturnedControls, name: str, lang: str) -> None:
    _tell_remarks(returned, lang)
    if returned.same:
        paper.line(say("returned.same", lang, name=name))
        return
    rows = [
        (each.parcel, each.title, _shown(each.old), _shown(each.new), _unit(each, lang), each.author, each.when)
        for each in returned.changes
    ]
    if rows:
        title = say("returned.changes", lang, count=len(rows), name=name)
        paper.table(title, [say(f"returned.{head}", lang) for head in HEADS], rows)
    for text, numbers in (("unknown", returned.unknown), ("deleted", returned.deleted), ("twice", returned.twice),
                          ("absent", returned.absent)):  # fmt: skip
        if numbers:
            paper.line(f"! {say(f'returned.told_{text}', lang, which=list(numbers))}")
    for head, (written, now) in (returned.units or {}).items():
        paper.line(f"! {say('returned.told_units', lang, column=head, old=written or '–', new=now or '–')}")


def _tell_remarks(returned: ReturnedControls, lang: str) -> None:
    for each in returned.remarks:
        where = [part for part in (each.parcel, each.title) if part] or ["–"]
        who = each.author or "–"
        paper.line(f"* {say('returned.remark', lang, where=where, author=who, said=' '.join(each.text.split()))}")


def _shown(value: str | float | None) -> str:
    return number(value) if isinstance(value, float) else value or "–"


def _unit(change: Change, lang: str) -> str:
    return say(f"returned.fault_{change.fault}", lang, moved=number(change.moved)) if change.fault else change.unit
