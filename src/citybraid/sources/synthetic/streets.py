"""Streets of the synthetic town: a hierarchy of arterials, collectors and branches."""

from itertools import pairwise
from typing import NamedTuple

from shapely import unary_union
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from citybraid.sources.synthetic.frame import DOMAIN, STATION, bent_line, generator

WIDTH = {"主干路": 40.0, "次干路": 28.0, "支路": 16.0}
"""Width between red lines by road class [m]: the usual band of such plans, chosen for this town."""

ACROSS = (
    (110.0, "支路", "虚桑路"), (262.0, "次干路", "虚藕路"), (400.0, "支路", "虚菱路"), (590.0, "支路", "虚蚕路"),
    (730.0, "次干路", "虚荷路"), (868.0, "支路", "虚舟路"), (1000.0, "主干路", "虚南大道"), (1132.0, "支路", "虚帆路"),
    (1270.0, "次干路", "虚苇路"), (1410.0, "支路", "虚麦路"), (1625.0, "支路", "虚棉路"), (1765.0, "次干路", "虚丝路"),
    (1900.0, "支路", "虚稻路"),
)  # fmt: skip
"""Streets that run north: position east, class, (fictional) name."""
ALONG = (
    (120.0, "支路", "幻工街"), (420.0, "次干路", "幻站街"), (560.0, "支路", "幻云街"), (700.0, "次干路", "幻塔街"),
    (840.0, "支路", "幻桥街"), (985.0, "主干路", "幻城大道"), (1245.0, "支路", "幻湖街"), (1385.0, "次干路", "幻学街"),
    (1530.0, "支路", "幻田街"), (1680.0, "主干路", "幻北大道"), (1835.0, "支路", "幻乡街"),
)  # fmt: skip
"""Streets that run east: position north, class, (fictional) name."""
STATION_STREET = 420.0
"""The street along the station's northern side: southward streets end there unless they pass under the railway."""
PLAZA_END = 560.0
"""Northern end of the station square, where the boulevard begins."""
SOUTHERN_BRANCHES = (400.0, 868.0, 1132.0, 1625.0)
"""Branches of the industrial south."""
WALKABLE = 620.0
"""Distance from the station within which every branch is built [m]."""
MISSING_BRANCHES = 0.36
"""Share of branches omitted elsewhere, which creates superblocks."""
SHORTEST = 15.0
"""Shortest street piece kept [m]."""
UNDERPASSES = (262.0, 730.0, 1270.0, 1765.0)
"""Streets that pass under the railway: the others end there."""


class Street(NamedTuple):
    """One street between two junctions, in local metres."""

    name: str
    road_class: str
    width: float
    line: LineString


def _is_built(seed: int, street: tuple[float, str, str], low: float, high: float, *, north: bool) -> bool:
    """Whether the piece of a street between two junctions is built: superblocks lack some branches."""
    at, road_class, _ = street
    middle = (low + high) / 2
    if north and low <= STATION_STREET <= high and middle < STATION_STREET:
        return at in UNDERPASSES
    if north and at == STATION[0] and middle < PLAZA_END:
        return False
    if road_class != "支路":
        return True
    u, v = (at, middle) if north else (middle, at)
    if v < STATION_STREET:
        return at in SOUTHERN_BRANCHES or not north
    if ((u - STATION[0]) ** 2 + (v - STATION[1]) ** 2) ** 0.5 < WALKABLE:
        return True
    return float(generator(seed, 100 + round(u) * 7 + round(v)).random()) > MISSING_BRANCHES


def streets(seed: int) -> tuple[Street, ...]:
    """Every street piece between junctions, clipped to the plan area."""
    pieces: list[Street] = []
    for north, own, other in ((True, ACROSS, ALONG), (False, ALONG, ACROSS)):
        stops = [-60.0, *(position for position, _, _ in other), 2060.0]
        for street in own:
            at, road_class, name = street
            for low, high in pairwise(stops):
                if not _is_built(seed, street, low, high, north=north):
                    continue
                ends = ((at, low), (at, high)) if north else ((low, at), (high, at))
                line = bent_line(ends).intersection(DOMAIN)
                if isinstance(line, LineString) and line.length > SHORTEST:
                    pieces.append(Street(name, road_class, WIDTH[road_class], line))
    return tuple(pieces)


def street_surface(pieces: tuple[Street, ...]) -> BaseGeometry:
    """The area between the red lines of all streets."""
    bands = [piece.line.buffer(piece.width / 2, cap_style="square", quad_segs=4) for piece in pieces]
    return unary_union(bands).intersection(DOMAIN)
