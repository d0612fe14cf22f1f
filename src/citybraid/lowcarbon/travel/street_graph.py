"""Links of the street network for cars and for people on foot, and the gateways to the rest of the city."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError
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
from citybraid.core.streets.street_speed import class_values, free_speed
from citybraid.core.streets.street_structures import grade_separated
from citybraid.core.var import Factors
from citybraid.kernels.transport.links import Links, Volume

KILOMETRE = 1000.0
HOUR = 60.0
EDGE = 0.05
"""Ends of streets this near to the hull of all streets, as a share of its radius, are gateways."""
MOST_GATEWAYS = 24
NO_STOPS = Places(np.empty(0, np.int64), np.empty(0), np.empty(0))


class StreetGraph(NamedTuple):
    """Streets as links for cars and for everybody else, and the nodes between them.

    `cars` are directed, with length [km], BPR law [min, vehicles an hour], street and stretch of each link; `ways` run
    both ways, with their lengths [km], and those that they have for cyclists: shorter where there are lanes. `place`
    holds nodes [m], `reached` tells which of them cars reach. `radius` is that of a circle as large as the hull of all
    streets [km].
    """

    cars: Links
    length: Floats
    law: Volume
    street: Ints
    stretch: Ints
    ways: Links
    way_length: Floats
    way_cycled: Floats
    place: Floats
    reached: Flags
    gateways: Ints
    radius: float


def street_graph(
    streets: gpd.GeoDataFrame, *, road_speed: Factors, road_capacity: Factors, delay: Factors, p: NetworkParams,
    lane_saving: float = 0.0,
) -> StreetGraph:  # fmt: skip
    """Build both networks from centre lines.

    On streets with cycle lanes a kilometre counts as less by `lane_saving`, in proportion to the share with lanes.

    Raises InputError where no street has a line or cars can drive on none.
    """
    speed = free_speed(streets, road_speed)
    lines, row = lines_of(streets, np.ones(len(streets), np.bool_))
    apart = np.ones(len(lines), np.bool_) if p.crossings == "apart" else grade_separated(streets)[row]
    net = network(lines, row, apart=apart, tolerance=p.tolerance, stops=NO_STOPS)
    street, size = net.street, (net.end - net.start) / KILOMETRE
    driven = speed[street] > 0.0
    if not driven.any():
        raise InputError("travel.no_drivable", streets=len(streets))
    against = backward(streets)
    one_way = marked(streets, "one_way") & ~against
    ahead, back = np.flatnonzero(driven & ~against[street]), np.flatnonzero(driven & ~one_way[street])
    stretch = np.concatenate([ahead, back])
    tail = np.concatenate([net.tail[ahead], net.head[back]])
    head = np.concatenate([net.head[ahead], net.tail[back]])
    capacity = class_values(streets, road_capacity)
    law = Volume(
        free=size[stretch] / speed[street[stretch]] * HOUR, capacity=capacity[street[stretch]],
        b=np.full(stretch.size, delay["share"]), power=np.full(stretch.size, delay["power"]),
    )  # fmt: skip
    place, reached = _places(net), _strongest(tail, head, net.nodes)
    hull = shapely.MultiPoint(shapely.get_coordinates(lines)).convex_hull
    radius = float(np.sqrt(hull.area / np.pi))
    best = np.zeros(net.nodes)
    np.maximum.at(best, np.concatenate([tail, head]), np.tile(law.capacity, 2))
    return StreetGraph(
        cars=Links(tail, head, net.nodes), length=size[stretch], law=law, street=street[stretch], stretch=stretch,
        ways=Links(np.concatenate([net.tail, net.head]), np.concatenate([net.head, net.tail]), net.nodes),
        way_length=np.tile(size, 2), way_cycled=np.tile(size * (1.0 - lane_saving * lanes_of(streets)[street]), 2),
        place=place, reached=reached,
        gateways=_gateways(net, place, reached, best, (hull, radius)), radius=max(radius, 1.0) / KILOMETRE,
    )  # fmt: skip


def lanes_of(streets: gpd.GeoDataFrame) -> Floats:
    """Return the share of each street with cycle lanes; 0 where none is stated."""
    if "cycle_lane" not in streets:
        return np.zeros(len(streets))
    return np.asarray(streets["cycle_lane"].fillna(0.0), dtype=np.float64)


def nearest_nodes(place: Floats, points: Floats) -> tuple[Floats, Ints]:
    """Return the distance of points from the nearest of some places [km], and its number."""
    from scipy.spatial import cKDTree

    distance, node = cKDTree(place).query(points)
    return np.asarray(distance, np.float64) / KILOMETRE, np.asarray(node, np.int64)


def _places(net: Network) -> Floats:
    """Return the coordinates of the nodes [m]."""
    place = np.zeros((net.nodes, 2))
    for node, at in ((net.tail, net.start), (net.head, net.end)):
        place[node] = shapely.get_coordinates(shapely.line_interpolate_point(net.lines[net.line], at))
    return place


def _strongest(tail: Ints, head: Ints, nodes: int) -> Flags:
    """Return which nodes are part of the largest network in which cars come from any node to any other."""
    graph = csr_array((np.ones(tail.size), (tail, head)), shape=(nodes, nodes))
    part = connected_components(graph, directed=True, connection="strong")[1]
    driven = np.zeros(nodes, np.bool_)
    driven[tail] = driven[head] = True
    return np.asarray((part == np.bincount(part[driven]).argmax()) & driven, np.bool_)


def _gateways(net: Network, place: Floats, reached: Flags, capacity: Floats, hull: tuple[BaseGeometry, float]) -> Ints:
    """Return the dead ends near the hull that cars reach, the largest streets first; the outermost node without any."""
    shape, radius = hull
    ends = np.bincount(np.concatenate([net.tail, net.head]), minlength=net.nodes) == 1
    inside = np.asarray(shapely.distance(shape.boundary, np.asarray(shapely.points(place))), np.float64)
    gateways = np.flatnonzero(ends & reached & (inside <= EDGE * radius))
    if not gateways.size:
        outermost: Ints = np.flatnonzero(reached)[[np.argmin(inside[reached])]]
        return outermost
    order = np.lexsort((gateways, -capacity[gateways]))[:MOST_GATEWAYS]
    return np.sort(gateways[order])
