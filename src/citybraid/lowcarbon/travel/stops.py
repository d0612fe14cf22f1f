"""Stops of buses and metro: ways to them on foot from the zones."""

import geopandas as gpd
import numpy as np
import shapely

from citybraid.core.streets.stop_kinds import kinds_of
from citybraid.core.streets.street_network import Floats
from citybraid.core.var import Factors
from citybraid.kernels.transport.paths import path_costs
from citybraid.lowcarbon.travel.modes import Access
from citybraid.lowcarbon.travel.street_graph import StreetGraph, nearest_nodes
from citybraid.lowcarbon.travel.zones import Zones

METRO_SIZES = frozenset({"very_large", "super_large"})
"""Sizes of cities that have a metro without stations being stated (State Council 2018 no. 52: from 3 million)."""


def city_access(kind: str, size: str, transit: Factors, *, stated: bool = False) -> Access:
    """Return the mean way to a stop in a city of a size [km] and its headway [min].

    The way to a metro is inf in cities too small for one, unless stations are stated.
    """
    present = kind != "metro" or size in METRO_SIZES or stated
    way = transit[f"{size}/{kind}_way"] if present else np.inf
    return Access(np.array(way), np.array(transit[f"{kind}_headway"]))


def of_kind(kind: str, stops: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame | None:
    """Return the stops of a kind; None where none is given, which says nothing of this kind.

    Raises InputError where no stop tells a known kind.
    """
    if stops is None:
        return None
    here = stops[(kinds_of(stops) == kind).to_numpy()]
    return None if here.empty else here


def stop_access(
    kind: str, here: gpd.GeoDataFrame | None, graph: StreetGraph, zones: Zones, *, size: str, transit: Factors
) -> Access:
    """Return each zone's way on foot to the nearest stop of a kind; the city's mean where no stops are given.

    Stops without a headway have that of the factor.
    """
    count = zones.node.size
    if here is None:
        mean = city_access(kind, size, transit)
        return Access(np.full(count, mean.way), np.full(count, mean.headway))
    place = shapely.get_coordinates(shapely.centroid(here.geometry.to_numpy()))
    leg, node = nearest_nodes(graph.place, place)
    way = path_costs(graph.ways, graph.way_length, origins=zones.node, ends=node) + leg
    nearest = way.argmin(axis=1)
    headway = _headways(here, transit[f"{kind}_headway"])[nearest]
    return Access(way[np.arange(count), nearest] + zones.leg, headway)


def _headways(stops: gpd.GeoDataFrame, usual: float) -> Floats:
    if "headway" not in stops:
        return np.full(len(stops), usual)
    return np.asarray(stops["headway"].fillna(usual), dtype=np.float64)
