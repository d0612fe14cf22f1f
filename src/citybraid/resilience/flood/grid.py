"""Model area of the flood solver: closed cells, roof drainage, boundary faces and inflow cells."""

import math
from collections.abc import Sequence
from typing import Annotated, Literal, NamedTuple

import numpy as np
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.features import rasterize
from scipy.ndimage import distance_transform_edt

from citybraid.core.errors import InputError
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.water import INFLOW_SHARE
from citybraid.kernels.flood.edges import FIELDS, FREE
from citybraid.kernels.flood.state import QUANTUM, Bed

Side = Literal["north", "south", "west", "east"]
Edge = Literal["free", "closed", "level", "sea"]
Inflows = Annotated[View, Table("inflows", (), optional=(INFLOW_SHARE,))]
Flags = NDArray[np.bool_]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]

WALL = 1e4
"""Height of closed cells above the highest ground [m]: above any water level."""
CLOSE = 1e-6
"""Tolerance of the sum of inflow shares."""
ALONG_RIM = 0.5
"""Least share of an inflow line that runs along the rim faces of its cell, for its water to come over them [-]."""
ROUNDING = 1e-9
"""Share of an inflow line along a face that is none but rounding [-]."""
M_PER_MM = 1e-3
ROW, COLUMN, INNER_ROW, INNER_COLUMN, AXIS, SIGN, KIND = range(FIELDS)
"""Columns of a boundary face: its cell, the next cell inside, its axis (0 x, 1 y), outward sign, kind."""
LEVEL_EDGES: tuple[Edge, ...] = ("level", "sea")
"""Edges with a prescribed water level."""
SIDES: tuple[Side, ...] = ("north", "south", "west", "east")
"""Order of the sides, and of their levels."""
OUTWARD = ((-1, 0), (1, 0), (0, -1), (0, 1))
"""Row and column step outward over each side."""


class Domain(NamedTuple):
    """Cells of the model area and their bed levels."""

    inside: Flags
    """Cells of the model area: with terrain."""
    open: Flags
    """Cells of the area that water can enter: not blocked."""
    z: F64
    """Bed level, closed cells raised above any water [m]."""
    wall: float
    """Lowest bed level of a closed cell [m]."""


def cell_size(grid: GeoBox) -> F64:
    """Return the cell size along x and y in metres; raises InputError where the grid is not in metres."""
    crs = grid.crs
    if crs is not None and (crs.geographic or any(unit not in ("metre", "meter", "m") for unit in crs.units)):
        raise InputError("flood.grid_not_metric", crs=str(crs))
    return np.array([abs(grid.resolution.x), abs(grid.resolution.y)])


def model_domain(terrain: xr.DataArray, building_fraction: xr.DataArray | None, *, blocked_from: float) -> Domain:
    """Classify cells as open, blocked or outside; raises InputError where none is open."""
    bed = terrain.to_numpy().astype(np.float64)
    inside = np.isfinite(bed)
    ground = inside.copy()
    if building_fraction is not None:
        ground &= ~(building_fraction.to_numpy() >= blocked_from)
    if not ground.any():
        raise InputError("flood.no_ground", cells=int(inside.sum()))
    wall = float(bed[inside].max()) + WALL
    return Domain(inside, ground, np.where(ground, bed, wall), wall)


def filled(raster: xr.DataArray, name: str, ground: Flags, *, scale: float = 1.0) -> F64:
    """Return a raster's values on open ground, 0 elsewhere; raises InputError where one is missing."""
    values = raster.to_numpy().astype(np.float64)
    missing = int((~np.isfinite(values) & ground).sum())
    if missing:
        raise InputError("flood.value_missing", name=name, cells=missing)
    return np.where(ground, values * scale, 0.0)


class Roofs(NamedTuple):
    """Drainage of blocked cells (roofs): the open cell each drains to, and its storage.

    The cells that roofs drain to are listed row by row; `target` is each roof cell's index among them.
    """

    start: NDArray[np.int64]
    """Index of each row's first cell, and the count at the end: rows + 1."""
    column: I32
    target: NDArray[np.int64]
    storage: F64
    """Storage before runoff starts, per roof cell [m]."""

    def share(self, released: F64 | float = 1.0) -> F64:
        """Return the number of roof cells that drain to each receiving cell, weighted by `released` per roof cell."""
        weights = np.broadcast_to(np.asarray(released, dtype=np.float64), self.target.shape)
        return np.bincount(self.target, weights, minlength=self.column.size).astype(np.float64)


