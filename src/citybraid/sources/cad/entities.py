"""Entities of a drawing: model space with exploded blocks, each part with layer and transform, and skipped blocks."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from ezdxf.document import Drawing
from ezdxf.entities.dxfentity import DXFTagStorage
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.insert import Insert
from ezdxf.entities.point import Point
from ezdxf.layouts.blocklayout import BlockLayout
from ezdxf.math import Matrix44

from citybraid.sources.cad.curves import Points
from citybraid.sources.cad.plan_texts import is_label
from citybraid.sources.cad.roles import is_furniture

MOST_PARTS = 500_000
"""Most parts to which the blocks of a drawing may expand [-]."""
MOST_COPIES = 100_000
"""Most copies in one array of a block [-]."""
DEEPEST = 32
"""Deepest nesting of blocks [-]."""
LAYER_CODE = 8
"""Group code of a layer's name."""
UNDRAWN = frozenset({"ATTDEF", "VIEWPORT", "POINT"})
NOTHING: Counter[str] = Counter()


class PlacedEntity(NamedTuple):
    """One entity in place: its layer, the matrix and scale of its enclosing blocks, whether it is hidden."""

    entity: DXFGraphic
    layer: str
    matrix: Matrix44 | None
    scale: float
    hidden: bool
    handle: str

    def placed(self, points: Points) -> Points:
        """Return an entity's points (n, 3) transformed by its enclosing blocks, as (n, 2)."""
        return self.in_space(points)[:, :2]

    def in_space(self, points: Points) -> Points:
        """Return an entity's points (n, 3) transformed by its enclosing blocks, with their heights."""
        if self.matrix is None:
            return points
        rows = np.array(list(self.matrix.rows()), dtype=float)
        moved: Points = points @ rows[:3, :3] + rows[3, :3]
        return moved


@dataclass
class DrawingEntities:
    """The parts of a drawing, and its blocks that could not be expanded, by block name.

    `spots` are points and block references in place, which may be spot heights; `furniture` counts the references
    to frames, title blocks and legends, which are not expanded.
    """

    parts: list[PlacedEntity] = field(default_factory=list)
    spots: list[PlacedEntity] = field(default_factory=list)
    furniture: Counter[str] = field(default_factory=Counter)
    cycles: set[str] = field(default_factory=set)
    vast: dict[str, int] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    paper: int = 0


@dataclass
class Walk:
    """State of the traversal of a drawing's blocks; `sizes` holds the number of parts of each block."""

    drawing: Drawing
    output: DrawingEntities
    sizes: dict[str, int] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    frozen: frozenset[str] = frozenset()
    within: list[str] = field(default_factory=list)
    left: dict[str, bool] = field(default_factory=dict)

    def is_furniture(self, block: str) -> bool:
        """Return whether a block is a frame, a title block or a legend by its name."""
        if block not in self.left:
            self.left[block] = is_furniture(block)
        return self.left[block]


def drawing_entities(drawing: Drawing) -> DrawingEntities:
    """Return every part of model space; blocks that are recursive or too large are skipped and recorded."""
    hidden_layers = frozenset(
        layer.dxf.name.casefold() for layer in drawing.layers if layer.is_off() or layer.is_frozen()
    )
    frozen = frozenset(layer.dxf.name.casefold() for layer in drawing.layers if layer.is_frozen())
    walk = Walk(drawing, DrawingEntities(), hidden=hidden_layers, frozen=frozen)
    space = drawing.modelspace()
    for entity in space:
        _visit(walk, entity, PlacedEntity(entity, "0", None, 1.0, hidden=False, handle=""), 0)
    for name in drawing.layout_names():
        if name != "Model":
            walk.output.paper += sum(entity.dxftype() not in UNDRAWN for entity in drawing.layout(name))
    return walk.output


def _visit(walk: Walk, entity: DXFGraphic, parent: PlacedEntity, depth: int) -> None:
    """Add one entity of a block or of model space; `parent` is the enclosing block reference."""
    layer = _layer(entity)
    layer = parent.layer if layer == "0" and depth else layer
    name = layer.casefold()
    invisible = entity.dxf.is_supported("invisible") and bool(entity.dxf.get("invisible", 0))
    hidden = parent.hidden or name in walk.hidden or invisible
    handle = str(entity.dxf.handle or "")
    handle = f"{parent.handle}-{handle}" if parent.handle and handle else parent.handle or handle
    kind = entity.dxftype()
    if isinstance(entity, Insert | Point):
        walk.output.spots.append(PlacedEntity(entity, layer, parent.matrix, parent.scale, hidden, handle))
    if isinstance(entity, Insert):
        frozen = parent.hidden or name in walk.frozen or invisible
        _insert(walk, entity, PlacedEntity(entity, layer, parent.matrix, parent.scale, frozen, handle), depth)
    elif kind == "ACAD_TABLE" and entity.dxf.get("geometry"):
        _table(walk, entity, PlacedEntity(entity, layer, parent.matrix, parent.scale, hidden, handle), depth)
    elif kind not in UNDRAWN:
        walk.output.parts.append(PlacedEntity(entity, layer, parent.matrix, parent.scale, hidden, handle))


