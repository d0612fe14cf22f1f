"""Shapes of one role in a drawing, in CRS units, with records of repaired and skipped entities."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.sources.cad.curves import CURVES, FILLED, Curve, Points, boundary_rings, curve, is_level_face
from citybraid.sources.cad.entities import PlacedEntity
from citybraid.sources.cad.units import Unit

SAGITTA = 0.005
"""Largest distance between chord and arc [m]."""
GAP = 0.5
"""Largest gap at which an open ring counts as nearly closed [m]."""
FAR = 1e9
"""Largest projected coordinate on Earth [m]."""
TEXTS = frozenset({"TEXT", "MTEXT", "ATTRIB", "LEADER", "MULTILEADER", "MLEADER", "DIMENSION", "TOLERANCE"})
FEWEST = 3
GAP_OF_LENGTH = 0.25
"""Largest gap over line length that counts as a drafting error [-]."""


@dataclass
class Shapes:
    """Shapes of one role in a drawing, with records of repaired and skipped entities.

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
        """Add one shape."""
        self.handles.append(handle or f"shape-{len(self.handles) + 1}")
        self.layers.append(layer)
        self.shapes.append(shape)
        self.filled.append(filled)
        self.also.append(())

    def only(self, rows: Iterable[int]) -> None:
        """Keep only these rows, in this order."""
        selected = list(rows)
        self.handles = [self.handles[row] for row in selected]
        self.layers = [self.layers[row] for row in selected]
        self.shapes = [self.shapes[row] for row in selected]
        self.filled = [self.filled[row] for row in selected]
        self.also = [self.also[row] for row in selected]


def shapes(parts: Iterable[PlacedEntity], unit: Unit, *, rings: bool, gap: float = GAP) -> Shapes:
    """Return the shapes of parts in CRS units: rings as polygons with open lines kept separately, or lines.

    `gap` is the largest gap that is closed [m].
    """
    collected = Shapes()
    with np.errstate(over="ignore", invalid="ignore"):
        for part in parts:
            kind = part.entity.dxftype()
            if kind in CURVES or (rings and is_level_face(part.entity)):
                _line(collected, part, unit, rings=rings, gap=gap)
            elif kind in FILLED and rings:
                _filled(collected, part, unit)
            elif kind not in TEXTS:
                collected.other[kind] += 1
    return collected


def points_of(part: PlacedEntity, unit: Unit) -> Curve | None:
    """Return the line of a part in CRS units, (n, 2); None where it has none."""
    tolerance = SAGITTA * unit.metre / (unit.factor * part.scale)
    local_curve = curve(part.entity, tolerance)
    return None if local_curve is None else Curve(part.placed(local_curve.points) * unit.factor, local_curve.closed)


def _line(collected: Shapes, part: PlacedEntity, unit: Unit, *, rings: bool, gap: float) -> None:
    kind = part.entity.dxftype()
    try:
        placed_curve = points_of(part, unit)
    except (ValueError, ZeroDivisionError, OverflowError, IndexError, TypeError, AttributeError):
        collected.lost[kind] += 1
        return
    if placed_curve is None:
        collected.other[f"{kind} (mesh)"] += 1
        return
    points = _distinct(placed_curve.points)
    if not _is_finite(points, unit):
        collected.lost[kind] += 1
        return
    if not rings:
        if len(points) > 1:
            line = np.vstack([points, points[:1]]) if placed_curve.closed else points
            collected.keep(LineString(line), part.layer, part.handle)
        return
    if len(points) < 2:  # noqa: PLR2004  (a line has two)
        collected.lost["zero length"] += 1
    else:
        _ring(collected, part, points, unit, closed=placed_curve.closed, gap=gap)


def _ring(collected: Shapes, part: PlacedEntity, points: Points, unit: Unit, *, closed: bool, gap: float) -> None:
    """Add a closed or nearly closed line as a polygon, an open one as a line to be joined later."""
    open_by = float(np.hypot(*(points[-1] - points[0])))
    length = float(np.hypot(*np.diff(points, axis=0).T).sum())
    nearly_closed = open_by <= gap * unit.metre and open_by <= GAP_OF_LENGTH * length
    if len(points) < FEWEST or not (closed or nearly_closed):
        if not closed:
            collected.lines.append(LineString(points))
            collected.line_layers.append(part.layer)
        return
    if not closed and open_by > 0:
        collected.mended.append(open_by / unit.metre)
        points = points[:-1] if len(points) > FEWEST + 1 else points
    _add(collected, Polygon(points), part)


def _filled(collected: Shapes, part: PlacedEntity, unit: Unit) -> None:
    """Add a hatch as polygons with its islands as holes."""
    tolerance = SAGITTA * unit.metre / (unit.factor * part.scale)
    kind = part.entity.dxftype()
    try:
        hatch_rings = [part.placed(ring) * unit.factor for ring in boundary_rings(part.entity, tolerance)]  # type: ignore[arg-type]  # both kinds are polygons
    except (ValueError, ZeroDivisionError, OverflowError, IndexError, TypeError, AttributeError):
        collected.lost[kind] += 1
        return
    valid_rings = [
        points for ring in hatch_rings if len(points := _distinct(ring)) >= FEWEST and _is_finite(points, unit)
    ]
    if len(valid_rings) < len(hatch_rings) or not hatch_rings:
        collected.lost[kind] += 1
    for number, shape in enumerate(nested([Polygon(points) for points in valid_rings])):
        _add(collected, shape, part, filled=True, number=number)


def nested(areas: list[Polygon]) -> list[BaseGeometry]:
    """Return polygons from the rings of a hatch by the even-odd rule: a ring within a ring is a hole."""
    if len(areas) == 1:
        return [areas[0]]
    valid = [shapely.make_valid(area, method="structure", keep_collapsed=False) for area in areas]
    valid = sorted((area for area in valid if not area.is_empty), key=lambda area: -area.area)
    filled: BaseGeometry = Polygon()
    for area in valid:
        filled = shapely.symmetric_difference(filled, area)
    return [part for part in shapely.get_parts(filled) if part.geom_type == "Polygon" and part.area > 0]


def _add(collected: Shapes, shape: BaseGeometry, part: PlacedEntity, *, filled: bool = False, number: int = 0) -> None:
    if shape.area <= 0:
        collected.lost["zero area"] += 1
        return
    handle = f"{part.handle}-{number + 1}" if number else part.handle
    collected.keep(shape, part.layer, handle, filled=filled)


def _distinct(points: Points) -> Points:
    """Return points without repetitions of the preceding one."""
    if len(points) < 2:  # noqa: PLR2004  (a line has two)
        return points
    moved = np.any(points[1:] != points[:-1], axis=1)
    distinct: Points = points[np.concatenate([[True], moved])]
    return distinct


def _is_finite(points: Points, unit: Unit) -> bool:
    return bool(np.isfinite(points).all()) and bool((np.abs(points) < FAR * unit.metre).all())
