"""One class a cell, such that the classes keep their areas: for classes that are finer than the cells.

The class that fills most of a cell loses what is narrow or scattered (roads, canals, trees) and gains what surrounds
it: on 30 m, a cover of London of 1 m loses 28 % of its trees. Here each block of cells gets as many cells of a class as
the class fills of it, and they go where the class has most. He, Ventura and Mladenoff (2002), Int. J. Geogr. Inf. Sci.
16(1): 93-109, compare both for classified images (majority rule, and random rule, which keeps shares); the cells here
are not drawn at random, so that the same ground always has the same classes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SIDE = 4
"""Cells along a block."""
WHOLE = 10_000
"""Parts of a cell in which shares are counted: whole numbers, so that sums are the same on every machine."""
MOST_EVENED = 4_000_000
"""Cells up to which single cells are changed until the area of each class is right to half a cell."""
STEPS = (0.7548776662466927, 0.5698402909980532)
"""Steps of the two-dimensional sequence that spreads rounding evenly over blocks (Roberts' R2)."""

Shares = npt.NDArray[np.int32]
"""Parts of each cell by class: (class, row, column), WHOLE in all."""
AnyShares = npt.NDArray[np.integer]
Strip = tuple[tuple[int, ...], AnyShares]
"""Codes, and the part of each cell of some rows that each has."""
Codes = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


class ClassCells(NamedTuple):
    """One class a cell, and what that leaves out."""

    codes: Codes
    """Class of each cell; 0 where there is none."""
    mixed: float
    """Share of the cells that hold several classes [-]."""
    kept: float
    """Share of such a cell that its class fills, on average [-]; 1 where there is none."""
    off: float
    """Area that is in another class than in the shares, over the whole [-]."""


def class_shares(samples: npt.NDArray[np.integer], factor: int, *, fill: bool) -> Strip:
    """Return the codes of samples, and each one's part of every cell of `factor` x `factor` samples.

    Code 0 is no class. With `fill` it counts only where it is at least half of a cell; less of it, a speck without
    data, takes after the classes beside it.
    """
    rows, columns = samples.shape[0] // factor, samples.shape[1] // factor
    cells = samples.reshape(rows, factor, columns, factor)
    codes = tuple(sorted({0, *(int(code) for code in np.unique(samples))}))
    counts = np.stack([(cells == code).sum(axis=(1, 3), dtype=np.int64) for code in codes])
    if fill:
        counts[0][2 * counts[0] < factor * factor] = 0
    return codes, whole_shares(counts)


def whole_shares(amounts: npt.NDArray[np.number]) -> Shares:
    """Return amounts by class (class, row, column) as parts of WHOLE; what rounding leaves goes to the largest."""
    shares = np.rint(amounts * (WHOLE / np.maximum(amounts.sum(axis=0), 1e-12))).astype(np.int32)
    largest = shares.argmax(axis=0)[None]
    rest = WHOLE - shares.sum(axis=0, dtype=np.int32)[None]
    np.put_along_axis(shares, largest, np.take_along_axis(shares, largest, 0) + rest, 0)
    return np.asarray(shares, np.int32)


def cells_by_area(strips: Iterable[Strip]) -> ClassCells:
    """Return one class a cell with the areas that the shares have: in each block to a cell, in all to half a cell.

    Strips follow from north to south; each but the last has whole blocks of rows. Beyond MOST_EVENED cells no sum is
    evened: it is then right to some ten cells, which is nothing of so many.
    """
    placed: list[Codes] = []
    held: list[Strip] = []
    area: Counter[int] = Counter()
    mixed = first = size = 0
    own = 0.0
    for codes, shares in strips:
        rows = shares.shape[1]
        chosen = np.concatenate(
            [classes_of_strip(shares[:, at : at + SIDE], first + at) for at in range(0, rows, SIDE)]
        )
        several = shares.max(axis=0) < WHOLE
        own += float(np.take_along_axis(shares, chosen[None], 0)[0][several].sum())
        area.update(dict(zip(codes, shares.sum(axis=(1, 2), dtype=np.int64).tolist(), strict=True)))
        placed.append(np.asarray(codes, np.int32)[chosen])
        mixed, first, size = mixed + int(several.sum()), first + rows, size + several.size
        held = [*held, (codes, shares.astype(np.uint16))] if size <= MOST_EVENED else []
    cells = np.concatenate(placed)
    surplus = {code: int((cells == code).sum()) - parts / WHOLE for code, parts in sorted(area.items())}
    if size <= MOST_EVENED:
        cells = _evened(cells, held, surplus)
    off = sum(map(abs, surplus.values())) / 2 / max(size, 1)
    return ClassCells(cells, mixed / max(size, 1), own / WHOLE / mixed if mixed else 1.0, off)


def classes_of_strip(shares: AnyShares, first: int) -> Places:
    """Return the place of each cell's class among the classes, for rows of one block from row `first` of the grid.

    The rarest class of a block chooses first: the cells where it has most over what the others have there.
    """
    many, rows, columns = shares.shape
    plain = shares.argmax(axis=0)
    if (np.take_along_axis(shares, plain[None], 0) == WHOLE).all():
        return np.asarray(plain, np.int64)
    across = -(-columns // SIDE)
    padded = np.pad(shares, ((0, 0), (0, 0), (0, across * SIDE - columns)))
    parts = padded.reshape(many, rows, across, SIDE).transpose(2, 0, 1, 3).reshape(across, many, rows * SIDE)
    start = ((first // SIDE * STEPS[0] + np.arange(across) * STEPS[1]) % 1.0 * WHOLE).astype(np.int64)
    ends = (np.cumsum(parts.sum(axis=2, dtype=np.int64), axis=1) + start[:, None]) // WHOLE
    chosen = _placed(parts, np.diff(ends, axis=1, prepend=0))
    return chosen.reshape(across, rows, SIDE).transpose(1, 0, 2).reshape(rows, across * SIDE)[:, :columns]


def _placed(parts: AnyShares, wanted: Places) -> Places:
    """Return the place of each cell's class (block, cell) for parts (block, class, cell) and cells a class wants."""
    many = parts.shape[1]
    free = parts.sum(axis=1) > 0
    order = np.argsort(wanted, axis=1, kind="stable")
    chosen = np.zeros(free.shape, np.int64)
    for turn in range(many):
        blocks = np.flatnonzero(wanted[np.arange(len(order)), order[:, turn]])
        mine, later = order[blocks, turn], order[blocks, turn + 1 :]
        lead = parts[blocks, mine]
        if later.shape[1]:
            lead = lead - parts[blocks[:, None], later].max(axis=1)
        lead = np.where(free[blocks], lead, -2 * WHOLE)
        best = np.argsort(-lead, axis=1, kind="stable")
        rank = np.empty_like(best)
        np.put_along_axis(rank, best, np.broadcast_to(np.arange(best.shape[1]), best.shape), 1)
        taken = free[blocks] & (rank < wanted[blocks, mine][:, None])
        chosen[blocks] = np.where(taken, mine[:, None], chosen[blocks])
        free[blocks] &= ~taken
    return chosen


def _evened(cells: Codes, strips: Sequence[Strip], surplus: dict[int, float]) -> Codes:
    """Return classes of which single cells are changed, the least wrong first, until no class is a cell off.

    `surplus` tells by how many cells each class has more than its area, and is kept up to date.
    """
    flat = cells.ravel().copy()
    parts: dict[int, npt.NDArray[np.int32]] = {}

    def share(code: int) -> npt.NDArray[np.int32]:
        if code not in parts:
            rows = [held[codes.index(code)] if code in codes else np.zeros(held.shape[1:]) for codes, held in strips]
            parts[code] = np.concatenate(rows).astype(np.int32).ravel()
        return parts[code]

    while surplus and max(surplus.values()) - min(surplus.values()) > 1.0:
        much, little = max(surplus, key=surplus.__getitem__), min(surplus, key=surplus.__getitem__)
        loss = np.where(flat == much, share(much) - share(little), WHOLE + 1)
        flat[int(loss.argmin())] = little
        surplus[much] -= 1
        surplus[little] += 1
    return flat.reshape(cells.shape)
