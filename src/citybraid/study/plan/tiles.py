"""Several files for one raster input of a single run: a folder stands for its rasters, the first file for all."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from citybraid.core.errors import PlanError
from citybraid.core.model import Need
from citybraid.core.var import Var
from citybraid.sources.protocol.dataset import is_dataset, iter_datasets
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.filespec import RasterOptions

Tiles = Mapping[Path, tuple[Path, ...]]
"""Tiles of a raster by the first of them."""


def opened_folders(inputs: Mapping[str, Sequence[str]], needs: Mapping[str, Need]) -> dict[str, tuple[str, ...]]:
    """Return inputs with the rasters of each folder that stands for one raster; other folders stay as they are."""
    return {
        name: tuple(each for text in texts for each in _opened(text)) if _in_tiles(needs[name].what) else tuple(texts)
        for name, texts in inputs.items()
    }


def tiles_of(
    inputs: Mapping[str, Sequence[str]], needs: Mapping[str, Need]
) -> tuple[Mapping[str, Sequence[str]], Tiles]:
    """Return inputs with the first of several files of a raster alone, and the tiles by that file."""
    tiles = {
        name: tuple(map(Path, texts)) for name, texts in inputs.items()
        if len(texts) > 1 and _in_tiles(needs[name].what) and all(is_dataset(Path(text)) for text in texts)
    }  # fmt: skip
    kept = {name: texts[:1] if name in tiles else texts for name, texts in inputs.items()}
    return kept, {paths[0]: paths for paths in tiles.values()}


def _in_tiles(what: Any) -> bool:
    """Tell whether an input is one raster, which may lie in several files; of counts a common rim would count twice."""
    return isinstance(what, Var) and what.on == "grid" and what.coarsen != "sum"


def _opened(text: str) -> list[str]:
    folder = Path(text)
    if not folder.is_dir() or is_dataset(folder):
        return [text]
    return [str(path) for path in iter_datasets(folder) if _is_raster(path)] or [text]


def _is_raster(path: Path) -> bool:
    """Tell whether a file has a reader of rasters."""
    try:
        return issubclass(reader_for(path).options, RasterOptions)
    except PlanError:
        return False
