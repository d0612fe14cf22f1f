"""Old tiles: those of layers that no run of the study names any more are removed."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from citybraid.web.maps.kept import FOLDER

YOUNG_S = 3600.0
"""Tiles made within this time stay: their run may be new, or still be written [s]."""


def clear_tiles(study: Path) -> int:
    """Remove the tiles of a study whose layer is in no manifest of its runs; return how many files and folders went.

    Nothing is removed where a manifest cannot be read.
    """
    old = [each for each in _tiles(study) if time.time() - each.stat().st_mtime > YOUNG_S]
    if not old:
        return 0
    try:
        manifests = [path.read_text(encoding="utf-8") for path in (study / "runs").glob("*/manifest.json")]
    except (OSError, UnicodeDecodeError):
        return 0
    gone = [each for each in old if not any(_key(each) in text for text in manifests)]
    for each in gone:
        shutil.rmtree(each, ignore_errors=True)
        if each.is_file():
            each.unlink(missing_ok=True)
    return len(gone)


def _tiles(study: Path) -> Iterator[Path]:
    folder = study / FOLDER
    if folder.is_dir() and not folder.is_symlink():
        yield from folder.iterdir()


def _key(tile: Path) -> str:
    """Return the key of the layer that a tile's name begins with; a draft that was left behind has none."""
    return tile.name.partition("-")[0].partition(".")[0] or tile.name
