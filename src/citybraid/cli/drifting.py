"""citybraid drift: the alarm between two runs of one study."""

import json as json_format
import math
from dataclasses import asdict
from pathlib import Path

import typer

from citybraid.cli import paper
from citybraid.core.text import known, say
from citybraid.planning.rows import indicators
from citybraid.report.drawing.units import label, number
from citybraid.study.explain.drift import Drift, drift
from citybraid.study.run.run import Run

HEADS = ("alternative", "indicator", "before", "after", "band", "verdict", "cause")
MOST = 5
"""Factor rows and models named."""


def tell_drift(earlier: Path, later: Path, *, json: bool, lang: str) -> None:
    """Print which indicators moved, beyond which band, and because of which inputs; exit code 1 where one alarms."""
    moved = drift(Run.open(earlier), Run.open(later))
    if json:
        rows = [{name: _plain(value) for name, value in asdict(each).items()} for each in moved]
        paper.line(json_format.dumps(rows, ensure_ascii=False))
    elif not moved:
        paper.line(say("drift.none", lang))
    else:
        beyond = sum(each.beyond for each in moved)
        title = say("drift.title", lang, count=len(moved), beyond=beyond)
        paper.table(title, [say(f"drift.{head}", lang) for head in HEADS], [_row(each, lang) for each in moved])
    if any(each.beyond for each in moved):
        raise typer.Exit(1)


def _plain(value: object) -> object:
    """Return a value for JSON, which has no NaN."""
    return None if isinstance(value, float) and math.isnan(value) else value


def _row(each: Drift, lang: str) -> tuple[str, ...]:
    unit = label(indicators()[each.indicator].unit, lang)
    verdict = _verdict(each)
    of = ", ".join(say(f"drift.of_{name}", lang) for name in each.bands)
    band = f"{number(each.low)} – {number(each.high)} ({of})" if each.banded else say("drift.no_band", lang)
    return (
        each.alternative, f"{say(f'indicator.{each.indicator}', lang)}{f' [{unit}]' if unit else ''}",
        _shown(each.before), _shown(each.after), band, say(f"drift.{verdict}", lang), _cause(each, lang),
    )  # fmt: skip


def _verdict(each: Drift) -> str:
    """Return the name of what a change is: lost or new where only one run computed it."""
    if not math.isfinite(each.before):
        return "new"
    if not math.isfinite(each.after):
        return "lost"
    return "within" if not each.beyond else "worse" if each.worse else "moved"


def _shown(value: float) -> str:
    return number(value) if math.isfinite(value) else "–"


def _cause(each: Drift, lang: str) -> str:
    names = [say(f"var.{name}", lang) if known(f"var.{name}") else name for name in each.layers]
    parts = [say("drift.layers", lang, names=names)] if names else []
    for text, rows in (("factors", each.factors), ("models", each.models), ("alone", each.alone)):
        if rows:
            parts.append(say(f"drift.{text}", lang, names=list(rows[:MOST]), count=len(rows)))
    return "; ".join(parts) or say("drift.settings", lang)
