"""A case on the command line: packed, verified, opened."""

import json as json_format
import shlex
from pathlib import Path

import typer

from citybraid.cli import paper
from citybraid.cli.progress import progress_display
from citybraid.commons.form.card import Card, InputRecord
from citybraid.commons.opening import opened, verification
from citybraid.commons.packing.pack import SUFFIX, PackOptions
from citybraid.commons.packing.pack import pack as pack_run
from citybraid.core.text import Phrase, say
from citybraid.study.run.run import Run

MIB = 1 << 20


def pack(path: Path, out: Path | None, options: PackOptions, *, json: bool, lang: str) -> None:
    """Pack a run, check the file as those who open it will, and tell what is not in it."""
    run = Run.open(path)
    packed = pack_run(run, out or Path(f"{run.about.name}{SUFFIX}"), options)
    opened.check(packed.file)
    if json:
        done = {"event": "Done", "run": str(path), "file": packed.file.name, "id": packed.id}
        paper.line(json_format.dumps(done, ensure_ascii=False))
        return
    size = packed.file.stat().st_size / MIB
    paper.tell(
        "case.packed", lang, id=packed.id, file=str(packed.file), mib=round(size, 1), count=len(packed.card.parts)
    )
    paper.tell("case.beside", lang, files=[each.name for each in packed.beside])
    _tell_absent(packed.card, lang)


def verify(file: Path, *, rerun: int, data: Path | None, quiet: bool, lang: str) -> None:
    """Verify a case; exit code 1 where a value computed again differs."""
    with progress_display(silent=quiet or not rerun, as_json=False, lang=lang) as emit:
        verified = verification.verify(file, rerun=rerun, data=data, emit=emit)
    checked = verified.checked
    paper.tell("case.verified", lang, file=file.name, id=checked.id, count=len(checked.card.parts))
    _tell_absent(checked.card, lang)
    _tell_fences(checked, lang)
    if not rerun:
        return
    holds = sum(each.holds for each in verified.sample)
    paper.tell("case.recomputed", lang, count=holds, of=len(verified.sample))
    for each in verified.sample:
        if not each.holds:
            values = each._asdict() | {"zone": each.zone or "*", "indicator": Phrase(f"indicator.{each.indicator}", {})}
            paper.tell("case.differs", lang, **values)
    if not verified.holds:
        raise typer.Exit(1)


def open_(file: Path, folder: Path, *, lang: str) -> None:
    """Open a case in a new folder."""
    checked = opened.open_case(file, folder)
    paper.tell("case.opened", lang, folder=str(folder), study=shlex.quote(str(folder / verification.STUDY)))
    if any(part.path.endswith(opened.PAGES) for part in checked.card.parts):
        paper.tell("case.opened_pages", lang)
    _tell_absent(checked.card, lang)
    _tell_fences(checked, lang)


def _tell_fences(checked: opened.Checked, lang: str) -> None:
    if checked.unfenced:
        paper.tell("case.unfenced", lang, fences=list(checked.unfenced))


def _tell_absent(card: Card, lang: str) -> None:
    """Tell what a case does not hold: inputs with how to get them, what was left out, what authors have not told."""
    packed = sum(each.packed for each in card.inputs)
    paper.tell("case.inputs_packed", lang, count=packed, of=len(card.inputs))
    for each in card.inputs:
        if not each.packed:
            _tell_input(each, lang)
    if card.reduction.lost:
        for language in paper.spoken(lang):
            parts = [say(f"case.lost_{name}", language) for name in card.reduction.lost]
            paper.line(say("case.lost", language, parts=parts))
        paper.tell("case.names_stay", lang)
    if card.missing:
        paper.tell("case.missing", lang, names=list(card.missing))


def _tell_input(record: InputRecord, lang: str) -> None:
    why = Phrase(f"case.why_{record.why}", {"entry": record.entry, "licence": record.licence})
    unknown = Phrase("case.obtained_unknown", {"entry": record.entry})
    obtained: object = record.obtained or unknown
    paper.tell("case.input_absent", lang, entry=record.entry, why=why, obtained=obtained)
    for piece in record.pieces:
        paper.line(f"    {piece.path}  {piece.bytes}  sha256:{piece.sha256}")
