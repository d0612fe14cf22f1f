"""Levees and their gates on the grid: faces that a line closes, crest lengths there, faces of gates."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.text import Phrase
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.defences import (
    CREST_HEIGHT,
    CREST_LEVEL,
    GATE_FLAP,
    GATE_HEIGHT,
    GATE_OPEN_FROM,
    GATE_OPEN_UNTIL,
    GATE_OPENS_AT,
    GATE_SHUTS_AT,
    GATE_SILL,
    GATE_WIDTH,
)

Levees = Annotated[View, Table("levees", (), optional=(CREST_LEVEL, CREST_HEIGHT))]
GateTable = Annotated[
    View,
    Table(
        "gates",
        (),
        optional=(
            GATE_WIDTH, GATE_SILL, GATE_HEIGHT, GATE_FLAP, GATE_OPENS_AT, GATE_SHUTS_AT, GATE_OPEN_FROM,
            GATE_OPEN_UNTIL,
        ),
    ),
]  # fmt: skip
"""A gate without a width or sill is refused, not left out: a flood without it would look as if it were shut."""
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
Place = tuple[I32, I32]
"""Rows and columns of cells."""

HOUR = 3600.0
LINE_SHIFT = (6.18e-7, 4.14e-7)
"""Shift of lines [cells], so that none passes exactly through a cell centre."""
MAX_GATE_DISTANCE = 1.5
"""Greatest distance of a gate from its levee's faces [cells]."""


class Site(NamedTuple):
    """Site of structures: bed [m], open cells, cells with terrain, the grid, its cell size [m]."""

    bed: F64
    open: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    grid: GeoBox
    size: F64


class Faces(NamedTuple):
    """Faces that levees close: both cells (row, column, row, column), crest [m], its length [m], row of the levee."""

    cells: I32
    crest: F64
    width: F64
    of: I32


class Openings(NamedTuple):
    """Faces of gates, inside cell first, with their gates' values; `watched` is the cell of the control level."""

    cells: I32
    sill: F64
    height: F64
    width: F64
    flap: I32
    watched: I32
    opens: F64
    shuts: F64
    hours: F64
    of: I32


def ends_of(cells: I32) -> tuple[Place, Place]:
    """Return rows and columns of the first cells of pairs, and of the second."""
    first_row, first_column, second_row, second_column = cells.T
    return (first_row, first_column), (second_row, second_column)


def column(table: gpd.GeoDataFrame, name: str) -> F64:
    """Return a column's values, NaN where it or a value is not given."""
    if name not in table.columns:
        return np.full(len(table), np.nan)
    return np.array(table[name], dtype=np.float64)


def required(table: gpd.GeoDataFrame, name: str, kind: str) -> F64:
    """Return a column's values, all positive or all finite levels; raises InputError where one is missing."""
    values = column(table, name)
    if not np.isfinite(values).all():
        lacking = table.index[~np.isfinite(values)][0]
        raise InputError("flood.structure_value", kind=Phrase(f"var.{kind}", {}), name=str(lacking), column=name)
    return values


