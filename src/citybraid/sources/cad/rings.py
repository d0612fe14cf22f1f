"""Topology of a drawing's rings: lines joined to rings, duplicates dropped, courtyards cut out."""

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
"""Overlap over the larger area from which two shapes count as duplicates [-]."""
CLOSE = 0.5
"""Largest distance between the centroids of duplicates [m]."""
SLIVER = 0.01
"""Remaining share of a ring below which it only encloses others and is no parcel [-]."""
PASS = 1e-3
"""Overshoot of an extended line beyond its target, so that the two intersect numerically [m]."""
THIN = 1e-6


class JoinResult(NamedTuple):
    """Result of joining open lines: new rings, divided rings, starts of unused lines."""

    made: int = 0
    divided: int = 0
    left: tuple[tuple[float, float], ...] = ()


def join_lines(drawn: Shapes, unit: Unit, *, gap: float = GAP) -> JoinResult:
    """Build rings from the open lines of each layer, in place: where they close, and where they divide a ring.

    Ends within `gap` [m] of each other or of another line are snapped.
    """
    ring_count = divided_count = 0
    loose_ends: list[tuple[float, float]] = []
    reach = gap * unit.metre
    for layer in dict.fromkeys(drawn.line_layers):
        lines = [line for line, line_layer in zip(drawn.lines, drawn.line_layers, strict=True) if line_layer == layer]
        if len(lines) > MOST_LINES:
            loose_ends += [_start(line) for line in lines]
            continue
        rows = [row for row, line_layer in enumerate(drawn.layers) if line_layer == layer and not drawn.filled[row]]
        nearby_rows = _rings_near(drawn, rows, lines, reach)
        edges = [_edge(drawn.shapes[row]) for row in nearby_rows]
        snapped = _snapped(lines, edges, reach)
        faces = list(shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all([*snapped, *edges])))))
        new, replaced = _sorted_faces(faces, [drawn.shapes[row] for row in nearby_rows], snapped)
        removed = {row for row, parts in zip(nearby_rows, replaced, strict=True) if len(parts) > 1}
        parts = [
            part
            for row, faces_within in zip(nearby_rows, replaced, strict=True)
            if row in removed
            for part in faces_within
        ]
        for shape in [*new, *parts]:
            drawn.keep(shape, layer, "")
        drawn.only(row for row in range(len(drawn.shapes)) if row not in removed)
        ring_count, divided_count = ring_count + len(new), divided_count + len(removed)
        loose_ends += _unused(snapped, [*new, *parts])
    return JoinResult(ring_count, divided_count, tuple(loose_ends))


def _rings_near(drawn: Shapes, rows: Sequence[int], lines: Sequence[LineString], reach: float) -> list[int]:
    """Return the rows of rings within reach of an open line of their layer."""
    if not rows:
        return []
    tree = shapely.STRtree([_edge(drawn.shapes[row]) for row in rows])
    _, hit = tree.query(np.array(lines, dtype=object), predicate="dwithin", distance=reach)
    return [rows[at] for at in np.unique(hit)]


def _snapped(lines: Sequence[LineString], edges: Sequence[LineString], reach: float) -> list[LineString]:
    """Return snapped lines: close ends become one point, a free end near a line is extended to it."""
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
    coordinates: list[NDArray[np.float64]] = []
    for number, line in enumerate(lines):
        coords = np.array(line.coords, dtype=float)[:, :2]
        coords[0], coords[-1] = centre[label[2 * number]], centre[label[2 * number + 1]]
        coordinates.append(coords)
    remaining = [(at, coords) for at, coords in enumerate(coordinates) if (coords != coords[0]).any()]
    others = [*(LineString(coords) for _, coords in remaining), *edges]
    tree = shapely.STRtree(others)
    for number, (at, coords) in enumerate(remaining):
        for side, before, end in ((0, 1, 2 * at), (-1, -2, 2 * at + 1)):
            near = [hit for hit in _near(tree, coords[side], reach) if hit != number] if free[end] else []
            if near:
                coords[side] = _extended_end(coords[side], coords[before], [others[hit] for hit in near])
    return [LineString(coords) for _, coords in remaining]


