"""Pilots of synthetic places on coarse cells, with the alternatives that a test needs: whole chains in seconds."""

import json
import re
from pathlib import Path

from citybraid.report.verdict.question import Answer, answered
from citybraid.report.view import LANGUAGES, View
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot, generate
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

HEAVY = ("lowcarbon.overheating", "resilience.outdoor_comfort", "resilience.canopy_air", "resilience.drainage_zones")
"""Models that take most of a coarse study's time and that no answer of these pilots reads."""


def coarse_pilot(name: str, folder: Path, *, cell: float, screening: float, without: tuple[str, ...] = ()) -> Path:
    """Copy a pilot on coarse cells, without some alternatives, heavy models, pairs and draws; make its files."""
    path = copy_pilot(name, folder)
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\nresolution = [\d.]+", f"\nresolution = {cell}", text, count=1)
    text = re.sub(r"\nscreening_resolution = [\d.]+", f"\nscreening_resolution = {screening}", text, count=1)
    for alternative in without:
        part = rf"\[alternatives\.{alternative}\]\n.*?(?=\n\[|\n# ---)"
        text, count = re.subn(part, "", text, count=1, flags=re.DOTALL)
        assert count == 1, alternative
    text = re.sub(r"\n\[(interactions|synergy)\]\n.*?(?=\n\[|\Z)", "", text, flags=re.DOTALL)
    path.write_text(f"{text}\n[models]\nskip = {json.dumps(HEAVY)}\n\n[imputation]\ndraws = 0\n", encoding="utf-8")
    generate(open_study(path))
    return path


def coarse_run(name: str, folder: Path, *, cell: float, screening: float, without: tuple[str, ...] = ()) -> Run:
    """Run a pilot on coarse cells."""
    path = coarse_pilot(name, folder, cell=cell, screening=screening, without=without)
    return run_study(open_study(path), threads=1)


def answers_of(run: Run) -> dict[str, Answer]:
    """Return the answers to a run's question; each must be given, and its picture be drawn in both languages."""
    view, asked = View(run), run.manifest.asked.question
    assert asked is not None
    found = {name: answered(view, name) for name in asked.answers}
    given = {name: told for name, told in found.items() if isinstance(told, Answer)}
    assert given.keys() == found.keys()
    for told in given.values():
        assert told.picture is None or all(told.picture.draw(language) is not None for language in LANGUAGES)
    assert any(told.picture is not None for told in given.values()), "page one shows where or how much"
    return given
