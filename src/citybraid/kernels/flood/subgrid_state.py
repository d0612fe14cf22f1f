"""What the flood solver on coarse cells knows of the fine ground, and room to work in."""

from typing import NamedTuple

from citybraid.kernels.flood.state import F32, F64, I32


class Tables(NamedTuple):
    """What coarse cells and faces know of the fine ground.

    `base` is the lowest bed of each cell [m], `sums[:, k]` what its k + 1 lowest beds stand above it together, infinite
    where it has fewer open fine cells, and `above` what each fine cell stands above it, infinite where closed [m].
    `datum_x` is the lowest fine face in that between a cell and the next [m], infinite where closed; `over_x` what the
    others, by height, stand above it [m]; `ease_x` 1/n of all in that order; `_y` southward. Edge faces are fine
    ones: `edges` as in `flood_edges`, in coarse cells, and 1 where the coarse face is nothing but edge; `edge_at` bed
    [m], fall of the bed from the next cell inside (-inf where that is closed) [m], roughness. `size` is the coarse
    cell's [m].
    """

    base: F64
    sums: F32
    above: F32
    datum_x: F64
    over_x: F32
    ease_x: F32
    datum_y: F64
    over_y: F32
    ease_y: F32
    edges: I32
    edge_at: F64
    inflow_cells: I32
    inflow_share: F64
    size: F64


class Room(NamedTuple):
    """Room to work: levels of cells now and at their highest, sections of faces, and one or two rows of the rest.

    `section` and `carried` are area and conveyance per metre of face. `wet`, `deep`, `raw_y`, `paid` hold even and odd
    rows by turns: wet shares, volumes rounded, raw discharge over the faces above, shares of it that cells can pay for.
    """

    level: F64
    highest: F64
    section_x: F32
    section_y: F32
    carried_x: F32
    carried_y: F32
    wet: F32
    deep: F32
    raw_x: F32
    raw_y: F32
    paid: F32
    rows: F32
    fine: F32
    spans: I32
    levels: F64
