"""Entities to points: lines, arcs, bulges, ellipses, splines and hatch edges, flattened within a tolerance."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from ezdxf.entities.boundary_paths import ArcEdge, EdgePath, EllipseEdge, LineEdge, PolylinePath, SplineEdge
from ezdxf.entities.circle import Circle
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.ellipse import Ellipse
from ezdxf.entities.line import Line
from ezdxf.entities.lwpolyline import LWPolyline
from ezdxf.entities.polygon import DXFPolygon
from ezdxf.entities.polyline import Polyline
from ezdxf.entities.solid import Face3d
from ezdxf.entities.spline import Spline
from ezdxf.math import OCS, Vec3
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Vertices of a line, (n, 3), in drawing units."""
CURVES = frozenset({"LWPOLYLINE", "POLYLINE", "LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE"})
FILLED = frozenset({"HATCH", "MPOLYGON"})
WHOLE = 1e6
"""A bulge from this on is invalid and yields NaN [-]."""
MOST_SEGMENTS = 20_000
"""Most chords that one curve becomes [-]."""
FULL = 2 * math.pi
STRAIGHT = 1e-9
"""A bulge below this is a straight line [-]."""
FEWEST_PER_TURN = 16


LEVEL = 1e-6
"""Largest difference in height of a face that is a ring of the plan [drawing unit]."""


class Curve(NamedTuple):
    """A polyline; `closed` where the drawing marks it as closed."""

    points: Points
    closed: bool


def curve(entity: DXFGraphic, tolerance: float) -> Curve | None:
    """Return an entity as a polyline within `tolerance` [drawing unit]; None for meshes and entities without a line."""
    if isinstance(entity, LWPolyline):
        values = np.asarray(entity.lwpoints.values, dtype=float).reshape(-1, 5)
        flat = flattened_bulges(values[:, [0, 1, 4]], tolerance, closed=bool(entity.closed))
        return Curve(_in_wcs(entity, flat, float(entity.dxf.get("elevation", 0.0))), bool(entity.closed))
    if isinstance(entity, Polyline):
        return _polyline(entity, tolerance)
    if isinstance(entity, Line):
        return Curve(np.array([entity.dxf.start.xyz, entity.dxf.end.xyz], dtype=float), closed=False)
    if isinstance(entity, Ellipse):
        return _ellipse(entity, tolerance)
    if isinstance(entity, Circle):
        return _circle(entity, tolerance)
    if isinstance(entity, Face3d):
        return Curve(_corners(entity), closed=True) if is_level_face(entity) else None
    if isinstance(entity, Spline):
        return Curve(_capped(entity.construction_tool().flattening(tolerance)), bool(entity.closed))
    return None


def is_level_face(entity: DXFGraphic) -> bool:
    """Tell whether an entity is a face that outlines a shape: four corners at one height, and all edges shown.

    Triangles and faces with hidden edges are parts of a surface or of a larger shape.
    """
    if not isinstance(entity, Face3d) or int(entity.dxf.get("invisible_edges", 0)):
        return False
    corners = _corners(entity)
    return len(np.unique(corners[:, :2], axis=0)) == 4 and bool(np.ptp(corners[:, 2]) <= LEVEL)  # noqa: PLR2004


def _corners(entity: Face3d) -> Points:
    return np.array([corner.xyz for corner in entity.wcs_vertices()], dtype=float).reshape(-1, 3)


def _polyline(entity: Polyline, tolerance: float) -> Curve | None:
    if entity.is_poly_face_mesh or entity.is_polygon_mesh:
        return None
    closed = bool(entity.is_closed)
    if entity.is_3d_polyline:
        points = [vertex.dxf.location.xyz for vertex in entity.vertices]
        return Curve(np.array(points, dtype=float).reshape(-1, 3), closed)
    shown = [vertex for vertex in entity.vertices if not int(vertex.dxf.get("flags", 0)) & SPLINE_FRAME]
    rows = [(*vertex.dxf.location.xyz[:2], float(vertex.dxf.get("bulge", 0.0))) for vertex in shown]
    flat = flattened_bulges(np.array(rows, dtype=float).reshape(-1, 3), tolerance, closed=closed)
    return Curve(_in_wcs(entity, flat, float(entity.dxf.elevation.z)), closed)


