"""The study file of a case and what stands beside it, as another workspace can run it."""

import re
import tomllib
from pathlib import Path

from citybraid.commons.form.archive import Content
from citybraid.commons.form.lessons import FILE as LESSONS
from citybraid.commons.form.paths import inner
from citybraid.core.errors import InputError
from citybraid.study.open.open_study import asked_by
from citybraid.study.open.schema import StudyFile
from citybraid.study.run.run import Run

STUDY = "study.toml"
DATA = "../inputs"
"""Folder of inputs, from the study file of a case."""
SECTION = re.compile(r"^\s*\[study\]\s*(#.*)?$")
NEXT_SECTION = re.compile(r"^\s*\[")
DATA_LINE = re.compile(r"^\s*data\s*=")
NOT_RUN = {"licence", "obtained"}
"""Words of a file's entry that may have been added since the run."""


def study_of(run: Run, path: Path | None) -> tuple[Path, StudyFile]:
    """Return the study file of a run and what it asks: the one named, else study.toml two folders above the run.

    Raises InputError where there is none, or where it asks something else than the run did.
    """
    study_path = path or run.folder.resolve().parent.parent / STUDY
    if not study_path.is_file():
        raise InputError("case.no_study", run=run.folder.name, file=study_path.name)
    settings = asked_by(study_path)
    if _settings(settings) != _settings(run.manifest.asked):
        raise InputError("case.study_changed", run=run.folder.name, file=study_path.name)
    return study_path, settings


def _settings(study: StudyFile) -> object:
    settings = study.model_dump(mode="json")
    for entry in settings["files"].values():
        for word in NOT_RUN:
            entry.pop(word)
    settings["study"].pop("data")
    return settings


def study_contents(path: Path, settings: StudyFile) -> list[Content]:
    """Return the study file with its own factors, templates, the study it extends and the lessons, as parts of a case.

    Raises InputError where one of them does not lie beside the study file.
    """
    text = path.read_text(encoding="utf-8-sig")
    templates = (settings.annex.text, settings.annex.memorandum, settings.annex.statement)
    beside = [name for name in (settings.factors, *templates) if name]
    if parent := str(tomllib.loads(text).get("extends", "")):
        beside.append(parent)
    contents = [Content(f"study/{STUDY}", with_data(text, file=path.name).encode())]
    for name in beside:
        if "/" in name or not inner(name):
            raise InputError("case.not_beside", file=path.name, path=name)
        contents.append(Content(f"study/{name}", path.parent / name))
    if (lessons := path.parent / LESSONS).is_file():
        contents.append(Content(f"study/{LESSONS}", lessons))
    return contents


def with_data(text: str, *, file: str) -> str:
    """Return a study file whose files count from the inputs of the case; nothing else of it changes."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        if NEXT_SECTION.match(line):
            inside = bool(SECTION.match(line))
        if inside and DATA_LINE.match(line):
            continue
        lines.append(line)
        if SECTION.match(line):
            lines.append(f'data = "{DATA}"')
    changed = "\n".join(lines) + "\n"
    wanted = tomllib.loads(text)
    wanted.setdefault("study", {})["data"] = DATA
    try:
        same = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise InputError("case.study_form", file=file)
    return changed
