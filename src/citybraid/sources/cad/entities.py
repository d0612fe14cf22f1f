"""A drawing taken apart: model space with its blocks, each part with its layer and place, and what is not drawn."""

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
from ezdxf.layouts.blocklayout import BlockLayout
from ezdxf.math import Matrix44

from citybraid.sources.cad.curves import Points

MOST_PARTS = 500_000
"""Most parts that the blocks of a drawing may come to [-]."""
MOST_COPIES = 100_000
"""Most copies in one array of a block [-]."""
DEEPEST = 32
"""Most blocks within blocks [-]."""
LAYER_CODE = 8
"""Group code of a layer's name."""
UNDRAWN = frozenset({"ATTDEF", "VIEWPORT", "POINT"})
NOTHING: Counter[str] = Counter()


class Part(NamedTuple):
    """One entity where it stands: its layer, the matrix of the blocks around it, their scale, whether it is hidden."""

    entity: DXFGraphic
    layer: str
    matrix: Matrix44 | None
    scale: float
    hidden: bool
    handle: str

    def placed(self, points: Points) -> Points:
        """Return an entity's points (n, 3) where the blocks around it put them, as (n, 2)."""
        if self.matrix is None:
            return points[:, :2]
        rows = np.array(list(self.matrix.rows()), dtype=float)
        moved: Points = points @ rows[:3, :3] + rows[3, :3]
        return moved[:, :2]


@dataclass
class Parts:
    """The parts of a drawing, and what of its blocks could not be drawn, by name of block."""

    parts: list[Part] = field(default_factory=list)
    cycles: set[str] = field(default_factory=set)
    vast: dict[str, int] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    paper: int = 0


@dataclass
class Walk:
    """The way through a drawing's blocks; `sizes` holds how many parts a block comes to."""

    drawing: Drawing
    found: Parts
    sizes: dict[str, int] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    frozen: frozenset[str] = frozenset()
    within: list[str] = field(default_factory=list)


def parts(drawing: Drawing) -> Parts:
    """Return every part of model space; a block that holds itself, or comes to too much, is left out and told."""
    off = frozenset(layer.dxf.name.casefold() for layer in drawing.layers if layer.is_off() or layer.is_frozen())
    frozen = frozenset(layer.dxf.name.casefold() for layer in drawing.layers if layer.is_frozen())
    walk = Walk(drawing, Parts(), hidden=off, frozen=frozen)
    space = drawing.modelspace()
    for entity in space:
        _visit(walk, entity, Part(entity, "0", None, 1.0, hidden=False, handle=""), 0)
    for name in drawing.layout_names():
        if name != "Model":
            walk.found.paper += sum(entity.dxftype() not in UNDRAWN for entity in drawing.layout(name))
    return walk.found


def _visit(walk: Walk, entity: DXFGraphic, above: Part, depth: int) -> None:
    """Take in one entity of a block or of model space; `above` is the block reference around it."""
    layer = _layer(entity)
    layer = above.layer if layer == "0" and depth else layer
    name = layer.casefold()
    unseen = entity.dxf.is_supported("invisible") and bool(entity.dxf.get("invisible", 0))
    hidden = above.hidden or name in walk.hidden or unseen
    handle = str(entity.dxf.handle or "")
    handle = f"{above.handle}-{handle}" if above.handle and handle else above.handle or handle
    kind = entity.dxftype()
    if isinstance(entity, Insert):
        frozen = above.hidden or name in walk.frozen or unseen
        _insert(walk, entity, Part(entity, layer, above.matrix, above.scale, frozen, handle), depth)
    elif kind == "ACAD_TABLE" and entity.dxf.get("geometry"):
        _table(walk, entity, Part(entity, layer, above.matrix, above.scale, hidden, handle), depth)
    elif kind not in UNDRAWN:
        walk.found.parts.append(Part(entity, layer, above.matrix, above.scale, hidden, handle))


def _layer(entity: DXFGraphic) -> str:
    """The layer of an entity; of one that only its own program knows, from its tags."""
    if entity.dxf.is_supported("layer"):
        return str(entity.dxf.get("layer", "0"))
    if not isinstance(entity, DXFTagStorage):
        return "0"
    found = (tag.value for tags in entity.xtags.subclasses for tag in tags if tag.code == LAYER_CODE)
    return str(next(found, "0"))


def _insert(walk: Walk, entity: Insert, here: Part, depth: int) -> None:
    for attribute in entity.attribs:
        if not attribute.is_invisible:
            layer = str(attribute.dxf.get("layer", "0"))
            handle = str(attribute.dxf.handle or "")
            hidden = here.hidden or layer.casefold() in walk.hidden
            walk.found.parts.append(Part(attribute, layer, here.matrix, here.scale, hidden, handle))
    block = entity.block()
    if block is None:
        return
    if block.block_record.is_xref:
        path = str(block.block.dxf.get("xref_path", "")) if block.block is not None else ""
        walk.found.references[block.name] = path
        return
    if block.name.casefold() in walk.within or depth >= DEEPEST:
        walk.found.cycles.add(block.name)
        return
    copies = max(1, min(entity.mcount, MOST_COPIES))
    size = _size(walk, block.name, ()) * copies
    if entity.mcount > MOST_COPIES or len(walk.found.parts) + size > MOST_PARTS:
        walk.found.vast[block.name] = max(size, walk.found.vast.get(block.name, 0))
        return
    walk.within.append(block.name.casefold())
    for copy in entity.multi_insert() if copies > 1 else (entity,):
        own = copy.matrix44()
        matrix = own if here.matrix is None else own * here.matrix
        _content(walk, block, here._replace(matrix=matrix, scale=_scale(matrix)), depth)
    walk.within.pop()


def _table(walk: Walk, entity: DXFGraphic, here: Part, depth: int) -> None:
    """A table of texts, drawn by a block of its own."""
    block = walk.drawing.blocks.get(entity.dxf.geometry)
    if block is None or depth >= DEEPEST or len(walk.found.parts) + _size(walk, block.name, ()) > MOST_PARTS:
        return
    x, y, z = entity.dxf.get("insert", (0.0, 0.0, 0.0))
    own = Matrix44.translate(x, y, z)
    matrix = own if here.matrix is None else own * here.matrix
    _content(walk, block, here._replace(matrix=matrix), depth)


def _content(walk: Walk, block: BlockLayout, here: Part, depth: int) -> None:
    for entity in block:
        _visit(walk, entity, here, depth + 1)


def _size(walk: Walk, name: str, above: tuple[str, ...]) -> int:
    """How many parts a block comes to, its own blocks taken apart; one that holds itself comes to none there."""
    if name in above:
        walk.found.cycles.add(name)
        return 0
    if name in walk.sizes:
        return walk.sizes[name]
    if len(above) >= DEEPEST or name not in walk.drawing.blocks:
        return 0
    size = 0
    for entity in walk.drawing.blocks[name]:
        copies = max(1, entity.mcount) if isinstance(entity, Insert) else 0
        size += _size(walk, entity.dxf.name, (*above, name)) * copies if copies else 1
    walk.sizes[name] = size
    return size


def _scale(matrix: Matrix44) -> float:
    """How much longer the longest axis becomes [-]."""
    rows = np.array(list(matrix.rows()), dtype=float)[:3, :3]
    longest = float(np.max(np.linalg.norm(rows, axis=1)))
    return longest if math.isfinite(longest) and longest > 0 else 1.0


def kinds(found: Parts) -> Iterator[tuple[str, str]]:
    """Yield the layer and kind of every part."""
    for part in found.parts:
        yield part.layer, part.entity.dxftype()
