"""Pilots that come with citybraid: copied into a folder, their synthetic files made where they have a generator."""

import shutil
from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.study.opened import OpenStudy

GENERATORS = "citybraid.sources.synthetic"


def pilots() -> tuple[str, ...]:
    """Return the names of the pilots."""
    folder = files("citybraid").joinpath("pilots")
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.joinpath("study.toml").is_file()))


def copy_pilot(name: str, folder: Path) -> Path:
    """Copy a pilot into a folder and return its study file.

    Raises InputError for an unknown pilot and for a folder that has a study already.
    """
    if name not in pilots():
        raise InputError("pilot.unknown", name=name, known=pilots())
    if (folder / "study.toml").exists():
        raise InputError("pilot.in_use", folder=folder.name)
    with as_file(files("citybraid").joinpath("pilots", name)) as source:
        shutil.copytree(
            source,
            folder,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("__pycache__", ".citybraid", "runs", "data"),
        )
    return folder / "study.toml"


def generate(study: OpenStudy) -> tuple[Path, ...]:
    """Make the synthetic files that a study names a generator for, where one of them is missing."""
    made: list[Path] = []
    wanted = [study.data / path for spec in study.asked.files.values() for path in spec.paths]
    if all(path.is_file() for path in wanted):
        return ()
    for name, options in study.asked.generator.items():
        try:
            module = import_module(f"{GENERATORS}.{name}")
        except ModuleNotFoundError as fault:
            raise InputError("pilot.no_generator", name=name) from fault
        made += getattr(module, f"write_{name}")(study.folder / "data", **options)
    return tuple(made)
