"""Cool routes: the walk to a cool room with the least heat on the way, beside the shortest one."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from citybraid.core.model import model
from citybraid.core.streets.street_network import Network, NetworkParams
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.heat import UTCI
from citybraid.core.vocabulary.place import RESIDENTS, ROAD_CLASS
from citybraid.core.vocabulary.resilience.cool_rooms import (
    COOL_ROUTE_HEAT,
    COOL_ROUTE_TIME,
    PEOPLE_HOT_COOL_ROUTE,
    PEOPLE_HOT_SHORT_ROUTE,
    SHORT_ROUTE_HEAT,
)
from citybraid.resilience.rescue.cool_room_access import METRES_A_MINUTE, walked_network
from citybraid.resilience.rescue.street_depth import CARRIED

F64 = NDArray[np.float64]
Ints = NDArray[np.int64]

SPACING = 10.0
"""Distance between the points at which a stretch is told hot or not [m]."""


class CoolRoutesParams(NetworkParams):
    """How walkers weigh heat against length, and how much of it is too much."""

    detour: float = Field(1.0, ge=0.0, le=20.0)
    """Metres that a walker goes farther to spare one metre in very strong heat [-]; a choice, 0 is the shortest way."""
    most_heat: float = Field(5.0, gt=0.0, le=60.0)
    """Walk in very strong heat from which on it is too hot [min]."""


class CoolRoutes(NamedTuple):
    """Heat on the way by building, and people for whom it is too hot."""

    short_route_heat: SHORT_ROUTE_HEAT
    cool_route_heat: COOL_ROUTE_HEAT
    cool_route_time: COOL_ROUTE_TIME
    people_hot_short_route: PEOPLE_HOT_SHORT_ROUTE
    people_hot_cool_route: PEOPLE_HOT_COOL_ROUTE


class _Ways(NamedTuple):
    """Stretches both ways and from the rooms, each pair of nodes once: ends, length and length in heat [m]."""

    tail: Ints
    head: Ints
    length: F64
    hot: F64
    nodes: int


@model(
    version=1,
    cite="Dijkstra (1959), Numerische Mathematik 1: 269-271; heat on the way as a weight of its length: Rußig and "
    "Bruns (2017), GI_Forum 1: 23-34; very strong heat stress from a UTCI of 38 degC: Bröde et al. (2012), Int. J. "
    "Biometeorol. 56: 481-494, table 4",
    validity="The hours around the greatest heat of the hottest day. Heat of the cells along the street's middle line: "
    "the shaded side of a wide street is not told from the sunny one. Legs from door to street are not counted as hot. "
    "How much farther people walk for shade is a choice of the study.",
)
def cool_routes(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    streets: Annotated[View, Table("streets", (), (ROAD_CLASS, *CARRIED))],
    cool_rooms: Annotated[View, Table("cool_rooms")],
    utci: UTCI,
    heat_stress_limit: Annotated[Factors, Fact("heat_stress_limit")],
    travel_speed: Annotated[Factors, Fact("travel_speed")],
    grid: GeoBox,
    p: CoolRoutesParams,
) -> CoolRoutes:
    """Return the minutes in very strong heat on the shortest and on the coolest walk to a cool room, by building.

    The coolest walk has the least length + `detour` × length in very strong heat, of all rooms. A stretch is hot at the
    points, every 10 m, whose cell has a UTCI of very strong heat stress; points without a value, as under a roof, are
    told by the others of their stretch, and stretches without any are not hot. Buildings without a way have no value,
    and their residents count in neither number. Raises InputError where no street can be walked, or no cool room has a
    street in reach.
    """
    net, stops = walked_network(buildings, streets, cool_rooms, p)
    share = hot_share(net, utci.to_numpy().astype(np.float64), grid, heat_stress_limit["very_strong"])
    count, pace = len(cool_rooms), travel_speed["walk"] * METRES_A_MINUTE
    start = np.flatnonzero(net.stops[:count] >= 0)
    gates = net.stops[start], stops.leg[start]
    home, leg = net.stops[count:], stops.leg[count:]

    def walked(detour: float) -> tuple[F64, F64]:
        ways = _ways(net, share, gates, detour=detour)
        length, hot = _along(ways, detour=detour)
        there = (home >= 0) & np.isfinite(length[np.maximum(home, 0)])
        at = np.maximum(home, 0)
        return np.where(there, (length[at] + leg) / pace, np.nan), np.where(there, hot[at] / pace, np.nan)

    _, short_heat = walked(0.0)
    cool_time, cool_heat = walked(p.detour)
    residents = np.nan_to_num(buildings["residents"].to_numpy(np.float64))

    def column(values: F64) -> pd.Series:
        return pd.Series(values, index=buildings.index)

    return CoolRoutes(
        column(short_heat), column(cool_heat), column(cool_time),
        column(np.where(np.nan_to_num(short_heat) >= p.most_heat, residents, 0.0)),
        column(np.where(np.nan_to_num(cool_heat) >= p.most_heat, residents, 0.0)),
    )  # fmt: skip


def hot_share(net: Network, felt: F64, grid: GeoBox, limit: float) -> F64:
    """Return the share of each stretch in very strong heat."""
    length = net.end - net.start
    parts = np.maximum(np.ceil(length / SPACING).astype(np.int64), 1)
    owner = np.repeat(np.arange(length.size), parts)
    within = np.arange(owner.size) - np.repeat(np.cumsum(parts) - parts, parts)
    along = net.start[owner] + (within + 0.5) / parts[owner] * length[owner]
    points = shapely.line_interpolate_point(net.lines[net.line[owner]], along)
    column, row = ~grid.affine * (shapely.get_x(points), shapely.get_y(points))
    row, column = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    inside = (row >= 0) & (row < felt.shape[0]) & (column >= 0) & (column < felt.shape[1])
    value = np.full(owner.size, np.nan)
    value[inside] = felt[row[inside], column[inside]]
    known = np.bincount(owner, np.isfinite(value), length.size)
    hot = np.bincount(owner, np.nan_to_num(value, nan=-np.inf) >= limit, length.size)
    return np.asarray(np.divide(hot, known, out=np.zeros(length.size), where=known > 0.0), np.float64)


def _ways(net: Network, share: F64, gates: tuple[Ints, F64], *, detour: float) -> _Ways:
    """Return the graph's arcs, of parallel ones that with the least cost; the last node leads to all rooms."""
    length = net.end - net.start
    tail = np.concatenate([net.tail, net.head, np.full(gates[0].size, net.nodes)])
    head = np.concatenate([net.head, net.tail, gates[0]])
    whole = np.concatenate([np.tile(length, 2), gates[1]])
    hot = np.concatenate([np.tile(length * share, 2), np.zeros(gates[0].size)])
    order = np.lexsort((whole + detour * hot, head, tail))
    tail, head, whole, hot = tail[order], head[order], whole[order], hot[order]
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
    return _Ways(tail[first], head[first], whole[first], hot[first], net.nodes + 1)


def _along(ways: _Ways, *, detour: float) -> tuple[F64, F64]:
    """Return length and length in heat of the least costly way from the rooms to each node; infinite without one."""
    cost = np.maximum(ways.length + detour * ways.hot, np.finfo(np.float64).tiny)
    graph = csr_array((cost, (ways.tail, ways.head)), shape=(ways.nodes, ways.nodes))
    source = ways.nodes - 1
    paths = dijkstra(graph, indices=[source], return_predecessors=True)
    away, before = paths[0][0], paths[1][0]
    length, hot = np.full(ways.nodes, np.inf), np.full(ways.nodes, np.inf)
    length[source] = hot[source] = 0.0
    reached = np.flatnonzero(np.isfinite(away))
    reached = reached[np.argsort(away[reached], kind="stable")]
    reached = reached[reached != source]
    arc = np.searchsorted(ways.tail * ways.nodes + ways.head, before[reached].astype(np.int64) * ways.nodes + reached)
    for node, last, at in zip(reached, before[reached], arc, strict=True):
        length[node] = length[last] + ways.length[at]
        hot[node] = hot[last] + ways.hot[at]
    return length, hot
