"""Blocks on a plot: rows of slabs inside the set-backs whose footprints sum to a given area."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from shapely import Polygon, affinity

from citybraid.core.remembered import remembered

SMALLEST = 25.0
"""Footprints below this area [m2] are not built."""
DEEPER = (1.0, 1.25, 1.5, 2.0, 3.0, 5.0)
"""Multiples of the archetype's depth that are tried in turn where shallower slabs do not cover enough."""
KEPT = 4096
"""Layouts that are remembered: plans of alternatives and edits share all plots but few [-]."""
SETBACKS = (1.0, 0.75, 0.5, 0.25, 0.0)
"""Shares of the archetype's set-back that are tried in turn where the plot is too small."""


class Archetype(NamedTuple):
    """Building dimensions of a use: lengths [m] and storeys of its podium (0: none)."""

    setback: float
    depth: float
    length: float
    gap: float
    podium: int

    @classmethod
    def of(cls, use: str, rows: Mapping[str, float]) -> "Archetype":
        """Read a use's archetype from factor rows keyed 'use/parameter'."""
        setback, depth, length, gap, podium = (
            rows[f"{use}/{name}"] for name in ("setback", "depth", "length", "gap", "podium")
        )
        return cls(setback=setback, depth=depth, length=length, gap=gap, podium=round(podium))


@dataclass(frozen=True)
class Layout:
    """Blocks in the plot's own frame (rows along x), and the rotation [degree] and centre of the inverse transform."""

    blocks: tuple[Polygon, ...]
    turn: float
    centre: tuple[float, float]

    def placed(self, block: Polygon) -> Polygon:
        """Return a block in the plan's coordinates, to the millimetre."""
        turned = affinity.rotate(block, self.turn, origin=self.centre)
        return shapely.transform(turned, lambda points: np.round(points, 3))


@remembered(KEPT)
def layout(plot: Polygon, *, area: float, shape: Archetype) -> Layout:
    """Return blocks inside the plot whose footprints sum to the area, or to the largest area that fits.

    Rows run along the plot's longer side. The fewest rows that can cover the area are
    used, evenly spread; slabs are then shortened alike until the sum is met. Where
    rows at any depth do not cover enough, the plot is filled inwards from the set-back.
    """
    turn = _turn(plot)
    centre = (plot.centroid.x, plot.centroid.y)
    frame = affinity.rotate(plot, -turn, origin=centre)
    room = _room(frame, area=area, setback=shape.setback)
    if room is None or area < SMALLEST:
        return Layout((), turn, centre)
    if room.area <= area * (1.0 + 1e-9):
        return Layout((room,), turn, centre)
    for deeper in DEEPER:
        slabs = _rows(room, area=area, shape=shape, depth=shape.depth * deeper)
        if slabs:
            return Layout(tuple(slabs), turn, centre)
    return Layout((_filled(room, area=area),), turn, centre)


def _turn(plot: Polygon) -> float:
    """Return the direction of the longer side of the plot's smallest rectangle [degree, -90 to 90]."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(plot))
    sides = np.diff(corners[:3], axis=0)
    along = sides[int(np.hypot(*sides[1]) > np.hypot(*sides[0]) + 1e-6)]
    turn = math.degrees(math.atan2(along[1], along[0]))
    return (turn + 90.0) % 180.0 - 90.0


def _room(plot: Polygon, *, area: float, setback: float) -> Polygon | None:
    """Return the ground inside the largest set-back that leaves room for the area, else the whole plot."""
    for share in SETBACKS:
        room = _largest(plot.buffer(-setback * share, join_style="mitre"))
        if room is not None and (room.area >= area or share == 0.0):
            return room
    return None


def _rows(room: Polygon, *, area: float, shape: Archetype, depth: float) -> list[Polygon]:
    """Return the slabs of the smallest number of rows that covers the area; none where no number does."""
    _, bottom, _, top = room.bounds
    most = math.floor((top - bottom + shape.gap) / (depth + shape.gap))
    for rows in range(1, most + 1):
        step = (top - bottom - depth) / (rows - 1) if rows > 1 else 0.0
        first = bottom if rows > 1 else 0.5 * (bottom + top - depth)
        slabs = [slab for row in range(rows) for slab in _slabs(room, first + row * step, depth=depth, shape=shape)]
        if sum(_cut(room, slab, 1.0).area for slab in slabs) < area:
            continue

        def short(share: float, slabs: list[tuple[float, ...]] = slabs) -> float:
            return float(sum(_cut(room, slab, share).area for slab in slabs)) - area

        from scipy.optimize import brentq

        share = float(brentq(short, 0.0, 1.0, xtol=1e-9))
        return [block for slab in slabs if (block := _cut(room, slab, share)).area > 0.0]
    return []


def _slabs(room: Polygon, bottom: float, *, depth: float, shape: Archetype) -> list[tuple[float, ...]]:
    """Return the slabs of one row as (left, bottom, right, top), no longer than the archetype's length."""
    low, _, high, _ = room.bounds
    strip = room.intersection(shapely.box(low, bottom, high, bottom + depth))
    slabs = []
    for part in shapely.get_parts(strip):
        if part.area < SMALLEST:
            continue
        left, _, right, _ = part.bounds
        count = max(1, math.ceil((right - left + shape.gap) / (shape.length + shape.gap)))
        length = (right - left - (count - 1) * shape.gap) / count
        if length <= 0.0:
            continue
        starts = [left + number * (length + shape.gap) for number in range(count)]
        slabs += [(start, bottom, start + length, bottom + depth) for start in starts]
    return [slab for slab in slabs if _cut(room, slab, 1.0).area >= SMALLEST]


def _cut(room: Polygon, slab: tuple[float, ...], share: float) -> Polygon:
    """Return the slab shortened to a share of its length about its middle, inside the room."""
    left, bottom, right, top = slab
    middle, half = 0.5 * (left + right), 0.5 * share * (right - left)
    return _largest(room.intersection(shapely.box(middle - half, bottom, middle + half, top))) or Polygon()


def _filled(room: Polygon, *, area: float) -> Polygon:
    """Return the room moved inwards until its area is met."""

    def left_over(inwards: float) -> float:
        return float(room.buffer(-inwards, join_style="mitre").area) - area

    from scipy.optimize import brentq

    inwards = float(brentq(left_over, 0.0, math.sqrt(room.area), xtol=1e-9))
    return _largest(room.buffer(-inwards, join_style="mitre")) or Polygon()


def _largest(shape: shapely.Geometry) -> Polygon | None:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon) and not part.is_empty]
    return max(parts, key=lambda part: float(part.area)) if parts else None
