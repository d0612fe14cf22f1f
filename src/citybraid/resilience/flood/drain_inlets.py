"""Drain nodes on the surface: cells that drain into them, and cells that outfalls discharge onto."""

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
from citybraid.resilience.flood.grid import Domain
from citybraid.resilience.swmm.engine import Network

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Bools = NDArray[np.bool_]
MAX_NAMES = 8


class Inlets(NamedTuple):
    """Kind of every node; coupled ones with their cells and indices in the engine."""

    kind: pd.Series
    shift: pd.Series
    gap: pd.Series
    rows: I64
    """Rows of the coupled nodes in the table."""
    cells: I32
    nodes: I64
    """Indices of the coupled nodes in the engine's network."""
    ground: F64
    """Bed level of their cells, at which water enters and leaves, whatever rim level the model has [m]."""
    mouths: "Mouths"


class Mouths(NamedTuple):
    """Outfalls that discharge onto the surface."""

    rows: I64
    cells: I32
    nodes: I64
    ground: F64
    sill: F64
    """Level above which water passes: the higher of the outfall's invert and the bed [m]."""


class _Places(NamedTuple):
    """Cell of every node (row, column) or, where that is closed, the nearest open one, and its distance [m]."""

    x: F64
    y: F64
    cell: tuple[I64, I64]
    moved: Bools
    shift: F64
    outside: Bools


def inlets(
    nodes: gpd.GeoDataFrame, network: Network, domain: Domain, grid: GeoBox, *, reach: float, onto_ground: bool = True
) -> Inlets:
    """Find the cell of every node: its own, or the nearest open one within `reach` [m].

    Outfalls on the terrain discharge onto it (`onto_ground`) or lead out of the area, as others do. Dividers, nodes
    with a surcharge depth (bolted covers) and nodes with an invert above the bed do not exchange water with the
    surface. Raises InputError where a node is not in the model, or no node is coupled.
    """
    place = {name: number for number, name in enumerate(network.nodes)}
    if unknown := [str(name) for name in nodes.index if name not in place]:
        raise InputError("drains.names_differ", table="drain_nodes", names=unknown[:MAX_NAMES])
    number = np.array([place[name] for name in nodes.index], dtype=np.int64)
    places = _places(nodes, domain, grid)
    z, invert = domain.z[places.cell], network.inverts[number]
    kind = np.where(places.moved, "moved", "coupled").astype(object)
    kind[places.moved & (places.shift > reach)] = "blocked"
    kind[places.outside] = "outside"
    near = np.isin(kind, ("coupled", "moved"))
    kind[network.surcharges[number] > 0.0] = "sealed"
    of_model = np.array(network.node_kinds, dtype=object)[number]
    for other in ("outfall", "divider"):
        kind[of_model == other] = other
    kind[np.isin(kind, ("coupled", "moved")) & (z <= invert)] = "aloft"
    coupled = np.isin(kind, ("coupled", "moved"))
    if onto_ground:
        kind[near & (of_model == "outfall")] = "mouth"
    outfalls = kind == "mouth"
    if not (coupled | outfalls).any():
        raise InputError("drains.none_inside", nodes=len(nodes))
    rows = np.flatnonzero(outfalls)
    mouth_cells, mouth_shift = _lowest(places, invert, rows, domain, grid, reach=reach)
    ground = domain.z[mouth_cells[:, 0], mouth_cells[:, 1]]
    shift, gap = places.shift.copy(), invert + network.depths[number] - z
    shift[rows], gap[rows] = mouth_shift, invert[rows] - ground
    coupled_or_outfall, index = coupled | outfalls, nodes.index
    return Inlets(
        pd.Series(kind, index=index),
        pd.Series(np.where(coupled_or_outfall, shift, np.nan), index=index),
        pd.Series(np.where(coupled_or_outfall, gap, np.nan), index=index),
        np.flatnonzero(coupled),
        np.stack([places.cell[0][coupled], places.cell[1][coupled]], axis=1).astype(np.int32),
        number[coupled],
        z[coupled],
        Mouths(rows, mouth_cells, number[rows], ground, np.maximum(ground, invert[rows])),
    )


def _places(nodes: gpd.GeoDataFrame, domain: Domain, grid: GeoBox) -> _Places:
    x, y = shapely.get_x(nodes.geometry.to_numpy()), shapely.get_y(nodes.geometry.to_numpy())
    column, row = ~grid.affine * (x, y)
    j, i = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    rows, columns = domain.open.shape
    within = (j >= 0) & (j < rows) & (i >= 0) & (i < columns)
    size = abs(grid.resolution.y), abs(grid.resolution.x)
    places = np.where(within, j, 0), np.where(within, i, 0)
    near = distance_transform_edt(~domain.open, sampling=size, return_distances=False, return_indices=True)
    jn, inn = near[0][places], near[1][places]
    moved = within & ((jn != j) | (inn != i))
    cx, cy = grid.affine * (inn + 0.5, jn + 0.5)
    shift = np.where(moved, np.hypot(cx - x, cy - y), 0.0)
    return _Places(x, y, (jn, inn), moved, shift, ~within | ~domain.inside[places])


def _lowest(places: _Places, invert: F64, rows: I64, domain: Domain, grid: GeoBox, *, reach: float) -> tuple[I32, F64]:
    """Return the cell that each of `rows` discharges onto, and its distance [m].

    Its own where that is no higher than its invert, else the nearest such cell within reach, else the lowest there:
    outfalls are mostly drawn on the bank of the receiving water.
    """
    cells, shift = np.zeros((len(rows), 2), np.int32), np.zeros(len(rows))
    width, height = abs(grid.resolution.x), abs(grid.resolution.y)
    for place, row in enumerate(rows):
        own = int(places.cell[0][row]), int(places.cell[1][row])
        cells[place], shift[place] = own, places.shift[row]
        if domain.z[own] <= invert[row]:
            continue
        down, right = int(reach // height) + 1, int(reach // width) + 1
        top, left = max(0, own[0] - down), max(0, own[1] - right)
        window = slice(top, own[0] + down + 1), slice(left, own[1] + right + 1)
        jj, ii = np.nonzero(domain.open[window])
        jj, ii = jj + top, ii + left
        x, y = grid.affine * (ii + 0.5, jj + 0.5)
        distance = np.hypot(x - places.x[row], y - places.y[row])
        jj, ii, distance = jj[distance <= reach], ii[distance <= reach], distance[distance <= reach]
        if not len(distance):
            continue
        z = domain.z[jj, ii]
        best = np.lexsort((distance, np.maximum(z, invert[row])))[0]
        if z[best] < domain.z[own]:
            cells[place], shift[place] = (jj[best], ii[best]), distance[best]
    return cells, shift
