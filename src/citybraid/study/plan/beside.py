"""Files that a model has no input for but a study would take in with its own: what intake makes of both is used."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.dataset import is_dataset
from citybraid.sources.protocol.discovery import kind_of, known_roles
from citybraid.sources.protocol.layers import Slot, layer_key
from citybraid.sources.protocol.reading import SourceLayer

OPTION = "--beside"
KINDS = ("shapes", "raster")
"""Kinds of files whose presence changes what intake makes of others."""


def beside_roles() -> tuple[str, ...]:
    """Return the roles that files beside the inputs may have."""
    return tuple(role for role in known_roles() if kind_of(role) in KINDS)


def beside_files(texts: Iterable[str]) -> dict[str, Path]:
    """Return the files beside the inputs by role, from ROLE=FILE; raises InputError for what is none."""
    files: dict[str, Path] = {}
    for text in texts:
        role, mark, name = text.partition("=")
        if not mark or role in files or kind_of(role) not in KINDS:
            raise InputError("single.beside", got=text, known=beside_roles())
        if not is_dataset(Path(name)):
            raise InputError("single.no_file", option=f"{OPTION} {role}", got=name, kind="GeoPackage, GeoTIFF …")
        files[role] = Path(name)
    return files


def idle_beside(
    names: Mapping[str, Path], made: Sequence[SourceLayer], alone: Sequence[SourceLayer], read: Collection[str]
) -> list[Finding]:
    """Return advice where files beside the inputs changed nothing of what the model reads.

    `made` and `alone` are what intake makes of all files and of the inputs alone, `read` quantities and tables.
    """
    before = {layer_key(each): each for each in alone}
    if any(_read(each, read) and _changed(each, before) for each in made):
        return []
    details = {"option": OPTION, "files": sorted(path.name for path in names.values())}
    return [Finding("advice", "single.beside_idle", "study", len(names), details)]


def _read(layer: SourceLayer, read: Collection[str]) -> bool:
    return layer.var.name in read or layer.var.on in read


def _changed(layer: SourceLayer, before: Mapping[Slot, SourceLayer]) -> bool:
    """Tell whether a layer is new or has other values than before."""
    other = before.get(layer_key(layer))
    return other is None or not _equal(layer.value, other.value)


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, gpd.GeoSeries):
        return bool(one.index.equals(other.index) and one.geom_equals(other).all())
    if hasattr(one, "equals"):
        return bool(one.equals(other))
    return bool(np.array_equal(one, other))
