"""Walks from homes to cool rooms along streets."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from pydantic import Field
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.streets.street_network import (
    Floats,
    Network,
    NetworkParams,
    Places,
    lines_of,
    nearest,
    network,
    of_class,
)
from citybraid.core.streets.street_structures import grade_separated
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.place import RESIDENTS, ROAD_CLASS
from citybraid.core.vocabulary.resilience.cool_rooms import (
    COOL_ROOM_TIME,
    ELDERLY_FAR_FROM_COOL_ROOM,
    PEOPLE_FAR_FROM_COOL_ROOM,
    PEOPLE_NEAR_COOL_ROOM,
)
from citybraid.core.vocabulary.risk import ELDERLY
from citybraid.resilience.rescue.street_depth import CARRIED

CLOSED_TO_WALKERS = frozenset({"motorway"})
METRES_A_MINUTE = 1000.0 / 60.0
"""Metres per minute in one km/h."""


class CoolRoomParams(NetworkParams):
    """Walks that count, and construction of the network."""

    short: float = Field(5.0, gt=0.0, le=60.0)
    """Walk within which a cool room is near [min]."""
    long: float = Field(10.0, gt=0.0, le=120.0)
    """Walk beyond which a cool room is far [min]."""


class CoolRoomAccess(NamedTuple):
    """Walking time by building, and people near and far."""

    cool_room_time: COOL_ROOM_TIME
    people_near_cool_room: PEOPLE_NEAR_COOL_ROOM
    people_far_from_cool_room: PEOPLE_FAR_FROM_COOL_ROOM
    elderly_far_from_cool_room: ELDERLY_FAR_FROM_COOL_ROOM


@model(
    version=1,
    cite="Dijkstra (1959), Numerische Mathematik 1: 269-271; GB 50180-2018, 2.0.4 to 2.0.7 (circles of 5, 10 and 15 "
    "minutes)",
    validity="Streets as complete as drawn, walked on both sides and in both directions; no waits at crossings, no "
    "stairs, no shade along the way. Cool rooms are open and have room for all.",
)
def cool_room_access(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,), (ELDERLY,))],
    streets: Annotated[View, Table("streets", (), (ROAD_CLASS, *CARRIED))],
    cool_rooms: Annotated[View, Table("cool_rooms")],
    travel_speed: Annotated[Factors, Fact("travel_speed")],
    p: CoolRoomParams,
) -> CoolRoomAccess:
    """Return the walk from each building to the nearest cool room [min], and residents near and far [person].

    The way goes straight to the nearest street, along streets, and straight to the room, at the walking speed of
    `travel_speed`. Motorways are not walked. A building without a way, or beyond `reach` of a street, has no time and
    its residents are far. Where no column tells old people, they have no value. Raises InputError where no street can
    be walked, no cool room has a street in reach, or the short walk is not shorter than the long one.
    """
    if p.short >= p.long:
        raise InputError("heat.walks", short=p.short, long=p.long)
    metres = walking_distance(buildings, streets, cool_rooms, p)
    time = metres / (travel_speed["walk"] * METRES_A_MINUTE)
    within = np.nan_to_num(time, nan=np.inf)

    def those(people: str, chosen: np.ndarray) -> pd.Series:
        if people not in buildings.columns:
            return pd.Series(np.nan, index=buildings.index)
        count = buildings[people].to_numpy(np.float64)
        return pd.Series(np.where(chosen, count, np.where(np.isfinite(count), 0.0, np.nan)), index=buildings.index)

    return CoolRoomAccess(
        pd.Series(time, index=buildings.index), those("residents", within <= p.short),
        those("residents", within > p.long), those("elderly", within > p.long),
    )  # fmt: skip


def walking_distance(
    buildings: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, rooms: gpd.GeoDataFrame, p: NetworkParams
) -> Floats:
    """Return the shortest way from each building to a room [m]; NaN without one."""
    net, stops = walked_network(buildings, streets, rooms, p)
    count = len(rooms)
    start = np.flatnonzero(net.stops[:count] >= 0)
    tail = np.concatenate([net.tail, net.head, np.full(start.size, net.nodes)])
    head = np.concatenate([net.head, net.tail, net.stops[start]])
    length = np.tile(net.end - net.start, 2)
    cost = np.maximum(np.concatenate([length, stops.leg[start]]), np.finfo(np.float64).tiny)
    order = np.lexsort((cost, head, tail))
    tail, head, cost = tail[order], head[order], cost[order]
    # Keep the shortest of parallel ways: a sparse matrix would add them up.
    first = np.r_[True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])]
    size = net.nodes + 1
    graph = csr_array((cost[first], (tail[first], head[first])), shape=(size, size))
    away = dijkstra(graph, indices=[net.nodes])[0]
    home = net.stops[count:]
    metres = np.where(home >= 0, away[np.maximum(home, 0)] + stops.leg[count:], np.inf)
    return np.asarray(np.where(np.isfinite(metres), metres, np.nan), np.float64)


def walked_network(
    buildings: gpd.GeoDataFrame, streets: gpd.GeoDataFrame, rooms: gpd.GeoDataFrame, p: NetworkParams
) -> tuple[Network, Places]:
    """Return the network of streets that are walked, and where rooms and then buildings stand on it.

    Raises InputError where no room has a street in reach.
    """
    lines, row = lines_of(streets, ~of_class(streets, CLOSED_TO_WALKERS))
    places = np.concatenate([rooms.geometry.to_numpy(), buildings.geometry.to_numpy()])
    stops = nearest(places, lines, reach=p.reach)
    if not (stops.line[: len(rooms)] >= 0).any():
        raise InputError("heat.no_cool_room", rooms=len(rooms), reach=p.reach)
    apart = np.ones(len(lines), np.bool_) if p.crossings == "apart" else grade_separated(streets)[row]
    return network(lines, row, apart=apart, tolerance=p.tolerance, stops=stops), stops
