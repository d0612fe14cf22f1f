"""Morphological spatial pattern analysis (MSPA): a binary image in seven classes and its openings.

Written from Vogt et al. (2007), Landsc. Ecol. 22: 171-177, and Soille and Vogt (2009), Pattern Recognit. Lett. 30:
456-459.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from citybraid.kernels.compiled import compiled
from citybraid.kernels.ecology.nearby import depths, nearest_within, reach_out
from citybraid.kernels.ecology.thinning import thinned

Cells = NDArray[np.uint8]
Mask = NDArray[np.uint8]
Ints = NDArray[np.int32]
Places = NDArray[np.int64]
Structure = NDArray[np.bool_]

MISSING, GROUND, SHAPE = 0, 1, 2
"""Values of the image: no data, background and foreground."""
BRANCH, EDGE, PERFORATION, ISLET, CORE, BRIDGE, LOOP = 1, 3, 5, 9, 17, 33, 65
"""Codes of the classes, as published; a bridge or loop within edge or perforation has that code added, less 1."""
CORE_OPENING, NO_DATA, BORDER_OPENING = 100, 129, 220
INTERNAL = 100
"""Added to the code of a class within an opening of core."""
FOUR, EIGHT = ndimage.generate_binary_structure(2, 1), np.ones((3, 3), bool)


class Pattern(NamedTuple):
    """How an image is segmented."""

    edge: int = 1
    """Width of edges [cells]: cells within edge + 1/2 of the background are not core."""
    eight: bool = True
    """Whether the foreground is 8-connected and its background 4-connected, or the reverse."""
    transition: bool = True
    """Whether bridges and loops show where they cross edges and perforations."""
    internal: bool = True
    """Whether classes within openings of core have codes of their own."""


def segmented(image: Cells, pattern: Pattern) -> Cells:
    """Return the class of each cell of an image of 0 (missing), 1 (background) and 2 (foreground).

    Missing cells and what lies beyond the image count as foreground where core is measured, and belong to no object.
    """
    cells = np.pad(image, 1, constant_values=MISSING)
    joined, apart = (EIGHT, FOUR) if pattern.eight else (FOUR, EIGHT)
    shape = (cells == SHAPE).astype(np.uint8)
    depth = depths((cells == GROUND).astype(np.uint8), pattern.edge)
    core = shape * (depth == 0)
    objects, count = ndimage.label(shape, joined)
    coreless = np.ones(count + 1, np.uint8)
    coreless[objects[core > 0]] = 0
    coreless[0] = 0
    islet = coreless[objects]
    cores, number = labelled(core, joined)
    connecting = connectors(shape - islet, cores, depth, joined, eight=pattern.eight)
    near = nearest_within(core, pattern.edge)
    if pattern.edge > 1:
        room = ((shape > 0) & (islet == 0) & (near < 0)).astype(np.uint8)
        reach_out(connecting, room, pattern.edge - 1, BRIDGE, LOOP, eight=pattern.eight)
    around, holes = labelled(cores == 0, apart)
    enclosing, within = _nested(cores, around, number, holes)
    classes = np.zeros(cells.shape, np.uint8)
    _classify(cells, cores, islet, around, enclosing, within, near, connecting, classes, transition=pattern.transition)
    classes[(classes == 0) & _open(cells, apart)] = BORDER_OPENING
    if not pattern.internal:
        classes[(classes > INTERNAL) & (cells == SHAPE)] -= INTERNAL
    return np.ascontiguousarray(classes[1:-1, 1:-1])


def labelled(mask: Mask | NDArray[np.bool_], joined: Structure) -> tuple[Ints, int]:
    """Return the connected components of a mask, numbered from 1, and how many there are."""
    labels, count = ndimage.label(mask, joined)
    numbered: Ints = labels.astype(np.int32, copy=False)
    return numbered, int(count)


def cell_counts(classes: Cells) -> dict[int, int]:
    """Return how many cells each class has, internal ones and those of bridges and loops within edges included."""
    cells = np.bincount(classes.ravel(), minlength=256)
    counts = {code: int(cells[code] + cells[INTERNAL + code]) for code in (CORE, ISLET, PERFORATION, EDGE, BRANCH)}
    for line in (BRIDGE, LOOP):
        codes = [line + inner + kind for inner in (0, INTERNAL) for kind in (0, EDGE - 1, PERFORATION - 1)]
        counts[line] = int(cells[codes].sum())
    return counts | {code: int(cells[code]) for code in (CORE_OPENING, BORDER_OPENING)}


def connectors(shape: Mask, cores: Ints, depth: Ints, joined: Structure, *, eight: bool) -> Mask:
    """Return BRIDGE and LOOP on the lines that connect cores outside of them: what anchored thinning leaves.

    A line, joined with its branches, that touches two cores or more is a bridge, one that returns to its only core
    a loop.
    """
    line = thinned(shape, (cores > 0).astype(np.uint8), depth, eight=eight)
    line[cores > 0] = 0
    lines, count = labelled(line, joined)
    first, bridging = np.zeros(count + 1, np.int32), np.zeros(count + 1, np.uint8)
    _touched(lines, cores, first, bridging, eight=eight)
    code = np.where(bridging > 0, BRIDGE, LOOP).astype(np.uint8)
    code[0] = 0
    return code[lines]


def _open(cells: Cells, apart: Structure) -> NDArray[np.bool_]:
    """Return which cells are background that does not reach the image's frame."""
    ground, count = ndimage.label(cells == GROUND, apart)
    closed = np.ones(count + 1, bool)
    closed[0] = False
    for frame in (ground[1], ground[-2], ground[:, 1], ground[:, -2]):
        closed[frame] = False
    return closed[ground]


