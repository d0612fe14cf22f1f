"""The streets of an area as links over time: where they lead out, how fast, and when water closes them."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from citybraid.core.streets.street_network import (
    Flags,
    Floats,
    Ints,
    Network,
    NetworkParams,
    Places,
    backward,
    lines_of,
    marked,
    network,
)
from citybraid.core.streets.street_structures import grade_separated
from citybraid.core.var import Factors
from citybraid.kernels.relief.dynamic_flow import TimedNetwork
from citybraid.resilience.relief.walks import Spots, spots
from citybraid.resilience.rescue.street_decks import find_decks, road_surface
from citybraid.resilience.rescue.street_water import RoadSurface, Segments, segment_depth, split_segments

MINUTES = 60.0
METRES_A_MINUTE = 1000.0 / 60.0
"""Metres per minute in one km/h."""
PARTS = 1024.0
"""Amounts are rounded to this fraction: their sums are exact."""


@dataclass(frozen=True)
class WayOut:
    """Streets split into stretches, their nodes, and the nodes that lead out of the area.

    `ahead` and `back` mark the stretches that may be used along and against their line. Links are the stretches
    ahead, then the stretches back.
    """

    net: Network
    pieces: Segments
    surface: RoadSurface
    ahead: Flags
    back: Flags
    exits: Ints

    @property
    def tail(self) -> Ints:
        """Node at which each link begins."""
        return np.concatenate([self.net.tail, self.net.head])

    @property
    def head(self) -> Ints:
        """Node at which each link ends."""
        return np.concatenate([self.net.head, self.net.tail])

    @property
    def street(self) -> Ints:
        """Street of each link."""
        return np.tile(self.net.street, 2)

    def node_of(self, homes: Spots) -> Ints:
        """Return the nearer end of each home's stretch, -1 where no street is in reach."""
        stretch = np.maximum(homes.stretch, 0)
        near = np.where(homes.to_tail <= homes.to_head, self.net.tail[stretch], self.net.head[stretch])
        return np.where(homes.known, near, -1)

    def depths(self, planes: Sequence[xr.DataArray]) -> Floats:
        """Return the water on each segment (time, segment) [m]; NaN where it is not known."""
        return np.stack([segment_depth(self.pieces, plane, self.surface) for plane in planes])

    def minutes(self, speed: Floats) -> Floats:
        """Return the time of each stretch at the speeds of its segments [km/h]; inf where a segment has none."""
        shut = speed <= 0.0
        time = self.pieces.length / (np.where(shut, 1.0, speed) * METRES_A_MINUTE)
        size = self.net.line.size
        closed = np.bincount(self.pieces.stretch, shut, size) > 0
        return np.where(closed, np.inf, np.bincount(self.pieces.stretch, time, size))


def way_out(
    streets: gpd.GeoDataFrame, usable: Flags, area: gpd.GeoSeries, *, both_ways: bool, exit_reach: float,
    terrain: xr.DataArray | None, cover: xr.DataArray | None, law: Factors, grid: GeoBox, p: NetworkParams,
) -> WayOut:  # fmt: skip
    """Build the network of usable streets and find its ways out.

    A way out is a node outside the area, or the end of a street within `exit_reach` [m] of the area's edge.
    Raises InputError where no usable street has a line.
    """
    lines, row = lines_of(streets, usable)
    apart = np.ones(len(lines), np.bool_) if p.crossings == "apart" else grade_separated(streets)[row]
    nowhere = Places(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    net = network(lines, row, apart=apart, tolerance=p.tolerance, stops=nowhere)
    pieces = split_segments(lines[net.line], net.start, net.end, grid=grid)
    decks = find_decks(lines, row, streets, terrain=terrain, cover=cover, law=law, grid=grid)
    surface = road_surface(
        pieces, net.line[pieces.stretch], net.street[pieces.stretch], streets, decks=decks, terrain=terrain
    )
    against, one_way = backward(streets)[net.street], marked(streets, "one_way")[net.street]
    free = np.ones(net.line.size, np.bool_)
    return WayOut(
        net, pieces, surface, ahead=free if both_ways else ~against, back=free if both_ways else ~one_way | against,
        exits=_exits(net, area, reach=exit_reach),
    )  # fmt: skip


def _exits(net: Network, area: gpd.GeoSeries, *, reach: float) -> Ints:
    degree = np.bincount(net.tail, minlength=net.nodes) + np.bincount(net.head, minlength=net.nodes)
    point = np.empty(net.nodes, object)
    point[net.head] = shapely.line_interpolate_point(net.lines[net.line], net.end)
    point[net.tail] = shapely.line_interpolate_point(net.lines[net.line], net.start)
    met = degree > 0
    whole = shapely.union_all(area.to_numpy())
    outside = np.zeros(net.nodes, np.bool_)
    outside[met] = ~shapely.intersects(whole, point[met])
    edge = np.zeros(net.nodes, np.bool_)
    edge[met] = shapely.distance(whole.boundary, point[met]) <= reach
    return np.flatnonzero(outside | (edge & (degree == 1))).astype(np.int64)


def homes_on(way: WayOut, buildings: gpd.GeoDataFrame, *, reach: float) -> Ints:
    """Return the node at which each building's people enter the streets, -1 where no street is in reach."""
    return way.node_of(spots(way.net, buildings.geometry.to_numpy(), reach=reach))


def timed(way: WayOut, minutes: Floats, capacity: Floats, plane: Ints, *, step: float) -> TimedNetwork:
    """Return the network over steps [min]: `minutes` by plane of water and stretch, `capacity` an hour by link.

    `plane` is the plane of water of each step, of which the first is dry. Crossing times are rounded so that those
    along a shortest dry way out add up to within a step, however short its links are: the rounded time left at the
    link's beginning less that at its end, plus the rounded detour.
    """
    both = np.tile(minutes, (1, 2))
    left = minutes_left(way, both[0], capacity)
    rounded = np.rint(left / step)
    tail, head = way.tail, way.head
    known = np.isfinite(left[tail]) & np.isfinite(left[head]) & np.isfinite(both)
    gained = np.where(np.isfinite(left), left, 0.0)
    detour = np.where(known, np.where(np.isfinite(both), both, 0.0) - (gained[tail] - gained[head]), 0.0)
    whole = np.where(np.isfinite(rounded), rounded, 0.0)
    steps = np.maximum(whole[tail] - whole[head] + np.rint(detour / step), 0.0).astype(np.int64)
    room = np.where(known & np.isfinite(both), np.rint(capacity * step / MINUTES * PARTS) / PARTS, 0.0)
    return TimedNetwork(tail, head, room[plane], steps[plane], way.net.nodes)


def minutes_left(way: WayOut, minutes: Floats, capacity: Floats) -> Floats:
    """Return the shortest time from each node to a way out [min], inf without one, on links with capacity."""
    open_ = (capacity > 0.0) & np.isfinite(minutes)
    size = way.net.nodes + 1
    tail = np.concatenate([way.head[open_], np.full(way.exits.size, size - 1)])
    head = np.concatenate([way.tail[open_], way.exits])
    cost = np.maximum(np.concatenate([minutes[open_], np.zeros(way.exits.size)]), 1e-9)
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])][: tail.size]
    graph = csr_array((cost[first], (tail[first], head[first])), shape=(size, size))
    return np.asarray(dijkstra(graph, indices=[size - 1])[0, : size - 1], np.float64)
