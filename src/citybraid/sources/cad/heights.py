"""Heights in a drawing: contours with elevation, and spot heights as points, blocks or numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from ezdxf.entities.insert import Insert
from numpy.typing import NDArray

from citybraid.sources.cad.curves import Points, curve
from citybraid.sources.cad.drawing import SAGITTA
from citybraid.sources.cad.entities import PlacedEntity
from citybraid.sources.cad.texts import DrawingText, drawing_texts
from citybraid.sources.cad.units import Unit
from citybraid.sources.text.cell_values import parse_number

DRAWN = frozenset({"LWPOLYLINE", "POLYLINE", "LINE", "SPLINE"})
"""Kinds of entities that contours are drawn with; circles and arcs are symbols of spots."""
NUMBER = re.compile(r"^[-+]?\d{1,4}(?:\.\d{1,3})?$")
"""A height as plans write it, in metres."""
BESIDE = 5.0
"""Largest distance of a number from the spot that it labels [letter height]."""
ON_LINE = 2.0
"""Largest distance of a number from the contour that it labels [letter height]."""
FAR = 1e9
"""Largest coordinate that is read [CRS unit]."""
Floats = NDArray[np.float64]


@dataclass
class DrawnHeights:
    """Contours and spots of a drawing: places in CRS units, heights as drawn, NaN where none is known.

    `written` marks heights that numbers or attributes state in metres; the others are in drawing units.
    `labels` are pairs of a height as drawn and the number written beside it. `ways` counts the sources of spot
    heights, `unknown` the contours and spots without one.
    """

    contours: list[Points] = field(default_factory=list)
    contour_heights: list[Floats] = field(default_factory=list)
    contour_written: list[bool] = field(default_factory=list)
    spots: list[tuple[float, float]] = field(default_factory=list)
    spot_heights: list[float] = field(default_factory=list)
    spot_written: list[bool] = field(default_factory=list)
    labels: list[tuple[float, float]] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)
    unknown: int = 0

    def add_spot(self, place: Sequence[float], height: float, way: str, *, written: bool) -> None:
        """Add a spot with its height and where that came from."""
        self.spots.append((float(place[0]), float(place[1])))
        self.spot_heights.append(height)
        self.spot_written.append(written)
        self.ways[way] += 1


def drawn_heights(parts: Sequence[PlacedEntity], spots: Iterable[PlacedEntity], unit: Unit) -> DrawnHeights:
    """Return the contours and spot heights of parts and of points and blocks.

    A point or a block without height takes the number of its attribute, else the one beside it; a contour without
    height the number that lies on it. A number by itself is a spot.
    """
    drawn = DrawnHeights()
    every = list(spots)
    symbols = {part.handle for part in every if isinstance(part.entity, Insert) and _is_spot(part.entity)}
    lines = [part for part in parts if part.entity.dxftype() in DRAWN and _root(part) not in symbols]
    maps = {_root(part) for part in lines if part.matrix is not None}
    with np.errstate(over="ignore", invalid="ignore"):
        for part in lines:
            _contour(drawn, part, unit)
    numbers = [
        note for note in drawing_texts([part for part in parts if part.entity.dxftype() in ("TEXT", "MTEXT")], unit)
        if len(note.lines) == 1 and NUMBER.match(note.lines[0])
    ]  # fmt: skip
    silent = _placed_spots(drawn, [part for part in every if part.handle not in maps], unit)
    used = _labelled_spots(drawn, silent, numbers, unit)
    used |= _labelled_contours(drawn, numbers, used, unit)
    for at, note in enumerate(numbers):
        if at not in used:
            drawn.add_spot((note.x, note.y), float(note.lines[0]), "texts", written=True)
    return drawn


def _contour(drawn: DrawnHeights, part: PlacedEntity, unit: Unit) -> None:
    try:
        line = curve(part.entity, SAGITTA * unit.metre / (unit.factor * part.scale))
    except (ValueError, ZeroDivisionError, OverflowError, IndexError, TypeError, AttributeError):
        drawn.unknown += 1
        return
    if line is None or len(line.points) < 2:  # noqa: PLR2004  (a line has two)
        return
    solid = part.in_space(np.vstack([line.points, line.points[:1]]) if line.closed else line.points)
    places = solid[:, :2] * unit.factor
    if not np.isfinite(solid).all() or np.abs(places).max() >= FAR:
        drawn.unknown += 1
        return
    drawn.contours.append(places)
    drawn.contour_heights.append(solid[:, 2])
    drawn.contour_written.append(False)


def _placed_spots(drawn: DrawnHeights, spots: Iterable[PlacedEntity], unit: Unit) -> list[tuple[float, float]]:
    """Add points and blocks with a height of their own or in an attribute; return the places of the others."""
    silent: list[tuple[float, float]] = []
    for part in spots:
        block = isinstance(part.entity, Insert)
        at = part.entity.dxf.insert if block else part.entity.dxf.location
        if block:
            at = part.entity.ocs().to_wcs(at)
        x, y, z = part.in_space(np.array([tuple(at)], dtype=float))[0]
        place = (float(x * unit.factor), float(y * unit.factor))
        if not np.isfinite([*place, z]).all() or max(map(abs, place)) >= FAR:
            drawn.unknown += 1
            continue
        written = _attribute(part.entity) if isinstance(part.entity, Insert) else float("nan")
        if z != 0.0:
            drawn.add_spot(place, float(z), "blocks" if block else "points", written=False)
            if np.isfinite(written):
                drawn.labels.append((float(z), written))
        elif np.isfinite(written):
            drawn.add_spot(place, written, "attributes", written=True)
        else:
            silent.append(place)
    return silent


def _is_spot(insert: Insert) -> bool:
    """Tell whether a block reference has a height: what its block draws is the symbol of a spot."""
    return float(insert.dxf.insert.z) != 0.0 or bool(np.isfinite(_attribute(insert)))


def _root(part: PlacedEntity) -> str:
    """Return the handle of the outermost block reference around a part."""
    return part.handle.partition("-")[0]


def _attribute(insert: Insert) -> float:
    """Return the height in a block's attributes; NaN where none or several are numbers."""
    texts = {each.plain_text().strip() for each in insert.attribs}
    numbers = [text for text in texts if NUMBER.match(text)]
    return parse_number(numbers[0]) if len(numbers) == 1 else float("nan")


