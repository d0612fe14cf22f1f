"""What a run says: compare, verify, explain."""

import json as json_format
from pathlib import Path

import typer
from pydantic_core import to_jsonable_python

from citybraid.cli import paper
from citybraid.cli.progress import shown
from citybraid.core.factor import UNSURE
from citybraid.core.text import known, said_in, say
from citybraid.study.explain import comparison, explanation, verification
from citybraid.study.open.opened import open_study
from citybraid.study.run.manifest import FactorRow
from citybraid.study.run.run import Run

SHORT = 12
"""Rows up to which a factor is printed row by row."""


def compare(one: Path, other: Path, *, json: bool, lang: str) -> None:
    """Print the indicators of two runs and what differs behind them."""
    found = comparison.compare(Run.open(one), Run.open(other))
    if json:
        paper.line(json_format.dumps({"indicators": found.indicators.to_dict("records"), "causes": found.causes}))
        return
    rows = [
        (row.alternative, say(f"indicator.{row.indicator}", lang), row.one, row.other, row.difference)
        for row in found.indicators.itertuples()
    ]
    paper.table("indicators", ("alternative", "indicator", one.name, other.name, "difference"), rows)
    paper.table("what differs", ("what", one.name, other.name), [(name, *pair) for name, pair in found.causes.items()])


def verify(run: Path, study: Path, *, data: Path | None, quiet: bool) -> None:
    """Recompute and compare; exit code 1 where a value differs."""
    with shown(silent=quiet, as_json=False) as emit:
        found = verification.verify(Run.open(run), open_study(study, data=data), emit=emit)
    paper.line(
        f"{found.values} values recomputed, {len(found.differing)} differ, {len(found.missing)} only on one side."
    )
    for name, off in found.differing.items():
        paper.line(f"- {name}: {off:.2e}")
    for name in found.missing:
        paper.line(f"- {name}: on one side only")
    if not found.holds:
        raise typer.Exit(1)


def explain(run: Path, name: str, *, unit: str, json: bool, lang: str) -> None:
    """Print the chain behind and ahead of an indicator."""
    opened = Run.open(run)
    found = explanation.explain(opened, name, zone=unit)
    if json:
        told = to_jsonable_python(found) | {"unsure": found.unsure}
        paper.line(json_format.dumps(told, ensure_ascii=False))
        return
    how = found.indicator.reading
    paper.line(f"{say(f'indicator.{name}', lang)} [{found.indicator.unit}] {unit}")
    for alternative, value in found.values.items():
        paper.line(f"  {said_in(opened.title(alternative), lang)}: {value:,.6g}")
        if (band := found.bands.get(alternative)) is not None:
            told = {"low": f"{band.low:,.6g}", "high": f"{band.high:,.6g}", "draws": band.draws}
            paper.line(f"    {say('explain.band', lang, **told, stated=round(100 * band.stated))}")
    second, above = f" / {how.second}" if how.second else "", f" > {how.argument}" if how.argument else ""
    paper.line(f"= {how.statistic}({how.var}{second}{above}) × {how.scale}")
    if found.partial:
        paper.line(f"  without: {', '.join(found.partial)}")
    lines = [
        (
            step.name,
            step.version,
            found.cite(step.model),
            f"{step.seconds:.2f}",
            ", ".join(f"{k} {v:.1e}" for k, v in step.residuals.items()),
        )
        for step in found.steps
    ]
    paper.table("models", ("step", "version", "source", "s", "residuals"), lines)
    _factors(found)
    homes = [
        (
            _var(home.var, lang),
            f"{home.completeness:.0%}",
            f"{home.native:.3g} m" if home.native else "-",
            ", ".join(home.origin),
        )
        for home in found.homes
    ]
    paper.table("inputs", ("quantity", "stated", "pixel", "files"), homes)
    paper.line(
        f"→ {say(f'instrument.{found.indicator.instrument}', lang)} ({found.indicator.level}) {found.indicator.clause}"
    )
    for objective in found.objectives:
        target = f"{objective.target:g} {found.indicator.unit} ({objective.status})"
        title = {str(language): text for language, text in objective.title.items()}
        paper.line(f"→ {said_in(title, lang)}: {target} {objective.source}")


def _factors(found: explanation.Explained) -> None:
    """Print the factors with how many of their rows are not verified; a short one row by row."""
    by_name: dict[str, list[FactorRow]] = {}
    for row in found.rows:
        by_name.setdefault(row.factor, []).append(row)
    lines: list[tuple[object, ...]] = []
    for name, rows in sorted(by_name.items()):
        if len(rows) > SHORT:
            unsure = sum(row.status in UNSURE for row in rows)
            sources = sorted({row.source for row in rows if row.source})
            lines.append((name, f"{len(rows)} rows", "", "", f"{unsure} not verified", "; ".join(sources[:3])))
            continue
        lines += [(name, row.key, row.value, row.unit, row.status, row.source or row.note) for row in rows]
    title = (
        f"factors: {len(found.rows)} rows, {found.unsure:.0%} of them not verified; `citybraid factors NAME` shows all"
    )
    paper.table(title, ("factor", "key", "value", "unit", "status", "source"), lines)


def _var(name: str, lang: str) -> str:
    return say(f"var.{name}", lang) if known(f"var.{name}") else name
