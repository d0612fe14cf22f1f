"""Rings of a drawing put in order: lines joined where they close, what is drawn twice dropped, courts cut out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.sources.cad.drawing import GAP, Shapes
from citybraid.sources.cad.units import Unit

MOST_LINES = 20_000
"""Most open lines of a layer that are joined [-]."""
SAME = 0.995
"""Share of both areas that two shapes have in common to count as one [-]."""
CLOSE = 0.5
"""Farthest that the middles of two such shapes lie apart [m]."""
SLIVER = 0.01
"""What is left of a ring below this share of it is no parcel: it was drawn around others [-]."""
PASS = 1e-3
"""How far a line is drawn beyond the one that it should meet, so that they surely cross [m]."""
THIN = 1e-6


class Joined(NamedTuple):
    """What became of open lines: rings made of them, rings they divided, where what is left begins."""

    made: int = 0
    divided: int = 0
    left: tuple[tuple[float, float], ...] = ()


def joined(drawn: Shapes, unit: Unit, *, gap: float = GAP) -> Joined:
    """Make rings of the open lines of each layer, in place: where they close, and where they divide a ring.

    Ends that miss each other, or the line they run to, by at most `gap` [m] count as met.
    """
    made = divided = 0
    left: list[tuple[float, float]] = []
    reach = gap * unit.metre
    for layer in dict.fromkeys(drawn.line_layers):
        lines = [line for line, own in zip(drawn.lines, drawn.line_layers, strict=True) if own == layer]
        if len(lines) > MOST_LINES:
            left += [_start(line) for line in lines]
            continue
        rows = [row for row, own in enumerate(drawn.layers) if own == layer and not drawn.filled[row]]
        touched = _touched(drawn, rows, lines, reach)
        edges = [_edge(drawn.shapes[row]) for row in touched]
        met = _met(lines, edges, reach)
        faces = list(shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all([*met, *edges])))))
        new, replaced = _sorted(faces, [drawn.shapes[row] for row in touched], met)
        gone = {row for row, parts in zip(touched, replaced, strict=True) if len(parts) > 1}
        parts = [part for row, found in zip(touched, replaced, strict=True) if row in gone for part in found]
        for shape in [*new, *parts]:
            drawn.keep(shape, layer, "")
        drawn.only(row for row in range(len(drawn.shapes)) if row not in gone)
        made, divided = made + len(new), divided + len(gone)
        left += _unused(met, [*new, *parts])
    return Joined(made, divided, tuple(left))


def _touched(drawn: Shapes, rows: Sequence[int], lines: Sequence[LineString], reach: float) -> list[int]:
    """Rings that an open line of their layer runs to."""
    if not rows:
        return []
    tree = shapely.STRtree([_edge(drawn.shapes[row]) for row in rows])
    _, hit = tree.query(np.array(lines, dtype=object), predicate="dwithin", distance=reach)
    return [rows[at] for at in np.unique(hit)]


def _met(lines: Sequence[LineString], edges: Sequence[LineString], reach: float) -> list[LineString]:
    """Lines whose ends meet: ends close together become one point, an end short of a line runs on to it."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    ends = np.array([(line.coords[0], line.coords[-1]) for line in lines], dtype=float).reshape(-1, 2)
    one, other = cKDTree(ends).query_pairs(reach, output_type="ndarray").T if reach > 0 else np.empty((2, 0), int)
    net = coo_array((np.ones(len(one)), (one, other)), shape=(len(ends), len(ends)))
    _, label = connected_components(net, directed=False)
    size = np.bincount(label)
    centre = np.column_stack([np.bincount(label, ends[:, axis]) / size for axis in (0, 1)])
    free = size[label] == 1
    moved: list[NDArray[np.float64]] = []
    for number, line in enumerate(lines):
        coords = np.array(line.coords, dtype=float)[:, :2]
        coords[0], coords[-1] = centre[label[2 * number]], centre[label[2 * number + 1]]
        moved.append(coords)
    kept = [(at, coords) for at, coords in enumerate(moved) if (coords != coords[0]).any()]
    others = [*(LineString(coords) for _, coords in kept), *edges]
    tree = shapely.STRtree(others)
    for number, (at, coords) in enumerate(kept):
        for side, before, end in ((0, 1, 2 * at), (-1, -2, 2 * at + 1)):
            near = [hit for hit in _near(tree, coords[side], reach) if hit != number] if free[end] else []
            if near:
                coords[side] = _beyond(coords[side], coords[before], [others[hit] for hit in near])
    return [LineString(coords) for _, coords in kept]


