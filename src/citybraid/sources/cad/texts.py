"""Texts of a drawing: what they say, where they stand or point to, and which shape each belongs to."""

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

from citybraid.sources.cad.entities import Part
from citybraid.sources.cad.plan_texts import is_label, is_value
from citybraid.sources.cad.units import Unit
from citybraid.sources.text.cell_values import plain

WRITTEN = frozenset({"TEXT", "MTEXT", "ATTRIB", "MULTILEADER", "MLEADER"})
WIDE, NARROW = 1.0, 0.6
"""Width of a Chinese and of a western letter [share of its height]."""
LEADING = 1.6
"""Distance between lines [share of a letter's height]."""
SAME_LINE, ONE_COLUMN = 0.6, 3.0
"""How far a value may lie off the line, or off the column, of its label [letters' heights]."""
RIGHT, BELOW = 15.0, 3.0
"""How far a value may stand to the right of its label, or below it [letters' heights]."""
TAIL = 5.0
"""Farthest that a leader may end from its text [letters' heights]."""
NEAR = 20.0
"""Farthest that a text outside every shape may stand from the one it is given to [m]."""
CLEARER = 2.0
"""How much farther the second nearest shape must lie [-]."""
LONGEST = 2000
"""Longest text that is read [letters]."""


@dataclass(frozen=True)
class Note:
    """A text in a drawing, in the units of its CRS: its anchor, its middle, where a leader takes it, what it says."""

    x: float
    y: float
    lines: tuple[str, ...]
    layer: str
    height: float = 0.0
    middle: tuple[float, float] | None = None
    tip: tuple[float, float] | None = None
    handle: str = ""


def notes(parts: Iterable[Part], unit: Unit) -> list[Note]:
    """Return every text, a label and the value beside it as one; leaders take theirs to where they point."""
    found: list[Note] = []
    leaders: list[tuple[Part, Leader]] = []
    for part in parts:
        entity = part.entity
        if isinstance(entity, Leader):
            leaders.append((part, entity))
        elif entity.dxftype() in WRITTEN:
            note = _note(part, unit)
            if note is not None and note.lines:
                found.append(note)
    return _paired(_led(found, leaders, unit))


def _note(part: Part, unit: Unit) -> Note | None:
    entity = part.entity
    try:
        said, at, height, align, tip = _read(entity)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return None
    lines = tuple(line for each in said[:LONGEST].replace("\\P", "\n").splitlines() if (line := plain(each)))
    tall = height * part.scale
    points = np.array([(*at, 0.0), (*(tip or at), 0.0)], dtype=float)
    (x, y), pointed = part.placed(points) * unit.factor
    if not np.isfinite([x, y, tall]).all():
        return None
    tall *= unit.factor
    wide = max((_width(line) for line in lines), default=0.0) * tall
    middle = (x + (0.5 - align[0]) * wide, y + (0.5 - align[1]) * tall * (1 + LEADING * (len(lines) - 1)))
    there = (float(pointed[0]), float(pointed[1])) if tip is not None else None
    return Note(float(x), float(y), lines, part.layer, tall, middle, there, part.handle)


Read = tuple[str, tuple[float, float], float, tuple[float, float], tuple[float, float] | None]