def _edge(shape: BaseGeometry) -> LineString:
    return LineString(shapely.get_coordinates(shapely.get_exterior_ring(shape)))


def _near(tree: shapely.STRtree, end: NDArray[np.float64], reach: float) -> list[int]:
    hits = tree.query(shapely.Point(end), predicate="dwithin", distance=reach)
    return [int(hit) for hit in hits]


def _extended_end(
    end: NDArray[np.float64], before: NDArray[np.float64], others: Sequence[LineString]
) -> NDArray[np.float64]:
    """Return the nearest point on other lines to a free end, slightly overshot so that the lines intersect."""
    point = shapely.Point(end)
    target = min(others, key=lambda other: float(shapely.distance(other, point)))
    foot = shapely.get_coordinates(
        shapely.line_interpolate_point(target, shapely.line_locate_point(target, point))
    )[0]  # fmt: skip
    direction = foot - before
    length = float(np.hypot(*direction))
    extended: NDArray[np.float64] = foot + direction * (PASS / length if length > 0 else 0.0)
    return extended


def _sorted_faces(
    faces: Sequence[BaseGeometry], rings: Sequence[BaseGeometry], lines: Sequence[LineString]
) -> tuple[list[BaseGeometry], list[list[BaseGeometry]]]:
    """Return faces outside rings that have an open line as an edge, and for each ring the faces within it."""
    inside: list[list[BaseGeometry]] = [[] for _ in rings]
    solid = [face for face in faces if face.area > THIN]
    if not solid:
        return solid, inside
    free = set(range(len(solid)))
    if rings:
        points = shapely.point_on_surface(np.array(solid, dtype=object))
        tree = shapely.STRtree([valid_shape(ring) for ring in rings])
        for face, ring in zip(*tree.query(points, predicate="within").tolist(), strict=True):
            inside[ring].append(solid[face])
            free.discard(face)
    drawn = shapely.STRtree(lines)
    return [solid[face] for face in sorted(free) if _has_edge(solid[face], drawn)], inside


def _has_edge(face: BaseGeometry, lines: shapely.STRtree) -> bool:
    """Return whether one of a face's edges is one of these lines."""
    corners = shapely.get_coordinates(shapely.get_exterior_ring(face))
    middles = shapely.points((corners[1:] + corners[:-1]) / 2)
    return lines.query(middles, predicate="dwithin", distance=PASS).size > 0


def _unused(lines: Sequence[LineString], rings: Sequence[BaseGeometry]) -> list[tuple[float, float]]:
    """Return the starts of lines that are no edge of a ring."""
    if not lines:
        return []
    middles = shapely.line_interpolate_point(np.array(lines, dtype=object), 0.5, normalized=True)
    if not rings:
        return [_start(line) for line in lines]
    edges = shapely.STRtree([shapely.boundary(shape) for shape in rings])
    used = set(edges.query(middles, predicate="dwithin", distance=PASS * 10)[0].tolist())
    return [_start(line) for number, line in enumerate(lines) if number not in used]


def _start(line: LineString) -> tuple[float, float]:
    x, y = line.coords[0][:2]
    return float(x), float(y)


def valid_shape(shape: BaseGeometry) -> BaseGeometry:
    """Return a valid shape: itself where it is valid."""
    if shapely.is_valid(shape):
        return shape
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)


