"""A raster in several files: a folder stands for its rasters; in a single run the first file stands for all."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from citybraid.core.errors import PlanError
from citybraid.core.model import Need
from citybraid.core.var import Var
from citybraid.sources.protocol.dataset import is_dataset, iter_datasets
from citybraid.sources.protocol.discovery import reader_for, role_of
from citybraid.sources.protocol.filespec import FileSpec, RasterOptions
from citybraid.sources.protocol.quantities import vocabulary

Tiles = Mapping[Path, tuple[Path, ...]]
"""Tiles of a raster by the first of them."""


def file_names(spec: FileSpec) -> tuple[str, ...]:
    """Return the names of an entry's files; the paths of those with one name in several folders, as tiles may have."""
    paths = [PurePath(each) for each in spec.paths]
    counts = Counter(path.name for path in paths)
    return tuple(path.name if counts[path.name] == 1 else path.as_posix() for path in paths)


def with_folders_opened(files: Mapping[str, FileSpec], root: Callable[[FileSpec], Path]) -> dict[str, FileSpec]:
    """Return a study's entries, each folder that stands for one raster replaced by the rasters in it.

    `root` tells the folder that the paths of an entry count from. Folders outside of it stay, to be refused as such;
    so do those without a raster, and those of entries that are no raster.
    """
    opened: dict[str, FileSpec] = {}
    for name, spec in files.items():
        role = role_of(spec.role or name)
        var = vocabulary().get(role.name) if role is not None and role.kind == "raster" else None
        folder = root(spec).resolve()
        inside = [(folder / text).resolve().is_relative_to(folder) for text in spec.paths]
        if not _in_tiles(var) or not all(inside):
            opened[name] = spec
            continue
        paths = [
            text if path == str(folder / text) else Path(path).relative_to(folder).as_posix()
            for text in spec.paths for path in _opened(str(folder / text))
        ]  # fmt: skip
        opened[name] = spec if paths == list(spec.paths) else spec.model_copy(update={"path": tuple(paths)})
    return opened


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
