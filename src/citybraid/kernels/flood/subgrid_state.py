"""Subgrid tables of the flood solver on coarse cells, and its work arrays."""

from typing import NamedTuple

from citybraid.kernels.flood.state import F32, F64, I32


class Tables(NamedTuple):
    """Subgrid tables of coarse cells and faces.

    `base` is the lowest bed of each cell [m], `sums[:, k]` the summed heights of its k + 1 lowest beds above it,
    infinite where it has fewer open fine cells, `above` the height of each fine cell above it, infinite where closed
    [m]. `datum_x` is the lowest fine face between a cell and the next [m], infinite where closed; `over_x` the heights
    of the others above it, ascending [m]; `strickler_x` 1/n of all in that order; `_y` southward. Boundary faces are
    fine ones: `edges` as in `edges.py`, in coarse cells, then 1 where all of the coarse face is boundary; `edge_at` bed
    [m], fall of the bed from the next cell inside (-inf where that is closed) [m], roughness. `size` is that of coarse
    cells [m].
    """

    base: F64
    sums: F32
    above: F32
    datum_x: F64
    over_x: F32
    strickler_x: F32
    datum_y: F64
    over_y: F32
    strickler_y: F32
    edges: I32
    edge_at: F64
    inflow_cells: I32
    inflow_share: F64
    size: F64


class SubgridWork(NamedTuple):
    """Work arrays: present and highest levels of cells, flow area and conveyance per metre of faces, row buffers.

    `wet`, `deep`, `raw_y`, `limiter` hold even and odd rows in turn: wet fractions, volumes as float32, unlimited
    discharge over the faces above, outflow limiter.
    """

    level: F64
    highest: F64
    section_x: F32
    section_y: F32
    conveyance_x: F32
    conveyance_y: F32
    wet: F32
    deep: F32
    raw_x: F32
    raw_y: F32
    limiter: F32
    rows: F32
    fine: F32
    spans: I32
    levels: F64