def roofs(domain: Domain, size: F64, surface_storage: xr.DataArray | None) -> Roofs:
    """Drain each blocked cell to the nearest open cell, after its surface storage is filled."""
    blocked = domain.inside & ~domain.open
    rows, columns = blocked.shape
    if not blocked.any():
        return Roofs(np.zeros(rows + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0))
    nearest = distance_transform_edt(
        ~domain.open, sampling=(size[1], size[0]), return_distances=False, return_indices=True
    )
    stored = (
        np.zeros(domain.open.shape) if surface_storage is None else np.nan_to_num(surface_storage.to_numpy()) * M_PER_MM
    )
    row, column = nearest[:, blocked].astype(np.int64)
    under, target = np.unique(row * columns + column, return_inverse=True)
    start = np.searchsorted(under, np.arange(rows + 1) * columns)
    return Roofs(start, (under % columns).astype(np.int32), target, stored[blocked])


def bed_levels(domain: Domain) -> F64:
    """Return the solver's bed levels: open cells rounded to QUANTUM, others above any water level [m]."""
    return np.where(domain.open, np.round(domain.z / QUANTUM) * QUANTUM, domain.wall)


def solver_bed(domain: Domain, manning: F64, above: Roofs, faces: I32, inflow: tuple[I32, F64], size: F64) -> Bed:
    """Return the solver's bed: falls over faces instead of levels, roughness -1 on closed cells."""
    z = bed_levels(domain)
    fall_x, fall_y = np.zeros(z.shape, np.float32), np.zeros(z.shape, np.float32)
    fall_x[:, :-1] = z[:, :-1] - z[:, 1:]
    fall_y[:-1] = z[:-1] - z[1:]
    beds = np.where(domain.open, z, np.inf)
    edge_bed = np.stack(
        [beds[faces[:, ROW], faces[:, COLUMN]], beds[faces[:, INNER_ROW], faces[:, INNER_COLUMN]]], axis=1
    )
    n = np.where(domain.open, manning, -1.0).astype(np.float32)
    edge_start = np.searchsorted(faces[:, ROW], np.arange(z.shape[0] + 1))
    return Bed(fall_x, fall_y, n, above.start, above.column, above.share(), edge_start, faces, edge_bed, *inflow, size)


def edge_faces(domain: Domain, sides: Sequence[Edge | float], outside: Literal["free", "closed"]) -> I32:
    """Return the boundary faces of the kernel, over which water can leave or enter, sorted by row.

    `sides` are in the order of SIDES; `outside` applies to the rim of the
    cells without terrain.
    """
    rows, columns = domain.open.shape
    faces: list[I32] = []
    for place, (down, right) in enumerate(OUTWARD):
        i, j = np.nonzero(domain.open & _at_edge(domain, down, right))
        beyond_i, beyond_j = i + down, j + right
        off = (beyond_i < 0) | (beyond_i >= rows) | (beyond_j < 0) | (beyond_j >= columns)
        side = "level" if isinstance(sides[place], float) else sides[place]
        if side in LEVEL_EDGES and not off.any():
            raise InputError("flood.level_nowhere", side=SIDES[place])
        kind = np.full(i.size, -1)
        if side != "closed":
            kind[off] = FREE if side == "free" else place + 1 + len(SIDES) * (side == "level")
        if outside == "free":
            rim = ~off
            rim[rim] = ~domain.inside[beyond_i[rim], beyond_j[rim]]
            kind[rim] = FREE
        inner_i, inner_j = np.clip(i - down, 0, rows - 1), np.clip(j - right, 0, columns - 1)
        axis, sign = np.full(i.size, int(down != 0)), np.full(i.size, down + right)
        every = np.stack([i, j, inner_i, inner_j, axis, sign, kind], axis=1)
        faces.append(every[kind >= 0].astype(np.int32))
    together = np.concatenate(faces) if faces else np.zeros((0, FIELDS), np.int32)
    return np.ascontiguousarray(together[np.argsort(together[:, ROW], kind="stable")])


def _at_edge(domain: Domain, down: int, right: int) -> Flags:
    """Return the cells whose neighbour at an offset (`down`, `right`) is outside the model area."""
    rows, columns = domain.inside.shape
    at_edge = np.ones(domain.inside.shape, bool)
    here = slice(max(-down, 0), rows - max(down, 0)), slice(max(-right, 0), columns - max(right, 0))
    there = slice(max(down, 0), rows + min(down, 0)), slice(max(right, 0), columns + min(right, 0))
    at_edge[here] = ~domain.inside[there]
    return at_edge


def inflow_cells(inflows: Inflows | None, domain: Domain, grid: GeoBox) -> tuple[I32, F64]:
    """Return the open cells that inflows enter, and each one's share of the discharge.

    A line's inflow is distributed by its length in each cell, a polygon's by its area. Without
    the column `inflow_share` all inflows have equal shares. Raises InputError where one meets no open cell.
    """
    if inflows is None or not len(inflows):
        return np.zeros((0, 2), np.int32), np.zeros(0)
    shares = _shares(inflows)
    total = np.zeros(grid.shape)
    for (name, shape), share in zip(inflows.geometry.items(), shares, strict=True):
        weight = np.where(domain.open, _measure(shape, grid), 0.0)
        if not weight.sum() > 0.0:
            raise InputError("flood.inflow_outside", name=str(name))
        total += share * weight / weight.sum()
    where = np.ascontiguousarray(np.argwhere(total > 0.0), dtype=np.int32)
    return where, total[total > 0.0] / total.sum()