@compiled(fast=frozenset())
def _touched(lines: Ints, cores: Ints, first: Ints, bridging: Mask, *, eight: bool) -> None:
    """Mark the lines that touch two cores."""
    for y in range(1, lines.shape[0] - 1):
        for x in range(1, lines.shape[1] - 1):
            line = lines[y, x]
            if line == 0 or bridging[line]:
                continue
            for v in range(y - 1, y + 2):
                for u in range(x - 1, x + 2):
                    core = cores[v, u]
                    if core > 0 and (eight or v == y or u == x):
                        if first[line] == 0:
                            first[line] = core
                        elif first[line] != core:
                            bridging[line] = 1


@compiled(fast=frozenset())
def _nested(cores: Ints, around: Ints, number: int, holes: int) -> tuple[Ints, Ints]:
    """Return the core that encloses each component of what is not core (0: none), and the component around each core.

    What lies above a component's uppermost cell is what encloses it.
    """
    enclosing, within = np.full(holes + 1, -1, np.int32), np.full(number + 1, -1, np.int32)
    for y in range(cores.shape[0]):
        for x in range(cores.shape[1]):
            core, hole = cores[y, x], around[y, x]
            if core > 0 and within[core] < 0:
                within[core] = around[y - 1, x]
            if hole > 0 and enclosing[hole] < 0:
                enclosing[hole] = cores[y - 1, x] if y > 0 else 0
    return enclosing, within


@compiled(fast=frozenset())
def _as_near(cores: Ints, nearest: int, y: int, x: int, wanted: int) -> bool:
    """Tell whether the core `wanted` lies as near a cell as the nearest core cell that was found for it."""
    rows, columns = cores.shape
    v, u = nearest // columns - y, nearest % columns - x
    for down, right in ((v, u), (u, v)):
        for j, i in ((y + down, x + right), (y + down, x - right), (y - down, x + right), (y - down, x - right)):
            if 0 <= j < rows and 0 <= i < columns and cores[j, i] == wanted:
                return True
    return False


@compiled(fast=frozenset())
def _classify(
    cells: Cells, cores: Ints, islet: Mask, around: Ints, enclosing: Ints, within: Ints, near: Places,
    connecting: Mask, classes: Cells, *, transition: bool,
) -> None:  # fmt: skip
    """Fill the classes, internal ones with codes of their own; openings of the border are left 0."""
    columns = cells.shape[1]
    for y in range(cells.shape[0]):
        for x in range(columns):
            enclosed = enclosing[around[y, x]] > 0 if around[y, x] > 0 else False
            if cells[y, x] == MISSING:
                classes[y, x] = NO_DATA
            elif cells[y, x] == GROUND:
                classes[y, x] = CORE_OPENING if enclosed else 0
            elif cores[y, x] > 0:
                classes[y, x] = CORE + INTERNAL * (enclosing[within[cores[y, x]]] > 0)
            elif islet[y, x]:
                classes[y, x] = ISLET + INTERNAL * enclosed
            elif near[y, x] >= 0:
                core = cores[near[y, x] // columns, near[y, x] % columns]
                if enclosed and _as_near(cores, near[y, x], y, x, enclosing[around[y, x]]):
                    core = enclosing[around[y, x]]
                inner = enclosed and enclosing[around[y, x]] == core
                kind = PERFORATION if inner else EDGE
                if connecting[y, x] and transition:
                    classes[y, x] = connecting[y, x] + kind - 1 + INTERNAL * enclosed
                elif inner:
                    classes[y, x] = kind + INTERNAL * (enclosing[within[core]] > 0)
                else:
                    classes[y, x] = kind + INTERNAL * enclosed
            else:
                kind = connecting[y, x] or BRANCH
                classes[y, x] = kind + INTERNAL * enclosed
