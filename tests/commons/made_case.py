"""A run made by hand with its study file and inputs beside it, and cases packed from it."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from citybraid.commons.form.card import CARD, Card, read_card
from citybraid.commons.packing.pack import Packed, PackOptions, pack
from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run
from tests.report.made_run import OBJECTIVES, STUDY, made_run

LESSONS = """
authors = ["Wang"]
licence = "CC-BY-4.0"
date = "2026-11-28"
form = ["new_town"]
levels = ["detailed"]

[problem]
zh = "低洼街区内涝。"
en = "Low blocks are waterlogged."

[failed]
en = "Green roofs alone."
"""
ENTRIES = """
[files.rain]
path = "storm.csv"
role = "storm"
licence = "CC-BY-4.0"
obtained = "Weather office"

[files.ground]
path = "站点/dem.asc"
role = "terrain"
licence = "confidential"
obtained = "Ask the survey office"

[files.houses]
path = "houses.csv"
role = "buildings"
"""
FILES: Mapping[str, bytes] = {
    "storm.csv": b"time,rain\n0,1\n", "站点/dem.asc": b"ncols 1\n", "houses.csv": b"id\n1\n",
}  # fmt: skip
PROBLEM = "内涝"


class Place(NamedTuple):
    """A run and its study file."""

    run: Run
    study: Path


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def study_text(entries: str = ENTRIES) -> str:
    about = "\n".join(f"{name} = {_toml(value)}" for name, value in STUDY.items())
    wanted = "\n".join(
        "[[objectives]]\n" + "\n".join(f"{name} = {_toml(value)}" for name, value in each.items())
        for each in OBJECTIVES
    )
    return f'[study]\n{about}\ndata = "files"\n{entries}\n{wanted}\n'


def made_place(folder: Path, *, name: str = "made", lessons: str = LESSONS, entries: str = ENTRIES) -> Place:
    """Write a run, its study file and its inputs."""
    from citybraid.study.open.open_study import asked_by

    run = made_run(folder / "made")
    study = folder / "study.toml"
    text = study_text(entries).replace('name = "made"', f'name = "{name}"')
    study.write_text(text, encoding="utf-8")
    (folder / "lessons.toml").write_text(lessons, encoding="utf-8")
    for path, body in FILES.items():
        (folder / "files" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "files" / path).write_bytes(body)
    manifest = run.folder / MANIFEST
    told: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    told["asked"] = asked_by(study).model_dump(mode="json")
    told["study"]["name"] = name
    manifest.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return Place(Run.open(run.folder), study)


def packed(place: Place, out: Path, **options: Any) -> Packed:
    """Pack a made run."""
    return pack(place.run, out, PackOptions(study=place.study, **options))


def parts_of(file: Path) -> dict[str, bytes]:
    """Return the parts of a case by path."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def card_of(file: Path) -> Card:
    """Return the card of a case."""
    return read_card(parts_of(file)[CARD], file=file.name)


def rewritten(file: Path, parts: Mapping[str, bytes], *, listed: bool = True) -> Path:
    """Write a case anew with other parts; where `listed`, the card lists them as they are."""
    told = json.loads(parts[CARD])
    if listed:
        told["parts"] = [
            {"path": path, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            for path, body in sorted(parts.items())
            if path != CARD
        ]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in parts.items():
            archive.writestr(path, json.dumps(told, ensure_ascii=False) if path == CARD else body)
    return file
