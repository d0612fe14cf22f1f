"""Drainage zones: catchments of outfalls, water bodies and the edge, delineated from the terrain."""

import heapq
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.control_areas import (
    DRAINAGE_ZONE_AREA,
    DRAINAGE_ZONE_OUTLET,
    DRAINAGE_ZONE_SLOPE,
    DRAINAGE_ZONES,
)
from citybraid.core.vocabulary.drains import NODE_KIND
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.kernels.terrain.flow import NONE, Routes, ends, route, subcatchment_outlets
from citybraid.resilience.areas.polygons import (
    Flags,
    Floats,
    Labels,
    cell_area,
    cell_sides,
    label_components,
    polygonize,
    study_area_mask,
    water_mask,
)

Ints = NDArray[np.int64]
OUTFALL, WATER, EDGE, ON = "outfall", "water", "edge", "downstream"
"""Node type of an outfall, and the other outlets of a zone."""
BEYOND, FURTHER = -2, -3
"""Codes in place of an outfall's index: over the edge of the terrain, into a zone downstream; NONE: to water."""
NEIGHBOUR_PAIRS = (
    ((slice(None), slice(None, -1)), (slice(None), slice(1, None))),
    ((slice(None, -1), slice(None)), (slice(1, None), slice(None))),
)
"""Slices of cells and of their eastern and southern neighbours: every shared cell edge once."""


class DrainageZonesParams(Params):
    """Size limits of zones."""

    least_area: float = Field(40000.0, ge=0.0, le=1e9)
    """A zone smaller than this is merged into the neighbour with the longest common border [m2]."""
    most_area: float = Field(2e6, gt=0.0, le=1e12)
    """A zone is closed where the contributing area of a cell reaches this; 2 km2 is what GB 50014-2021 lets the rational method take, as recalled [m2]."""  # noqa: E501  (a field's docstring is one line)


class DrainageZonesResult(NamedTuple):
    """The zones."""

    drainage_zones: DRAINAGE_ZONES
    drainage_zone_area: DRAINAGE_ZONE_AREA
    drainage_zone_outlet: DRAINAGE_ZONE_OUTLET
    drainage_zone_slope: DRAINAGE_ZONE_SLOPE


@model(
    version=1,
    cite="Barnes, Lehman and Mulla (2014), Comput. Geosci. 62: 117-127, algorithm 1 (priority flood); O'Callaghan and "
    "Mark (1984), Comput. Vis. Graph. Image Process. 28: 323-344 (D8)",
    validity="Runoff over ground: drains under streets, culverts and pumps may lead elsewhere. On plains the zones are "
    "as good as the terrain's decimetres.",
)
def drainage_zones(
    *,
    terrain: TERRAIN,
    grid: GeoBox,
    p: DrainageZonesParams,
    land_cover: LAND_COVER | None = None,
    drain_nodes: Annotated[View, Table("drain_nodes", (NODE_KIND,))] | None = None,
    study_area: Annotated[View, Table("study_area")] | None = None,
) -> DrainageZonesResult:
    """Delineate zones by the outfall, the water body or the edge that their runoff reaches first.

    Depressions are filled to their spill level; each cell drains to its steepest lower neighbour (D8). Land that
    drains to one water body from two banks forms two zones, and a flow path is cut into a separate zone where its
    contributing area reaches `most_area`. Zones smaller than `least_area` are merged into a
    neighbour. Outfalls are the drain nodes of that kind, where drains are given. Water itself is in
    no zone. Raises InputError where the grid is not in metres or the terrain is empty.
    """
    size = cell_sides(grid)
    ground = terrain.to_numpy().astype(np.float64)
    valid = np.isfinite(ground)
    if not valid.any():
        raise InputError("areas.no_ground")
    wet = water_mask(land_cover, grid) & valid
    outfalls = _outfalls(drain_nodes, grid)
    outlet = wet | (outfalls >= 0)
    routes = route(np.where(valid, ground, 0.0), valid.astype(np.uint8), outlet.astype(np.uint8), size)
    contributing_area = np.where(wet | ~valid, 0.0, cell_area(grid)).ravel()
    closed = subcatchment_outlets(routes.receiver, routes.order, contributing_area, p.most_area)
    end = ends(routes.receiver, routes.order, closed)
    land = valid & ~wet & study_area_mask(study_area, grid)
    labels = _merged(_partitioned(end, wet, land), least=p.least_area, cell=cell_area(grid))
    areas = polygonize(labels, grid, prefix="zone")
    slope = _mean(_slopes(routes, size), labels)
    kinds = np.where(closed == 1, FURTHER, np.where(wet.ravel(), NONE, BEYOND))
    kinds = np.where(outfalls.ravel() >= 0, outfalls.ravel(), kinds)[np.where(end >= 0, end, 0)]
    names = [] if drain_nodes is None else [str(name) for name in drain_nodes.index]
    outlet_names = {NONE: WATER, BEYOND: EDGE, FURTHER: ON} | dict(enumerate(names))
    outlets = [outlet_names[code] for code in _outlets(kinds, labels, areas.number).tolist()]
    return DrainageZonesResult(
        areas.shapes,
        areas.area,
        pd.Series(outlets, index=areas.shapes.index, dtype=object),
        areas.column(slope[areas.number]),
    )


