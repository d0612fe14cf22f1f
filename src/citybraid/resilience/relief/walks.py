"""Ways along streets from every building to every site."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from citybraid.core.streets.street_network import (
    Flags,
    Floats,
    Ints,
    Network,
    NetworkParams,
    Places,
    Shapes,
    lines_of,
    nearest,
    network,
    of_class,
)
from citybraid.core.streets.street_structures import grade_separated

CLOSED_TO_WALKERS = frozenset({"motorway"})


class Spots(NamedTuple):
    """Where places are on a network: their stretch (-1 out of reach), metres to its two ends, and from the street."""

    stretch: Ints
    to_tail: Floats
    to_head: Floats
    leg: Floats

    @property
    def known(self) -> Flags:
        """Which places have a street in reach."""
        return np.asarray(self.stretch >= 0, np.bool_)


def walking_network(streets: gpd.GeoDataFrame, sites: Shapes, p: NetworkParams) -> tuple[Network, Places]:
    """Return the network of streets that may be walked, split at the sites, and where these are on it."""
    lines, row = lines_of(streets, ~of_class(streets, CLOSED_TO_WALKERS))
    stops = nearest(sites, lines, reach=p.reach)
    apart = np.ones(len(lines), np.bool_) if p.crossings == "apart" else grade_separated(streets)[row]
    return network(lines, row, apart=apart, tolerance=p.tolerance, stops=stops), stops


def spots(net: Network, shapes: Shapes, *, reach: float) -> Spots:
    """Return where shapes are on a network."""
    places = nearest(shapes, net.lines, reach=reach)
    placed = places.line >= 0
    # Stretches are sorted by line and position: the last that begins at or before the place holds it.
    key = np.lexsort((net.start, net.line))
    line, start = net.line[key], net.start[key]
    first = np.searchsorted(line, places.line, "left")
    last = np.searchsorted(line, places.line, "right") - 1
    stretch = np.full(len(shapes), -1, np.int64)
    for place in np.flatnonzero(placed & (last >= first)):
        within = np.searchsorted(start[first[place] : last[place] + 1], places.at[place], "right") - 1
        stretch[place] = key[first[place] + max(int(within), 0)]
    at = np.maximum(stretch, 0)
    return Spots(
        stretch,
        np.maximum(places.at - net.start[at], 0.0),
        np.maximum(net.end[at] - places.at, 0.0),
        np.where(stretch >= 0, places.leg, np.inf),
    )


class Walks(NamedTuple):
    """Shortest ways along streets [m] from homes (row) to sites (column), inf without one; the stretch of each home."""

    metres: Floats
    stretch: Ints

    @property
    def served(self) -> Flags:
        """Which sites have a street in reach of at least one home."""
        return np.asarray(np.isfinite(self.metres).any(axis=0), np.bool_)


def walks(streets: gpd.GeoDataFrame, homes: Shapes, sites: Shapes, p: NetworkParams) -> Walks:
    """Return the shortest way along streets from each home to each site."""
    net, stops = walking_network(streets, sites, p)
    served = np.flatnonzero(net.stops >= 0)
    away = np.full((len(homes), len(sites)), np.inf)
    at = spots(net, homes, reach=p.reach)
    if not served.size:
        return Walks(away, at.stretch)
    graph = undirected(net)
    nodes, site_of = np.unique(net.stops[served], return_inverse=True)
    metres = dijkstra(graph, directed=False, indices=nodes)
    stretch = np.maximum(at.stretch, 0)
    along = np.minimum(
        metres[:, net.tail[stretch]] + at.to_tail, metres[:, net.head[stretch]] + at.to_head
    ) + np.where(at.known, at.leg, np.inf)  # fmt: skip
    away[:, served] = along[site_of].T + stops.leg[served]
    return Walks(away, at.stretch)


def undirected(net: Network) -> csr_array:
    """Return the lengths of stretches between junctions; of parallel ones the shortest."""
    low, high = np.minimum(net.tail, net.head), np.maximum(net.tail, net.head)
    length = np.maximum(net.end - net.start, np.finfo(np.float64).tiny)
    order = np.lexsort((length, high, low))
    low, high, length = low[order], high[order], length[order]
    first = np.r_[True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])]
    return csr_array((length[first], (low[first], high[first])), shape=(net.nodes, net.nodes))