class RiverMouths(NamedTuple):
    """Faces of a closed rim over which inflows enter, and what enters elsewhere.

    `faces` is cell row, cell column, axis (0 x, 1 y) and sign of the flow along it; `unit` the discharge over a metre
    of each, over the whole inflow [m⁻¹]; `share` what still enters each of the bed's inflow cells from above [-].
    """

    faces: I32
    unit: F64
    share: F64


def river_mouths(inflows: Inflows | None, bed: Bed, domain: Domain, grid: GeoBox) -> RiverMouths:
    """Return the rim faces over which inflows enter: those of cells that a line crosses along a closed rim.

    Where a cell has two such faces they share its water by the line's direction. Water of points and areas, and of
    lines elsewhere, comes from above or below.
    """
    faces, unit, share = list[tuple[int, int, int, int]](), list[float](), np.zeros(bed.inflow_share.size)
    row, column = bed.inflow_cells.T
    inward = _closed_rim(bed, domain)[:, row, column]
    for shape, part in [] if inflows is None else zip(inflows.geometry, _shares(inflows), strict=True):
        weight = np.where(domain.open, _measure(shape, grid), 0.0)
        entering = part * weight[row, column] / weight.sum()
        for place, piece in enumerate(shapely.intersection(shape, _boxes(row, column, grid))):
            along = _chord(piece)
            towards = np.abs(along[::-1]) * np.abs(inward[:, place])  # how much of it runs along each axis' rim face
            if not towards.sum() > ALONG_RIM * math.hypot(*along):
                share[place] += entering[place]
                continue
            for axis in np.flatnonzero(towards > ROUNDING * towards.sum()):
                faces.append((row[place], column[place], int(axis), int(inward[axis, place])))
                unit.append(entering[place] * float(towards[axis] / towards.sum()) / float(bed.size[1 - axis]))
    return RiverMouths(np.array(faces, np.int32).reshape(-1, 4), np.array(unit, np.float64), share)


def _chord(line: shapely.Geometry) -> F64:
    """Return the vector from a line's start to its end [m], 0 of one in parts and of anything else."""
    if line.geom_type != "LineString" or line.is_empty:  # type: ignore[attr-defined]  # shapely's stubs know it not
        return np.zeros(2)
    points = shapely.get_coordinates(line)
    return np.asarray(points[-1] - points[0], np.float64)


def _closed_rim(bed: Bed, domain: Domain) -> F64:
    """Return the sum of inward normals, east and south, of each cell's rim faces that no water passes: -1, 0 or 1."""
    passed = bed.edges[:, (ROW, COLUMN, AXIS, SIGN)]
    inward = np.zeros((2, *domain.open.shape))
    for down, right in OUTWARD:
        closed = domain.open & _at_edge(domain, down, right)
        over = passed[(passed[:, 2] == int(down != 0)) & (passed[:, 3] == down + right)]
        closed[over[:, 0], over[:, 1]] = False
        inward[0] -= right * closed
        inward[1] -= down * closed
    return inward


def _boxes(row: I32, column: I32, grid: GeoBox) -> NDArray[np.object_]:
    """Return the outlines of cells."""
    x, y = grid.affine * (column.astype(float), row.astype(float))
    right, down = grid.affine * (column + 1.0, row + 1.0)
    return np.asarray(shapely.box(np.minimum(x, right), np.minimum(y, down), np.maximum(x, right), np.maximum(y, down)))


def _shares(inflows: Inflows) -> F64:
    if "inflow_share" not in inflows.columns:
        return np.full(len(inflows), 1.0 / len(inflows))
    shares: F64 = inflows["inflow_share"].to_numpy(np.float64)
    if not abs(shares.sum() - 1.0) < CLOSE:
        raise InputError("flood.inflow_shares", got=float(shares.sum()))
    return shares


def _measure(shape: shapely.Geometry, grid: GeoBox) -> F64:
    """Return a shape's length, area or count of points in each cell."""
    touched = rasterize([(shape, 1)], out_shape=grid.shape, transform=grid.affine, all_touched=True, dtype="uint8")
    i, j = np.nonzero(touched)
    parts = shapely.intersection(shape, _boxes(i, j, grid))  # type: ignore[arg-type]  # int32 or int64
    weight = np.zeros(grid.shape)
    weight[i, j] = np.where(shapely.is_empty(parts), 0.0, _extent(parts, int(shapely.get_dimensions(shape))))
    return weight


def _extent(parts: NDArray[np.object_], dimensions: int) -> F64:
    """Return the size of parts by their dimension: count, length or area."""
    if dimensions == 0:
        return shapely.get_num_geometries(parts).astype(np.float64)
    return shapely.length(parts) if dimensions == 1 else shapely.area(parts)
