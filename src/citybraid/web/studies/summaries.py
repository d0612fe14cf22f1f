"""What a list of runs shows of each: read from its manifest alone, kept while that stays."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pandas as pd

from citybraid.web.studies.runs import numbers

SHOWN = 50
"""Runs that a list shows, the newest first."""
KEPT = 512


@dataclass(frozen=True)
class Summary:
    """A run: number, when it ended, Steps computed and all, alternatives, values outside their range, report."""

    number: str
    ended: datetime
    executed: int
    steps: int
    alternatives: int
    outside: int
    report: bool


def summaries(study: Path, *, most: int = SHOWN) -> list[Summary]:
    """Return what a list shows of a study's runs, the newest first; one that cannot be read is left out."""
    rows = []
    for number in numbers(study)[:most]:
        folder = study / "runs" / number
        try:
            changed = (folder / "manifest.json").stat().st_mtime_ns
            executed, steps, alternatives, outside = _facts(folder, changed)
        except (OSError, ValueError, KeyError, TypeError):
            continue
        report = (folder / "report" / "report.html").is_file()
        ended = datetime.fromtimestamp(changed / 1e9, tz=UTC)
        rows.append(Summary(number, ended, executed, steps, alternatives, outside, report))
    return rows


@lru_cache(maxsize=KEPT)
def _facts(folder: Path, _changed: int) -> tuple[int, int, int, int]:
    """Return Steps computed, all Steps, alternatives, and values outside their range of a run."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    table = folder / "tables" / "plausibility.parquet"
    outside = int(pd.read_parquet(table, columns=["outside"])["outside"].sum()) if table.is_file() else 0
    return int(manifest["executed"]), len(manifest["steps"]), len(manifest["alternatives"]), outside