def levee_faces(levees: gpd.GeoDataFrame, site: Site) -> Faces:
    """Return the faces that levees close: those between two cell centres that a line separates.

    The faces of a line close every path across it. On a slant their total length exceeds that of the line, so each
    has its share of the line's length as crest. Where the ground is as high as the crest the face stays open. Where
    two levees share a face, the higher counts.
    Raises InputError where a levee has no crest or two, separates no open cells, or is nowhere above the ground.
    """
    level, height = column(levees, "crest_level"), column(levees, "crest_height")
    faces: list[tuple[I32, F64, F64, I32]] = []
    for place, (name, shape) in enumerate(levees.geometry.items()):
        if np.isfinite(level[place]) == np.isfinite(height[place]):
            raise InputError("flood.levee_crest", name=str(name))
        cells, width = _faces_crossed(_lines(shape, "levees", name), site)
        first_cells, second_cells = ends_of(cells)
        both_open = site.open[first_cells] & site.open[second_cells]
        cells, width = cells[both_open], width[both_open]
        if not len(cells):
            raise InputError("flood.levee_nowhere", name=str(name))
        first_cells, second_cells = ends_of(cells)
        ground = np.maximum(site.bed[first_cells], site.bed[second_cells])
        crest = ground + height[place] if np.isfinite(height[place]) else np.full(len(cells), level[place])
        above = crest > ground
        if not above.any():
            levels = {"crest": round(float(crest.max()), 2), "ground": round(float(ground.min()), 2)}
            raise InputError("flood.levee_low", name=str(name), **levels)
        faces.append((cells[above], crest[above], width[above], np.full(int(above.sum()), place, np.int32)))
    cells, crest, width, of = (np.concatenate(parts) for parts in zip(*faces, strict=True))
    order = np.lexsort((-crest, *cells.T[::-1]))
    cells, crest, width, of = cells[order], crest[order], width[order], of[order]
    is_first = np.append(True, (cells[1:] != cells[:-1]).any(axis=1))
    return Faces(cells[is_first], crest[is_first], width[is_first], of[is_first])


def _lines(shape: shapely.Geometry | None, kind: str, name: object) -> list[F64]:
    """Return the vertices of a line's parts; raises InputError where the shape is not a line."""
    if shape is None or shapely.is_empty(shape) or shapely.get_dimensions(shape) != 1:
        raise InputError("flood.structure_line", kind=Phrase(f"var.{kind}", {}), name=str(name))
    return [shapely.get_coordinates(part) for part in shapely.get_parts(shape)]


def single_line(shape: shapely.Geometry | None, kind: str, name: object) -> F64:
    """Return the vertices of a single line; raises InputError where the shape is not one."""
    parts = _lines(shape, kind, name)
    if len(parts) > 1:
        parts = _lines(shapely.line_merge(shape), kind, name)
    if len(parts) > 1:
        raise InputError("flood.structure_line", kind=Phrase(f"var.{kind}", {}), name=str(name))
    return parts[0]


def _faces_crossed(parts: list[F64], site: Site) -> tuple[I32, F64]:
    """Return pairs of neighbouring cells whose centres a line separates, and its length at each [m]."""
    rows, columns = site.bed.shape
    cells: list[NDArray[np.int64]] = [np.zeros((0, 4), np.int64)]
    widths: list[F64] = [np.zeros(0)]
    for part in parts:
        x, y = ~site.grid.affine * (part[:, 0], part[:, 1])
        across, down = np.asarray(x) - 0.5 + LINE_SHIFT[0], np.asarray(y) - 0.5 + LINE_SHIFT[1]
        for u0, v0, u1, v1 in zip(across[:-1], down[:-1], across[1:], down[1:], strict=True):
            wide, tall = abs(u1 - u0) * site.size[0], abs(v1 - v0) * site.size[1]
            length_factor = float(np.hypot(wide, tall) / (wide + tall)) if wide + tall > 0.0 else 0.0
            j = _integers_between(v0, v1, rows)
            i = np.floor(u0 + (j - v0) * (u1 - u0) / (v1 - v0)).astype(np.int64) if j.size else j
            on = (i >= 0) & (i + 1 < columns)
            cells.append(np.stack([j[on], i[on], j[on], i[on] + 1], axis=1))
            widths.append(np.full(int(on.sum()), site.size[1] * length_factor))
            i = _integers_between(u0, u1, columns)
            j = np.floor(v0 + (i - u0) * (v1 - v0) / (u1 - u0)).astype(np.int64) if i.size else i
            on = (j >= 0) & (j + 1 < rows)
            cells.append(np.stack([j[on], i[on], j[on] + 1, i[on]], axis=1))
            widths.append(np.full(int(on.sum()), site.size[0] * length_factor))
    return np.concatenate(cells).astype(np.int32), np.concatenate(widths)


