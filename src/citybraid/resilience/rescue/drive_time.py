"""Driving times from facilities over dry or flooded streets to the cells of a grid."""

from dataclasses import dataclass
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import distance_transform_edt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from citybraid.core.errors import InputError
from citybraid.core.remembered import remembered
from citybraid.core.streets.street_network import (
    Flags,
    Floats,
    Ints,
    Network,
    NetworkParams,
    backward,
    lines_of,
    marked,
    nearest,
    network,
    of_class,
)
from citybraid.core.streets.street_speed import free_speed
from citybraid.core.streets.street_structures import grade_separated, stated_bridges, stated_tunnels
from citybraid.core.var import Factors
from citybraid.resilience.rescue.street_decks import find_decks, road_surface
from citybraid.resilience.rescue.street_water import (
    RoadSurface,
    Segments,
    closing_depth,
    segment_depth,
    split_segments,
    wet_speed,
)

KINDS = ("hospital", "fire_station")
"""Facilities that vehicles start from."""
NO_FRONTAGE = frozenset({"motorway"})
"""Road classes without access to houses."""
METRES_A_MINUTE = 1000.0 / 60.0
"""Metres per minute in one km/h."""
SHORTEST_TIME = 1e-9
"""Minimum cost of an arc [min]: a sparse graph drops arcs of cost 0."""
PARTS = 2.0**30
"""Times are rounded to this fraction of a minute: their sums are exact, so more water never shortens a trip."""
SLOWEST = 1e-3
"""Speed below which a segment counts as closed [km/h]."""


@dataclass(frozen=True)
class RoadNetwork:
    """A routable network: `free` is the free-flow speed of each segment when dry [km/h].

    `ahead` and `back` mark the stretches that may be driven along and against their line direction;
    `fronting` segments give access to houses. `kind` is the kind of
    each facility, `legs` its access time to the street [min]. `home` is the street cell
    nearest to each cell (flat index, -1 out of reach), `way` the time between the two [min].
    """

    net: Network
    pieces: Segments
    free: Floats
    ahead: Flags
    back: Flags
    fronting: Flags
    kind: NDArray[np.object_]
    distance: Floats
    legs: Floats
    home: Ints
    way: Floats
    grid: GeoBox


class Accessibility(NamedTuple):
    """Travel time from the nearest facility of a kind [min], NaN where unreachable; coverage 1 if in time, else 0."""

    time: xr.DataArray
    coverage: xr.DataArray


@remembered(4)
def build_road_network(
    streets: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, *, road_speed: Factors, grid: GeoBox, p: NetworkParams
) -> RoadNetwork:
    """Build the network of drivable streets, with the facilities connected to it.

    Raises InputError where no street is drivable, no facility has a kind, or no facility with emergency vehicles has
    a street in reach.
    """
    kind = facilities["facility_kind"].fillna("").to_numpy(object)
    if not (kind != "").any():
        raise InputError("access.no_kind", facilities=len(facilities))
    speed = free_speed(streets, road_speed)
    lines, row = lines_of(streets, speed > 0.0)
    stops = nearest(facilities.geometry.to_numpy(), lines, reach=p.reach)
    served = np.isin(kind, KINDS)
    if served.any() and not (stops.line[served] >= 0).any():
        raise InputError("access.no_facility", facilities=int(served.sum()), reach=p.reach)
    apart = np.ones(len(lines), np.bool_) if p.crossings == "apart" else grade_separated(streets)[row]
    net = network(lines, row, apart=apart, tolerance=p.tolerance, stops=stops)
    segments = split_segments(lines[net.line], net.start, net.end, grid=grid)
    street, against = net.street, backward(streets)
    one_way = marked(streets, "one_way") & ~against
    bridge, tunnel = stated_bridges(streets), stated_tunnels(streets)
    fronting = ~(of_class(streets, NO_FRONTAGE) | bridge | tunnel)[street][segments.stretch]
    yard = road_speed["residential"] * METRES_A_MINUTE
    home, leg = _homes(segments.cell[fronting], grid, reach=p.reach)
    return RoadNetwork(
        net=net, pieces=segments, free=speed[street][segments.stretch],
        ahead=~against[street], back=~one_way[street], fronting=fronting, kind=kind,
        distance=np.where(stops.line >= 0, stops.leg, np.nan), legs=stops.leg / yard,
        home=home, way=leg / yard, grid=grid,
    )  # fmt: skip


