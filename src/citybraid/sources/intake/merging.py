"""Readings of several files put together: rows of one table stacked, rasters and storms kept apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.sources.protocol.layers import Layers, slot
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.reading import Found, Reading


def merged(readings: Iterable[Reading]) -> Layers:
    """Return the layers of all readings.

    Rows of the same table from several files are stacked. Raises InputError where two
    files bring the same raster, number or storm.
    """
    tables: dict[str, list[tuple[Found, ...]]] = {}
    kept: dict[object, Found] = {}
    keyed: list[Found] = []
    for reading in readings:
        spatial = {found.var.on for found in reading.layers if found.var.kind == "geometry"}
        for table in sorted(spatial):
            tables.setdefault(table, []).append(tuple(found for found in reading.layers if found.var.on == table))
        for found in reading.layers:
            if found.var.on in spatial:
                continue
            if geometry_of(found.var.on) is not None:
                keyed.append(found)
                continue
            if slot(found) in kept:
                raise InputError("intake.twice", name=found.var.name, label=", ".join(found.at.values()) or "-")
            kept[slot(found)] = found
    stacked = [found for parts in tables.values() for found in _stacked(parts)]
    return Layers({slot(found): found for found in [*kept.values(), *stacked]}, tuple(keyed))


def _stacked(parts: Sequence[tuple[Found, ...]]) -> list[Found]:
    """One table from the tables of several files; ids that clash get the number of the file in front."""
    if len(parts) == 1:
        return list(parts[0])
    shapes = [next(found for found in part if found.var.kind == "geometry") for part in parts]
    ids = [list(shape.value.index) for shape in shapes]
    clash = len({each for group in ids for each in group}) < sum(map(len, ids))
    names = [[f"{number}-{each}" for each in group] if clash else group for number, group in enumerate(ids, 1)]
    index = pd.Index([each for group in names for each in group], dtype=object, name="id")
    origin = frozenset().union(*(shape.origin for shape in shapes))
    whole = gpd.GeoSeries(pd.concat([shape.value for shape in shapes]).to_numpy(), index=index, crs=shapes[0].value.crs)
    columns: dict[str, list[Found | None]] = {}
    for number, part in enumerate(parts):
        for found in part:
            if found.var.kind != "geometry":
                columns.setdefault(found.var.name, [None] * len(parts))[number] = found
    return [
        replace(shapes[0], value=whole, origin=origin),
        *(_column(each, ids, index, origin) for each in columns.values()),
    ]


def _column(
    parts: Sequence[Found | None], ids: Sequence[Sequence[str]], index: pd.Index, origin: frozenset[str]
) -> Found:
    var = next(part.var for part in parts if part is not None)
    empty: object = "" if var.kind == "text" else float("nan")
    values = [
        list(part.value) if part is not None else [empty] * len(group) for part, group in zip(parts, ids, strict=True)
    ]
    dtype = object if var.kind == "text" else float
    column = pd.Series([each for group in values for each in group], index=index, name=var.name, dtype=dtype)
    stated = column.ne("") if var.kind == "text" else column.notna()
    return Found(var, column, stated=stated.rename(None), origin=origin)


def completeness(layers: Layers) -> Mapping[str, float]:
    """Return by layer name the share of rows or cells that a file states."""
    scores: dict[str, list[float]] = {}
    for found in layers:
        scores.setdefault(found.var.name, []).append(found.completeness)
    return {name: sum(shares) / len(shares) for name, shares in sorted(scores.items())}