def _outfalls(nodes: View | None, grid: GeoBox) -> Ints:
    """Return the row of the outfall on each cell, -1 elsewhere."""
    outfall_index = np.full(grid.shape, -1, dtype=np.int64)
    if nodes is None:
        return outfall_index
    kind = nodes["node_kind"].astype(str).str.casefold().to_numpy()
    points = nodes.geometry.representative_point()
    column, row = ~grid.affine * (points.x.to_numpy(), points.y.to_numpy())
    for index in np.flatnonzero(kind == OUTFALL)[::-1]:
        if 0 <= row[index] < grid.shape[0] and 0 <= column[index] < grid.shape[1]:
            outfall_index[int(row[index]), int(column[index])] = index
    return outfall_index


def _partitioned(end: Ints, wet: Flags, land: Flags) -> Labels:
    """Label the connected land cells that drain to one outlet; all cells of a water body are one outlet."""
    bodies = label_components(wet).ravel()
    outlet = np.where(end >= 0, end, 0)
    group = np.where(bodies[outlet] > 0, bodies[outlet], int(bodies.max(initial=0)) + 1 + outlet).reshape(land.shape)
    cell_index = np.arange(land.size).reshape(land.shape)
    links = []
    for cells, neighbours in NEIGHBOUR_PAIRS:
        same = land[cells] & land[neighbours] & (group[cells] == group[neighbours])
        links.append(np.stack([cell_index[cells][same], cell_index[neighbours][same]]))
    first, second = np.concatenate(links, axis=1)
    graph = csr_array((np.ones(first.size, dtype=np.int8), (first, second)), shape=(land.size, land.size))
    part = connected_components(graph, directed=False)[1].reshape(land.shape)
    number = np.unique(np.where(land, part, -1), return_inverse=True)[1].reshape(land.shape)
    return np.where(land, number + 1, 0).astype(np.int32)


def _merged(labels: Labels, *, least: float, cell: float) -> Labels:
    """Merge zones smaller than `least` [m2], the smallest first, into the neighbour with the longest common border."""
    area = dict(enumerate((np.bincount(labels.ravel()) * cell).tolist()))
    borders = _borders(labels)
    merged_into = np.arange(max(area) + 1)
    small = [(size, zone) for zone, size in area.items() if zone > 0 and 0.0 < size < least]
    heapq.heapify(small)
    while small:
        size, zone = heapq.heappop(small)
        if merged_into[zone] != zone or size != area[zone] or not borders.get(zone):
            continue
        host = min(borders[zone], key=lambda other: (-borders[zone][other], other))
        merged_into[zone] = host
        area[host] += size
        for other, length in borders.pop(zone).items():
            borders[other].pop(zone, None)
            if other != host:
                borders[host][other] = borders[other][host] = borders[host].get(other, 0) + length
        if area[host] < least:
            heapq.heappush(small, (area[host], host))
    # Follow chains of merges to their final zone (path compression).
    for zone in range(merged_into.size):
        while merged_into[merged_into[zone]] != merged_into[zone]:
            merged_into[zone] = merged_into[merged_into[zone]]
    return merged_into[labels].astype(np.int32)


def _borders(labels: Labels) -> dict[int, dict[int, int]]:
    """Return the number of cell edges shared by each pair of neighbouring zones."""
    borders: dict[int, dict[int, int]] = {}
    for cells, neighbours in NEIGHBOUR_PAIRS:
        first, second = labels[cells].ravel(), labels[neighbours].ravel()
        apart = (first != second) & (first > 0) & (second > 0)
        pairs, counts = np.unique(np.stack([first[apart], second[apart]]), axis=1, return_counts=True)
        for a, b, count in zip(*pairs.tolist(), counts.tolist(), strict=True):
            for zone, neighbour in ((a, b), (b, a)):
                shared_edges = borders.setdefault(zone, {})
                shared_edges[neighbour] = shared_edges.get(neighbour, 0) + count
    return borders


def _outlets(kinds: Ints, labels: Labels, number: Labels) -> Ints:
    """Return the most frequent outlet of each zone's cells."""
    labelled = labels.ravel() > 0
    pairs, counts = np.unique(np.stack([labels.ravel()[labelled], kinds[labelled]]), axis=1, return_counts=True)
    order = np.lexsort((pairs[1], -counts, pairs[0]))
    zones, first = np.unique(pairs[0][order], return_index=True)
    return np.asarray(pairs[1][order][first][np.searchsorted(zones, number)], dtype=np.int64)


def _slopes(routes: Routes, size: Floats) -> Floats:
    """Return the slope from each cell to its receiver [m m-1]; 0 for outlets."""
    columns = routes.filled.shape[1]
    cell_index = np.arange(routes.receiver.size)
    receiver = np.where(routes.receiver == NONE, cell_index, routes.receiver)
    distance = np.hypot(
        (receiver // columns - cell_index // columns) * size[1], (receiver % columns - cell_index % columns) * size[0]
    )
    fall = routes.filled.ravel() - routes.filled.ravel()[receiver]
    return np.where(distance > 0.0, fall / np.maximum(distance, size.min()), 0.0)


def _mean(values: Floats, labels: Labels) -> Floats:
    """Return the mean of the cells of each label."""
    cells = np.bincount(labels.ravel())
    return np.bincount(labels.ravel(), weights=values) / np.maximum(cells, 1)
