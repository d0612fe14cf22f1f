"""Compute a run again with other factors, and print what moved."""

import json as json_format
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from citybraid.cli import paper
from citybraid.cli.progress import progress_display
from citybraid.cli.studies import interrupt
from citybraid.core.text import say
from citybraid.report.drawing.units import label
from citybraid.study.explain.rebasing import Rebased, changes, study_of
from citybraid.study.explain.rebasing import rebase as rebased
from citybraid.study.run.run import Run

SHOWN = 12
"""Indicators and parcels that are printed; the tables hold all."""


class RebaseOptions(NamedTuple):
    """Options of the command."""

    study: Path | None
    data: Path | None
    out: Path | None
    threads: int | None
    quiet: bool
    json: bool


def rebase(path: Path, asked: Sequence[str], options: RebaseOptions, *, lang: str) -> None:
    """Rebase a run and print the changed factors, indicators and parcels in each language."""
    signal.signal(signal.SIGTERM, interrupt)
    run = Run.open(path)
    study = study_of(run, path=options.study, data=options.data)
    changed = changes(run, study, asked)
    with progress_display(silent=options.quiet, as_json=options.json, lang=lang) as emit:
        result = rebased(run, study, changed, out=options.out, threads=options.threads, emit=emit)
    if options.json:
        record = {
            "event": "Done",
            "run": str(result.run.folder),
            "executed": result.run.manifest.executed,
            "factors": result.factors.to_dict("records"),
            "indicators": result.indicators.to_dict("records"),
            "numbers": result.numbers.to_dict("records"),
            "parcels": result.parcels["row"].nunique(),
            "rechosen": result.rechosen,
        }
        paper.line(json_format.dumps(record, ensure_ascii=False))
        return
    for language in paper.spoken(lang):
        _print(result, language)
    paper.tell("cli.computed", lang, count=result.run.manifest.executed, folder=result.run.folder)


def _print(result: Rebased, lang: str) -> None:
    heads = [say(f"rebase.{each}", lang) for each in ("before", "after", "change")]
    rows = [
        (
            "/".join(filter(None, (row["factor"], row["key"]))), label(row["unit"], lang), row["before"], row["after"],
            _share(row["before"], row["after"]),
        )
        for row in result.factors.to_dict("records")
    ]  # fmt: skip
    paper.table(say("rebase.factors", lang), (say("rebase.factor", lang), say("rebase.unit", lang), *heads), rows)
    if result.indicators.empty and result.numbers.empty and result.parcels.empty:
        paper.tell("rebase.nothing", lang)
        return
    if result.rechosen:
        paper.tell("rebase.rechosen", lang)
    _print_indicators(result, heads, lang)
    _print_values(result.numbers, "numbers", heads, lang)
    _print_values(result.parcels, "parcels", heads, lang)


def _print_indicators(result: Rebased, heads: list[str], lang: str) -> None:
    if result.indicators.empty:
        return
    rows = [
        (
            row["alternative"],
            say(f"indicator.{row['indicator']}", lang),
            row["before"],
            row["after"],
            _share(row["before"], row["after"]),
        )
        for row in _largest(result.indicators).to_dict("records")
    ]
    names = (say("lists.alternative", lang), say("lists.indicator", lang), *heads)
    paper.table(say("rebase.indicators", lang, count=len(result.indicators), shown=len(rows)), names, rows)


def _print_values(table: pd.DataFrame, kind: str, heads: list[str], lang: str) -> None:
    """Print single numbers, or values of parcels."""
    if table.empty:
        return
    parcel = kind == "parcels"
    rows = [
        (
            row["alternative"], *((row["row"],) if parcel else ()), say("var." + row["quantity"], lang),
            label(row["unit"], lang), row["before"], row["after"], _share(row["before"], row["after"]),
        )
        for row in _largest(table).to_dict("records")
    ]  # fmt: skip
    names = (
        say("lists.alternative", lang), *((say("rebase.parcel", lang),) if parcel else ()),
        say("rebase.quantity", lang), say("rebase.unit", lang), *heads,
    )  # fmt: skip
    count = table["row"].nunique() if parcel else len(table)
    paper.table(say(f"rebase.{kind}", lang, count=count, shown=len(rows)), names, rows)


def _largest(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the largest relative differences."""
    if table.empty:
        return table
    size = (table["difference"].abs() / table["before"].abs().clip(lower=1e-12)).fillna(0.0)
    return table.loc[size.sort_values(ascending=False, kind="stable").index[:SHOWN]]


def _share(before: float, after: float) -> str:
    return f"{(after - before) / abs(before):+.1%}" if before else "-"