def _homes(cell: Ints, grid: GeoBox, *, reach: float) -> tuple[Ints, Floats]:
    """Return the flat index of the street cell nearest to each cell, -1 out of reach, and the distance to it [m]."""
    rows, columns = grid.shape
    empty = np.ones(rows * columns, np.bool_)
    empty[cell[cell >= 0]] = False
    if empty.all():
        return np.full(rows * columns, -1, np.int64), np.zeros(rows * columns)
    size = (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    leg, (row, column) = distance_transform_edt(empty.reshape(rows, columns), sampling=size, return_indices=True)
    home = (row.astype(np.int64) * columns + column).ravel()
    return np.where(leg.ravel() <= reach, home, -1), np.asarray(leg.ravel(), np.float64)


class TraversalTimes(NamedTuple):
    """Time [min] of each stretch, and to each segment's midpoint along and against the line; inf where closed."""

    stretch: Floats
    ahead: Floats
    back: Floats


def traversal_times(road_network: RoadNetwork, speed: Floats) -> TraversalTimes:
    """Return the traversal times of stretches and to their segments at the segments' speeds [km/h]."""
    stretch, size = road_network.pieces.stretch, road_network.net.line.size
    shut = speed < SLOWEST
    time = np.ceil(road_network.pieces.length / (np.where(shut, 1.0, speed) * METRES_A_MINUTE) * PARTS) / PARTS
    first = np.searchsorted(stretch, np.arange(size))
    # Sums within a stretch: global cumulative sums less their value at the start of the stretch.
    total, closed = np.bincount(stretch, time, size), np.bincount(stretch, shut, size)
    cumulative_time, cumulative_closed = np.cumsum(time), np.cumsum(shut)
    before = (cumulative_time - time) - (cumulative_time - time)[first][stretch]
    closed_so_far: Ints = cumulative_closed - (cumulative_closed - shut)[first][stretch]
    ahead = np.where(closed_so_far == 0, before + 0.5 * time, np.inf)
    closed_from_here = closed[stretch] - closed_so_far + shut
    back = np.where(closed_from_here == 0, np.maximum(total[stretch] - before - 0.5 * time, 0.0), np.inf)
    return TraversalTimes(np.where(closed > 0, np.inf, total), ahead, back)


def from_facilities(road_network: RoadNetwork, time: Floats, kind: str) -> Floats:
    """Return the time from the nearest facility of a kind to each junction [min]; inf where unreachable.

    One Dijkstra search over the open arcs, from a super-source linked to all facilities
    of the kind by arcs with their access times.
    """
    net = road_network.net
    start = np.flatnonzero((road_network.kind == kind) & (net.stops >= 0))
    passable = np.isfinite(time)
    ahead, back = passable & road_network.ahead, passable & road_network.back
    tail = np.concatenate([net.tail[ahead], net.head[back], np.full(start.size, net.nodes)])
    head = np.concatenate([net.head[ahead], net.tail[back], net.stops[start]])
    cost = np.maximum(np.concatenate([time[ahead], time[back], road_network.legs[start]]), SHORTEST_TIME)
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    # Keep the cheapest of parallel arcs: a sparse matrix would add their costs up.
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])][: tail.size]
    size = net.nodes + 1
    graph = csr_array((cost[first], (tail[first], head[first])), shape=(size, size))
    return np.asarray(dijkstra(graph, indices=[net.nodes])[0, : net.nodes], dtype=np.float64)


def network_surface(
    road_network: RoadNetwork, streets: gpd.GeoDataFrame, *, terrain: xr.DataArray | None, cover: xr.DataArray | None,
    law: Factors,
) -> RoadSurface:  # fmt: skip
    """Return where the segments of a network lie: on the ground, on a deck, in a tunnel."""
    net, segments = road_network.net, road_network.pieces
    decks = find_decks(net.lines, net.row, streets, terrain=terrain, cover=cover, law=law, grid=road_network.grid)
    line, row = net.line[segments.stretch], net.street[segments.stretch]
    return road_surface(segments, line, row, streets, decks=decks, terrain=terrain)


def flooded_speed(road_network: RoadNetwork, water: xr.DataArray, surface: RoadSurface, *, law: Factors) -> Floats:
    """Return the speed on each flooded segment [km/h]."""
    return wet_speed(road_network.free, segment_depth(road_network.pieces, water, surface), law)


def impassable_cells(road_network: RoadNetwork, water: xr.DataArray, law: Factors) -> Flags:
    """Return the flat mask of cells off the streets that are flooded too deep to drive to."""
    deep = np.nan_to_num(water.to_numpy().astype(np.float64)).ravel() >= closing_depth(law)
    deep[road_network.home[road_network.home >= 0]] = False
    return np.asarray(deep, np.bool_)


def accessibility(
    road_network: RoadNetwork,
    run: TraversalTimes,
    kind: str,
    *,
    limit: float,
    terrain: xr.DataArray | None,
    shut: Flags | None = None,
) -> Accessibility:
    """Return the travel time from a kind of facility to each cell, and whether it is within the limit [min].

    `run` are the traversal times of the streets, which all kinds of facility share.
    A cell is reached from the street cell nearest to it; cells out of reach of streets are
    not covered. There are no values where the kind has no facility, nor outside the terrain.
    """
    if not ((road_network.kind == kind) & (road_network.net.stops >= 0)).any():
        missing = np.full(road_network.grid.shape, np.nan)
        return Accessibility(_raster(missing), _raster(missing.copy()))
    node = from_facilities(road_network, run.stretch, kind)
    stretch = road_network.pieces.stretch
    ahead = np.where(road_network.ahead[stretch], node[road_network.net.tail[stretch]] + run.ahead, np.inf)
    back = np.where(road_network.back[stretch], node[road_network.net.head[stretch]] + run.back, np.inf)
    served = road_network.fronting & (road_network.pieces.cell >= 0)
    street = np.full(road_network.home.size, np.inf)
    np.minimum.at(street, road_network.pieces.cell[served], np.minimum(ahead, back)[served])
    time = np.where(road_network.home >= 0, street[np.maximum(road_network.home, 0)] + road_network.way, np.inf)
    if shut is not None:
        time[shut] = np.inf
    time = time.reshape(road_network.grid.shape)
    inside = np.ones(time.shape, np.bool_) if terrain is None else np.isfinite(terrain.to_numpy())
    covered = np.where(inside, (time <= limit).astype(np.float64), np.nan)
    return Accessibility(_raster(np.where(np.isfinite(time) & inside, time, np.nan)), _raster(covered))


def _raster(values: Floats) -> xr.DataArray:
    return xr.DataArray(values, dims=("y", "x"))
