"""Every layer of a drawing: what stands on it, how long and large it is, what it says, which role it probably has."""

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
from ezdxf.entities.line import Line
from ezdxf.entities.lwpolyline import LWPolyline
from ezdxf.entities.polyline import Polyline
from numpy.typing import NDArray
from shapely.geometry import Polygon

from citybraid.core.finding import Finding
from citybraid.sources.cad.curves import CURVES, FILLED, Points, rings
from citybraid.sources.cad.drawing import FEWEST, on_layer, points_of
from citybraid.sources.cad.entities import Part, Parts
from citybraid.sources.cad.findings import of_blocks
from citybraid.sources.cad.opening import Opened
from citybraid.sources.cad.plan_texts import layer_use, parted
from citybraid.sources.cad.roles import HOLES, as_lines, known, roles
from citybraid.sources.cad.texts import WRITTEN, Note, holders, notes
from citybraid.sources.cad.units import Extent, Unit, unit_of
from citybraid.sources.protocol.quantities import columns_of
from citybraid.sources.protocol.target import Bounds, Target, union

SAMPLED = 20_000
"""Parts that a drawing's extent is taken from [-]."""
EDGE = 1.0
"""Percent of points that may lie astray at each end."""
FEW = 50
"""Points below which none counts as astray [-]."""
COARSE = 4000.0
"""A picture's chords are this many times shorter than the drawing is wide [-]."""
SAMPLES = 4
NAMED, SPOKEN, FITTING, MISFIT = 0.6, 0.35, 0.05, 0.4
"""What a layer's name, the texts in its shapes and the kind of shapes add to confidence; what a misfit takes away."""
ENOUGH = 0.3
"""Confidence from which a role is told [-]."""
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
    """A drawing seen layer by layer: its version, how its texts were read, its unit, and what it tells."""

    version: str
    encoding: str
    stated: str
    unit: str
    layers: tuple[DrawingLayer, ...]
    findings: tuple[Finding, ...]

    def bounds_of(self, names: Iterable[str]) -> Bounds | None:
        """Return the bounds of what stands on some layers, in drawing units; None where nothing does."""
        wanted = set(names)
        return union([layer.bounds for layer in self.layers if layer.name in wanted and layer.bounds is not None])


class Seen(NamedTuple):
    """What stands on one layer."""

    kinds: Counter[str]
    lines: list[Points]
    closed: list[Points]
    filled: list[Points]
    texts: list[str]


