"""What if one parcel were otherwise: learn from runs, then see every indicator of an edit at once."""

import json as json_format
import shlex
import signal
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.cli import paper
from citybraid.cli.progress import progress_display
from citybraid.cli.store_place import study_store
from citybraid.cli.studies import interrupt
from citybraid.core.errors import InputError
from citybraid.core.evaluate import GridRole
from citybraid.core.text import LANGUAGES, say
from citybraid.report.drawing.units import label
from citybraid.study.open.events import Emit
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.run.engine import finite
from citybraid.study.whatif import learning
from citybraid.study.whatif.alternative import WrittenAlternative, write_alternative
from citybraid.study.whatif.answer import WhatIf, refuse_unknown, what_if
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.contradictions import sentences
from citybraid.study.whatif.drawing import Ranges
from citybraid.study.whatif.edit import learned_measures, read_edit

SHOWN = 1e-9
"""Relative change from which a value is printed [-]."""


class WhatIfOptions(NamedTuple):
    """Options of the command."""

    parcel: str
    settings: Sequence[str]
    measures: Sequence[str]
    about: Sequence[str]
    learn: int
    seed: int
    full: bool
    alternative: str
    full_grid: bool
    write: str
    data: Path | None
    threads: int | None
    quiet: bool
    json: bool


def whatif(path: Path, options: WhatIfOptions, *, lang: str) -> None:
    """Learn an alternative, or print what an edit of one parcel does, in each language.

    Raises InputError where neither is asked for, or an edit names no parcel.
    """
    signal.signal(signal.SIGTERM, interrupt)
    if not options.learn and not options.parcel:
        direct = options.settings or options.measures
        raise InputError("what_if.no_parcel" if direct else "what_if.nothing_asked")
    study = open_study(path, data=options.data)
    with progress_display(silent=options.quiet, as_json=options.json, lang=lang) as emit:
        bench = _bench(study, options, emit)
        if options.learn:
            _learn(bench, options, lang)
        if not options.parcel:
            return
        refuse_unknown(options.about)
        edit = read_edit(study, options.parcel, options.settings, [] if options.learn else options.measures)
        answer = what_if(learning.learned(bench), edit, about=options.about)
        answer = answer.run_full() if options.full else answer
        written = _written(answer, options.write) if options.write else None
    _tell(answer, path, options, lang)
    if written is not None and not options.json:
        command = shlex.join(["citybraid", "run", str(path)])
        for language in paper.spoken(lang):
            paper.line(say("what_if.written", language, name=written.name, study=path.name, command=command))


def _written(answer: WhatIf, name: str) -> WrittenAlternative:
    title = {each: say("what_if.edit_title", each, parcel=answer.edit.parcel) for each in LANGUAGES}
    return write_alternative(answer, name, title)


def _bench(study: OpenStudy, options: WhatIfOptions, emit: Emit) -> Bench:
    role: GridRole = "full" if options.full_grid else "screening"
    store = study_store(study, None)
    return Bench.of(study, store, alternative=options.alternative, role=role, threads=options.threads, emit=emit)


def _learn(bench: Bench, options: WhatIfOptions, lang: str) -> None:
    measures = learned_measures(bench.study, options.measures)
    edits = Ranges(bench, measures).draw(options.learn, options.seed)
    cost = learning.expected(bench, edits)
    if not options.quiet and not options.json:
        values = {
            "count": options.learn, "left": learning.left(bench, edits), "seconds": f"{cost.seconds:.0f}",
            "mib": f"{cost.mib:.0f}",
        }  # fmt: skip
        for language in paper.spoken(lang):
            paper.line(say("what_if.cost", language, role=say(f"what_if.{bench.role}", language), **values), error=True)
    learning.learn(bench, options.learn, options.seed, measures)
    if options.json:
        record = {
            "event": "Learned" if options.parcel else "Done",
            "alternative": bench.alternative,
            "edits": options.learn,
            "seed": options.seed,
        }
        paper.line(json_format.dumps(record, ensure_ascii=False))
        return
    paper.tell("what_if.learned", lang, count=options.learn, seed=options.seed, alternative=bench.alternative)


def _tell(answer: WhatIf, path: Path, options: WhatIfOptions, lang: str) -> None:
    command = _command(answer, path, options)
    if options.json:
        values = [{str(name): finite(each) for name, each in row.items()} for row in answer.table.to_dict("records")]
        outside = [{each: fault.say(each) for each in LANGUAGES} for fault in answer.outside]
        record = {
            "event": "Done", "parcel": answer.edit.parcel, "undecided": answer.undecided, "outside": outside,
            "full_run": command, "values": values, "contradictions": sentences(answer.contradictions),
        }  # fmt: skip
        paper.line(json_format.dumps(record, ensure_ascii=False))
        return
    against = sentences(answer.contradictions)
    for language in paper.spoken(lang):
        for text in against:
            paper.line(f"! {text[language]}")
        for scope, rows in answer.table.groupby("scope", sort=False):
            _print(answer, str(scope), rows, language)
        if answer.outside:
            paper.line(say("what_if.outside", language))
        for fault in answer.outside:
            paper.line(f"! {fault.say(language)}")
        if answer.undecided:
            paper.line(say("what_if.queued", language, command=command))


def _print(answer: WhatIf, scope: str, rows: pd.DataFrame, lang: str) -> None:
    """Print the values that change, or for which there is a target."""
    size = rows["before"].abs().clip(lower=SHOWN)
    ends = rows[["low", "high"]].sub(rows["before"], axis=0).abs().max(axis=1)
    shown = ((ends > SHOWN * size) | (rows["decision"] != "") | (rows["how"] == "unknown")).to_numpy(np.bool_)
    heads = [
        say(f"what_if.{each}", lang)
        for each in ("indicator", "unit_head", "before", "after", "low", "high", "how", "decision")
    ]
    prefix = "control" if scope == "parcel" else "indicator"
    lines = [
        (
            say(f"{prefix}.{row['name']}", lang), label(row["unit"], lang),
            *(_number(row[each]) for each in ("before", "after", "low", "high")),
            say(f"what_if.{row['how']}", lang), _decision(row, lang),
        )
        for row in rows[shown].to_dict("records")
    ]  # fmt: skip
    title = say("what_if.title", lang, parcel=answer.edit.parcel, scope=say(f"what_if.{scope}", lang))
    if lines:
        paper.table(title, heads, lines)
    if not shown.all():
        paper.line(say("what_if.same", lang, count=int((~shown).sum())))


def _number(value: float) -> object:
    return value if np.isfinite(value) else "-"


def _decision(row: Mapping[Hashable, object], lang: str) -> str:
    if not row["decision"]:
        return ""
    return f"{row['target']:g} {say('what_if.' + str(row['decision']), lang)}"


def _command(answer: WhatIf, path: Path, options: WhatIfOptions) -> str:
    """Return the command that runs every model with the edit."""
    words = ["citybraid", "whatif", str(path), *answer.edit.words()]
    words += ["--alternative", options.alternative] if options.alternative else []
    words += ["--full-grid"] if options.full_grid else []
    return shlex.join([*words, "--full"])