def _integers_between(one: float, other: float, count: int) -> NDArray[np.int64]:
    """Return the integers between two values, limited to 0 and `count` - 1."""
    low, high = sorted((one, other))
    return np.arange(max(int(np.ceil(low)), 0), min(int(np.floor(high)), count - 1) + 1, dtype=np.int64)


def gate_openings(gates: gpd.GeoDataFrame, walls: Faces, site: Site) -> Openings:
    """Return the faces of gates: the levee's nearest, as many as the gate is wide, in the direction of its line.

    Raises InputError where a gate lacks a width or sill, has no levee near, an incomplete rule, or is never open.
    """
    width, sill = required(gates, "gate_width", "gates"), required(gates, "gate_sill", "gates")
    height = np.nan_to_num(column(gates, "gate_height"), nan=np.inf)
    flap = np.nan_to_num(column(gates, "gate_flap")) > 0.0
    opens, shuts = column(gates, "gate_opens_at"), column(gates, "gate_shuts_at")
    hours = _hours(gates)
    openings: list[tuple[I32, I32]] = []
    for place, (name, shape) in enumerate(gates.geometry.items()):
        has_level = np.isfinite([opens[place], shuts[place]])
        if has_level.any() and (not has_level.all() or opens[place] == shuts[place]):
            raise InputError("flood.gate_rule", name=str(name))
        faces = _nearest_faces(single_line(shape, "gates", name), walls, site, width[place])
        if not len(faces):
            raise InputError(
                "flood.gate_nowhere", name=str(name), reach=round(MAX_GATE_DISTANCE * float(site.size.max()), 1)
            )
        openings.append((faces, np.full(len(faces), place, np.int32)))
    cells, of = np.concatenate([cells for cells, _ in openings]), np.concatenate([of for _, of in openings])
    watched = np.concatenate([np.repeat(cells[:1, :2], len(cells), axis=0) for cells, _ in openings])
    shared = width[of] / np.bincount(of)[of]
    return Openings(
        cells, sill[of], height[of], shared, flap[of].astype(np.int32), watched,
        np.where(np.isfinite(opens), opens, -np.inf)[of], np.where(np.isfinite(shuts), shuts, -np.inf)[of], hours[of],
        of,
    )  # fmt: skip


def _hours(gates: gpd.GeoDataFrame) -> F64:
    """Return from when and until when each gate may be open [s]; raises InputError where that is never."""
    first = np.nan_to_num(column(gates, "gate_open_from"), nan=-np.inf, posinf=np.inf, neginf=-np.inf) * HOUR
    last = np.nan_to_num(column(gates, "gate_open_until"), nan=np.inf, posinf=np.inf, neginf=-np.inf) * HOUR
    if never := list(gates.index[last <= first]):
        raise InputError("flood.gate_hours", name=str(never[0]))
    return np.stack([first, last], axis=1)


def _nearest_faces(line: F64, walls: Faces, site: Site, width: float) -> I32:
    """Return the levees' faces nearest to the middle of a gate's line, which runs from first to second cells."""
    x, y = ~site.grid.affine * (line[:, 0], line[:, 1])
    points = np.stack([np.asarray(x) - 0.5, np.asarray(y) - 0.5], axis=1) * site.size
    middle, direction = 0.5 * (points[0] + points[-1]), points[-1] - points[0]
    first, second = walls.cells[:, 1::-1] * site.size, walls.cells[:, :1:-1] * site.size
    along = (second - first) @ direction
    distance = np.hypot(*(0.5 * (first + second) - middle).T)
    candidates = np.flatnonzero((distance <= MAX_GATE_DISTANCE * site.size.max() + 0.5 * width) & (along != 0.0))
    order = candidates[np.argsort(distance[candidates], kind="stable")]
    if not order.size or distance[order[0]] > MAX_GATE_DISTANCE * site.size.max():
        return np.zeros((0, 4), np.int32)
    chosen = order[: max(1, int(np.ceil(width / walls.width[order[0]] - 1e-9)))]
    cells = walls.cells[chosen]
    return np.where((along[chosen] > 0.0)[:, None], cells, cells[:, [2, 3, 0, 1]]).astype(np.int32)
