"""Ways on foot along streets, from areas to buildings."""

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from citybraid.core.remembered import remembered
from citybraid.core.streets.street_network import (
    Floats,
    Ints,
    NetworkParams,
    Places,
    Shapes,
    lines_of,
    nearest,
    network,
    of_class,
)
from citybraid.core.streets.street_structures import grade_separated

NO_FOOT = frozenset({"motorway", "motorway_link"})
"""Road classes without people on foot."""
SPACING = 25.0
"""Distance between the points of an area's edge at which it may be entered [m]."""
SHORTEST = 1e-6
"""Least length of an arc [m]: a sparse graph drops arcs of length 0."""
AT_ONCE = 64
"""Areas that are searched from at once, to bound memory."""


@remembered(4)
def ways_from_areas(
    areas: gpd.GeoSeries, buildings: gpd.GeoSeries, streets: gpd.GeoDataFrame, *, limit: float, p: NetworkParams
) -> csr_array:
    """Return the way along streets from each area (rows) to each building (columns) up to a limit [m].

    An area is entered from streets within `reach` at any point of its edge, and at the streets inside it. The way to
    a building ends at its own street, `reach` away at most; both legs count. Ways of no length have the least length;
    what is farther is left out, and areas without a street in reach lead nowhere. Raises InputError where no street for
    people on foot has a line.
    """
    walked = ~of_class(streets, NO_FOOT)
    lines, row = lines_of(streets, walked)
    entry, owner = _entries(np.asarray(areas.array))
    stops = nearest(np.concatenate([entry, shapely.centroid(np.asarray(buildings.array))]), lines, reach=p.reach)
    apart = np.ones(len(lines), np.bool_) if p.crossings == "apart" else grade_separated(streets)[row]
    net = network(lines, row, apart=apart, tolerance=p.tolerance, stops=stops)
    gates = np.flatnonzero(stops.line[: entry.size] >= 0)
    graph = _graph(net.tail, net.head, net.end - net.start, gates=(owner[gates], net.stops[gates], stops.leg[gates]),
                   nodes=net.nodes, areas=len(areas))  # fmt: skip
    home = slice(entry.size, None)
    places = Places(stops.line[home], stops.at[home], stops.leg[home])
    return _ways(graph, net.nodes, len(areas), places, net.stops[home], limit=limit)


def _entries(areas: Shapes) -> tuple[Shapes, Ints]:
    """Return points along the edges of areas, and the area of each."""
    edges = shapely.segmentize(shapely.boundary(areas), SPACING)
    place, owner = shapely.get_coordinates(edges, return_index=True)
    return np.asarray(shapely.points(place)), np.asarray(owner, dtype=np.int64)


def _graph(
    tail: Ints, head: Ints, length: Floats, *, gates: tuple[Ints, Ints, Floats], nodes: int, areas: int
) -> csr_array:
    """Return the graph of stretches both ways, with one more node for each area that leads to its entries."""
    area, node, leg = gates
    start = np.concatenate([tail, head, nodes + area])
    end = np.concatenate([head, tail, node])
    cost = np.maximum(np.concatenate([length, length, leg]), SHORTEST)
    order = np.lexsort((cost, end, start))
    first = np.ones(order.size, dtype=np.bool_)
    first[1:] = (start[order][1:] != start[order][:-1]) | (end[order][1:] != end[order][:-1])
    kept = order[first]
    return csr_array((cost[kept], (start[kept], end[kept])), shape=(nodes + areas, nodes + areas))


def _ways(graph: csr_array, nodes: int, areas: int, homes: Places, node: Ints, *, limit: float) -> csr_array:
    """Return ways to buildings within the limit, a few areas at a time."""
    known = np.flatnonzero(homes.line >= 0)
    rows, columns, ways = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for start in range(0, areas, AT_ONCE):
        some = np.arange(start, min(start + AT_ONCE, areas))
        costs = dijkstra(graph, directed=True, indices=nodes + some, limit=limit)
        whole = costs[:, node[known]] + homes.leg[known]
        row, column = np.nonzero(whole <= limit)
        rows.append(some[row])
        columns.append(known[column])
        ways.append(np.maximum(whole[row, column], SHORTEST))
    shape = (areas, homes.line.size)
    return csr_array((np.concatenate(ways), (np.concatenate(rows), np.concatenate(columns))), shape=shape)