SPLINE_FRAME = 16
"""Flag of a vertex that only guides a fitted curve."""
TEXT_BOX = 8
"""Flag of a hatch boundary that only leaves room for a text."""


def flattened_bulges(rows: Points, tolerance: float, *, closed: bool) -> Points:
    """Return vertices (x, y, bulge) as points (x, y), with each bulge flattened to its arc.

    A bulge is the tangent of a quarter of the arc's angle, positive where the arc bends to
    the left; points are NaN where a bulge is invalid.
    """
    bulges = np.abs(rows[:, 2])
    if not np.any(bulges > STRAIGHT):
        return rows[:, :2]
    if not np.all(bulges < WHOLE):
        return np.full((1, 2), np.nan)
    parts: list[Points] = []
    count = len(rows)
    for at in range(count if closed else count - 1):
        (x, y, bulge), (to_x, to_y, _) = rows[at], rows[(at + 1) % count]
        parts.append(rows[at : at + 1, :2])
        if abs(bulge) > STRAIGHT:
            parts.append(_bulge((x, y), (to_x, to_y), bulge, tolerance))
    if not closed:
        parts.append(rows[-1:, :2])
    return np.concatenate(parts)


def _bulge(start: tuple[float, float], end: tuple[float, float], bulge: float, tolerance: float) -> Points:
    """Return the points between the two ends of an arc."""
    (x, y), (to_x, to_y) = start, end
    chord = math.hypot(to_x - x, to_y - y)
    if chord == 0 or not math.isfinite(chord):
        return np.empty((0, 2))
    angle = 4 * math.atan(bulge)
    offset = (1 - bulge * bulge) / (4 * bulge)
    middle_x, middle_y = (x + to_x) / 2 - offset * (to_y - y), (y + to_y) / 2 + offset * (to_x - x)
    radius = chord * (1 + bulge * bulge) / (4 * abs(bulge))
    first = math.atan2(y - middle_y, x - middle_x)
    turns = np.linspace(first, first + angle, segments(radius, abs(angle), tolerance) + 1)[1:-1]
    return np.column_stack([middle_x + radius * np.cos(turns), middle_y + radius * np.sin(turns)])


def segments(radius: float, angle: float, tolerance: float) -> int:
    """Return how many chords an arc needs for its sagitta to stay within a tolerance."""
    if not (math.isfinite(radius) and radius > 0):
        return 1
    step = 2 * math.acos(max(-1.0, 1 - tolerance / radius)) if tolerance < radius else FULL / FEWEST_PER_TURN
    step = min(step, FULL / FEWEST_PER_TURN)
    return int(min(MOST_SEGMENTS, max(1, math.ceil(angle / step)))) if step > 0 else MOST_SEGMENTS


def _circle(entity: Circle, tolerance: float) -> Curve:
    """Return a circle or an arc, which runs counter-clockwise from its start to its end."""
    radius = abs(float(entity.dxf.radius))
    closed = entity.dxftype() == "CIRCLE"
    start = 0.0 if closed else math.radians(float(entity.dxf.start_angle))
    span = FULL if closed else (math.radians(float(entity.dxf.end_angle)) - start) % FULL or FULL
    turns = np.linspace(start, start + span, segments(radius, span, tolerance) + 1)
    turns = turns[:-1] if closed else turns
    x, y, z = entity.dxf.center.xyz
    flat = np.column_stack([x + radius * np.cos(turns), y + radius * np.sin(turns)])
    return Curve(_in_wcs(entity, flat, z), closed)


