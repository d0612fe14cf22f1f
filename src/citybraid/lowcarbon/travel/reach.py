"""Daily facilities on foot and by cycle over the network."""

import geopandas as gpd
import numpy as np
import shapely

from citybraid.core.streets.street_network import Floats, Ints
from citybraid.kernels.transport.links import Links
from citybraid.kernels.transport.paths import path_costs
from citybraid.lowcarbon.travel.street_graph import StreetGraph, nearest_nodes

DAILY = ("school", "retail")
"""Uses of buildings that residents need every day."""


def daily_distance(buildings: gpd.GeoDataFrame, graph: StreetGraph) -> Floats:
    """Return the way from each building to the farther of its nearest school and shop [km]; inf without one.

    Ways run along all streets and paths in both directions; only buildings of the study count.
    """
    points = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()))
    leg, node = nearest_nodes(graph.place, points)
    use = buildings["building_use"].astype(str).to_numpy()
    farthest = np.zeros(len(buildings))
    for kind in DAILY:
        here = np.flatnonzero(use == kind)
        farthest = np.maximum(farthest, _nearest(graph, node[here], leg[here])[node] + leg)
    return farthest


def _nearest(graph: StreetGraph, node: Ints, leg: Floats) -> Floats:
    """Return each node's way to the nearest of some places: one search from a node linked to all of them."""
    ways, start = graph.ways, graph.ways.nodes
    links = Links(
        np.concatenate([ways.tail, np.full(node.size, start)]), np.concatenate([ways.head, node]), ways.nodes + 1
    )
    cost = np.concatenate([graph.way_length, leg])
    costs = path_costs(links, cost, origins=np.array([start]), ends=np.arange(ways.nodes))
    return costs.ravel()


def share_within(distance: Floats, residents: Floats, *, speed: float, minutes: float) -> float:
    """Return the share of residents within a time at a speed [km/h]; 0 without residents."""
    total = float(residents.sum())
    return float(residents[distance / speed * 60.0 <= minutes].sum()) / total if total > 0.0 else 0.0
