"""Three jurisdictions of a delta with their true areas and residents, in invented outlines, and their towns."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import shapely
from scipy.optimize import brentq
from shapely.geometry import LineString, MultiPoint, Polygon, box
from shapely.ops import split

from citybraid.sources.synthetic.region.canvas import Canvas, seeded

KM2 = 1e6
HEIGHT = 40_000.0
"""South to north [m]."""
ORIGIN = (551_000.0, 3_411_000.0)
"""South-west corner in EPSG:4549 [m]: the real Luxu drains then lie in Wujiang, near its eastern border, as they do."""
EPSG = 4549
CELL = 500.0
"""Cells that land uses are drawn on [m]."""
SWAY = 1500.0
"""How far the invented borders wind to either side [m]."""
ROUNDS = 12
"""Rounds in which towns move to the middle of their land."""


class Jurisdiction(NamedTuple):
    """A district or county: published area and residents, and the number of its towns and subdistricts."""

    name: str
    label: str
    """Name in the names of its files."""
    area: float
    residents: float
    towns: int


DELTA = (
    Jurisdiction("青浦", "qingpu", 668.59 * KM2, 1_271_424, 11),
    Jurisdiction("吴江", "wujiang", 1237.44 * KM2, 1_545_023, 11),
    Jurisdiction("嘉善", "jiashan", 506.97 * KM2, 648_200, 9),
)
"""Areas: the zone 2413 km2 and Jiashan 506.97 km2 (ecological special plan 2021-2035), Wujiang 1237.44 km2 (district
communique of 2022), Qingpu what is left of the zone. Residents: censuses of 2020 (shqp.gov.cn 20221108/1046352;
Wujiang's share of Suzhou's communique; xiuzhou.gov.cn 59171896)."""
TOTAL = sum(each.area for each in DELTA)


class Town(NamedTuple):
    """A town or subdistrict: its land and its residents."""

    number: str
    name: str
    jurisdiction: str
    shape: Polygon
    residents: float


def canvas() -> Canvas:
    """Return the cells of the whole delta."""
    return Canvas(ORIGIN, EPSG, round(HEIGHT / CELL), math.ceil(TOTAL / HEIGHT / CELL), CELL)


def outlines() -> Mapping[str, Polygon]:
    """Return the invented outline of each jurisdiction, of exactly its published area.

    Wujiang lies in the west, Qingpu in the north-east, Jiashan in the south-east.
    """
    qingpu, wujiang, jiashan = DELTA
    west, south = ORIGIN
    whole = box(west, south, west + TOTAL / HEIGHT, south + HEIGHT)
    left, right = _parted(whole, wujiang.area, upright=True)
    lower, upper = _parted(right, jiashan.area, upright=False)
    return {qingpu.name: upper, wujiang.name: left, jiashan.name: lower}


def _parted(shape: Polygon, area: float, *, upright: bool) -> tuple[Polygon, Polygon]:
    """Part a shape by a winding border so that the western, or southern, part has an area."""
    west, south, east, north = shape.bounds
    low, high = (west, east) if upright else (south, north)

    def parts(at: float) -> tuple[Polygon, Polygon]:
        steps = np.linspace(-0.1, 1.1, 121)
        winding = at + SWAY * np.sin(2 * math.pi * (2.0 * steps + (0.0 if upright else 0.2)))
        along = (south, north) if upright else (west, east)
        straight = along[0] + steps * (along[1] - along[0])
        line = LineString(np.column_stack([winding, straight] if upright else [straight, winding]))
        polygons = [part for part in split(shape, line).geoms if isinstance(part, Polygon)]
        pieces = sorted(polygons, key=lambda part: part.centroid.x if upright else part.centroid.y)
        return pieces[0], pieces[-1]

    margin = 2 * SWAY
    at = brentq(lambda each: parts(each)[0].area - area, low + margin, high - margin, xtol=1e-6)
    return parts(at)


def towns(seed: int, shapes: Mapping[str, Polygon]) -> tuple[Town, ...]:
    """Return the towns of each jurisdiction: land of about equal size, one centre with more residents than others."""
    towns_made: list[Town] = []
    for at, each in enumerate(DELTA):
        random = seeded(seed, 10 + at)
        lands = _lands(shapes[each.name], each.towns, random)
        weights = np.array([3.0, *random.uniform(0.5, 1.5, each.towns - 1)])
        residents = np.round(each.residents * weights / weights.sum())
        residents[0] += each.residents - residents.sum()
        towns_made += [
            Town(f"{each.label.upper()}{k + 1:02d}", f"{each.name}虚镇{k + 1:02d}（合成）", each.name, land, people)
            for k, (land, people) in enumerate(zip(lands, residents, strict=True))
        ]
    return tuple(towns_made)


def _lands(shape: Polygon, count: int, random: np.random.Generator) -> list[Polygon]:
    """Part a shape into the land around each of some points, which move to the middle of their land."""
    west, south, east, north = shape.bounds
    points = [shape.representative_point()]
    while len(points) < count:
        point = shapely.Point(random.uniform(west, east), random.uniform(south, north))
        points += [point] if shape.contains(point) else []
    lands: list[Polygon] = []
    for _ in range(ROUNDS):
        cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=shape, ordered=True)
        lands = [max(getattr(part, "geoms", [part]), key=lambda piece: piece.area)
                 for part in (cell.intersection(shape) for cell in cells.geoms)]  # fmt: skip
        points = [land.centroid for land in lands]
    return lands
