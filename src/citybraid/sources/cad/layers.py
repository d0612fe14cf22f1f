"""Summary of every layer of a drawing: entities, length and area, sample texts, and the likely role."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from ezdxf.colors import DXF_DEFAULT_COLORS, int2rgb
from ezdxf.document import Drawing
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.line import Line
from ezdxf.entities.lwpolyline import LWPolyline
from ezdxf.entities.polyline import Polyline
from numpy.typing import NDArray
from shapely.geometry import Polygon

from citybraid.core.finding import Finding
from citybraid.sources.cad.curves import CURVES, FILLED, Points, boundary_rings, is_level_face
from citybraid.sources.cad.drawing import FEWEST, points_of
from citybraid.sources.cad.entities import DrawingEntities, PlacedEntity
from citybraid.sources.cad.findings import block_findings
from citybraid.sources.cad.layer_patterns import matches_layer
from citybraid.sources.cad.opening import OpenDrawing
from citybraid.sources.cad.plan_texts import layer_use, plot_of_layer, stated_values
from citybraid.sources.cad.roles import (
    GROUND,
    HEIGHTS,
    HOLES,
    is_coded_use,
    is_drawn_as_line,
    is_furniture,
    is_heights,
    known_patterns,
    roles,
)
from citybraid.sources.cad.texts import WRITTEN, DrawingText, drawing_texts, shape_of_texts
from citybraid.sources.cad.units import Extent, Unit, unit_of
from citybraid.sources.protocol.quantities import columns_of
from citybraid.sources.protocol.target import Bounds, Target, union

SAMPLED = 20_000
"""Parts that are sampled for a drawing's extent [-]."""
EDGE = 1.0
"""Share of points at each end that count as outliers [%]."""
FEW = 50
"""Number of points below which none counts as an outlier [-]."""
COARSE = 4000.0
"""Width of the drawing over the chord tolerance of its picture [-]."""
SAMPLES = 4
NAMED, SPOKEN, FITTING, MISFIT = 0.6, 0.35, 0.05, 0.4
"""Confidence added by a layer's name, the texts in its shapes and the kind of shapes; subtracted by a misfit."""
ENOUGH = 0.3
"""Confidence from which a role is reported [-]."""
LEVELS, OPEN = 4, 0.2
"""Fewest elevations of contours on a layer with another name, and least share of open lines [-]."""
WHITE = 7
Stroke = NDArray[np.float64]
Reason = str


@dataclass(frozen=True)
class DrawingLayer:
    """One layer: entities by kind, shapes among them and how many are closed, length [m], area [m2], sample texts.

    `role` is '' where none is likely; `strokes` are its lines for a picture, in drawing units.
    """

    name: str
    state: str
    colour: str
    kinds: Mapping[str, int]
    shapes: int
    closed: int
    length: float
    area: float
    texts: int
    samples: tuple[str, ...]
    role: str
    confidence: float
    reason: Reason
    bounds: Bounds | None
    strokes: tuple[Stroke, ...] = field(repr=False, default=())


@dataclass(frozen=True)
class DrawingTable:
    """Summary of a drawing by layer: version, text encoding, unit, layers and findings."""

    version: str
    encoding: str
    stated: str
    unit: str
    layers: tuple[DrawingLayer, ...]
    findings: tuple[Finding, ...]

    def bounds_of(self, names: Iterable[str]) -> Bounds | None:
        """Return the bounds of some layers' content, in drawing units; None where they are empty."""
        selected = set(names)
        return union([layer.bounds for layer in self.layers if layer.name in selected and layer.bounds is not None])


class LayerContent(NamedTuple):
    """The content of one layer; `elevations` counts its entities by elevation, those at 0 left out."""

    kinds: Counter[str]
    lines: list[Points]
    closed: list[Points]
    filled: list[Points]
    texts: list[str]
    elevations: Counter[float]


