"""Taking a file out of a study: its entries are removed from the study file, the file itself is set aside."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from citybraid.web.configuration.settings import OWN
from citybraid.web.database.tables import new_id
from citybraid.web.studies.contents import Placed, entry_paths
from citybraid.web.studies.study_text import Change
from citybraid.web.studies.uploads import PASSENGERS

REMOVED = "removed"
"""Folder beside the store of files that were taken out."""


def without(content: Mapping[str, Any], placed: Placed) -> list[Change]:
    """Return the changes of a study file that no longer reads a file: its entry goes, or its path among several."""
    changes: list[Change] = []
    for name, entry in content.get("files", {}).items():
        paths = entry_paths(entry)
        if placed.said in paths:
            left = [each for each in paths if each != placed.said]
            kept = left[0] if len(left) == 1 else left
            changes.append(Change(("files", name, "path"), kept) if left else Change(("files", name), None))
    return changes


def set_aside(folder: Path, placed: Placed) -> Path:
    """Move a file, with those that belong to it, into the study's folder of removed files, and return where it is."""
    place = folder / OWN / REMOVED / new_id()
    place.mkdir(parents=True)
    beside = [
        each for each in placed.path.parent.iterdir()
        if each != placed.path and each.stem == placed.path.stem and each.suffix.lower() in PASSENGERS
    ]  # fmt: skip
    for each in (placed.path, *beside):
        each.replace(place / each.name)
    return place / placed.path.name