def extent(whole: Parts) -> Extent:
    """Return the bounds of most of a drawing and the usual height of its letters, in drawing units."""
    step = max(1, len(whole.parts) // SAMPLED)
    places = [points for part in whole.parts[::step] if (points := _some(part)) is not None and len(points)]
    letters = [
        float(part.entity.dxf.get("char_height" if part.entity.dxftype() == "MTEXT" else "height", 0.0)) * part.scale
        for part in whole.parts[::step] if part.entity.dxftype() in ("TEXT", "MTEXT", "ATTRIB")
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


def _some(part: Part) -> Points | None:
    """A few points of an entity, cheaply."""
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


def layer_table(file: Opened, whole: Parts, path: Path) -> DrawingTable:
    """Return every layer that has something on it or in the drawing's own list."""
    size = extent(whole)
    unit, told = unit_of(file.drawing, size, "", None, Target("EPSG:4549", 1.0), name=path.name, layer=path.name)
    seen = _seen(whole, size)
    names = sorted({str(layer.dxf.name) for layer in file.drawing.layers} | set(seen))
    spoken = _spoken(seen, notes(whole.parts, Unit("", 1.0)))
    made = [_layer(file.drawing, name, seen.get(name), spoken.get(name, {}), unit) for name in names]
    return DrawingTable(
        file.drawing.dxfversion, file.texts.encoding, file.texts.stated, unit.name,
        tuple(layer for layer in made if layer.kinds or layer.name not in ("0", "Defpoints")),
        (*file.findings, *told, *of_blocks(whole, path.name, path)),
    )  # fmt: skip


def _seen(whole: Parts, size: Extent) -> dict[str, Seen]:
    west, south, east, north = size.bounds or (0.0, 0.0, 1.0, 1.0)
    fine = max(east - west, north - south, 1e-9) / COARSE
    plain = Unit("", 1.0, fine / 0.005)
    found: dict[str, Seen] = {}
    with np.errstate(over="ignore", invalid="ignore"):
        for part in whole.parts:
            _see(found, part, plain, fine)
    return found


def _see(found: dict[str, Seen], part: Part, plain: Unit, fine: float) -> None:
    """Take in one part; `fine` is the tolerance of the picture in drawing units, `plain` the unit that gives it."""
    here = found.setdefault(part.layer, Seen(Counter(), [], [], [], []))
    kind = part.entity.dxftype()
    here.kinds[kind] += 1
    if kind in WRITTEN and kind != "MULTILEADER":
        here.texts.append(_words(part))
        return
    with suppress(ValueError, ZeroDivisionError, OverflowError, IndexError, TypeError, AttributeError):
        if kind in CURVES and (line := points_of(part, plain)) is not None:
            _add(here.closed if line.closed else here.lines, line.points)
        elif kind in FILLED:
            for ring in rings(part.entity, fine):  # type: ignore[arg-type]  # both kinds are polygons
                _add(here.filled, part.placed(ring))


def _add(lines: list[Points], points: Points) -> None:
    if len(points) > 1 and np.isfinite(points).all() and np.abs(points).max() < 1e12:  # noqa: PLR2004  (a line; far)
        lines.append(points)


def _words(part: Part) -> str:
    entity = part.entity
    said = entity.plain_text() if hasattr(entity, "plain_text") else ""
    return " ".join(str(said).split())[:40]


def _spoken(seen: Mapping[str, Seen], texts: Sequence[Note]) -> dict[str, dict[str, float]]:
    """For each layer the share of its closed shapes whose texts state controls of parcels, and floors of buildings."""
    owners = [
        (name, points)
        for name, here in seen.items()
        for points in (*here.closed, *here.filled, *here.lines)
        if len(points) >= FEWEST
    ]
    if not owners or not texts:
        return {}
    shapes = shapely.make_valid([Polygon(points) for _, points in owners], method="structure", keep_collapsed=False)
    row, _ = holders(list(shapes), texts)
    wanted = {"parcels": tuple(columns_of("parcels")), "buildings": ("floors", "height")}
    hit: dict[tuple[str, str], set[int]] = {}
    for note, at in zip(texts, row.tolist(), strict=True):
        if at < 0:
            continue
        for role, columns in wanted.items():
            if parted(note.lines, columns, layer=note.layer)[0]:
                hit.setdefault((owners[at][0], role), set()).add(at)
    count = Counter(name for name, _ in owners)
    spoken: dict[str, dict[str, float]] = {}
    for (name, role), rows in hit.items():
        spoken.setdefault(name, {})[role] = len(rows) / count[name]
    return spoken


def _layer(drawing: Drawing, name: str, seen: Seen | None, spoken: Mapping[str, float], unit: Unit) -> DrawingLayer:
    here = seen or Seen(Counter(), [], [], [], [])
    strokes = [*here.lines, *(np.vstack([ring, ring[:1]]) for ring in (*here.closed, *here.filled))]
    length = sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in strokes) * unit.factor
    area = sum(_area(ring) for ring in (here.closed or here.filled)) * unit.factor**2
    role, confidence, reason = _role(name, here, spoken)
    colour, state = _looks(drawing, name)
    ends = [(*line.min(axis=0), *line.max(axis=0)) for line in strokes]
    samples = tuple(dict.fromkeys(text for text in here.texts if text))[:SAMPLES]
    shapes = len(here.lines) + len(here.closed) + len(here.filled)
    return DrawingLayer(
        name, state, colour, dict(here.kinds.most_common()), shapes, len(here.closed) + len(here.filled), length,
        area, len(here.texts), samples, role, confidence, reason,
        union([(float(w), float(s), float(e), float(n)) for w, s, e, n in ends]), tuple(strokes),
    )  # fmt: skip


def _area(ring: Points) -> float:
    x, y = (ring - ring[0]).T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def _role(name: str, here: Seen, spoken: Mapping[str, float]) -> tuple[str, float, Reason]:
    """The likeliest role, how sure that is, and what speaks for it."""
    drawn = bool(here.lines or here.closed or here.filled)
    if not drawn:
        return "", 0.0, "drawing.reason_texts" if here.texts else "drawing.reason_nothing"
    if on_layer(name, known(HOLES)):
        return "", 0.0, "drawing.reason_holes"
    by_name = next((role for role in roles() if on_layer(name, known(role))), "")
    by_name = by_name or ("parcels" if layer_use(name) else "")
    by_texts = max(spoken, key=lambda role: spoken[role], default="")
    role = by_name or by_texts
    if not role:
        return "", 0.0, "drawing.reason_none"
    confidence = NAMED if by_name else 0.0
    confidence += (SPOKEN if by_name else NAMED) * min(1.0, 2 * spoken.get(role, 0.0))
    lines = len(here.lines) >= len(here.closed) + len(here.filled)
    fits = lines if as_lines(role) else bool(here.closed or here.filled)
    confidence += FITTING if fits else -MISFIT / 2 if as_lines(role) or here.lines else -MISFIT
    confidence = round(min(1.0, confidence), 2)
    if confidence < ENOUGH:
        return "", confidence, "drawing.reason_none"
    both = bool(by_name) and spoken.get(role, 0.0) > 0
    return role, confidence, f"drawing.reason_{'both' if both else 'name' if by_name else 'content'}"


def _looks(drawing: Drawing, name: str) -> tuple[str, str]:
    """The colour of a layer as #rrggbb, and whether it is on, off or frozen."""
    if name not in drawing.layers:
        return "#808080", "on"
    layer = drawing.layers.get(name)
    index = min(255, max(1, abs(int(layer.dxf.color))))
    red, green, blue = int2rgb(DXF_DEFAULT_COLORS[index])
    colour = "#333333" if index == WHITE else f"#{red:02x}{green:02x}{blue:02x}"
    return colour, "frozen" if layer.is_frozen() else "off" if layer.is_off() else "on"
