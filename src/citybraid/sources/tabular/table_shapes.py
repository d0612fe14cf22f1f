"""Shapes of a table of cells: well-known text or binary in a column, or two columns of coordinates."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.discovery import geometry_settings
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.text.cell_values import normalize_cell, normalize_column, parse_number
from citybraid.sources.text.columns import key, synonyms
from citybraid.sources.vector.vectors import check_vertices, georeferenced

WKT = re.compile(r"^\s*(?:SRID=\d+;)?\s*(POINT|LINESTRING|POLYGON|MULTI\w+|GEOMETRYCOLLECTION)\b", re.IGNORECASE)
WKB = re.compile(r"^0[01][0-9a-fA-F]{16,}$")
LOOK = 50


def with_shapes(
    frame: pd.DataFrame, role: str, options: CellOptions, *, name: str
) -> tuple[gpd.GeoDataFrame | None, list[Finding]]:
    """Return a table with its shapes, None where it has none that its role can use.

    Raises InputError where coordinates are not finite or their CRS is not known.
    """
    column = next((each for each in frame.columns if _is_wkt_or_wkb(frame[each])), None)
    if column is not None:
        shapes = _shapes(normalize_column(frame[column]))
        rest = frame.drop(columns=column)
        invalid = np.array([shape is None for shape in shapes])
        findings = (
            [_finding("rejected", "intake.wkt_lost", role, int(invalid.sum()), name=name, column=column)]
            if invalid.any()
            else []
        )
        findings.append(_finding("found", "intake.wkt_read", role, int((~invalid).sum()), name=name, column=column))
        return _placed(rest[~invalid], shapes[~invalid], options, name), findings
    axes = _axes(frame, options.columns)
    if axes is None:
        return None, []
    if geometry_settings(role).shape:  # areas or lines: points cannot stand for them
        return None, [_finding("advice", "intake.points_no_areas", role, len(frame), name=name, column=", ".join(axes))]
    x, y = (np.array([parse_number(cell) for cell in normalize_column(frame[axis])]) for axis in axes)
    known = np.isfinite(x) & np.isfinite(y)
    findings = (
        [_finding("rejected", "intake.points_lost", role, int((~known).sum()), name=name, column=", ".join(axes))]
        if not known.all()
        else []
    )
    findings.append(_finding("found", "intake.points_read", role, int(known.sum()), name=name, column=", ".join(axes)))
    rest = frame.drop(columns=list(axes))
    return _placed(rest[known], shapely.points(x[known], y[known]), options, name), findings


def shape_kind(rows: Sequence[Sequence[object]]) -> Literal["polygon", "line", "point", "table"]:
    """Return the kind of shapes in the cells of a sheet, 'table' where there are none."""
    for row in rows[1:LOOK]:
        for cell in row:
            if isinstance(cell, str) and (match := WKT.match(cell)):
                kind = match[1].upper()
                return "polygon" if "POLYGON" in kind else "line" if "LINE" in kind else "point"
    return "table"


def _is_wkt_or_wkb(column: pd.Series) -> bool:
    """Return whether a column holds shapes as well-known text or binary."""
    cells = [cell for cell in (normalize_cell(each) for each in column[:LOOK]) if cell]
    return bool(cells) and (all(WKT.match(cell) for cell in cells) or all(WKB.match(cell) for cell in cells))


def _shapes(cells: pd.Series) -> np.ndarray:
    """Return parsed shapes, None where a text is invalid."""
    if cells.map(lambda cell: bool(WKB.match(cell))).any():
        return np.asarray(shapely.from_wkb(cells.to_numpy(dtype=object), on_invalid="ignore"))
    bare = cells.str.replace(r"^\s*SRID=\d+;", "", regex=True)
    return np.asarray(shapely.from_wkt(bare.to_numpy(dtype=object), on_invalid="ignore"))


def _axes(frame: pd.DataFrame, columns: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the two columns of coordinates, None where there are not two."""
    keys = {key(str(each)): str(each) for each in reversed(list(frame.columns))}
    for one, other in (("longitude", "latitude"), ("x", "y")):
        names = [
            columns.get(var) or next((keys[key(word)] for word in synonyms(var) if key(word) in keys), None)
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
    return georeferenced(frame, options.crs, name=name, axes=options.axes)


def _finding(kind: Literal["found", "rejected", "advice"], text: str, role: str, count: int, **where: str) -> Finding:
    return Finding(kind, text, role, count, where)