def _layer(entity: DXFGraphic) -> str:
    """Return the layer of an entity; for a proprietary entity from its raw tags."""
    if entity.dxf.is_supported("layer"):
        return str(entity.dxf.get("layer", "0"))
    if not isinstance(entity, DXFTagStorage):
        return "0"
    names = (tag.value for tags in entity.xtags.subclasses for tag in tags if tag.code == LAYER_CODE)
    return str(next(names, "0"))


def _insert(walk: Walk, entity: Insert, reference: PlacedEntity, depth: int) -> None:
    for attribute in entity.attribs:
        if not attribute.is_invisible or is_label(str(attribute.dxf.get("tag", ""))):
            layer = str(attribute.dxf.get("layer", "0"))
            handle = str(attribute.dxf.handle or "")
            hidden = reference.hidden or layer.casefold() in walk.hidden
            walk.output.parts.append(PlacedEntity(attribute, layer, reference.matrix, reference.scale, hidden, handle))
    block = entity.block()
    if block is None:
        return
    if walk.is_furniture(block.name):
        walk.output.furniture[block.name] += 1
        return
    if block.block_record.is_xref:
        path = str(block.block.dxf.get("xref_path", "")) if block.block is not None else ""
        walk.output.references[block.name] = path
        return
    if block.name.casefold() in walk.within or depth >= DEEPEST:
        walk.output.cycles.add(block.name)
        return
    copies = max(1, min(entity.mcount, MOST_COPIES))
    size = _size(walk, block.name, ()) * copies
    if entity.mcount > MOST_COPIES or len(walk.output.parts) + size > MOST_PARTS:
        walk.output.vast[block.name] = max(size, walk.output.vast.get(block.name, 0))
        return
    walk.within.append(block.name.casefold())
    for copy in entity.multi_insert() if copies > 1 else (entity,):
        local = copy.matrix44()
        matrix = local if reference.matrix is None else local * reference.matrix
        _content(walk, block, reference._replace(matrix=matrix, scale=_scale(matrix)), depth)
    walk.within.pop()


def _table(walk: Walk, entity: DXFGraphic, reference: PlacedEntity, depth: int) -> None:
    """Add a table of texts, which is drawn by a block of its own."""
    block = walk.drawing.blocks.get(entity.dxf.geometry)
    if block is None or depth >= DEEPEST or len(walk.output.parts) + _size(walk, block.name, ()) > MOST_PARTS:
        return
    x, y, z = entity.dxf.get("insert", (0.0, 0.0, 0.0))
    local = Matrix44.translate(x, y, z)
    matrix = local if reference.matrix is None else local * reference.matrix
    _content(walk, block, reference._replace(matrix=matrix), depth)


def _content(walk: Walk, block: BlockLayout, reference: PlacedEntity, depth: int) -> None:
    for entity in block:
        _visit(walk, entity, reference, depth + 1)


def _size(walk: Walk, name: str, ancestors: tuple[str, ...]) -> int:
    """Return the number of parts of a block with its nested blocks expanded; a recursive reference counts as none."""
    if name in ancestors:
        walk.output.cycles.add(name)
        return 0
    if name in walk.sizes:
        return walk.sizes[name]
    if len(ancestors) >= DEEPEST or name not in walk.drawing.blocks:
        return 0
    size = 0
    for entity in walk.drawing.blocks[name]:
        copies = max(1, entity.mcount) if isinstance(entity, Insert) else 0
        size += _size(walk, entity.dxf.name, (*ancestors, name)) * copies if copies else 1
    walk.sizes[name] = size
    return size


def _scale(matrix: Matrix44) -> float:
    """Return the largest axis scale of a matrix [-]."""
    rows = np.array(list(matrix.rows()), dtype=float)[:3, :3]
    longest = float(np.max(np.linalg.norm(rows, axis=1)))
    return longest if math.isfinite(longest) and longest > 0 else 1.0


def kinds(entities: DrawingEntities) -> Iterator[tuple[str, str]]:
    """Yield the layer and kind of every part."""
    for part in entities.parts:
        yield part.layer, part.entity.dxftype()