def _read(entity: DXFGraphic) -> Read:
    """A text, its anchor, its letters' height, its alignment (0 left or bottom, 1 right or top), its leader's tip."""
    if isinstance(entity, MultiLeader):
        said = entity.get_mtext_content()
        context = entity.context
        content = context.mtext
        place = content.insert if content is not None else context.base_point
        tips = [line.vertices[0] for leader in context.leaders for line in leader.lines if line.vertices]
        tip = (float(tips[0].x), float(tips[0].y)) if tips else None
        return (
            str(fast_plain_mtext(said, split=False)),
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
    return str(text), (float(place.x), float(place.y)), float(entity.dxf.get("height", 0.0)), align, None


def _width(line: str) -> float:
    return sum(NARROW if letter.isascii() else WIDE for letter in line)


def _led(found: list[Note], leaders: Sequence[tuple[Part, Leader]], unit: Unit) -> list[Note]:
    """Texts with the tips of their leaders: by the handle that a leader names, else the text at its tail."""
    if not leaders or not found:
        return found
    by_handle = {note.handle: number for number, note in enumerate(found)}
    anchors = np.array([(note.x, note.y) for note in found])
    heights = np.array([note.height for note in found])
    notes = list(found)
    for part, leader in leaders:
        if not leader.vertices:
            continue
        ends = np.array([Vec3(leader.vertices[0]).xyz, Vec3(leader.vertices[-1]).xyz], dtype=float)
        tip, tail = part.placed(ends) * unit.factor
        number = by_handle.get(str(leader.dxf.get("annotation_handle", "")))
        if number is None:
            away = np.hypot(*(anchors - tail).T)
            number = int(np.argmin(away))
            if away[number] > TAIL * max(heights[number], unit.metre):
                continue
        notes[number] = replace(notes[number], tip=(float(tip[0]), float(tip[1])))
    return notes


def _paired(found: list[Note]) -> list[Note]:
    """Labels that stand alone ('容积率') with the value to their right, else below, as one text."""
    alone = [number for number, note in enumerate(found) if len(note.lines) == 1 and is_label(note.lines[0])]
    values = [number for number, note in enumerate(found) if len(note.lines) == 1 and is_value(note.lines[0])]
    if not alone or not values:
        return found
    tree = shapely.STRtree([shapely.Point(found[at].x, found[at].y) for at in values])
    notes: dict[int, Note] = dict(enumerate(found))
    taken: set[int] = set()
    for number in alone:
        label = found[number]
        tall = label.height or 1.0
        reach = shapely.box(label.x - ONE_COLUMN * tall, label.y - BELOW * tall, label.x + RIGHT * tall,
                            label.y + SAME_LINE * tall)  # fmt: skip
        near = [values[at] for at in tree.query(reach) if values[at] not in taken]
        hit = _beside(label, [(at, found[at]) for at in near], tall)
        if hit is not None:
            taken.add(hit)
            notes[number] = replace(label, lines=(f"{label.lines[0]} {found[hit].lines[0]}",))
            notes.pop(hit)
    return list(notes.values())


def _beside(label: Note, near: Sequence[tuple[int, Note]], tall: float) -> int | None:
    """The nearest value on the label's line to its right, else in its column below."""
    right = [
        (note.x - label.x, at) for at, note in near if abs(note.y - label.y) <= SAME_LINE * tall and note.x > label.x
    ]
    if right:
        return min(right)[1]
    below = [(label.y - note.y, at) for at, note in near
             if abs(note.x - label.x) <= ONE_COLUMN * tall and label.y - note.y > SAME_LINE * tall]  # fmt: skip
    return min(below)[1] if below else None


def holders(shapes: Sequence[BaseGeometry], texts: Sequence[Note]) -> tuple[np.ndarray, Counter[str]]:
    """Return the row of the shape that each text belongs to, -1 where none, and how many by a leader or nearness.

    A leader's tip decides, then the anchor, then the middle of the text; where shapes
    nest, the smallest has it. A text outside them all goes to the nearest one within
    20 m that is nearer by half than any other.
    """
    row = np.full(len(texts), -1)
    ways: Counter[str] = Counter()
    if not len(shapes) or not texts:
        return row, ways
    whole = np.array(shapes, dtype=object)
    tree = shapely.STRtree(whole)
    areas = shapely.area(whole)
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
    shapes: Sequence[BaseGeometry], texts: Sequence[Note], rows: Iterable[int], unit: Unit
) -> Iterator[tuple[int, int]]:
    """Yield each of these texts with the shape that is clearly nearest to it, where one is."""
    whole = np.array(shapes, dtype=object)
    tree = shapely.STRtree(whole)
    for number in rows:
        note = texts[number]
        point = shapely.Point(note.middle or (note.x, note.y))
        near = tree.query(point, predicate="dwithin", distance=CLEARER * NEAR * unit.metre)
        away = sorted((float(shapely.distance(whole[at], point)), int(at)) for at in near)
        if (
            away
            and away[0][0] <= NEAR * unit.metre
            and (len(away) == 1 or away[1][0] >= CLEARER * max(away[0][0], unit.metre))
        ):
            yield number, away[0][1]
