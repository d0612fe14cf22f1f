"""Names on maps where they fit: parcel numbers inside their parcels, street names along their streets."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

LARGEST, SMALLEST = 6.5, 3.6
"""Type of a name: set smaller where the room is narrow, left out where it would be below the smallest [pt]."""
OF_UNITS = 10.0
"""Type of the names of planning units and other large areas, which a page shows at half the size of a sheet [pt]."""
LETTER, HANZI, TALL = 0.56, 1.0, 1.25
"""Width of a Latin letter and of a hanzi, and height of a line, over the size of the type."""
HALO = 0.2
"""Width of the white line around the letters of a name over the size of its type: it is read on any fill."""
FILLED = 0.92
"""Share of the room that a name may take."""
MOST_LINES, BENT = 3, 0.85
"""Lines that the name of an area is broken into at most; share of the middle's width that the outer ones may take."""
ABOVE = 1.1
"""How far above a point the middle of its name stands, over the size of the type: clear of the marker."""
STRAIGHT = 0.9
"""Least ratio of a line's span to its length at which a name follows it."""


class Room(NamedTuple):
    """Where a name goes in a shape: its middle, angle [deg], and the width and height that are free [m]."""

    east: float
    north: float
    angle: float
    wide: float
    tall: float


class Label(NamedTuple):
    """A name that fits, in lines: its middle, size [pt] and angle [deg]."""

    text: str
    east: float
    north: float
    size: float
    angle: float


def rooms(shapes: Iterable[BaseGeometry]) -> list[Room]:
    """Return the room for a name in each shape that is not empty: a chord of an area, the length of a line.

    A point has as much as its name takes, above it.
    """
    return [_room(shape) for shape in shapes if not shape.is_empty]


def _room(shape: BaseGeometry) -> Room:
    if isinstance(shape, Point):
        return Room(shape.x, shape.y, 0.0, math.inf, math.inf)
    return _along(shape) if isinstance(shape, LineString) else _inside(shape)


def _inside(shape: BaseGeometry) -> Room:
    """The widest horizontal chord at the representative point, and the height of the area above and below it."""
    spot = shape.representative_point()
    west, south, east, north = shape.bounds
    across = _part(shape, LineString([(west - 1, spot.y), (east + 1, spot.y)]), spot)
    upward = _part(shape, LineString([(spot.x, south - 1), (spot.x, north + 1)]), spot)
    return Room(spot.x, spot.y, 0.0, across, upward)


def _part(shape: BaseGeometry, line: LineString, spot: Point) -> float:
    """Twice the distance from a point to the nearer end of the part of a line inside a shape that holds it."""
    for part in shapely.get_parts(shape.intersection(line)):
        if isinstance(part, LineString) and part.distance(spot) < 1e-6 * max(part.length, 1.0):
            along = part.project(spot)
            return float(2.0 * min(along, part.length - along))
    return 0.0


def _along(line: LineString) -> Room:
    """The middle of a line and its direction there; a bent one has no room."""
    middle = line.interpolate(0.5, normalized=True)
    (x0, y0), (x1, y1) = line.coords[0][:2], line.coords[-1][:2]
    span = math.hypot(x1 - x0, y1 - y0)
    angle = (math.degrees(math.atan2(y1 - y0, x1 - x0)) + 90.0) % 180.0 - 90.0
    free = line.length if span >= STRAIGHT * line.length else 0.0
    return Room(middle.x, middle.y, angle, free, math.inf)


def text_width(text: str) -> float:
    """Return the width of a text over the size of its type."""
    return sum(LETTER if char.isascii() else HANZI for char in text)


def _broken(text: str, wide: float, tall: float, largest: float) -> tuple[str, float]:
    """Return a name in the lines that let its type be largest, broken at spaces, and that size [pt].

    Lines that are given stay.
    A long name on one line of a narrow area is too small to be read: "拟园 Niyuan (合成 synthetic)".
    """
    if "\n" in text:
        given = text.split("\n")
        return text, min(BENT * wide / max(map(text_width, given)), tall / (TALL * len(given)))
    words = text.split(" ")
    best = (text, min(wide / text_width(text), tall / TALL))
    for count in range(2, min(len(words), MOST_LINES) + 1):
        for cuts in combinations(range(1, len(words)), count - 1):
            ends = (0, *cuts, len(words))
            lines = [" ".join(words[first:last]) for first, last in pairwise(ends)]
            size = min(BENT * wide / max(text_width(line) for line in lines), tall / (TALL * count))
            best = max(best, ("\n".join(lines), size), key=lambda each: min(each[1], largest))
    return best


def fitting(labels: Sequence[str], free: Sequence[Room], per_metre: float, largest: float = LARGEST) -> Iterator[Label]:
    """Yield the names that fit at a scale [pt m-1]; the first keeps a place that two would share."""
    taken: list[tuple[float, float, float, float]] = []
    for text, room in zip(labels, free, strict=False):
        if not text:
            continue
        wide, tall = FILLED * room.wide * per_metre, FILLED * room.tall * per_metre
        area = not math.isinf(room.tall)
        shown, size = _broken(text, wide, tall, largest) if area else (text, wide / text_width(text))
        size = min(largest, size)
        if size < SMALLEST:
            continue
        lines = shown.split("\n")
        across, down = max(map(text_width, lines)) * size / per_metre, TALL * len(lines) * size / per_metre
        half = 0.5 * max(across * abs(math.cos(math.radians(room.angle))), size / per_metre)
        high = 0.5 * max(across * abs(math.sin(math.radians(room.angle))), down)
        north = room.north + (ABOVE * size / per_metre if math.isinf(room.wide) else 0.0)
        box = (room.east - half, north - high, room.east + half, north + high)
        if not area and any(_meet(box, other) for other in taken):
            continue
        taken.append(box)
        yield Label(shown, room.east, north, size, room.angle)


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
