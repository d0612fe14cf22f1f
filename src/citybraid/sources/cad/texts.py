"""Texts of a drawing: content, position, leader target, and the shape to which each belongs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from ezdxf.entities.attrib import Attrib
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.leader import Leader
from ezdxf.entities.mleader import MultiLeader
from ezdxf.entities.mtext import MText
from ezdxf.entities.text import Text
from ezdxf.math import Vec3
from ezdxf.tools.text import fast_plain_mtext
from shapely.geometry.base import BaseGeometry

from citybraid.sources.cad.entities import PlacedEntity
from citybraid.sources.cad.plan_texts import is_label, is_statement, is_value
from citybraid.sources.cad.units import Unit
from citybraid.sources.text.cell_values import normalize_cell

WRITTEN = frozenset({"TEXT", "MTEXT", "ATTRIB", "MULTILEADER", "MLEADER"})
WIDE, NARROW = 1.0, 0.6
"""Width of a Chinese and of a western letter [share of its height]."""
LEADING = 1.6
"""Distance between lines [share of a letter's height]."""
SAME_LINE, ONE_COLUMN = 0.6, 3.0
"""Largest offset of a value from the line, or the column, of its label [letter height]."""
RIGHT, BELOW = 15.0, 3.0
"""Largest distance of a value to the right of its label, or below it [letter height]."""
TAIL = 5.0
"""Largest distance of a leader's tail from its text [letter height]."""
NEAR = 20.0
"""Largest distance of a text outside every shape from its assigned shape [m]."""
CLEARER = 2.0
"""Least ratio of the distances to the second nearest and the nearest shape [-]."""
LONGEST = 2000
"""Longest text that is read [letters]."""


@dataclass(frozen=True)
class DrawingText:
    """A text in a drawing, in CRS units: its anchor, its lines, its middle, the tip of its leader.

    `attribute` marks an attribute of a block whose tag names what it states.
    """

    x: float
    y: float
    lines: tuple[str, ...]
    layer: str
    height: float = 0.0
    middle: tuple[float, float] | None = None
    tip: tuple[float, float] | None = None
    handle: str = ""
    attribute: bool = False


def drawing_texts(parts: Iterable[PlacedEntity], unit: Unit) -> list[DrawingText]:
    """Return every text, with labels merged with adjacent values and leader tips assigned."""
    texts: list[DrawingText] = []
    leaders: list[tuple[PlacedEntity, Leader]] = []
    for part in parts:
        entity = part.entity
        if isinstance(entity, Leader):
            leaders.append((part, entity))
        elif entity.dxftype() in WRITTEN:
            note = _note(part, unit)
            if note is not None and note.lines:
                texts.append(note)
    return _with_values(_with_leader_tips(texts, leaders, unit))


def _note(part: PlacedEntity, unit: Unit) -> DrawingText | None:
    entity = part.entity
    try:
        text, at, height, align, tip = _read(entity)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return None
    lines = tuple(line for each in text[:LONGEST].replace("\\P", "\n").splitlines() if (line := normalize_cell(each)))
    text_height = height * part.scale
    points = np.array([(*at, 0.0), (*(tip or at), 0.0)], dtype=float)
    (x, y), tip_place = part.placed(points) * unit.factor
    if not np.isfinite([x, y, text_height]).all():
        return None
    text_height *= unit.factor
    text_width = max((_width(line) for line in lines), default=0.0) * text_height
    middle = (x + (0.5 - align[0]) * text_width, y + (0.5 - align[1]) * text_height * (1 + LEADING * (len(lines) - 1)))
    tip_point = (float(tip_place[0]), float(tip_place[1])) if tip is not None else None
    attribute = isinstance(entity, Attrib) and is_label(str(entity.dxf.get("tag", "")))
    return DrawingText(float(x), float(y), lines, part.layer, text_height, middle, tip_point, part.handle, attribute)


Read = tuple[str, tuple[float, float], float, tuple[float, float], tuple[float, float] | None]


def _read(entity: DXFGraphic) -> Read:
    """Return a text, its anchor, letter height, alignment (0 left or bottom, 1 right or top) and leader tip."""
    if isinstance(entity, MultiLeader):
        text = entity.get_mtext_content()
        context = entity.context
        content = context.mtext
        place = content.insert if content is not None else context.base_point
        tips = [line.vertices[0] for leader in context.leaders for line in leader.lines if line.vertices]
        tip = (float(tips[0].x), float(tips[0].y)) if tips else None
        return (
            str(fast_plain_mtext(text, split=False)),
            (float(place.x), float(place.y)),
            float(context.char_height),
            (0.0, 1.0),
            tip,
        )
    if isinstance(entity, MText):
        attachment = int(entity.dxf.get("attachment_point", 1)) - 1
        align = ((attachment % 3) / 2, 1 - (attachment // 3) / 2)
        place = entity.dxf.insert
        height = float(entity.dxf.get("char_height", 0.0))
        return str(entity.plain_text()), (float(place.x), float(place.y)), height, align, None
    if not isinstance(entity, Text):
        message = "no text"
        raise TypeError(message)
    return _single(entity)


def _single(entity: Text) -> Read:
    level, up = int(entity.dxf.get("halign", 0)), int(entity.dxf.get("valign", 0))
    aligned = entity.dxf.get("align_point") if level or up else None
    place = entity.ocs().to_wcs(aligned if aligned is not None else entity.dxf.insert)
    across = {0: 0.0, 1: 0.5, 2: 1.0, 4: 0.5}.get(level, 0.0)
    align = (across, 0.5 if level == 4 else {0: 0.0, 1: 0.0, 2: 0.5, 3: 1.0}.get(up, 0.0))  # noqa: PLR2004  (middle)
    text = entity.plain_text()
    if isinstance(entity, Attrib) and entity.has_embedded_mtext_entity:
        text = str(entity.plain_mtext())
    tag = str(entity.dxf.get("tag", "")) if isinstance(entity, Attrib) else ""
    if tag and text.strip() and is_label(tag) and not any(is_statement(line) for line in str(text).splitlines()):
        text = f"{tag}: {text}"
    return str(text), (float(place.x), float(place.y)), float(entity.dxf.get("height", 0.0)), align, None


def _width(line: str) -> float:
    return sum(NARROW if letter.isascii() else WIDE for letter in line)


def _with_leader_tips(
    texts: list[DrawingText], leaders: Sequence[tuple[PlacedEntity, Leader]], unit: Unit
) -> list[DrawingText]:
    """Return texts with leader tips: by the handle in the leader, else the text nearest to its tail."""
    if not leaders or not texts:
        return texts
    by_handle = {note.handle: number for number, note in enumerate(texts)}
    anchors = np.array([(note.x, note.y) for note in texts])
    heights = np.array([note.height for note in texts])
    notes = list(texts)
    for part, leader in leaders:
        if not leader.vertices:
            continue
        ends = np.array([Vec3(leader.vertices[0]).xyz, Vec3(leader.vertices[-1]).xyz], dtype=float)
        tip, tail = part.placed(ends) * unit.factor
        number = by_handle.get(str(leader.dxf.get("annotation_handle", "")))
        if number is None:
            distances = np.hypot(*(anchors - tail).T)
            number = int(np.argmin(distances))
            if distances[number] > TAIL * max(heights[number], unit.metre):
                continue
        notes[number] = replace(notes[number], tip=(float(tip[0]), float(tip[1])))
    return notes


def _with_values(texts: list[DrawingText]) -> list[DrawingText]:
    """Return texts in which a separate label ('容积率') is merged with the value to its right, else below."""
    labels = [number for number, note in enumerate(texts) if len(note.lines) == 1 and is_label(note.lines[0])]
    values = [number for number, note in enumerate(texts) if len(note.lines) == 1 and is_value(note.lines[0])]
    if not labels or not values:
        return texts
    tree = shapely.STRtree([shapely.Point(texts[index].x, texts[index].y) for index in values])
    notes: dict[int, DrawingText] = dict(enumerate(texts))
    used: set[int] = set()
    for number in labels:
        label = texts[number]
        text_height = label.height or 1.0
        reach = shapely.box(
            label.x - ONE_COLUMN * text_height,
            label.y - BELOW * text_height,
            label.x + RIGHT * text_height,
            label.y + SAME_LINE * text_height,
        )
        near = [values[index] for index in tree.query(reach) if values[index] not in used]
        match = _beside(label, [(index, texts[index]) for index in near], text_height)
        if match is not None:
            used.add(match)
            notes[number] = replace(label, lines=(f"{label.lines[0]} {texts[match].lines[0]}",))
            notes.pop(match)
    return list(notes.values())


def _beside(label: DrawingText, near: Sequence[tuple[int, DrawingText]], text_height: float) -> int | None:
    """Return the nearest value to the right on the label's line, else below in its column."""
    right = [
        (note.x - label.x, index)
        for index, note in near
        if abs(note.y - label.y) <= SAME_LINE * text_height and note.x > label.x
    ]
    if right:
        return min(right)[1]
    below = [
        (label.y - note.y, index)
        for index, note in near
        if abs(note.x - label.x) <= ONE_COLUMN * text_height and label.y - note.y > SAME_LINE * text_height
    ]
    return min(below)[1] if below else None


def shape_of_texts(shapes: Sequence[BaseGeometry], texts: Sequence[DrawingText]) -> tuple[np.ndarray, Counter[str]]:
    """Return the row of the shape that each text belongs to, -1 for none, and counts by leader tip and position.

    A leader's tip decides, then the anchor, then the middle of the text; of nested shapes
    the smallest. Texts outside all shapes are assigned by `nearest`.
    """
    row = np.full(len(texts), -1)
    ways: Counter[str] = Counter()
    if not len(shapes) or not texts:
        return row, ways
    shape_array = np.array(shapes, dtype=object)
    tree = shapely.STRtree(shape_array)
    areas = shapely.area(shape_array)
    places = [
        ("leader", np.array([note.tip or (np.nan, np.nan) for note in texts], dtype=float)),
        ("inside", np.array([(note.x, note.y) for note in texts], dtype=float)),
        ("inside", np.array([note.middle or (np.nan, np.nan) for note in texts], dtype=float)),
    ]
    for way, place in places:
        open_rows = np.flatnonzero((row < 0) & np.isfinite(place).all(axis=1))
        if not len(open_rows):
            continue
        text, ring = tree.query(shapely.points(place[open_rows]), predicate="intersects")
        order = np.lexsort((areas[ring], text))
        first, at = np.unique(text[order], return_index=True)
        row[open_rows[first]] = ring[order][at]
        ways[way] += len(first)
    return row, ways


def nearest(
    shapes: Sequence[BaseGeometry], texts: Sequence[DrawingText], rows: Iterable[int], unit: Unit
) -> Iterator[tuple[int, int]]:
    """Yield each of these texts with its shape within 20 m that is at least twice as near as any other."""
    shape_array = np.array(shapes, dtype=object)
    tree = shapely.STRtree(shape_array)
    for number in rows:
        note = texts[number]
        point = shapely.Point(note.middle or (note.x, note.y))
        near = tree.query(point, predicate="dwithin", distance=CLEARER * NEAR * unit.metre)
        distances = sorted((float(shapely.distance(shape_array[index], point)), int(index)) for index in near)
        if (
            distances
            and distances[0][0] <= NEAR * unit.metre
            and (len(distances) == 1 or distances[1][0] >= CLEARER * max(distances[0][0], unit.metre))
        ):
            yield number, distances[0][1]
