"""Preview of a file without reading its features: layers, columns, geometry kinds."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyogrio

from citybraid.core.errors import InputError
from citybraid.sources.protocol.target import Bounds
from citybraid.sources.vector.vectors import refuse_other_driver

Kind = Literal["polygon", "line", "point", "raster", "table", "weather", "drains", ""]


@dataclass(frozen=True)
class LayerPreview:
    """One layer of a file: its name, kind, columns, bounds in its own CRS, and the CRS as the file states it.

    `patterns` are a drawing's layers of one role, `others` those with shapes of none or another; `low` and `high` are
    a raster's minimum and maximum, `whole` tells whether its values are whole numbers.
    `role` is the only role possible for the file's format, '' where there are several.
    """

    kind: Kind
    layer: str = ""
    columns: tuple[str, ...] = ()
    count: int = 0
    crs: str = ""
    bounds: Bounds | None = None
    patterns: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    low: float = float("nan")
    high: float = float("nan")
    whole: bool = False
    role: str = ""
    encoding: str = ""
    """Encoding of its texts, '' where the format states it or there are none."""
    shape: tuple[int, int] | None = None
    """Rows and columns of a raster."""
    affine: tuple[float, float, float, float, float, float] | None = None
    """Transform of a raster, from column and row to coordinates in its CRS."""


def vector_previews(
    path: Path, *, driver: str, encoding: str | None = None, opening: Mapping[str, str] | None = None
) -> tuple[LayerPreview, ...]:
    """Return the layers of a vector file, those without shapes last, as tables.

    Raises InputError where its driver cannot open it, or another one does.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            listed = [(str(name), kind is not None) for name, kind in pyogrio.list_layers(path)]
            options = {"encoding": encoding, **(opening or {})}
            layers = [_layer(path, name, driver, options, shapes=shapes) for name, shapes in listed]
            return tuple(sorted(layers, key=lambda each: each.kind == "table"))
    except InputError:
        raise
    except Exception as fault:
        raise InputError("intake.unreadable", name=path.name, why=type(fault).__name__) from fault


def shape_kind(type_name: str) -> Kind:
    """Return the kind of shape of a geometry type, '' where it allows several or none."""
    word = type_name.casefold()
    if "polygon" in word or "surface" in word:
        return "polygon"
    if "line" in word or "curve" in word:
        return "line"
    return "point" if "point" in word else ""


def _layer(path: Path, name: str, driver: str, options: Mapping[str, Any], *, shapes: bool) -> LayerPreview:
    info = pyogrio.read_info(path, layer=name, force_total_bounds=shapes, force_feature_count=True, **options)
    refuse_other_driver(path, str(info["driver"]), driver)
    kind: Kind = shape_kind(str(info["geometry_type"] or "")) if shapes else "table"
    edges = info["total_bounds"]
    west, south, east, north = (float(edge) for edge in edges) if edges is not None else (np.nan,) * 4
    bounds = (west, south, east, north) if np.isfinite(west) else None
    return LayerPreview(
        kind, name, tuple(str(field) for field in info["fields"]), int(info["features"]), str(info["crs"] or ""),
        bounds,
    )  # fmt: skip
