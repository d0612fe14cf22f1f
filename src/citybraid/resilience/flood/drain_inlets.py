"""Where nodes of drains meet the ground: cells that water goes down from, and cells that outfalls discharge onto."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import distance_transform_edt

from citybraid.core.errors import InputError
from citybraid.kernels.flood.state import I32
from citybraid.resilience.flood.grid import Cells
from citybraid.resilience.swmm.engine import Network

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]
MOST_TOLD = 8


class Inlets(NamedTuple):
    """How every node meets the ground; the coupled ones with their cells and places in the engine."""

    kind: pd.Series
    shift: pd.Series
    gap: pd.Series
    rows: I64
    """Places of the coupled nodes in the table."""
    cells: I32
    nodes: I64
    """Places of the coupled nodes in the engine's network."""
    ground: F64
    """Ground of their cells, which is where water goes in and out, whatever the model says of the rim [m]."""
    mouths: "Mouths"


class Mouths(NamedTuple):
    """Outfalls that discharge onto the ground."""

    rows: I64
    cells: I32
    nodes: I64
    ground: F64
    sill: F64
    """Level from which on water passes: the outfall's bottom or, where that is higher, the ground [m]."""


class _Places(NamedTuple):
    """Own cell of every node (row, column) or, where that is closed, the nearest open one, and how far it is [m]."""

    x: F64
    y: F64
    cell: tuple[I64, I64]
    moved: Bools
    shift: F64
    outside: Bools


def inlets(
    nodes: gpd.GeoDataFrame, network: Network, found: Cells, grid: GeoBox, *, reach: float, onto_ground: bool = True
) -> Inlets:
    """Find the cell of every node: its own, or the nearest open one within `reach` [m].

    Outfalls on the terrain discharge onto it (`onto_ground`) or lead out of the area, as others do; dividers stay as
    they are, nodes with a surcharge depth have bolted lids: neither exchanges water with the ground. Nor does a node
    whose bottom lies above the ground. Raises InputError where the model has no such name, or no node is coupled.
    """
    place = {name: number for number, name in enumerate(network.nodes)}
    if strange := [str(name) for name in nodes.index if name not in place]:
        raise InputError("drains.names_differ", table="drain_nodes", names=strange[:MOST_TOLD])
    number = np.array([place[name] for name in nodes.index], dtype=np.int64)
    at = _places(nodes, found, grid)
    z, invert = found.z[at.cell], network.inverts[number]
    kind = np.where(at.moved, "moved", "coupled").astype(object)
    kind[at.moved & (at.shift > reach)] = "blocked"
    kind[at.outside] = "outside"
    near = np.isin(kind, ("coupled", "moved"))
    kind[network.surcharges[number] > 0.0] = "sealed"
    of_model = np.array(network.node_kinds, dtype=object)[number]
    for other in ("outfall", "divider"):
        kind[of_model == other] = other
    kind[np.isin(kind, ("coupled", "moved")) & (z <= invert)] = "aloft"
    joined = np.isin(kind, ("coupled", "moved"))
    if onto_ground:
        kind[near & (of_model == "outfall")] = "mouth"
    opened = kind == "mouth"
    if not (joined | opened).any():
        raise InputError("drains.none_inside", nodes=len(nodes))
    rows = np.flatnonzero(opened)
    mouth_cells, mouth_shift = _lowest(at, invert, rows, found, grid, reach=reach)
    ground = found.z[mouth_cells[:, 0], mouth_cells[:, 1]]
    shift, gap = at.shift.copy(), invert + network.depths[number] - z
    shift[rows], gap[rows] = mouth_shift, invert[rows] - ground
    met, index = joined | opened, nodes.index
    return Inlets(
        pd.Series(kind, index=index),
        pd.Series(np.where(met, shift, np.nan), index=index),
        pd.Series(np.where(met, gap, np.nan), index=index),
        np.flatnonzero(joined),
        np.stack([at.cell[0][joined], at.cell[1][joined]], axis=1).astype(np.int32),
        number[joined],
        z[joined],
        Mouths(rows, mouth_cells, number[rows], ground, np.maximum(ground, invert[rows])),
    )


def _places(nodes: gpd.GeoDataFrame, found: Cells, grid: GeoBox) -> _Places:
    x, y = shapely.get_x(nodes.geometry.to_numpy()), shapely.get_y(nodes.geometry.to_numpy())
    column, row = ~grid.affine * (x, y)
    j, i = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    rows, columns = found.open.shape
    within = (j >= 0) & (j < rows) & (i >= 0) & (i < columns)
    size = abs(grid.resolution.y), abs(grid.resolution.x)
    at = np.where(within, j, 0), np.where(within, i, 0)
    near = distance_transform_edt(~found.open, sampling=size, return_distances=False, return_indices=True)
    jn, inn = near[0][at], near[1][at]
    moved = within & ((jn != j) | (inn != i))
    cx, cy = grid.affine * (inn + 0.5, jn + 0.5)
    shift = np.where(moved, np.hypot(cx - x, cy - y), 0.0)
    return _Places(x, y, (jn, inn), moved, shift, ~within | ~found.inside[at])


def _lowest(at: _Places, invert: F64, rows: I64, found: Cells, grid: GeoBox, *, reach: float) -> tuple[I32, F64]:
    """Return the cell that each of some outfalls discharges onto, and how far it is [m].

    Its own where that is no higher than its bottom, else the nearest within reach that is not, else the lowest there:
    an outfall is mostly drawn on the bank of the water that it leads to.
    """
    cells, shift = np.zeros((len(rows), 2), np.int32), np.zeros(len(rows))
    width, height = abs(grid.resolution.x), abs(grid.resolution.y)
    for place, row in enumerate(rows):
        own = int(at.cell[0][row]), int(at.cell[1][row])
        cells[place], shift[place] = own, at.shift[row]
        if found.z[own] <= invert[row]:
            continue
        down, right = int(reach // height) + 1, int(reach // width) + 1
        top, left = max(0, own[0] - down), max(0, own[1] - right)
        here = slice(top, own[0] + down + 1), slice(left, own[1] + right + 1)
        jj, ii = np.nonzero(found.open[here])
        jj, ii = jj + top, ii + left
        x, y = grid.affine * (ii + 0.5, jj + 0.5)
        far = np.hypot(x - at.x[row], y - at.y[row])
        jj, ii, far = jj[far <= reach], ii[far <= reach], far[far <= reach]
        if not len(far):
            continue
        z = found.z[jj, ii]
        best = np.lexsort((far, np.maximum(z, invert[row])))[0]
        if z[best] < found.z[own]:
            cells[place], shift[place] = (jj[best], ii[best]), far[best]
    return cells, shift
