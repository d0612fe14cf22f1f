"""Zones of travel: buildings around junctions of the street network, with residents, jobs and visits."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from citybraid.core.streets.street_network import Floats, Ints
from citybraid.core.var import Factors
from citybraid.kernels.transport.paths import path_costs
from citybraid.lowcarbon.travel.street_graph import KILOMETRE, StreetGraph, nearest_nodes

FIRST_CELL = 100.0
"""Side of the squares that first join zones where there are too many [m]; it doubles until they are few enough."""


class Zones(NamedTuple):
    """Zones at nodes of the network: zone of each building, way from its buildings to the node [km], and totals.

    `walk` is each building's own way to its zone's node [km].
    """

    node: Ints
    of_building: Ints
    walk: Floats
    leg: Floats
    residents: Floats
    jobs: Floats
    visits: Floats


def travel_zones(
    buildings: gpd.GeoDataFrame, graph: StreetGraph, *, job_floor_area: Factors, visit_rate: Factors, most: int
) -> Zones:
    """Gather buildings at the nearest junction that cars reach; junctions are joined in squares beyond `most` zones.

    Jobs are floor area over the area of a job of that use, visits floor area times those that a square metre draws.
    """
    points = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()))
    nodes = np.flatnonzero(graph.reached)
    _, nearest = nearest_nodes(graph.place[nodes], points)
    own = nodes[nearest]
    use, floor = buildings["building_use"].astype(str), buildings["floor_area"].fillna(0.0).to_numpy(np.float64)
    residents = buildings["residents"].fillna(0.0).to_numpy(np.float64)
    space = use.map(dict(job_floor_area)).to_numpy(np.float64)
    jobs = np.where(np.isnan(space), 0.0, floor / np.where(space > 0.0, space, np.inf))
    visits = floor * use.map(dict(visit_rate)).fillna(0.0).to_numpy(np.float64)
    weight = residents + jobs + visits
    node = _joined(own, weight, graph.place, most)
    centre, zone = np.unique(node, return_inverse=True)
    walk = np.hypot(*(graph.place[node] - points).T) / KILOMETRE

    def total(values: Floats) -> Floats:
        return np.bincount(zone, weights=values, minlength=centre.size).astype(np.float64)

    number = total(np.where(weight > 0.0, weight, 1e-9))
    leg = total(walk * np.where(weight > 0.0, weight, 1e-9)) / number
    return Zones(centre, zone.astype(np.int64), walk, leg, total(residents), total(jobs), total(visits))


def _joined(own: Ints, weight: Floats, place: Floats, most: int) -> Ints:
    """Return the node of each building's zone: its own, or the weightiest of its square where there are too many."""
    if np.unique(own).size <= most:
        return own
    side = FIRST_CELL
    while True:
        square = np.floor(place / side).astype(np.int64)
        _, number = np.unique(square[own], axis=0, return_inverse=True)
        if number.max() < most:
            break
        side *= 2.0
    load = np.bincount(own, weights=weight, minlength=len(place))
    order = np.lexsort((own, -load[own], number))
    first = np.unique(number[order], return_index=True)[1]
    chosen: Ints = own[order][first][number]
    return chosen


def zone_distances(graph: StreetGraph, zones: Zones, *, length: Floats | None = None) -> tuple[Floats, Floats]:
    """Return the shortest ways between zones and from zones to gateways [km], doors included.

    `length` is what each way counts as; its own length unless it is given. Trips within a zone are half as
    long as the way to the nearest other zone.
    """
    ends = np.concatenate([zones.node, graph.gateways])
    way = path_costs(graph.ways, graph.way_length if length is None else length, origins=zones.node, ends=ends)
    count = zones.node.size
    between = way[:, :count].copy()
    np.fill_diagonal(between, np.inf)
    nearest = between.min(axis=1, initial=np.inf)
    np.fill_diagonal(between, np.where(np.isfinite(nearest), 0.5 * nearest, 0.0))
    return between + zones.leg[:, None] + zones.leg, way[:, count:] + zones.leg[:, None]
