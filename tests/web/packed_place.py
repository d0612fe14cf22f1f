"""Studies of a workspace with a made run that can be packed, and a library with two published cases."""

import json
import shutil
from pathlib import Path

from citybraid.commons.library.library import Library
from citybraid.study.open.open_study import asked_by
from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run
from tests.commons.made_case import ENTRIES, LESSONS, Place, made_place, packed
from tests.commons.test_library import GOOD

FREE = ENTRIES.replace('licence = "confidential"', 'licence = "CC0-1.0"').replace(
    'role = "buildings"\n', 'role = "buildings"\nlicence = "CC0-1.0"\n'
)
"""Entries whose files may all be passed on."""
CASES = {
    "alpha": """
licence = "CC0-1.0"
authors = ["Zhao"]
form = ["new_town"]
[problem]
en = "Waterlogging"
zh = "老街区积水"
""",
    "beta": """
licence = "CC0-1.0"
form = ["village"]
[problem]
en = "Heat in summer"
zh = "夏季高温"
""",
}
CLIMATES = {"alpha": "3A", "beta": "5A", "made": "3A"}
"""Climate zone of each made place, by its name."""


def put_place(study: Path, *, name: str = "made", entries: str = ENTRIES, lessons: str = LESSONS) -> Run:
    """Write a study with its files into a folder, with a made run of it, and open that."""
    place = in_climate(made_place(study, name=name, entries=entries, lessons=lessons), name)
    to = study / "runs" / "001"
    to.parent.mkdir()
    shutil.move(place.run.folder, to)
    return Run.open(to)


def in_climate(place: Place, name: str) -> Place:
    """State the climate zone of a made place, in its study and in its run, and open that anew."""
    zone = CLIMATES[name]
    text = place.study.read_text(encoding="utf-8")
    place.study.write_text(text.replace("year = 2025", f'year = 2025\nclimate_zone = "{zone}"'), encoding="utf-8")
    manifest = place.run.folder / MANIFEST
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["study"]["climate_zone"] = zone
    told["asked"] = asked_by(place.study).model_dump(mode="json")
    manifest.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return Place(Run.open(place.run.folder), place.study)


def published_library(folder: Path, made: Path) -> Library:
    """Return a library with two published cases; `made` is where their studies are made."""
    library = Library.open(folder, create=True)
    for name, lessons in CASES.items():
        place = in_climate(made_place(made / name, name=name, lessons=lessons), name)
        library.add(packed(place, made / f"{name}.zip").file, by="Wang")
        library.review(name, GOOD, by="Li")
        library.release(name, by="Li")
    return library
