"""Bands of rows that threads sweep concurrently, and the work at their seams before and after.

Faces at a seam and the rows on both sides are computed from the same values in the same order as all others, so
that any number of bands gives the same bits.
"""

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.blocks import SOUTH
from citybraid.kernels.flood.rows import apply_limiter_y, copy_row
from citybraid.kernels.flood.spans import span, wet_rows
from citybraid.kernels.flood.state import BLOCK, F32, SWEPT, Bed, Seams, Soil, Step, Water, Work
from citybraid.kernels.flood.sweep import fluxes_east, fluxes_south, update_depth

FEWEST = 4
"""Fewest rows of a band: the rows at its two seams must be distinct."""


@compiled(inline=True)
def divide_into_bands(water: Water, seams: Seams) -> None:
    """Divide the rows to compute into bands of about equal numbers of cells, and count these."""
    r0, r1 = wet_rows(water.first, water.last)
    width, cells = water.h.shape[1], 0
    for j in range(r0, r1):
        c0, c1 = span(water.first, water.last, j, width)
        cells += c1 - c0
    water.tally[SWEPT] += cells
    most = seams.bounds.size - 1
    bands = max(min(most, cells // seams.min_cells, (r1 - r0) // FEWEST), 1)
    seams.bounds[:] = r1
    seams.bounds[0] = r0
    j, count = r0, 0
    for k in range(1, bands):
        least, last = seams.bounds[k - 1] + FEWEST, r1 - (bands - k) * FEWEST
        while j < least or (j < last and count * bands < cells * k):
            c0, c1 = span(water.first, water.last, j, width)
            count += c1 - c0
            j += 1
        seams.bounds[k] = j


@compiled(inner=True)
def seam_fluxes(bed: Bed, water: Water, step: Step, work: Work, seams: Seams) -> None:
    """Compute unlimited fluxes over the faces of all seams, before bands are swept."""
    for k in range(seams.raw.shape[0]):
        j = seams.bounds[k + 1] - 1
        if j + 1 == seams.bounds[-1]:
            return
        c0, c1 = span(water.first, water.last, j, water.h.shape[1])
        seams.raw[k, :] = 0.0
        for block in range(c0 // BLOCK, (c1 + BLOCK - 1) // BLOCK if c0 < c1 else 0):
            a, b = max(c0, block * BLOCK), min(c1, (block + 1) * BLOCK)
            fluxes_east(bed, water, step, work.scratch, j, a, b - 1 if b == c1 else b, b)
            fluxes_south(bed, water, step, work.scratch, j, a, b)
            copy_row(work.scratch[SOUTH : SOUTH + b - a], seams.raw[k, a:b])


@compiled(inner=True)
def finish_seams(
    bed: Bed, soil: Soil | None, water: Water, step: Step, rain: float, field: F32 | None, seams: Seams
) -> float:
    """Limit the fluxes over all seams and update the rows on both sides, after the sweep; return the greatest depth."""
    deepest, width = 0.0, water.h.shape[1]
    for k in range(seams.raw.shape[0]):
        j = seams.bounds[k + 1]
        if j == seams.bounds[-1]:
            return deepest
        c0, c1 = span(water.first, water.last, j, width)
        apply_limiter_y(seams.raw[k, c0:c1], seams.above[k, c0:c1], seams.below[k, c0:c1], water.qy[j, c0:c1])
        for row in range(j - 1, j + 1):
            a, b = span(water.first, water.last, row, width)
            deepest = max(deepest, update_depth(bed, soil, water, row, a, b, step, rain, field))
    return deepest
