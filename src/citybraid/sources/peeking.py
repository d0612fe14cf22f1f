"""What a file holds, seen without reading it through: layers, columns, kinds of shape."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pyogrio

from citybraid.core.errors import InputError
from citybraid.sources.target import Bounds

Kind = Literal["polygon", "line", "point", "raster", "table", "weather", ""]


@dataclass(frozen=True)
class Peeked:
    """One layer of a file: its name, kind, columns, bounds in its own CRS, and the CRS as the file states it.

    `patterns` are the drawing layers it stands for; `low` and `high` are a raster's
    extremes, `whole` tells whether its values are whole numbers.
    """

    kind: Kind
    layer: str = ""
    columns: tuple[str, ...] = ()
    count: int = 0
    crs: str = ""
    bounds: Bounds | None = None
    patterns: tuple[str, ...] = ()
    low: float = float("nan")
    high: float = float("nan")
    whole: bool = False


def of_vector(path: Path, *, encoding: str | None = None) -> tuple[Peeked, ...]:
    """Return the layers of a vector file; raises InputError where it cannot be opened."""
    try:
        names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        return tuple(_layer(path, name, encoding) for name in names)
    except Exception as fault:
        raise InputError("intake.unreadable", name=path.name, why=type(fault).__name__) from fault


def _layer(path: Path, name: str, encoding: str | None) -> Peeked:
    info = pyogrio.read_info(path, layer=name, encoding=encoding, force_total_bounds=True, force_feature_count=True)
    said = str(info["geometry_type"] or "").casefold()
    kind: Kind = "polygon" if "polygon" in said else "line" if "line" in said else "point" if "point" in said else ""
    edges = info["total_bounds"]
    west, south, east, north = (float(edge) for edge in edges) if edges is not None else (np.nan,) * 4
    bounds = (west, south, east, north) if np.isfinite(west) else None
    return Peeked(
        kind, name, tuple(str(field) for field in info["fields"]), int(info["features"]), str(info["crs"] or ""),
        bounds,
    )  # fmt: skip