def _labelled_spots(
    drawn: DrawnHeights, silent: Sequence[tuple[float, float]], numbers: Sequence[DrawingText], unit: Unit
) -> set[int]:
    """Give silent spots the numbers beside them; return the rows of all numbers that label a spot."""
    known = len(drawn.spots)
    places = [*drawn.spots, *silent]
    used: set[int] = set()
    labelled: dict[int, tuple[float, float]] = {}
    tree = shapely.STRtree(shapely.points(places)) if places else None
    for at, note in enumerate(numbers):
        reach = BESIDE * (note.height or unit.metre)
        point = shapely.Point(note.x, note.y)
        near = [] if tree is None else tree.query(point, predicate="dwithin", distance=reach).tolist()
        if not near:
            continue
        used.add(at)
        distances = [float(np.hypot(places[row][0] - note.x, places[row][1] - note.y)) for row in near]
        row = near[int(np.argmin(distances))]
        value = float(note.lines[0])
        if row < known and not drawn.spot_written[row]:
            drawn.labels.append((drawn.spot_heights[row], value))
        elif row >= known and min(distances) < labelled.get(row, (np.inf, 0.0))[0]:
            labelled[row] = (min(distances), value)
    for row, (_, value) in labelled.items():
        drawn.add_spot(places[row], value, "texts", written=True)
    drawn.unknown += len(silent) - len(labelled)
    return used


def _labelled_contours(drawn: DrawnHeights, numbers: Sequence[DrawingText], used: set[int], unit: Unit) -> set[int]:
    """Give contours at zero the one number that lies on them; return the rows of numbers on contours."""
    free = [at for at in range(len(numbers)) if at not in used]
    if not free or not drawn.contours:
        return set()
    tree = shapely.STRtree([shapely.LineString(line) for line in drawn.contours])
    values: dict[int, set[float]] = {}
    on: set[int] = set()
    for at in free:
        note = numbers[at]
        point = shapely.Point(note.middle or (note.x, note.y))
        near = tree.query(point, predicate="dwithin", distance=ON_LINE * (note.height or unit.metre))
        for row in near.tolist():
            on.add(at)
            if not np.any(drawn.contour_heights[row]):
                values.setdefault(row, set()).add(float(note.lines[0]))
            elif np.ptp(drawn.contour_heights[row]) == 0.0:
                drawn.labels.append((float(drawn.contour_heights[row][0]), float(note.lines[0])))
    for row, written in values.items():
        if len(written) == 1:
            drawn.contour_heights[row] = np.full(len(drawn.contours[row]), next(iter(written)))
            drawn.contour_written[row] = True
            drawn.ways["contour_labels"] += 1
    return on
