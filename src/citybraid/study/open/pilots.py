"""Pilot studies shipped with citybraid: copied into a folder, with synthetic files from their generator."""

import inspect
import shutil
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from importlib.resources import as_file, files
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory

from citybraid.core.errors import InputError
from citybraid.study.open.open_study import OpenStudy

DEMO = "jiaxing-hsr"
"""The pilot that one meets first: it makes its own files."""
GENERATORS, FOLDER = "citybraid.sources.synthetic", "folder"
"""Where generators are found, and the parameter of theirs that names the folder to write into."""


def pilots() -> tuple[str, ...]:
    """Return the names of the pilots."""
    folder = files("citybraid").joinpath("pilots")
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.joinpath("study.toml").is_file()))


def copy_pilot(name: str, folder: Path) -> Path:
    """Copy a pilot into a folder and return its study file.

    The `data` entry is dropped from the copy: it is relative to the pilot's location in a checkout
    and would point to unrelated files elsewhere.

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
            ignore=shutil.ignore_patterns("__pycache__", ".citybraid", "runs", "data", "case*.json"),
        )
        for each in source.glob("*.toml"):
            _without_data(folder / each.name)
    return folder / "study.toml"


def _without_data(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("data = "))
    path.write_text(text, encoding="utf-8", newline="\n")


def generate(study: OpenStudy) -> tuple[Path, ...]:
    """Generate a study's synthetic files where one of them is missing."""
    paths = [study.root(spec) / path for spec in study.asked.files.values() for path in spec.paths]
    if all(path.is_file() for path in paths):
        return ()
    written: list[Path] = []
    for name, options in study.asked.generator.items():
        write = _generator(name, options)
        study.folder.joinpath("data").mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".made-", dir=study.folder) as draft:
            written += _move_files(write(Path(draft), **options), study.folder / "data")
    return tuple(written)


def generators() -> tuple[str, ...]:
    """Return the names of the generators: modules of the synthetic room, or of rooms below, that write a folder."""
    return tuple(sorted(name for name in _modules() if _writer(name) is not None))


def _generator(name: str, options: Mapping[str, int]) -> Callable[..., tuple[Path, ...]]:
    """Return a generator function; raises InputError for an unknown one and for unsupported options."""
    write = _writer(name)
    if write is None:
        raise InputError("pilot.no_generator", name=name, known=generators())
    accepted = [word for word in inspect.signature(write).parameters if word != FOLDER]
    if unknown := sorted(set(options) - set(accepted)):
        raise InputError("pilot.generator_options", name=name, got=unknown, known=accepted)
    return write


def _modules() -> Mapping[str, str]:
    """Return every module of the room of generators and of those below it, by its last name."""
    modules = walk_packages(import_module(GENERATORS).__path__, f"{GENERATORS}.")
    return {entry.name.rpartition(".")[2]: entry.name for entry in modules if not entry.ispkg}


def _writer(name: str) -> Callable[..., tuple[Path, ...]] | None:
    """Return the function of a module that is named after it, None where none writes a folder."""
    module = _modules().get(name)
    write: Callable[..., tuple[Path, ...]] | None
    write = getattr(import_module(module), f"write_{name}", None) if module else None
    return write if write is not None and FOLDER in inspect.signature(write).parameters else None


def _move_files(written: Iterable[Path], folder: Path) -> list[Path]:
    """Move generated files into a folder; a file that exists there is the user's and is not overwritten."""
    placed: list[Path] = []
    for path in sorted({part for each in written for part in each.parent.glob("*")}):
        to = folder / path.name
        if not to.exists():
            path.replace(to)
            placed.append(to)
    return placed
