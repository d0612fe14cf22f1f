"""What a drawing holds for one role: shapes in the units of its CRS, with what was mended or left out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.sources.cad.curves import CURVES, FILLED, Curve, Points, curve, rings
from citybraid.sources.cad.entities import Part
from citybraid.sources.cad.units import Unit

SAGITTA = 0.005
"""Most that a chord may leave an arc [m]."""
GAP = 0.5
"""Largest gap at which an open ring counts as nearly closed [m]."""
FAR = 1e9
"""No coordinate on Earth lies farther out [m]."""
TEXTS = frozenset({"TEXT", "MTEXT", "ATTRIB", "LEADER", "MULTILEADER", "MLEADER", "DIMENSION", "TOLERANCE"})
FEWEST = 3
GAP_OF_LENGTH = 0.25
"""A gap longer than this share of the line around it is no slip of the pen [-]."""


@dataclass
class Shapes:
    """Shapes of one role in a drawing, with what was mended or left out.

    `handles`, `layers`, `shapes`, `filled` (by a hatch) and `also` (the layers on which
    the same shape is drawn again) go together, and so do `lines` (open ones) and `line_layers`.
    `mended` holds the gaps that were closed [m].
    """

    handles: list[str] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    shapes: list[BaseGeometry] = field(default_factory=list)
    filled: list[bool] = field(default_factory=list)
    also: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[LineString] = field(default_factory=list)
    line_layers: list[str] = field(default_factory=list)
    mended: list[float] = field(default_factory=list)
    open: list[tuple[float, float]] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def keep(self, shape: BaseGeometry, layer: str, handle: str, *, filled: bool = False) -> None:
        """Take in one shape."""
        self.handles.append(handle or f"shape-{len(self.handles) + 1}")
        self.layers.append(layer)
        self.shapes.append(shape)
        self.filled.append(filled)
        self.also.append(())

    def only(self, rows: Iterable[int]) -> None:
        """Keep only these rows, in this order."""
        kept = list(rows)
        self.handles = [self.handles[row] for row in kept]
        self.layers = [self.layers[row] for row in kept]
        self.shapes = [self.shapes[row] for row in kept]
        self.filled = [self.filled[row] for row in kept]
        self.also = [self.also[row] for row in kept]


def on_layer(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a layer's name fits one of the patterns, whatever the case."""
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)


def shapes(parts: Iterable[Part], unit: Unit, *, rings: bool, gap: float = GAP) -> Shapes:
    """Return the shapes of some parts in the units of the CRS: rings as polygons with open lines apart, or lines.

    `gap` is the largest gap that is closed [m].
    """
    found = Shapes()
    with np.errstate(over="ignore", invalid="ignore"):
        for part in parts:
            kind = part.entity.dxftype()
            if kind in CURVES:
                _line(found, part, unit, rings=rings, gap=gap)
            elif kind in FILLED and rings:
                _filled(found, part, unit)
            elif kind not in TEXTS:
                found.other[kind] += 1
    return found


def points_of(part: Part, unit: Unit) -> Curve | None:
    """Return the line of a part in the units of the CRS, (n, 2); None where it has none or it is not finite."""
    tolerance = SAGITTA * unit.metre / (unit.factor * part.scale)
    found = curve(part.entity, tolerance)
    return None if found is None else Curve(part.placed(found.points) * unit.factor, found.closed)


def _line(found: Shapes, part: Part, unit: Unit, *, rings: bool, gap: float) -> None:
    kind = part.entity.dxftype()
    try:
        drawn = points_of(part, unit)
    except (ValueError, ZeroDivisionError, OverflowError, IndexError, TypeError, AttributeError):
        found.lost[kind] += 1
        return
    if drawn is None:
        found.other[f"{kind} (mesh)"] += 1
        return
    points = _apart(drawn.points)
    if not _is_finite(points, unit):
        found.lost[kind] += 1
        return
    if not rings:
        if len(points) > 1:
            line = np.vstack([points, points[:1]]) if drawn.closed else points
            found.keep(LineString(line), part.layer, part.handle)
        return
    if len(points) < 2:  # noqa: PLR2004  (a line has two)
        found.lost["zero length"] += 1
    else:
        _ring(found, part, points, unit, closed=drawn.closed, gap=gap)


def _ring(found: Shapes, part: Part, points: Points, unit: Unit, *, closed: bool, gap: float) -> None:
    """A closed or nearly closed line as a polygon, an open one to be joined with others."""
    open_by = float(np.hypot(*(points[-1] - points[0])))
    length = float(np.hypot(*np.diff(points, axis=0).T).sum())
    near = open_by <= gap * unit.metre and open_by <= GAP_OF_LENGTH * length
    if len(points) < FEWEST or not (closed or near):
        if not closed:
            found.lines.append(LineString(points))
            found.line_layers.append(part.layer)
        return
    if not closed and open_by > 0:
        found.mended.append(open_by / unit.metre)
        points = points[:-1] if len(points) > FEWEST + 1 else points
    _keep(found, Polygon(points), part)


def _filled(found: Shapes, part: Part, unit: Unit) -> None:
    """A hatch as polygons, its islands as holes."""
    tolerance = SAGITTA * unit.metre / (unit.factor * part.scale)
    kind = part.entity.dxftype()
    try:
        drawn = [part.placed(ring) * unit.factor for ring in rings(part.entity, tolerance)]  # type: ignore[arg-type]  # both kinds are polygons
    except (ValueError, ZeroDivisionError, OverflowError, IndexError, TypeError, AttributeError):
        found.lost[kind] += 1
        return
    kept = [points for each in drawn if len(points := _apart(each)) >= FEWEST and _is_finite(points, unit)]
    if len(kept) < len(drawn) or not drawn:
        found.lost[kind] += 1
    for number, shape in enumerate(nested([Polygon(points) for points in kept])):
        _keep(found, shape, part, filled=True, number=number)


def nested(areas: list[Polygon]) -> list[BaseGeometry]:
    """Return polygons from the rings of a hatch: what lies within a ring is a hole, what lies within that is not."""
    if len(areas) == 1:
        return [areas[0]]
    whole = [shapely.make_valid(area, method="structure", keep_collapsed=False) for area in areas]
    whole = sorted((area for area in whole if not area.is_empty), key=lambda area: -area.area)
    done: BaseGeometry = Polygon()
    for area in whole:
        done = shapely.symmetric_difference(done, area)
    return [part for part in shapely.get_parts(done) if part.geom_type == "Polygon" and part.area > 0]


def _keep(found: Shapes, shape: BaseGeometry, part: Part, *, filled: bool = False, number: int = 0) -> None:
    if shape.area <= 0:
        found.lost["zero area"] += 1
        return
    handle = f"{part.handle}-{number + 1}" if number else part.handle
    found.keep(shape, part.layer, handle, filled=filled)


def _apart(points: Points) -> Points:
    """Points without those that stand on the one before."""
    if len(points) < 2:  # noqa: PLR2004  (a line has two)
        return points
    moved = np.any(points[1:] != points[:-1], axis=1)
    kept: Points = points[np.concatenate([[True], moved])]
    return kept


def _is_finite(points: Points, unit: Unit) -> bool:
    return bool(np.isfinite(points).all()) and bool((np.abs(points) < FAR * unit.metre).all())