def _edge(shape: BaseGeometry) -> LineString:
    return LineString(shapely.get_coordinates(shapely.get_exterior_ring(shape)))


def _near(tree: shapely.STRtree, end: NDArray[np.float64], reach: float) -> list[int]:
    hits = tree.query(shapely.Point(end), predicate="dwithin", distance=reach)
    return [int(hit) for hit in hits]


def _beyond(end: NDArray[np.float64], before: NDArray[np.float64], others: Sequence[LineString]) -> NDArray[np.float64]:
    """The nearest point of other lines to a free end, and a hair beyond, so that the two surely cross."""
    point = shapely.Point(end)
    target = min(others, key=lambda other: float(shapely.distance(other, point)))
    foot = shapely.get_coordinates(
        shapely.line_interpolate_point(target, shapely.line_locate_point(target, point))
    )[0]  # fmt: skip
    way = foot - before
    length = float(np.hypot(*way))
    met: NDArray[np.float64] = foot + way * (PASS / length if length > 0 else 0.0)
    return met


def _sorted(
    faces: Sequence[BaseGeometry], rings: Sequence[BaseGeometry], lines: Sequence[LineString]
) -> tuple[list[BaseGeometry], list[list[BaseGeometry]]]:
    """Faces that lie in no ring and have an open line for an edge, and for each ring the faces within it."""
    inside: list[list[BaseGeometry]] = [[] for _ in rings]
    solid = [face for face in faces if face.area > THIN]
    if not solid:
        return solid, inside
    free = set(range(len(solid)))
    if rings:
        points = shapely.point_on_surface(np.array(solid, dtype=object))
        tree = shapely.STRtree([mended(ring) for ring in rings])
        for face, ring in zip(*tree.query(points, predicate="within").tolist(), strict=True):
            inside[ring].append(solid[face])
            free.discard(face)
    drawn = shapely.STRtree(lines)
    return [solid[face] for face in sorted(free) if _has_edge(solid[face], drawn)], inside


def _has_edge(face: BaseGeometry, lines: shapely.STRtree) -> bool:
    """Whether one of a face's edges is one of these lines."""
    corners = shapely.get_coordinates(shapely.get_exterior_ring(face))
    middles = shapely.points((corners[1:] + corners[:-1]) / 2)
    return lines.query(middles, predicate="dwithin", distance=PASS).size > 0


def _unused(lines: Sequence[LineString], made: Sequence[BaseGeometry]) -> list[tuple[float, float]]:
    """Where lines begin that are no edge of a ring."""
    if not lines:
        return []
    middles = shapely.line_interpolate_point(np.array(lines, dtype=object), 0.5, normalized=True)
    if not made:
        return [_start(line) for line in lines]
    edges = shapely.STRtree([shapely.boundary(shape) for shape in made])
    used = set(edges.query(middles, predicate="dwithin", distance=PASS * 10)[0].tolist())
    return [_start(line) for number, line in enumerate(lines) if number not in used]


def _start(line: LineString) -> tuple[float, float]:
    x, y = line.coords[0][:2]
    return float(x), float(y)


