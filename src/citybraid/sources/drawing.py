"""Drawings: entities to shapes, arcs flattened, rings closed where the gap is small."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import ezdxf.path
from ezdxf.entities.dxfentity import DXFEntity
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.insert import Insert
from ezdxf.layouts.layout import Modelspace
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.sources.values import plain

SAGITTA = 0.005
"""Most that a chord may leave an arc [m]."""
GAP = 0.5
"""Largest gap at which an open ring counts as nearly closed [m]."""
LINES = frozenset({"LWPOLYLINE", "POLYLINE", "LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE"})
TEXTS = frozenset({"TEXT", "MTEXT", "ATTRIB"})
FEWEST = 3


@dataclass
class Shapes:
    """Shapes of one role in a drawing, with what was mended or left out."""

    handles: list[str] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    shapes: list[BaseGeometry] = field(default_factory=list)
    mended: list[float] = field(default_factory=list)
    open: list[tuple[float, float]] = field(default_factory=list)
    other: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """A text in a drawing: where it stands, what it says line by line, on which layer."""

    x: float
    y: float
    lines: tuple[str, ...]
    layer: str


def on_layer(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a layer's name fits one of the patterns, whatever the case."""
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)


def shapes(space: Modelspace, patterns: tuple[str, ...], scale: float, *, rings: bool) -> Shapes:
    """Return the shapes on the layers that fit: rings as polygons, or lines, in metres; blocks are taken apart."""
    found = Shapes()
    for entity in _graphics(space):
        if not on_layer(entity.dxf.layer, patterns):
            continue
        kind = entity.dxftype()
        if kind in LINES:
            _add(found, entity, scale, rings=rings)
        elif kind not in TEXTS:
            found.other[kind] = found.other.get(kind, 0) + 1
    return found


def _graphics(space: Modelspace) -> Iterable[DXFGraphic]:
    for entity in space:
        if isinstance(entity, Insert):
            yield from (part for part in entity.virtual_entities() if isinstance(part, DXFGraphic))
        else:
            yield entity


def _add(found: Shapes, entity: DXFGraphic, scale: float, *, rings: bool) -> None:
    path = ezdxf.path.make_path(entity)
    points = [(point.x * scale, point.y * scale) for point in path.flattening(SAGITTA / scale)]
    closed = _is_closed(entity)
    if not rings:
        if len(points) > 1:
            _keep(found, entity, LineString(points))
        return
    if len(points) < FEWEST:
        return
    gap = LineString([points[0], points[-1]]).length
    if not closed and gap > GAP:
        found.open.append(points[0])
        return
    if not closed and gap > 0:
        found.mended.append(gap)
    ring = points[:-1] if gap > 0 and not closed and len(points) > FEWEST + 1 and gap <= GAP else points
    _keep(found, entity, Polygon(points if closed else [*ring, points[-1]]))


def _keep(found: Shapes, entity: DXFEntity, shape: BaseGeometry) -> None:
    found.handles.append(str(entity.dxf.handle or f"block-{len(found.handles) + 1}"))
    found.layers.append(str(entity.dxf.layer))
    found.shapes.append(shape)


def _is_closed(entity: DXFEntity) -> bool:
    return bool(getattr(entity, "is_closed", getattr(entity, "closed", False))) or entity.dxftype() == "CIRCLE"


def notes(space: Modelspace, scale: float) -> list[Note]:
    """Return every text of a drawing with the point it stands at, in metres."""
    return [note for entity in _graphics(space) if entity.dxftype() in TEXTS and (note := _note(entity, scale)).lines]


def _note(entity: DXFGraphic, scale: float) -> Note:
    said = entity.plain_text() if hasattr(entity, "plain_text") else str(entity.dxf.text)
    lines = tuple(line for part in str(said).replace("\\P", "\n").splitlines() if (line := plain(part)))
    at = _anchor(entity)
    return Note(at[0] * scale, at[1] * scale, lines, str(entity.dxf.layer))


def _anchor(entity: DXFGraphic) -> tuple[float, float]:
    """A text's anchor: its alignment point where it is not left-aligned, else its insertion point."""
    aligned = entity.dxftype() == "TEXT" and (entity.dxf.get("halign", 0) or entity.dxf.get("valign", 0))
    point = entity.dxf.get("align_point") if aligned else None
    point = point if point is not None else entity.dxf.insert
    return float(point[0]), float(point[1])
