"""Building massing on a parcel: rows of slabs, halls and podium towers."""

from typing import NamedTuple

import numpy as np
from shapely import affinity
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from citybraid.sources.synthetic.frame import polygons, street_angle

SLIMMEST = 12.0
"""Side of the slimmest tower [m]."""


class Rows(NamedTuple):
    """A pattern of parallel bars facing south; lengths in metres."""

    depth: float
    """Size of a bar from south to north."""
    aisle: float
    """Open ground between two rows."""
    length: float
    """Target length of a bar."""
    gap: float
    """Open ground between two bars of a row."""
    setback: float
    """Distance from the parcel's boundary."""


def aligned(parcel: Polygon, setback: float) -> tuple[Polygon, float] | None:
    """The parcel inside its setbacks, rotated so that its streets run east-west, and the rotation angle."""
    inner = polygons(parcel.buffer(-setback, join_style="mitre"), 80.0)
    if not inner:
        return None
    angle = street_angle(parcel.centroid.x, parcel.centroid.y)
    return affinity.rotate(max(inner, key=lambda part: part.area), -angle, origin=parcel.centroid), angle


def rotated_back(shape: Polygon, angle: float, parcel: Polygon) -> Polygon:
    """Rotate back from the aligned frame to local coordinates, to the centimetre."""
    back = affinity.rotate(shape, angle, origin=parcel.centroid)
    return Polygon(np.round(np.asarray(back.exterior.coords), 2))


def _reach(ground: Polygon, south: float, north: float) -> tuple[float, float] | None:
    """West and east ends of the strip within the ground between south and north."""
    west, _, east, _ = ground.bounds
    ends: list[tuple[float, float]] = []
    for at in (south, (south + north) / 2, north):
        cut = ground & LineString([(west - 1.0, at), (east + 1.0, at)])
        pieces = [part for part in getattr(cut, "geoms", [cut]) if isinstance(part, LineString) and not part.is_empty]
        if not pieces:
            return None
        longest = max(pieces, key=lambda part: part.length)
        ends.append((longest.bounds[0], longest.bounds[2]))
    left, right = max(end[0] for end in ends), min(end[1] for end in ends)
    return (left, right) if right - left > 0.0 else None


def _band(ground: Polygon) -> tuple[float, float]:
    """South and north ends of the ground without its pointed corners."""
    west, south, east, north = ground.bounds
    least = 0.6 * ground.area / max(north - south, 1.0)

    def wide(at: float) -> bool:
        return bool((ground & LineString([(west - 1.0, at), (east + 1.0, at)])).length >= least)

    levels = np.arange(south + 0.25, north, 0.5).tolist()
    first = next((at for at in levels if wide(at)), None)
    if first is None:
        return south, north
    return first, next(at for at in reversed(levels) if wide(at))


def bars(parcel: Polygon, rows: Rows) -> list[Polygon]:
    """Bars in rows, spread evenly over the ground inside the setbacks."""
    ground = aligned(parcel, rows.setback)
    if ground is None:
        return []
    inner, angle = ground
    south, north = _band(inner)
    room = north - south
    count = max(1, int((room + rows.aisle) // (rows.depth + rows.aisle)))
    pitch = (room - rows.depth) / (count - 1) if count > 1 else 0.0
    first = south if count > 1 else (south + north - rows.depth) / 2
    rectangles: list[Polygon] = []
    for row in range(count):
        base = first + row * pitch
        reach = _reach(inner, base + 0.05, base + rows.depth - 0.05)
        if reach is None or reach[1] - reach[0] < 0.5 * rows.length:
            continue
        west, east = reach
        number = max(1, round((east - west + rows.gap) / (rows.length + rows.gap)))
        length = min(1.25 * rows.length, (east - west - (number - 1) * rows.gap) / number)
        step = (east - west - length) / (number - 1) if number > 1 else 0.0
        start = west if number > 1 else (west + east - length) / 2
        rectangles += [box(start + k * step, base, start + k * step + length, base + rows.depth) for k in range(number)]
    return [rotated_back(bar, angle, parcel) for bar in rectangles]


def podium_and_towers(
    parcel: Polygon, *, cover: float, towers: int, width: float
) -> tuple[list[Polygon], list[Polygon]]:
    """A podium that covers a share of the parcel and square towers at its corners, cut out of it.

    Returns the podium's pieces and the towers.
    """
    ground = aligned(parcel, 5.0)
    if ground is None:
        return [], []
    inner, angle = ground
    share = min(1.0, (cover * parcel.area / inner.area) ** 0.5)
    middle = inner.centroid
    base = affinity.scale(inner, share, share, origin=middle)
    low_west, low_south, low_east, low_north = base.bounds
    side = min(width, 0.45 * (low_east - low_west), 0.8 * (low_north - low_south))
    corners = (
        box(low_west + 3.0, low_north - 3.0 - side, low_west + 3.0 + side, low_north - 3.0),
        box(low_east - 3.0 - side, low_south + 3.0, low_east - 3.0, low_south + 3.0 + side),
    )
    towers_placed = [corner for corner in corners[:towers] if side > SLIMMEST and base.contains(corner)]
    podium: BaseGeometry = base
    for tower in towers_placed:
        podium = podium - tower.buffer(0.01, join_style="mitre")
    pieces = polygons(podium, 60.0)
    return [rotated_back(piece, angle, parcel) for piece in pieces], [
        rotated_back(tower, angle, parcel) for tower in towers_placed
    ]