def drop_duplicates(drawn: Shapes, unit: Unit) -> int:
    """Drop duplicate shapes, in place, and return their number; the layers of duplicates are recorded in `also`.

    An outline takes precedence over a hatch and inherits the hatch's islands.
    """
    if len(drawn.shapes) < 2:  # noqa: PLR2004  (a pair)
        return 0
    shapes = np.array([valid_shape(shape) for shape in drawn.shapes], dtype=object)
    outlines = np.array([_filled_in(shape) for shape in shapes], dtype=object)
    centres = shapely.centroid(outlines)
    areas = shapely.area(outlines)
    one, other = shapely.STRtree(centres).query(centres, predicate="dwithin", distance=CLOSE * unit.metre)
    near = (one < other) & (np.minimum(areas[one], areas[other]) > SAME * np.maximum(areas[one], areas[other]))
    one, other = one[near], other[near]
    shared = shapely.area(shapely.intersection(outlines[one], outlines[other]))
    same = shared > SAME * np.maximum(areas[one], areas[other])
    dropped: set[int] = set()
    for first, second in zip(one[same].tolist(), other[same].tolist(), strict=True):
        if first in dropped or second in dropped:
            continue
        keep, drop = (second, first) if drawn.filled[first] and not drawn.filled[second] else (first, second)
        dropped.add(drop)
        drawn.also[keep] = (*drawn.also[keep], drawn.layers[drop], *drawn.also[drop])
        if drawn.filled[drop] and shapely.get_num_interior_rings(shapes[drop]) > 0:
            drawn.shapes[keep] = shapes[drop]
    drawn.only(row for row in range(len(drawn.shapes)) if row not in dropped)
    return len(dropped)


def _filled_in(shape: BaseGeometry) -> BaseGeometry:
    return Polygon(shape.exterior) if isinstance(shape, Polygon) and shape.interiors else shape


@dataclass
class Nesting:
    """Result of cutting nested rings: rows with holes, rows of courtyards, rows that only enclose others."""

    pierced: list[int] = field(default_factory=list)
    courts: list[int] = field(default_factory=list)
    around: list[int] = field(default_factory=list)


def cut_nested_rings(drawn: Shapes, holes: Shapes, *, speaks: Sequence[bool], partition: bool) -> Nesting:
    """Cut nested rings out of each ring, in place.

    A ring without text within a ring with text on the same layer is a courtyard: it is cut
    out and no shape of its own. In a `partition`, where shapes do not overlap, every other
    ring within a ring is cut out as well, and a ring that others fill is only an enclosure.
    `speaks` tells which rings contain text; `holes` are on layers of their own.
    """
    count = len(drawn.shapes)
    nesting = Nesting()
    if not count:
        return nesting
    inner = np.array([valid_shape(shape) for shape in [*drawn.shapes, *holes.shapes]], dtype=object)
    all_shapes: list[BaseGeometry] = list(inner)
    rings = all_shapes[:count]
    outlines = np.array([_filled_in(shape) for shape in rings], dtype=object)
    contained, outer = shapely.STRtree(outlines).query(inner, predicate="covered_by")
    areas = shapely.area(inner)
    within = (contained != outer) & (areas[contained] < areas[outer])
    contained, outer = contained[within], outer[within]
    order = np.lexsort((areas[outer], contained))
    contained, outer = contained[order], outer[order]
    first, first_index = np.unique(contained, return_index=True)
    parent = dict(zip(first.tolist(), outer[first_index].tolist(), strict=True))
    children: dict[int, list[int]] = {}
    for child, above in parent.items():
        hole = child >= count
        court = not hole and drawn.layers[child] == drawn.layers[above] and not speaks[child] and speaks[above]
        is_cut = not hole and not _covers_inside(rings[above], all_shapes[child])
        if court:
            nesting.courts.append(child)
        if (hole or court or partition) and not is_cut:
            children.setdefault(above, []).append(child)
        if court and is_cut:
            children.setdefault(above, [])
    for above, inside in children.items():
        remainder = shapely.difference(rings[above], shapely.union_all(inner[inside])) if inside else rings[above]
        own_children = [child for child in inside if child < count and child not in nesting.courts]
        if own_children and remainder.area < SLIVER * rings[above].area:
            nesting.around.append(above)
        else:
            drawn.shapes[above] = remainder
            nesting.pierced += [above] if own_children else []
    removed = {*nesting.courts, *nesting.around}
    drawn.only(row for row in range(count) if row not in removed)
    return nesting


def _covers_inside(ring: BaseGeometry, inner: BaseGeometry) -> bool:
    """Return whether a ring's area without its own holes covers the inner shape."""
    return bool(shapely.intersection(ring, inner).area > SLIVER * inner.area)