def extent(entities: DrawingEntities) -> Extent:
    """Return the bounds of a drawing without outliers and the median height of its letters, in drawing units."""
    step = max(1, len(entities.parts) // SAMPLED)
    places = [points for part in entities.parts[::step] if (points := _sample_points(part)) is not None and len(points)]
    letters = [
        float(part.entity.dxf.get("char_height" if part.entity.dxftype() == "MTEXT" else "height", 0.0)) * part.scale
        for part in entities.parts[::step] if part.entity.dxftype() in ("TEXT", "MTEXT", "ATTRIB")
    ]  # fmt: skip
    height = float(np.median(letters)) if letters else 0.0
    points = np.concatenate(places) if places else np.empty((0, 2))
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return Extent(None, height)
    low, high = (0.0, 100.0) if len(points) < FEW else (EDGE, 100.0 - EDGE)
    west, south = np.percentile(points, low, axis=0)
    east, north = np.percentile(points, high, axis=0)
    return Extent((float(west), float(south), float(east), float(north)), height)


def _sample_points(part: PlacedEntity) -> Points | None:
    """Return a few points of an entity without flattening it."""
    entity = part.entity
    if isinstance(entity, LWPolyline):
        flat = np.asarray(entity.lwpoints.values, dtype=float).reshape(-1, 5)[:, :2]
        return part.placed(np.column_stack([flat, np.zeros(len(flat))]))
    if isinstance(entity, Polyline):
        corners = [vertex.dxf.location.xyz for vertex in entity.vertices[:FEW]]
        return part.placed(np.array(corners, dtype=float).reshape(-1, 3))
    if isinstance(entity, Line):
        return part.placed(np.array([entity.dxf.start.xyz, entity.dxf.end.xyz], dtype=float))
    at = next(
        (entity.dxf.get(name) for name in ("center", "insert", "location") if entity.dxf.is_supported(name)), None
    )
    return None if at is None else part.placed(np.array([(*tuple(at)[:2], 0.0)], dtype=float))


def layer_table(file: OpenDrawing, entities: DrawingEntities, path: Path) -> DrawingTable:
    """Return every layer that has content or is declared in the drawing."""
    size = extent(entities)
    unit, unit_notes = unit_of(file.drawing, size, "", None, Target("EPSG:4549", 1.0), name=path.name, layer=path.name)
    contents = _contents_by_layer(entities, size)
    names = sorted({str(layer.dxf.name) for layer in file.drawing.layers} | set(contents))
    text_shares = _text_shares(contents, drawing_texts(entities.parts, Unit("", 1.0)))
    layers = [_layer(file.drawing, name, contents.get(name), text_shares.get(name, {}), unit) for name in names]
    return DrawingTable(
        file.drawing.dxfversion, file.texts.encoding, file.texts.stated, unit.name,
        tuple(layer for layer in layers if layer.kinds or layer.name not in ("0", "Defpoints")),
        (*file.findings, *unit_notes, *block_findings(entities, path.name, path)),
    )  # fmt: skip


def _contents_by_layer(entities: DrawingEntities, size: Extent) -> dict[str, LayerContent]:
    west, south, east, north = size.bounds or (0.0, 0.0, 1.0, 1.0)
    tolerance = max(east - west, north - south, 1e-9) / COARSE
    picture_unit = Unit("", 1.0, tolerance / 0.005)
    contents: dict[str, LayerContent] = {}
    with np.errstate(over="ignore", invalid="ignore"):
        for part in entities.parts:
            _add_part(contents, part, picture_unit, tolerance)
    for spot in entities.spots:
        if is_heights(spot.layer):
            content = contents.setdefault(spot.layer, LayerContent(Counter(), [], [], [], [], Counter()))
            content.kinds[spot.entity.dxftype()] += 1
    return contents


def _add_part(contents: dict[str, LayerContent], part: PlacedEntity, picture_unit: Unit, tolerance: float) -> None:
    """Add one part; `tolerance` is that of the picture [drawing unit], `picture_unit` the unit that yields it."""
    content = contents.setdefault(part.layer, LayerContent(Counter(), [], [], [], [], Counter()))
    kind = part.entity.dxftype()
    content.kinds[kind] += 1
    if kind in WRITTEN and kind != "MULTILEADER":
        content.texts.append(_text_of(part))
        return
    with suppress(ValueError, ZeroDivisionError, OverflowError, IndexError, TypeError, AttributeError):
        drawn = kind in CURVES or is_level_face(part.entity)
        if drawn and (line := points_of(part, picture_unit)) is not None:
            _add(content.closed if line.closed else content.lines, line.points)
            if elevation := _elevation(part.entity):
                content.elevations[elevation] += 1
        elif kind in FILLED:
            for ring in boundary_rings(part.entity, tolerance):  # type: ignore[arg-type]  # both kinds are polygons
                _add(content.filled, part.placed(ring))


def _elevation(entity: DXFGraphic) -> float:
    """Return the elevation of a polyline, of a three-dimensional one that of its first vertex; 0 for others."""
    if isinstance(entity, LWPolyline):
        return float(entity.dxf.get("elevation", 0.0))
    if isinstance(entity, Polyline):
        return float(entity.vertices[0].dxf.location.z if entity.is_3d_polyline else entity.dxf.elevation.z)
    return 0.0


def _add(lines: list[Points], points: Points) -> None:
    if len(points) > 1 and np.isfinite(points).all() and np.abs(points).max() < 1e12:  # noqa: PLR2004  (a line; far)
        lines.append(points)


def _text_of(part: PlacedEntity) -> str:
    entity = part.entity
    text = entity.plain_text() if hasattr(entity, "plain_text") else ""
    return " ".join(str(text).split())[:40]


def _text_shares(contents: Mapping[str, LayerContent], texts: Sequence[DrawingText]) -> dict[str, dict[str, float]]:
    """Return for each layer the share of its closed shapes whose texts state parcel controls or building floors."""
    owners = [
        (name, points)
        for name, content in contents.items()
        for points in (*content.closed, *content.filled, *content.lines)
        if len(points) >= FEWEST
    ]
    if not owners or not texts:
        return {}
    shapes = shapely.make_valid([Polygon(points) for _, points in owners], method="structure", keep_collapsed=False)
    row, _ = shape_of_texts(list(shapes), texts)
    columns_by_role = {"parcels": tuple(columns_of("parcels")), "buildings": ("floors", "height")}
    rows_by_key: dict[tuple[str, str], set[int]] = {}
    for note, index in zip(texts, row.tolist(), strict=True):
        if index < 0:
            continue
        for role, columns in columns_by_role.items():
            if stated_values(note.lines, columns, layer=note.layer)[0]:
                rows_by_key.setdefault((owners[index][0], role), set()).add(index)
    count = Counter(name for name, _ in owners)
    shares: dict[str, dict[str, float]] = {}
    for (name, role), rows in rows_by_key.items():
        shares.setdefault(name, {})[role] = len(rows) / count[name]
    return shares


def _layer(
    drawing: Drawing, name: str, content: LayerContent | None, text_shares: Mapping[str, float], unit: Unit
) -> DrawingLayer:
    content = content or LayerContent(Counter(), [], [], [], [], Counter())
    strokes = [
        *content.lines,
        *(np.vstack([ring, ring[:1]]) for ring in (*content.closed, *content.filled)),
    ]
    length = sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in strokes) * unit.factor
    area = sum(_area(ring) for ring in (content.closed or content.filled)) * unit.factor**2
    role, confidence, reason = _role(name, content, text_shares)
    colour, state = _colour_and_state(drawing, name)
    ends = [(*line.min(axis=0), *line.max(axis=0)) for line in strokes]
    samples = tuple(dict.fromkeys(text for text in content.texts if text))[:SAMPLES]
    closed = len(content.closed) + len(content.filled)
    return DrawingLayer(
        name, state, colour, dict(content.kinds.most_common()), len(content.lines) + closed, closed, length, area,
        len(content.texts), samples, role, confidence, reason,
        union([(float(w), float(s), float(e), float(n)) for w, s, e, n in ends]), tuple(strokes),
    )  # fmt: skip


