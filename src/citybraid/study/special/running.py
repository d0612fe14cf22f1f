"""A run of a special plan: every jurisdiction's study is run with its own factors, and their results are joined."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from citybraid.core.errors import StoreError
from citybraid.core.text import LANGUAGES, say
from citybraid.store.store import Store
from citybraid.study.open.events import Emit, quiet
from citybraid.study.open.pilots import generate
from citybraid.study.open.study_intake import take_in_study
from citybraid.study.run.last_run import current_run
from citybraid.study.run.pipeline import AS_IS, run_study
from citybraid.study.run.run import Run, next_folder
from citybraid.study.special.joining import Joined, join_runs
from citybraid.study.special.members import OpenSpecial
from citybraid.study.special.schema import SpecialFile

RECORD = "special.json"


@dataclass(frozen=True)
class SpecialRun:
    """The joined results of a special plan, the runs behind them, and the folder that holds the tables."""

    folder: Path
    asked: SpecialFile
    runs: Mapping[str, Run]
    alternatives: tuple[str, ...]
    joined: Joined

    def title(self, alternative: str) -> Mapping[str, str]:
        """Return the title of an alternative, as the first jurisdiction has it."""
        first = next(iter(self.runs.values()))
        if alternative in first.alternatives:
            return first.title(alternative)
        return {language: say("alternative.as_is", language) for language in LANGUAGES}


def run_special(special: OpenSpecial, *, threads: int | None = None, emit: Emit = quiet) -> SpecialRun:
    """Run the study of each jurisdiction, unless its last run is of today, join them, and write the tables.

    Each study keeps its own folder of runs and its own store; nothing of a model depends on there being other
    jurisdictions.
    """
    runs = {name: _member_run(special, name, threads=threads, emit=emit) for name in special.members}
    alternatives = special.alternatives or (AS_IS,)
    computed = tuple(name for name in alternatives if all(name in run.alternatives for run in runs.values()))
    joint = join_runs(special.asked, special.members, runs, computed)
    folder = next_folder(special.folder / "special")
    _write(folder, special, runs, joint.frames)
    return SpecialRun(folder, special.asked, runs, computed, joint)


def _member_run(special: OpenSpecial, name: str, *, threads: int | None, emit: Emit) -> Run:
    study = special.members[name]
    generate(study)
    store = Store(study.folder / ".citybraid" / "store")
    last = current_run(study, take_in_study(study, store), baseline_only=False)
    return last or run_study(study, store=store, threads=threads, emit=emit)


def _write(folder: Path, special: OpenSpecial, runs: Mapping[str, Run], frames: Mapping[str, pd.DataFrame]) -> None:
    try:
        folder.mkdir(parents=True)
        for name, frame in frames.items():
            frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
        record = {
            "special": special.asked.model_dump(mode="json"),
            "runs": {name: {"run": run.folder.name, "basis": run.manifest.basis} for name, run in runs.items()},
        }
        text = json.dumps(record, ensure_ascii=False, indent=1)
        (folder / RECORD).write_text(text, encoding="utf-8")
    except OSError as fault:
        raise StoreError("run.unwritable", folder=folder.name, why=fault.strerror or str(fault)) from fault
