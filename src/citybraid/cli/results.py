"""Commands on runs: compare, verify, explain."""

import json as json_format
from pathlib import Path

import typer
from pydantic_core import to_jsonable_python

from citybraid.cli import paper
from citybraid.cli.progress import progress_display
from citybraid.core.catalogue import page_ending
from citybraid.core.factor import UNSURE
from citybraid.core.text import in_language, known, say, say_cited
from citybraid.report.chapter import Column, in_words
from citybraid.report.drawing.units import counted, label
from citybraid.report.page_table import cell
from citybraid.report.remarks.result_limits import limit_notes
from citybraid.report.view import View, measure_title
from citybraid.study.explain import comparison, explanation, verification
from citybraid.study.open.open_study import open_study
from citybraid.study.run.manifest import FactorRow
from citybraid.study.run.run import Run

STEP_HEADS = ("step", "version", "source", "seconds", "residuals")
INPUT_HEADS = ("quantity", "stated", "pixel", "files")
FACTOR_HEADS = ("factor", "key", "value", "unit", "status", "source")
SHORT = 12
"""Rows up to which a factor is printed row by row."""


def compare(one: Path, other: Path, *, json: bool, lang: str) -> None:
    """Print the indicators of two runs and the inputs that differ."""
    result = comparison.compare(Run.open(one), Run.open(other))
    if json:
        paper.line(json_format.dumps({"indicators": result.indicators.to_dict("records"), "causes": result.causes}))
        return
    rows = [
        (row.alternative, say(f"indicator.{row.indicator}", lang), row.one, row.other, row.difference)
        for row in result.indicators.itertuples()
    ]
    heads = [say(f"lists.{each}", lang) for each in ("alternative", "indicator", "difference")]
    paper.table(say("results.indicators", lang), (*heads[:2], one.name, other.name, heads[2]), rows)
    causes = [(name, *pair) for name, pair in result.causes.items()]
    paper.table(say("results.causes", lang), (say("results.what", lang), one.name, other.name), causes)


def verify(run: Path, study: Path, *, data: Path | None, quiet: bool, lang: str) -> None:
    """Recompute and compare; exit code 1 where a value differs."""
    opened = Run.open(run)
    with progress_display(silent=quiet, as_json=False, lang=lang) as emit:
        result = verification.verify(opened, open_study(study, data=data), emit=emit)
    counts = {"values": result.values, "differing": len(result.differing), "missing": len(result.missing),
              "damaged": len(result.damaged)}  # fmt: skip
    paper.tell("results.verified", lang, **counts)
    if result.absent:
        paper.tell("results.absent", lang, count=len(result.absent), folder=opened.store.folder)
    for name, off in result.differing.items():
        paper.line(f"- {name}: {off:.2e}")
    for name in result.missing:
        paper.line(f"- {name}: {paper.title('results.one_side', lang)}")
    for name in result.damaged:
        paper.line(f"- {name}: {paper.title('results.damaged', lang)}")
    if not result.holds:
        raise typer.Exit(1)