def _area(ring: Points) -> float:
    x, y = (ring - ring[0]).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _role(name: str, content: LayerContent, text_shares: Mapping[str, float]) -> tuple[str, float, Reason]:
    """Return the likeliest role, its confidence, and the reason."""
    drawn = bool(content.lines or content.closed or content.filled)
    if is_heights(name) and not is_furniture(name) and content.kinds:
        return HEIGHTS, NAMED + FITTING, "drawing.reason_name"
    if not drawn:
        return "", 0.0, "drawing.reason_texts" if content.texts else "drawing.reason_nothing"
    if matches_layer(name, known_patterns(HOLES)):
        return "", 0.0, "drawing.reason_holes"
    if is_furniture(name):
        return "", 0.0, "drawing.reason_furniture"
    by_name = next((role for role in roles() if matches_layer(name, known_patterns(role))), "")
    if by_name in ("", GROUND) and (is_coded_use(name) or (not by_name and (layer_use(name) or plot_of_layer(name)))):
        by_name = "parcels"
    by_texts = max(text_shares, key=lambda role: text_shares[role], default="")
    role = by_name or by_texts
    if not role and _are_contours(content):
        return HEIGHTS, NAMED, "drawing.reason_content"
    if not role:
        return "", 0.0, "drawing.reason_none"
    confidence = NAMED if by_name else 0.0
    confidence += (SPOKEN if by_name else NAMED) * min(1.0, 2 * text_shares.get(role, 0.0))
    lines = len(content.lines) >= len(content.closed) + len(content.filled)
    fits = lines if is_drawn_as_line(role) else bool(content.closed or content.filled)
    confidence += FITTING if fits else -MISFIT / 2 if is_drawn_as_line(role) or content.lines else -MISFIT
    confidence = round(min(1.0, confidence), 2)
    if confidence < ENOUGH:
        return "", confidence, "drawing.reason_none"
    both = bool(by_name) and text_shares.get(role, 0.0) > 0
    return role, confidence, f"drawing.reason_{'both' if both else 'name' if by_name else 'content'}"


def _are_contours(content: LayerContent) -> bool:
    """Return whether most lines of a layer have an elevation, of several, and some are open: rings may be roofs."""
    lines = len(content.lines) + len(content.closed)
    elevated = content.elevations.total()
    return len(content.elevations) >= LEVELS and elevated > 0.5 * lines and len(content.lines) >= OPEN * lines


def _colour_and_state(drawing: Drawing, name: str) -> tuple[str, str]:
    """Return the colour of a layer as #rrggbb, and whether it is on, off or frozen."""
    if name not in drawing.layers:
        return "#808080", "on"
    layer = drawing.layers.get(name)
    index = min(255, max(1, abs(int(layer.dxf.color))))
    red, green, blue = int2rgb(DXF_DEFAULT_COLORS[index])
    colour = "#333333" if index == WHITE else f"#{red:02x}{green:02x}{blue:02x}"
    return colour, "frozen" if layer.is_frozen() else "off" if layer.is_off() else "on"
