"""Shapes that a table of cells carries: well-known text or binary in a column, or two columns of coordinates."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.discovery import shapes_of
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.text.cell_values import number, plain, texts
from citybraid.sources.text.columns import key, synonyms
from citybraid.sources.vector.vectors import check_vertices, placed

WKT = re.compile(r"^\s*(?:SRID=\d+;)?\s*(POINT|LINESTRING|POLYGON|MULTI\w+|GEOMETRYCOLLECTION)\b", re.IGNORECASE)
WKB = re.compile(r"^0[01][0-9a-fA-F]{16,}$")
LOOK = 50


def shaped(
    frame: pd.DataFrame, role: str, options: CellOptions, *, name: str
) -> tuple[gpd.GeoDataFrame | None, list[Finding]]:
    """Return a table with its shapes, None where it carries none that its role can use.

    Raises InputError where coordinates are not finite or their CRS is not known.
    """
    column = next((each for each in frame.columns if _written(frame[each])), None)
    if column is not None:
        shapes = _shapes(texts(frame[column]))
        rest = frame.drop(columns=column)
        lost = np.array([shape is None for shape in shapes])
        found = (
            [_told("rejected", "intake.wkt_lost", role, int(lost.sum()), name=name, column=column)]
            if lost.any()
            else []
        )
        found.append(_told("found", "intake.wkt_read", role, int((~lost).sum()), name=name, column=column))
        return _placed(rest[~lost], shapes[~lost], options, name), found
    axes = _axes(frame, options.columns)
    if axes is None:
        return None, []
    if shapes_of(role).shape:  # areas or lines: points cannot stand for them
        return None, [_told("advice", "intake.points_no_areas", role, len(frame), name=name, column=", ".join(axes))]
    x, y = (np.array([number(cell) for cell in texts(frame[axis])]) for axis in axes)
    known = np.isfinite(x) & np.isfinite(y)
    found = (
        [_told("rejected", "intake.points_lost", role, int((~known).sum()), name=name, column=", ".join(axes))]
        if not known.all()
        else []
    )
    found.append(_told("found", "intake.points_read", role, int(known.sum()), name=name, column=", ".join(axes)))
    rest = frame.drop(columns=list(axes))
    return _placed(rest[known], shapely.points(x[known], y[known]), options, name), found


def kind_of(rows: Sequence[Sequence[object]]) -> Literal["polygon", "line", "point", "table"]:
    """Return what kind of shapes the cells of a sheet hold, 'table' where they hold none."""
    for row in rows[1:LOOK]:
        for cell in row:
            if isinstance(cell, str) and (found := WKT.match(cell)):
                kind = found[1].upper()
                return "polygon" if "POLYGON" in kind else "line" if "LINE" in kind else "point"
    return "table"


def _written(column: pd.Series) -> bool:
    """Tell whether a column holds shapes as well-known text or binary."""
    said = [cell for cell in (plain(each) for each in column[:LOOK]) if cell]
    return bool(said) and (all(WKT.match(cell) for cell in said) or all(WKB.match(cell) for cell in said))


def _shapes(said: pd.Series) -> np.ndarray:
    """Shapes as written, None where a text is none."""
    if said.map(lambda cell: bool(WKB.match(cell))).any():
        return np.asarray(shapely.from_wkb(said.to_numpy(dtype=object), on_invalid="ignore"))
    bare = said.str.replace(r"^\s*SRID=\d+;", "", regex=True)
    return np.asarray(shapely.from_wkt(bare.to_numpy(dtype=object), on_invalid="ignore"))


def _axes(frame: pd.DataFrame, said: Mapping[str, str]) -> tuple[str, str] | None:
    """The columns of coordinates, None where there are not two."""
    keys = {key(str(each)): str(each) for each in reversed(list(frame.columns))}
    for one, other in (("longitude", "latitude"), ("x", "y")):
        names = [
            said.get(var) or next((keys[key(word)] for word in synonyms(var) if key(word) in keys), None)
            for var in (one, other)
        ]
        if names[0] in frame.columns and names[1] in frame.columns:
            return str(names[0]), str(names[1])
    return None


def _placed(rest: pd.DataFrame, shapes: np.ndarray, options: CellOptions, name: str) -> gpd.GeoDataFrame:
    if not len(shapes):
        raise InputError("intake.layer_empty", name=name)
    frame = gpd.GeoDataFrame(rest.reset_index(drop=True), geometry=shapely.force_2d(shapes))
    check_vertices(frame.geometry, Limits(), name=name)
    return placed(frame, options.crs, name=name, axes=options.axes)


def _told(kind: Literal["found", "rejected", "advice"], text: str, role: str, count: int, **where: str) -> Finding:
    return Finding(kind, text, role, count, where)
