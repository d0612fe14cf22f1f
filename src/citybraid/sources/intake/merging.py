"""Merge the readings of several files: rows of one table concatenated, rasters and storms kept separate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import LISTS, geometry_of
from citybraid.sources.protocol.reading import Reading, SourceLayer, joined_lists


def merged(readings: Iterable[Reading]) -> Layers:
    """Return the layers of all readings.

    Rows of the same table or list from several files are concatenated. Raises InputError where two
    files supply the same raster, number, storm or row of a list.
    """
    tables: dict[str, list[tuple[SourceLayer, ...]]] = {}
    others: dict[object, SourceLayer] = {}
    keyed: list[SourceLayer] = []
    lists: dict[object, list[SourceLayer]] = {}
    for reading in readings:
        spatial = {layer.var.on for layer in reading.layers if layer.var.kind == "geometry"}
        for table in sorted(spatial):
            tables.setdefault(table, []).append(tuple(layer for layer in reading.layers if layer.var.on == table))
        for layer in reading.layers:
            if layer.var.on in spatial:
                continue
            if geometry_of(layer.var.on) is not None:
                keyed.append(layer)
                continue
            if layer.var.on in LISTS:
                lists.setdefault(layer_key(layer), []).append(layer)
                continue
            if layer_key(layer) in others:
                raise InputError("intake.twice", name=layer.var.name, label=", ".join(layer.at.values()) or "-")
            others[layer_key(layer)] = layer
    others |= {place: joined_lists(parts) for place, parts in lists.items()}
    stacked = [layer for parts in tables.values() for layer in _concatenated(parts)]
    return Layers({layer_key(layer): layer for layer in [*others.values(), *stacked]}, tuple(keyed))


def _concatenated(parts: Sequence[tuple[SourceLayer, ...]]) -> list[SourceLayer]:
    """One table from the tables of several files; ids that clash are prefixed with the number of the file."""
    if len(parts) == 1:
        return list(parts[0])
    shapes = [next(layer for layer in part if layer.var.kind == "geometry") for part in parts]
    ids = [list(shape.value.index) for shape in shapes]
    clash = len({each for group in ids for each in group}) < sum(map(len, ids))
    names = [[f"{number}-{each}" for each in group] if clash else group for number, group in enumerate(ids, 1)]
    index = pd.Index([each for group in names for each in group], dtype=object, name="id")
    origin = frozenset().union(*(shape.origin for shape in shapes))
    geometry = gpd.GeoSeries(
        pd.concat([shape.value for shape in shapes]).to_numpy(), index=index, crs=shapes[0].value.crs
    )
    columns: dict[str, list[SourceLayer | None]] = {}
    for number, part in enumerate(parts):
        for layer in part:
            if layer.var.kind != "geometry":
                columns.setdefault(layer.var.name, [None] * len(parts))[number] = layer
    return [
        replace(shapes[0], value=geometry, origin=origin),
        *(_column(each, ids, index, origin) for each in columns.values()),
    ]


def _column(
    parts: Sequence[SourceLayer | None], ids: Sequence[Sequence[str]], index: pd.Index, origin: frozenset[str]
) -> SourceLayer:
    var = next(part.var for part in parts if part is not None)
    empty: object = "" if var.kind == "text" else float("nan")
    values = [
        list(part.value) if part is not None else [empty] * len(group) for part, group in zip(parts, ids, strict=True)
    ]
    dtype = object if var.kind == "text" else float
    column = pd.Series([each for group in values for each in group], index=index, name=var.name, dtype=dtype)
    stated = column.ne("") if var.kind == "text" else column.notna()
    return SourceLayer(var, column, stated=stated.rename(None), origin=origin)


def completeness(layers: Layers) -> Mapping[str, float]:
    """Return by layer name the share of rows or cells that a file states."""
    scores: dict[str, list[float]] = {}
    for layer in layers:
        scores.setdefault(layer.var.name, []).append(layer.completeness)
    return {name: sum(shares) / len(shares) for name, shares in sorted(scores.items())}