def _ellipse(entity: Ellipse, tolerance: float) -> Curve:
    start, end = float(entity.dxf.start_param), float(entity.dxf.end_param)
    span = (end - start) % FULL or FULL
    closed = abs(span - FULL) < STRAIGHT
    major, minor = np.array(entity.dxf.major_axis.xyz), np.array(entity.minor_axis.xyz)
    longest = float(max(np.linalg.norm(major), np.linalg.norm(minor)))
    turns = np.linspace(start, start + span, segments(longest, span, tolerance) + 1)
    turns = (turns[:-1] if closed else turns)[:, None]
    return Curve(np.array(entity.dxf.center.xyz) + np.cos(turns) * major + np.sin(turns) * minor, closed)


def _in_wcs(entity: DXFGraphic, flat: Points, elevation: float) -> Points:
    """Return points from the object coordinate system in world coordinates; mirrored entities have a flipped OCS."""
    return to_wcs(flat, entity.ocs(), elevation) if entity.dxf.hasattr("extrusion") else _level(flat, elevation)


def _level(flat: Points, elevation: float) -> Points:
    return np.column_stack([flat, np.full(len(flat), elevation)])


def to_wcs(flat: Points, plane: OCS, elevation: float) -> Points:
    """Return points (x, y) of a plane in world coordinates."""
    if not plane.transform:
        return _level(flat, elevation)
    axes = np.array([plane.ux.xyz, plane.uy.xyz, plane.uz.xyz])
    lifted_points: Points = _level(flat, elevation) @ axes
    return lifted_points


def _capped(points: Iterable[Vec3]) -> Points:
    coordinates = [point.xyz for _, point in zip(range(MOST_SEGMENTS), points, strict=False)]
    return np.array(coordinates, dtype=float).reshape(-1, 3)


def boundary_rings(entity: DXFPolygon, tolerance: float) -> list[Points]:
    """Return the boundary rings of a hatch, outlines and islands alike."""
    plane = entity.ocs()
    elevation = float(Vec3(entity.dxf.get("elevation", (0, 0, 0))).z)
    boundaries = [_boundary(path, tolerance) for path in entity.paths if not path.path_type_flags & TEXT_BOX]
    return [to_wcs(flat, plane, elevation) for flat in boundaries if len(flat) > 2]  # noqa: PLR2004  (a ring)


def _boundary(path: PolylinePath | EdgePath, tolerance: float) -> Points:
    if isinstance(path, PolylinePath):
        return flattened_bulges(
            np.array([row[:3] for row in path.vertices], dtype=float).reshape(-1, 3), tolerance, closed=True
        )
    return _joined_edges(_edges(path, tolerance))


def _edges(path: EdgePath, tolerance: float) -> Iterator[Points]:
    for edge in path.edges:
        if isinstance(edge, LineEdge):
            yield np.array([(edge.start.x, edge.start.y), (edge.end.x, edge.end.y)], dtype=float)
            continue
        if isinstance(edge, ArcEdge):
            start, end = math.radians(edge.start_angle), math.radians(edge.end_angle)
            span = (end - start) % FULL or FULL
            turns = np.linspace(start, start + span, segments(abs(edge.radius), span, tolerance) + 1)
            points = np.column_stack([
                edge.center.x + edge.radius * np.cos(turns), edge.center.y + edge.radius * np.sin(turns),
            ])  # fmt: skip
            yield points if edge.ccw else points[::-1]
            continue
        if isinstance(edge, EllipseEdge | SplineEdge):
            yield _capped(edge.construction_tool().flattening(tolerance))[:, :2]


def _joined_edges(edges: Iterator[Points]) -> Points:
    """Return edges joined end to end, each reversed where needed to start at the end of the previous one."""
    chain: list[Points] = []
    for edge in edges:
        if len(edge) == 0:
            continue
        if len(chain) == 1 and _gap(chain[0][0], edge) < _gap(chain[0][-1], edge):
            chain[0] = chain[0][::-1]
        reverse = bool(chain) and math.dist(chain[-1][-1], edge[-1]) < math.dist(chain[-1][-1], edge[0])
        chain.append(edge[::-1] if reverse else edge)
    return np.concatenate(chain) if chain else np.empty((0, 2))


def _gap(point: Points, edge: Points) -> float:
    return min(math.dist(point, edge[0]), math.dist(point, edge[-1]))
