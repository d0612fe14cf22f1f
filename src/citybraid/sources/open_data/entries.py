"""Entries of a study file for fetched data: to paste, or appended with the existing text untouched."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from citybraid.core.errors import InputError
from citybraid.sources.open_data.item import StudyFile
from citybraid.sources.protocol.filespec import FileSpec


class Entry(NamedTuple):
    """An entry: its name, its text, and whether the study has another file of that role already."""

    name: str
    role: str
    text: str
    second: bool


def entries(
    study_files: Iterable[StudyFile], files: Mapping[str, FileSpec], *, root: Path, about: str
) -> tuple[Entry, ...]:
    """Return the entries of the files made that the study does not name yet.

    `about` is a comment that names the data's source.
    """
    known_paths = {path for spec in files.values() for path in spec.paths}
    roles = {spec.role or name for name, spec in files.items()}
    known_pairs = {(spec.role or name, path) for name, spec in files.items() for path in spec.paths}
    names = set(files)
    new_entries: list[Entry] = []
    for each in study_files:
        if each.path is None:
            continue
        path = each.path.resolve().relative_to(root.resolve()).as_posix()
        if path in known_paths and (each.role, path) in known_pairs:
            continue
        name = _free_name(each.role, names)
        names.add(name)
        options = {"path": path, **({"role": each.role} if name != each.role else {}), **each.words}
        lines = [f"[files.{name}]", f"# {about}", *(f"{word} = {_toml(value)}" for word, value in options.items())]
        new_entries.append(Entry(name, each.role, "\n".join(lines), second=each.role in roles))
    return tuple(new_entries)


def _free_name(role: str, names: set[str]) -> str:
    if role not in names:
        return role
    number = 2
    while f"{role}_{number}" in names:
        number += 1
    return f"{role}_{number}"


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def add(path: Path, new: Sequence[Entry]) -> None:
    """Append entries to a study file; the existing text stays the same, byte for byte.

    Raises InputError, and leaves the file unchanged, where the result would not parse to exactly
    the previous content and the new entries.
    """
    before = path.read_bytes()
    text = before.decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if text.endswith("\n") or not text else end
    added = (gap + "".join(f"\n{entry.text}\n" for entry in new).replace("\n", end)).encode("utf-8")
    _refuse_changed(path.name, text, (before + added).decode("utf-8-sig"), {entry.name for entry in new})
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(before + added)
    draft.replace(path)


def _refuse_changed(name: str, before: str, after: str, new: set[str]) -> None:
    try:
        old_study, new_study = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError as fault:
        raise InputError("fetch.not_added", file=name) from fault
    files: dict[str, Any] = new_study.pop("files", {})
    old: dict[str, Any] = old_study.pop("files", {})
    kept_files = {entry: content for entry, content in files.items() if entry not in new}
    if old_study != new_study or kept_files != old or new - set(files):
        raise InputError("fetch.not_added", file=name)
