"""Bands of rows that threads sweep concurrently, and the gaps between them that are swept afterwards.

All faces are computed from the same values in the same order, so that any number of bands gives the same bits.
"""

from typing import NamedTuple

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.rows import copy_row
from citybraid.kernels.flood.spans import span, wet_rows
from citybraid.kernels.flood.state import ABOVE, CARRIED, F32, NORTH, PASS, REACH, SWEPT, TAKEN, Pass, Seams, Water

FEWEST = 4
"""Fewest rows of a band in the last step of a pass: the rows at its two seams must be distinct."""


class Part(NamedTuple):
    """Rows to sweep: in step s those from `start` + `up` (s + 1) up to `stop` + `down` (s + 1), without the last.

    `up` and `down` are 0 where there is no seam. A band (`up` > 0, `down` < 0) leaves more and more rows to the gaps
    beside it. `top` and `bottom` are the rims of gaps where it begins and ends.
    """

    start: int
    stop: int
    up: int
    down: int
    top: int
    bottom: int


@compiled(inline=True)
def band_of(seams: Seams, band: int) -> Part:
    """Return the rows of a band."""
    stop = seams.bounds[band + 1]
    up, down = REACH if band > 0 else 0, -REACH if stop < seams.bounds[-1] else 0
    return Part(seams.bounds[band], stop, up, down, 2 * band - 1, 2 * band)


@compiled(inline=True)
def gap_of(seams: Seams, seam: int) -> Part:
    """Return the rows of the gap at a seam, between bands `seam` and `seam` + 1."""
    place = seams.bounds[seam + 1]
    return Part(place, place, -REACH, REACH, 2 * seam, 2 * seam + 1)


@compiled(inline=True)
def rim(side: int, s: int) -> int:
    """Return the row of the arrays in `Seams` that holds one side of a gap in step s."""
    return side * PASS + s


@compiled(inner=True)
def carry_in(carry: F32, seams: Seams, part: Part, s: int) -> None:
    """Start the values carried from row to row: those at the rim of a gap, or no flux."""
    carry[CARRIED * s + NORTH, :] = 0.0
    if part.up < 0:
        copy_row(seams.raw[rim(part.top, s)], carry[CARRIED * s + NORTH])
        copy_row(seams.above[rim(part.top, s)], carry[CARRIED * s + ABOVE])


@compiled(inline=True)
def divide_into_bands(water: Water, seams: Seams, steps: Pass) -> None:
    """Divide the rows to compute into bands of about equal numbers of cells, and count these."""
    r0, r1 = wet_rows(water.first, water.last)
    width, cells, count = water.h.shape[1], 0, steps.steps[TAKEN]
    for j in range(r0, r1):
        c0, c1 = span(water.first, water.last, j, width)
        cells += c1 - c0
    water.tally[SWEPT] += cells * count
    fewest = FEWEST + 2 * REACH * count
    most = seams.bounds.size - 1
    bands = max(min(most, cells // seams.min_cells, (r1 - r0) // fewest), 1)
    seams.bounds[:] = r1
    seams.bounds[0] = r0
    j, done = r0, 0
    for k in range(1, bands):
        least, last = seams.bounds[k - 1] + fewest, r1 - (bands - k) * fewest
        while j < least or (j < last and done * bands < cells * k):
            c0, c1 = span(water.first, water.last, j, width)
            done += c1 - c0
            j += 1
        seams.bounds[k] = j
