"""citybraid new: a study from a folder of files, or from a pilot."""

from pathlib import Path

from citybraid.cli import paper
from citybraid.core.errors import InputError, PlanError
from citybraid.store.store import Store
from citybraid.study.drafting import draft, prospects
from citybraid.study.opened import open_study
from citybraid.study.pilots import copy_pilot
from citybraid.study.planner import plan
from citybraid.study.taken import take


def new(folder: Path, *, files: Path | None, pilot: str, crs: str) -> None:
    """Write study.toml and tell what can be computed now and what one more file would add."""
    if pilot:
        paper.line(str(copy_pilot(pilot, folder)))
        return
    if files is None or not files.is_dir():
        raise InputError("new.no_files", folder=str(files or "-"))
    path = folder / "study.toml"
    if path.exists():
        raise InputError("pilot.in_use", folder=folder.name)
    folder.mkdir(parents=True, exist_ok=True)
    made = draft(folder, files, crs=crs)
    path.write_text(made.text, encoding="utf-8", newline="\n")
    rows = [(guess.path.name, guess.role or "-", f"{guess.confidence:.0%}") for guess in made.guesses]
    paper.table(str(path), ("file 文件", "role 角色", "sure 把握"), rows)
    try:
        _now(path)
    except PlanError as fault:
        paper.line(fault.say("en"))
        paper.line(fault.say("zh"))


def _now(path: Path) -> None:
    study = open_study(path)
    taken = take(study, Store(study.folder / ".citybraid" / "store"))
    planned = plan(taken.place, study.models, (), study.settings(taken.grid))
    ran = sorted({step.model.id for step in planned.steps if not step.model.id.startswith("core.")})
    paper.line(f"Can be computed now 现在可计算: {', '.join(ran) or '-'}")
    for name, models in prospects(planned.gaps).items():
        paper.line(f"+ {name} → {', '.join(models)}")