def mended(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape that questions can be asked of: itself where it is valid."""
    if shapely.is_valid(shape):
        return shape
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)


def deduplicated(drawn: Shapes, unit: Unit) -> int:
    """Drop shapes that lie on one another, in place, and return how many; the layers of those dropped are kept.

    An outline wins over a hatch, which lends it its islands.
    """
    if len(drawn.shapes) < 2:  # noqa: PLR2004  (a pair)
        return 0
    shapes = np.array([mended(shape) for shape in drawn.shapes], dtype=object)
    outlines = np.array([_filled_in(shape) for shape in shapes], dtype=object)
    centres = shapely.centroid(outlines)
    areas = shapely.area(outlines)
    one, other = shapely.STRtree(centres).query(centres, predicate="dwithin", distance=CLOSE * unit.metre)
    near = (one < other) & (np.minimum(areas[one], areas[other]) > SAME * np.maximum(areas[one], areas[other]))
    one, other = one[near], other[near]
    shared = shapely.area(shapely.intersection(outlines[one], outlines[other]))
    same = shared > SAME * np.maximum(areas[one], areas[other])
    gone: set[int] = set()
    for first, second in zip(one[same].tolist(), other[same].tolist(), strict=True):
        if first in gone or second in gone:
            continue
        keep, drop = (second, first) if drawn.filled[first] and not drawn.filled[second] else (first, second)
        gone.add(drop)
        drawn.also[keep] = (*drawn.also[keep], drawn.layers[drop], *drawn.also[drop])
        if drawn.filled[drop] and shapely.get_num_interior_rings(shapes[drop]) > 0:
            drawn.shapes[keep] = shapes[drop]
    drawn.only(row for row in range(len(drawn.shapes)) if row not in gone)
    return len(gone)


def _filled_in(shape: BaseGeometry) -> BaseGeometry:
    return Polygon(shape.exterior) if isinstance(shape, Polygon) and shape.interiors else shape


@dataclass
class Nesting:
    """What became of rings within rings: which rows hold others, are courts, or were drawn around others only."""

    pierced: list[int] = field(default_factory=list)
    courts: list[int] = field(default_factory=list)
    around: list[int] = field(default_factory=list)


def pierced(drawn: Shapes, holes: Shapes, *, speaks: Sequence[bool], partition: bool) -> Nesting:
    """Cut out of each ring what lies within it, in place.

    A ring on the same layer in which no text stands, within one in which some text does,
    is a court: it is cut out and no shape of its own. In a `partition`, where shapes do
    not lie on one another, every other ring within a ring is cut out of it as well, and a
    ring that others fill was only drawn around them. `holes` are on layers of their own.
    """
    count = len(drawn.shapes)
    found = Nesting()
    if not count:
        return found
    inner = np.array([mended(shape) for shape in [*drawn.shapes, *holes.shapes]], dtype=object)
    whole: list[BaseGeometry] = list(inner)
    rings = whole[:count]
    outlines = np.array([_filled_in(shape) for shape in rings], dtype=object)
    held, outer = shapely.STRtree(outlines).query(inner, predicate="covered_by")
    areas = shapely.area(inner)
    within = (held != outer) & (areas[held] < areas[outer])
    held, outer = held[within], outer[within]
    order = np.lexsort((areas[outer], held))
    held, outer = held[order], outer[order]
    first, at = np.unique(held, return_index=True)
    parent = dict(zip(first.tolist(), outer[at].tolist(), strict=True))
    children: dict[int, list[int]] = {}
    for child, above in parent.items():
        hole = child >= count
        court = not hole and drawn.layers[child] == drawn.layers[above] and not speaks[child] and speaks[above]
        already = not hole and not _covers_inside(rings[above], whole[child])
        if court:
            found.courts.append(child)
        if (hole or court or partition) and not already:
            children.setdefault(above, []).append(child)
        if court and already:
            children.setdefault(above, [])
    for above, inside in children.items():
        left = shapely.difference(rings[above], shapely.union_all(inner[inside])) if inside else rings[above]
        own = [child for child in inside if child < count and child not in found.courts]
        if own and left.area < SLIVER * rings[above].area:
            found.around.append(above)
        else:
            drawn.shapes[above] = left
            found.pierced += [above] if own else []
    gone = {*found.courts, *found.around}
    drawn.only(row for row in range(count) if row not in gone)
    return found


def _covers_inside(ring: BaseGeometry, inner: BaseGeometry) -> bool:
    """Whether a ring's area, its own holes aside, holds what lies within its outline."""
    return bool(shapely.intersection(ring, inner).area > SLIVER * inner.area)
