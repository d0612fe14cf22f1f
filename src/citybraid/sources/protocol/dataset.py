"""A data set on disk: a file, or a folder that a reader treats as one data set (.gdb, .zarr)."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from citybraid.core.errors import InputError
from citybraid.sources.protocol.discovery import folder_suffixes
from citybraid.sources.protocol.limits import Limits

MIB = 1 << 20
LOCKS = (".lock",)
"""Suffixes of lock files that programs leave in an open folder; they hold no data."""

CLUTTER = frozenset({"__macosx", ".ds_store", "thumbs.db", "desktop.ini"})
"""Files and folders that operating systems add to others."""
OPENED = re.compile(r"~\$.*\.(?:xls[xmb]?|doc[xm]?|ppt[xm]?|wps|et)|\.~lock\..*", re.IGNORECASE)
"""Names of the files that office programs leave beside a document while it is open; they hold no data."""


def is_clutter(name: str) -> bool:
    """Tell whether a file is none of its owner's: of the operating system, or of a program that has another open."""
    return name.casefold() in CLUTTER or OPENED.fullmatch(name) is not None


def is_dataset(path: Path) -> bool:
    """Tell whether a path is one data set: a file, or a folder that a reader treats as one data set."""
    return path.is_file() or (path.is_dir() and path.suffix.lower() in folder_suffixes())


def iter_datasets(folder: Path) -> Iterator[Path]:
    """Yield every data set below a folder, sorted, without hidden ones, clutter and files inside another data set."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or is_clutter(path.name):
            continue
        if is_dataset(path):
            yield path
        elif path.is_dir() and not path.is_symlink():
            yield from iter_datasets(path)


def dataset_files(path: Path, *, most: int) -> tuple[Path, ...]:
    """Return the files of a data set, sorted by relative path, without lock files.

    Raises InputError where a folder holds links or devices, which could point outside it,
    or more than `most` files.
    """
    if not path.is_dir():
        return (path,)
    members: list[Path] = []
    for root, folders, files in os.walk(path):
        parent = Path(root)
        for each in (*(parent / name for name in folders), *(parent / name for name in files)):
            mode = each.lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise InputError("intake.folder_link", name=path.name, piece=each.relative_to(path).as_posix())
        members += [parent / name for name in files if not name.endswith(LOCKS)]
        if len(members) > most:
            raise InputError("intake.folder_pieces", name=path.name, limit=most)
    return tuple(sorted(members, key=lambda each: each.relative_to(path).as_posix()))


def require_valid_dataset(path: Path, limits: Limits, *, entry: str, said: str) -> None:
    """Raise InputError unless a path is one existing, non-empty data set within the limits.

    `entry` is its entry in the study, `said` the path as written in the study.
    """
    if path.is_dir() and not is_dataset(path):
        raise InputError("intake.folder_given", name=entry, path=said, needs=sorted(folder_suffixes()))
    if not is_dataset(path):
        raise InputError("intake.file_missing", name=entry, path=said)
    size = sum(each.stat().st_size for each in dataset_files(path, most=limits.folder_pieces))
    if size == 0:
        raise InputError("intake.file_empty", name=path.name)
    if size > limits.file_mib * MIB:
        raise InputError("intake.file_large", name=path.name, got=size / MIB, limit=limits.file_mib)