def explain(run: Path, name: str, *, unit: str, json: bool, lang: str) -> None:
    """Print the inputs of an indicator and the objectives that use it."""
    opened = Run.open(run)
    explained = explanation.explain(opened, name, zone=unit)
    if json:
        values = to_jsonable_python(explained) | {"unsure": explained.unsure}
        paper.line(json_format.dumps(values, ensure_ascii=False))
        return
    indicator = explained.indicator
    how = indicator.reading
    paper.line(f"{_title(name, lang)} [{label(indicator.unit, lang)}] {unit}")
    for alternative, value in explained.values.items():
        paper.line(f"  {in_language(opened.title(alternative), lang)}: {_rounded(value, indicator.unit, lang)}")
        if (band := explained.bands.get(alternative)) is not None:
            low, high = (_rounded(end, indicator.unit, lang) for end in (band.low, band.high))
            values = {"low": low, "high": high, "draws": band.draws}
            paper.line(f"    {say('explain.band', lang, **values, stated=round(100 * band.stated))}")
    for measure, lost in explained.without.items():
        named, change = in_words(measure_title(measure), lang), _rounded(abs(lost), indicator.unit, lang)
        text = "explain.without_more" if lost < 0.0 else "explain.without"
        loss = say(text, lang, measure=named, lost=change, unit=label(indicator.unit, lang))
        paper.line(f"    {loss}")
    for note in limit_notes(View(opened), [name]) if indicator.instrument else ():
        paper.line(f"  ! {in_words(note, lang)}")
    second, above = f" / {how.second}" if how.second else "", f" > {how.argument}" if how.argument else ""
    paper.line(f"= {how.statistic}({how.var}{second}{above}) × {how.scale}")
    if explained.partial:
        paper.line(
            f"  {say('results.without', lang, parts=[say(f'indicator.{part}', lang) for part in explained.partial])}"
        )
    lines = [
        (
            step.name,
            step.version,
            say_cited(explained.cite(step.model), lang),
            f"{step.seconds:.2f}",
            ", ".join(f"{k} {v:.1e}" for k, v in step.residuals.items()),
        )
        for step in explained.steps
    ]
    paper.table(say("results.models", lang), [say(f"lists.{each}", lang) for each in STEP_HEADS], lines)
    paper.line(say("explain.page", lang, ending=page_ending(lang)))
    _factors(explained, lang)
    files = View(opened).file_names
    homes = [
        (
            _var(home.var, lang),
            f"{home.completeness:.0%}",
            f"{home.native:.3g} m" if home.native else "-",
            in_words(files(home.origin), lang) if home.origin else "-",
        )
        for home in explained.homes
    ]
    paper.table(say("results.inputs", lang), [say(f"lists.{each}", lang) for each in INPUT_HEADS], homes)
    if indicator.instrument:
        paper.line(f"→ {say(f'instrument.{indicator.instrument}', lang)} ({indicator.level}) {indicator.clause}")
    for objective in explained.objectives:
        amount = counted(objective.target, indicator.unit, lang)
        target = f"{amount:g} {label(indicator.unit, lang)} ({objective.status})"
        title = {str(language): text for language, text in objective.title.items()}
        paper.line(f"→ {in_language(title, lang)}: {target} {say_cited(objective.source, lang)}")


def _rounded(value: float, unit: str, lang: str) -> str:
    """Return a value without its unit, with the digits that reports tell it with."""
    return in_words(cell(value, Column("value", "", told=True), "si", unit=unit), lang)


def _title(name: str, lang: str) -> str:
    """Return the title of an indicator or of a quantity."""
    return say(f"indicator.{name}", lang) if known(f"indicator.{name}") else _var(name, lang)


def _factors(explained: explanation.Explanation, lang: str) -> None:
    """Print the factors with their number of unverified rows; short ones row by row."""
    by_name: dict[str, list[FactorRow]] = {}
    for row in explained.rows:
        by_name.setdefault(row.factor, []).append(row)
    lines: list[tuple[object, ...]] = []
    for name, rows in sorted(by_name.items()):
        if len(rows) > SHORT:
            unsure = sum(row.status in UNSURE for row in rows)
            sources = [say_cited(each, lang) for each in sorted({row.source for row in rows if row.source})[:3]]
            lines.append(
                (
                    name, say("results.rows", lang, count=len(rows)), "", "",
                    say("results.unverified", lang, count=unsure), "; ".join(sources),
                )
            )  # fmt: skip
            continue
        lines += [
            (
                name,
                row.key,
                row.value,
                row.unit,
                say(f"status.{row.status}", lang),
                say_cited(row.source or row.note, lang),
            )
            for row in rows
        ]
    title = say("results.factors", lang, count=len(explained.rows), share=f"{explained.unsure:.0%}")
    paper.table(title, [say(f"lists.{each}", lang) for each in FACTOR_HEADS], lines)


def _var(name: str, lang: str) -> str:
    return say(f"var.{name}", lang) if known(f"var.{name}") else name
