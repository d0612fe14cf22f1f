"""Early start of the reading process, so that its libraries load in parallel with those of this process."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from citybraid.isolation.child import Child
from citybraid.sources.fenced.worker_process import start_worker

ASKING = frozenset({"-h", "--help", "--schema"})
"""Options with which no file is read."""

LARGEST_BYTES = 2 * 2**20
"""Size of a study file above which the reading process is not started early [byte]; such a file is refused later."""


class EarlyReader:
    """A reading process with access to folders, for the first user; closed with its block if unused."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders: tuple[Path, ...] = tuple(sorted({each.resolve() for each in folders}))
        self._child: Child | None = start_worker(self.folders) if self.folders else None

    def given_up(self) -> Child | None:
        """Transfer ownership of the process: the caller closes it."""
        child, self._child = self._child, None
        return child

    def close(self) -> None:
        """Close the process if it is unused."""
        child = self.given_up()
        if child is not None:
            child.close()


def hand_over(early: EarlyReader | None, folders: Iterable[Path]) -> Child | None:
    """Return the early process; None where there is none with access to exactly these folders."""
    fits = early is not None and {each.resolve() for each in folders} == set(early.folders)
    return early.given_up() if early is not None and fits else None


@contextmanager
def early(folders: Iterable[Path]) -> Iterator[EarlyReader]:
    """Start a reading process with access to folders; it is closed with the block unless it was handed over."""
    process = EarlyReader(folders)
    try:
        yield process
    finally:
        process.close()


def named_folders(words: Sequence[str]) -> frozenset[Path]:
    """Return the folders of the files in command-line arguments, given as PATH, OPTION=PATH or LABEL=PATH."""
    if ASKING & set(words):
        return frozenset()
    parts = {part for word in words for part in (word, word.partition("=")[2], word.rpartition("=")[2]) if part}
    paths = (Path(each) for each in parts if not each.startswith("-"))
    return frozenset(path.resolve().parent for path in paths if _exists(path))


def study_folders(path: Path, data: Path | None) -> tuple[Path, ...]:
    """Return the data folder of a study from its file, and its own where a generator makes files; () where none."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            return ()
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    about = content.get("study")
    folder = data or path.parent / str(about.get("data", "") if isinstance(about, dict) else "")
    files = content.get("files")
    if not folder.is_dir() or not isinstance(files, dict) or not files:
        return ()
    made = "generator" in content or any(isinstance(spec, dict) and spec.get("made") is True for spec in files.values())
    return (folder, path.parent) if made else (folder,)


def _exists(path: Path) -> bool:
    try:
        return path.is_file() or (path.is_dir() and path.suffix != "")
    except (OSError, ValueError):
        return False
